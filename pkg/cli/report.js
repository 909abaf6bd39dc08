// Reports as they are printed.

import { isAbsolute, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { styleText } from "node:util";

export const isError = (severity) => severity === "fatal" || severity === "error";

/** One a format: what it prints before, for each file, and after. */
export const printers = {
  ndjson: () => ({ file: (result) => JSON.stringify(result) + "\n" }),

  json: () => {
    let before = "[\n";
    return {
      file: (result) => {
        const text = before + JSON.stringify(result, null, 2);
        before = ",\n";
        return text;
      },
      end: () => (before === "[\n" ? "[]\n" : "\n]\n"),
    };
  },

  outcome: (several) => ({ file: ({ outcome }) => JSON.stringify(outcome, null, several ? 0 : 2) + "\n" }),

  sarif: () => {
    const results = [];
    const rules = new Set();
    return {
      file: ({ file, issues }) => {
        for (const issue of issues) {
          rules.add(issue.rule);
          results.push(sarifResult(file, issue));
        }
        return "";
      },
      end: () => {
        const driver = { name: "careconnect", rules: [...rules].sort().map((id) => ({ id })) };
        const run = { tool: { driver }, columnKind: "unicodeCodePoints", results };
        const schema = "https://json.schemastore.org/sarif-2.1.0.json";
        return JSON.stringify({ $schema: schema, version: "2.1.0", runs: [run] }, null, 2) + "\n";
      },
    };
  },

  text: () => {
    const colour = process.stdout.isTTY && !process.env.NO_COLOR;
    const paint = (style, text) => (colour ? styleText(style, text) : text);
    const styles = { fatal: "red", error: "red", warning: "yellow", information: "blue" };
    const count = { files: 0, error: 0, warning: 0, information: 0, unchecked: 0 };
    return {
      file: ({ file, issues, unchecked }) => {
        count.files += 1;
        count.unchecked += unchecked.length;
        if (issues.length === 0) return `${paint("bold", file)}: no issues\n`;
        const places = issues.map(({ line, column }) => `${line}:${column}`);
        const width = Math.max(...places.map((place) => place.length));
        const lines = issues.map(({ severity, message, rule, expression }, i) => {
          count[severity === "fatal" ? "error" : severity] += 1;
          const word = paint(styles[severity], severity.padEnd(11));
          const indent = " ".repeat(width + 16);
          const where = [expression, rule].filter(Boolean).join(" · ");
          return `  ${places[i].padStart(width)}  ${word} ${message}\n${indent}${paint("dim", where)}\n`;
        });
        return `${paint("bold", file)}\n${lines.join("")}\n`;
      },
      end: () => {
        const of = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
        const found = [of(count.error, "error"), of(count.warning, "warning"), `${count.information} for information`];
        let text = `${found.join(", ")} in ${of(count.files, "file")}.\n`;
        if (count.unchecked > 0) {
          text += `${of(count.unchecked, "check")} could not be decided offline; --format json lists what and why.\n`;
        }
        return text;
      },
    };
  },
};

function sarifResult(file, issue) {
  const result = {
    ruleId: issue.rule,
    level: isError(issue.severity) ? "error" : issue.severity === "warning" ? "warning" : "note",
    message: { text: issue.message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: sarifUri(file) },
          region: { startLine: issue.line, startColumn: issue.column },
        },
      },
    ],
  };
  if (issue.expression) result.locations[0].logicalLocations = [{ fullyQualifiedName: issue.expression }];
  return result;
}

/** A path below the working directory stays relative, as code hosts need it; any other becomes a file URL. */
function sarifUri(file) {
  const path = relative(process.cwd(), file);
  if (path.startsWith("..") || isAbsolute(path)) return pathToFileURL(file).href;
  return path.split(/[\\/]/).map(encodeURIComponent).join("/");
}
