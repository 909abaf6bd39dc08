// JUnit XML, which build servers read: a test suite for each run, a test case for each input. What fails it is its failure;
// what else was found is its output, after the line that says the verdict.

import { counted } from "../output.js";
import { region } from "./place.js";

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;" };

/** A text for XML 1.0, which has no form for most control characters. */
const clean = (text) => text.toWellFormed().replace(/[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g, "\uFFFD");
const value = (text) => clean(text).replace(/[&<>"\t\n\r\x7F-\x9F]/g, (c) => escapes[c] ?? `&#${c.charCodeAt(0)};`);
const content = (text) => clean(text).replace(/[&<>\r\x7F-\x9F]/g, (c) => escapes[c] ?? `&#${c.charCodeAt(0)};`);

export function junitPrinter({ fails, failOn }) {
  const count = { tests: 0, failures: 0, errors: 0 };
  const cases = [];
  return {
    file: (result) => {
      const name = result.line ? `${result.file}:${result.line}` : result.file;
      const bad = result.issues.filter(fails);
      const rest = result.issues.filter((issue) => !fails(issue));
      // In JUnit's words an error is a test that could not be run.
      const unread = bad.some(({ rule }) => rule === "unreadable-file" || rule === "internal-error");
      count.tests += 1;
      if (bad.length > 0) count[unread ? "errors" : "failures"] += 1;
      const tag = unread ? "error" : "failure";
      const message = bad.length === 1 ? bad[0].message : `${counted(bad.length, "problem")}, the first: ${bad[0]?.message}`;
      const open = failOn === "unchecked" && bad.length === 0 && result.verdict === "not-fully-checked";
      if (open) count.failures += 1;
      const inner = [
        bad.length > 0 &&
          `      <${tag} type="${value(bad[0].rule)}" message="${value(message)}">${content(lines(result, bad))}</${tag}>\n`,
        open && `      <failure type="not-fully-checked" message="${value(result.reason)}"/>\n`,
        `      <system-out>${content(`${result.reason}\n${rest.length > 0 ? lines(result, rest) : ""}`)}</system-out>\n`,
      ].filter(Boolean);
      const start = `    <testcase classname="careconnect" name="${value(name)}" file="${value(result.file)}"`;
      cases.push(`${start}>\n${inner.join("")}    </testcase>\n`);
      return "";
    },
    end: () => {
      const counts = Object.entries(count).map(([name, number]) => `${name}="${number}"`).join(" ");
      const suite = `  <testsuite name="careconnect validate" ${counts} skipped="0">\n${cases.join("")}  </testsuite>\n`;
      return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="careconnect" ${counts}>\n${suite}</testsuites>\n`;
    },
  };
}

function lines(result, issues) {
  const text = issues.map((issue) => {
    const { line, column } = region(result, issue);
    const { severity, rule, message, expression, profile } = issue;
    const where = [expression, profile].filter(Boolean).map((part) => `\n    ${part}`);
    return `${result.file}:${line}:${column}: ${severity}: ${message} [${rule}]${where.join("")}\n`;
  });
  return `\n${text.join("")}`;
}
