// JUnit XML, which build servers read: a test suite for each run, a test case for each input. What fails it is its failure;
// what else was found is its output, after the line that says the verdict.

import { counted } from "../output.js";
import { safe } from "../terminal.js";
import { region } from "./place.js";

/** How many test cases, or characters of them, a suite holds at most: the numbers in its tag come before what they count. */
const MOST_CASES = 10_000;
const MOST_TEXT = 16 << 20;

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;" };

/** A text for XML 1.0, which has no form for most control characters. */
const clean = (text) => text.toWellFormed().replace(/[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g, "\uFFFD");
const value = (text) => clean(text).replace(/[&<>"\t\n\r\x7F-\x9F]/g, (c) => escapes[c] ?? `&#${c.charCodeAt(0)};`);
const content = (text) => clean(text).replace(/[&<>\r\x7F-\x9F]/g, (c) => escapes[c] ?? `&#${c.charCodeAt(0)};`);

export function junitPrinter({ fails, failOn }) {
  let count = { tests: 0, failures: 0, errors: 0 };
  let cases = [];
  let size = 0;
  let suites = 0;
  const suite = () => {
    const counts = Object.entries(count).map(([name, number]) => `${name}="${number}"`).join(" ");
    const text = `  <testsuite name="careconnect validate" ${counts} skipped="0">\n${cases.join("")}  </testsuite>\n`;
    // Of a run of several suites the whole is not counted before the first is printed.
    const start = suites > 0 ? "" : `${XML}<testsuites name="careconnect">\n`;
    const whole = `${XML}<testsuites name="careconnect" ${counts}>\n`;
    suites += 1;
    count = { tests: 0, failures: 0, errors: 0 };
    cases = [];
    size = 0;
    return { text, start, whole };
  };
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
      const text = `${start}>\n${inner.join("")}    </testcase>\n`;
      cases.push(text);
      size += text.length;
      if (cases.length < MOST_CASES && size < MOST_TEXT) return "";
      const full = suite();
      return full.start + full.text;
    },
    end: () => {
      if (suites > 0 && cases.length === 0) return "</testsuites>\n";
      const isOnly = suites === 0;
      const last = suite();
      return `${isOnly ? last.whole : ""}${last.text}</testsuites>\n`;
    },
  };
}

const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';

function lines(result, issues) {
  const text = issues.map((issue) => {
    const { line, column } = region(result, issue);
    const { severity, rule, message, expression, profile } = issue;
    const where = [expression, profile].filter(Boolean).map((part) => `\n    ${safe(part)}`);
    return `${safe(result.file)}:${line}:${column}: ${severity}: ${safe(message)} [${rule}]${where.join("")}\n`;
  });
  return `\n${text.join("")}`;
}
