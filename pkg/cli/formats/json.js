// Reports as data: json, ndjson and outcome.

import { json } from "../output.js";

/** An array, one report for each input. */
export function jsonPrinter() {
  let before = "[\n";
  return {
    file: (result) => {
      const text = before + json(plain(result), 2);
      before = ",\n";
      return text;
    },
    end: () => (before === "[\n" ? "[]\n" : "\n]\n"),
  };
}

/** A line for each input. */
export const ndjsonPrinter = () => ({ file: (result) => json(plain(result)) + "\n" });

/** An OperationOutcome for each input: a line where there are several. */
export const outcomePrinter = ({ several }) => ({ file: ({ outcome }) => json(outcome, several ? 0 : 2) + "\n" });

function plain({ file, line, valid, verdict, reason, issues, profiles, unchecked }) {
  return { file, ...(line && { line }), valid, verdict, reason, issues, profiles, unchecked };
}
