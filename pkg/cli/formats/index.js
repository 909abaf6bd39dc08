// The printers, by format: what each prints before, for each result, and after. A result is a report (or an `outcome`) with
// the `file` that it is of, the `line` in it where it is of NDJSON, and `text`, which gives the source where it was read.

export const PRINTERS = {
  text: async (context) => (await import("./text.js")).textPrinter(context),
  json: async (context) => (await import("./json.js")).jsonPrinter(context),
  ndjson: async (context) => (await import("./json.js")).ndjsonPrinter(context),
  outcome: async (context) => (await import("./json.js")).outcomePrinter(context),
  sarif: async (context) => (await import("./sarif.js")).sarifPrinter(context),
  junit: async (context) => (await import("./junit.js")).junitPrinter(context),
  github: async (context) => (await import("./github.js")).githubPrinter(context),
};
