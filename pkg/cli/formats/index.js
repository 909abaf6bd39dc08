// The printers, by format: what each prints before, for each result, and after. A result is a report with the `file` that it is
// of, the `line` in it where it is of NDJSON, and where it was read `text`, `bytes` and `hash`, which give the source.

import { Failure, reason } from "../output.js";
import { replacement } from "../replace.js";
import { terminal } from "../terminal.js";

const PRINTERS = {
  text: async (context) => (await import("./text.js")).textPrinter(context),
  json: async (context) => (await import("./json.js")).jsonPrinter(context),
  ndjson: async (context) => (await import("./json.js")).ndjsonPrinter(context),
  outcome: async (context) => (await import("./json.js")).outcomePrinter(context),
  sarif: async (context) => (await import("./sarif.js")).sarifPrinter(context),
  junit: async (context) => (await import("./junit.js")).junitPrinter(context),
  github: async (context) => (await import("./github.js")).githubPrinter(context),
  html: async (context) => (await import("./html.js")).htmlPrinter(context),
};

/** How much is kept before it is written to a file. */
const PART = 1 << 16;

/** One printer of a format to be printed (or none) and of those that are written to files, which are there once it ends. */
export async function printers(context, format, outputs) {
  const main = format && (await PRINTERS[format](context));
  const files = [];
  const abandon = () => {
    for (const { target, isDone } of files) if (!isDone) target.abandon();
  };
  try {
    for (const { format, file } of outputs) {
      // Nobody sees colours in a file.
      const printer = await PRINTERS[format]({ ...context, term: terminal({ isTTY: false }, { COLUMNS: "100" }) });
      files.push({ printer, file, kept: [], length: 0, target: writing(file, () => replacement(file)) });
    }
  } catch (error) {
    abandon();
    throw error;
  }
  const each = (act) => {
    for (const one of files) writing(one.file, () => put(one, act(one.printer) ?? ""));
    return (main && act(main)) ?? "";
  };
  return {
    begin: () => each((printer) => printer.begin?.()),
    file: (result) => each((printer) => printer.file(result)),
    end: () => {
      const text = each((printer) => printer.end?.());
      for (const one of files) {
        writing(one.file, () => {
          flush(one);
          one.target.finish();
          one.isDone = true;
        });
      }
      return text;
    },
    /** Leaves files as they were, where the end was not come to. */
    abandon,
  };
}

function put(one, text) {
  one.kept.push(text);
  one.length += text.length;
  if (one.length > PART) flush(one);
}

function flush(one) {
  one.target.write(one.kept.join(""));
  [one.kept, one.length] = [[], 0];
}

function writing(file, act) {
  try {
    return act();
  } catch (error) {
    throw new Failure(`The file '${file}' cannot be written: ${reason(error)}.`);
  }
}
