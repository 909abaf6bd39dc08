#!/usr/bin/env node
// The command line: `careconnect validate` and `careconnect render`. The checking itself is in index.js.

import { createReadStream, readFileSync } from "node:fs";
import { isAbsolute, relative } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { parseArgs, styleText } from "node:util";
import { definitionFiles } from "./definitions.js";
import { load, packs } from "./index.js";

const HELP = `careconnect: validates and displays CareConnect (UK FHIR STU3) resources, offline

Usage
  careconnect validate FILE… [options]     what is wrong with resources, in JSON or XML
  careconnect render FILE [options]        a resource as a person reads it

A FILE of - is standard input.

Options of validate
  --profile URL      check against this profile too; may be given several times
  --files-from LIST  read the paths from the file LIST (- is standard input), one a line;
                     a TAB and profiles, separated by commas, may follow a path
  --format FORMAT    text      for people (the default)
                     json      an array, one report for each file
                     ndjson    one line for each file: {"file": …, "issues": […], …}
                     outcome   a FHIR OperationOutcome; for several files one a line
                     sarif     SARIF 2.1.0, which code hosts show beside the source

Options of render
  --as FORM          narrative (the default), fragment, page, text, markdown, model
  --audience WHO     clinical (the default), patient
  --mode MODE        summary, standard (the default), full
  --as-of DAY        the day for which ages are given, for example 2026-02-28

Options of both
  --packs A,B        the definitions: names, paths or URLs of packs, or all
                     (the default is stu3,careconnect)
                     names: ${packs.join(", ")}
  --definitions WHAT definitions of your own, on top of the packs: a file, a folder (its *.json
                     and *.xml) or a FHIR package (*.tgz); may be given several times.
                     What is wrong with them is reported first, as for any file
  --help, --version

Exit status: 0 no errors, 1 errors found, 2 could not run.
`;

const FORMATS = ["text", "json", "ndjson", "outcome", "sarif"];

/** A mistake in how the command was called, or something without which it cannot run: exit status 2. */
class Failure extends Error {}

async function main(argv) {
  const { values, positionals } = understand(argv);
  const [command, ...files] = positionals;
  if (values.help || (argv.length === 0 && !values.version)) return write(HELP);
  if (values.version) return write(`${JSON.parse(readFileSync(new URL("./package.json", import.meta.url))).version}\n`);
  const allowed = {
    validate: ["profile", "packs", "definitions", "format", "files-from"],
    render: ["packs", "definitions", "as", "audience", "mode", "as-of"],
  }[command];
  if (!allowed) {
    throw new Failure(command ? `There is no command '${command}'.` : "A command is missing: validate or render.");
  }
  const wrong = Object.keys(values).find((name) => !allowed.includes(name));
  if (wrong) throw new Failure(`'${command}' has no option --${wrong}.`);
  await (command === "validate" ? validate(files, values) : render(files, values));
}

function understand(argv) {
  const text = { type: "string" };
  const flag = { type: "boolean" };
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        profile: { type: "string", multiple: true },
        packs: text,
        definitions: { type: "string", multiple: true },
        format: text,
        "files-from": text,
        as: text,
        audience: text,
        mode: text,
        "as-of": text,
        help: { ...flag, short: "h" },
        version: flag,
      },
    });
  } catch (error) {
    throw new Failure(error.message.split(". ")[0] + ".");
  }
}

/** The core with what was asked for, and the user's own definitions by the names of their files. */
async function open(values) {
  const names = values.packs?.split(",").filter(Boolean);
  const own = [];
  for (const path of values.definitions ?? []) {
    try {
      own.push(...definitionFiles(path));
    } catch (error) {
      throw new Failure(`The definitions '${path}' cannot be read: ${reason(error)}.`);
    }
  }
  try {
    const definitions = own.map(({ bytes }) => bytes);
    const careconnect = await load({ ...(names && { packs: names }), definitions });
    const reports = careconnect.definitions.map((report, at) => ({ file: own[at].file, ...report }));
    return { careconnect, reports };
  } catch (error) {
    throw new Failure(error.message);
  }
}

async function validate(files, values) {
  const format = values.format ?? "text";
  if (!FORMATS.includes(format)) {
    throw new Failure(`There is no format '${format}'. The formats are: ${FORMATS.join(", ")}.`);
  }
  const list = values["files-from"];
  if (files.length === 0 && list === undefined && values.definitions === undefined) {
    throw new Failure("What is to be validated? Give the names of files, or --files-from LIST.");
  }
  const { careconnect, reports } = await open(values);
  // Of definitions only what is wrong is printed, unless nothing else was asked for.
  const alone = files.length === 0 && list === undefined;
  const own = reports.filter(({ issues }) => alone || issues.length > 0).map((report) => definitionResult(report, format));
  const printer = printers[format](list !== undefined || files.length + own.length > 1);
  let errors = false;
  await write(printer.begin?.() ?? "");
  for (const result of own) {
    errors ||= !result.valid;
    await write(printer.file(result));
  }
  for await (const { file, profiles } of inputs(files, list)) {
    const options = { profiles: [...(values.profile ?? []), ...profiles] };
    const result = { file, ...check(careconnect, file, options, format) };
    errors ||= !result.valid;
    await write(printer.file(result));
  }
  await write(printer.end?.() ?? "");
  process.exitCode = errors ? 1 : 0;
}

/** A definition's report in the form of a resource's. */
function definitionResult({ file, valid, issues }, format) {
  if (format !== "outcome") return { file, valid, issues, profiles: [], unchecked: [] };
  const issue = issues.map(({ severity, code, rule, message, expression, line, column }) => ({
    extension: [
      { url: "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line", valueInteger: line },
      { url: "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col", valueInteger: column },
    ],
    severity,
    code,
    details: { coding: [{ code: rule }], text: message },
    diagnostics: `Line ${line}, column ${column} of the definition ${file}.`,
    ...(expression && { expression: [expression] }),
  }));
  const none = { severity: "information", code: "informational", details: { text: "No issues were found." } };
  return { file, valid, outcome: { resourceType: "OperationOutcome", issue: issue.length > 0 ? issue : [none] } };
}

/** The files named, then those of the list, a line at a time. */
async function* inputs(files, list) {
  for (const file of files) yield { file, profiles: [] };
  if (list === undefined) return;
  const stream = list === "-" ? process.stdin : createReadStream(list);
  try {
    // A stream that cannot be opened says so only in an event, which must be listened for before the first line.
    if (list !== "-") await new Promise((resolve, reject) => stream.once("open", resolve).once("error", reject));
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      const [file, profiles = ""] = line.split("\t");
      if (file.trim() === "") continue;
      yield { file, profiles: profiles.split(",").map((url) => url.trim()).filter(Boolean) };
    }
  } catch (error) {
    throw new Failure(`The list '${list}' cannot be read: ${reason(error)}.`);
  }
}

/** A file's report, or its OperationOutcome beside whether it is valid. A file that cannot be read is an issue too. */
function check(careconnect, file, options, format) {
  let bytes;
  try {
    bytes = readFileSync(file === "-" ? 0 : file);
  } catch (error) {
    return unreadable(error, format);
  }
  try {
    if (format !== "outcome") return careconnect.validate(bytes, options);
    const outcome = careconnect.outcome(bytes, options);
    return { valid: !outcome.issue.some(({ severity }) => isError(severity)), outcome };
  } catch (error) {
    // One file must not take the others with it.
    return failed(format, "exception", "internal-error", error.message);
  }
}

function unreadable(error, format) {
  const code = error.code === "ENOENT" ? "not-found" : "exception";
  return failed(format, code, "unreadable-file", `The file cannot be read: ${reason(error)}.`);
}

/** What stands for the result of a file that could not be checked. */
function failed(format, code, rule, message) {
  if (format === "outcome") {
    const details = { coding: [{ code: rule }], text: message };
    return { valid: false, outcome: { resourceType: "OperationOutcome", issue: [{ severity: "fatal", code, details }] } };
  }
  const place = { expression: "", line: 1, column: 1, offset: 0, length: 0 };
  const issue = { severity: "fatal", code, rule, message, ...place };
  return { valid: false, issues: [issue], profiles: [], unchecked: [] };
}

function reason(error) {
  const words = {
    ENOENT: "there is no such file",
    EACCES: "permission is refused",
    EISDIR: "it is a directory",
    ERR_FS_FILE_TOO_LARGE: "it is too large",
  };
  return words[error.code] ?? error.message;
}

const isError = (severity) => severity === "fatal" || severity === "error";

/** One a format: what it prints before, for each file, and after. */
const printers = {
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

async function render(files, values) {
  if (files.length !== 1) throw new Failure("Give the name of one file to render.");
  const { careconnect } = await open(values);
  const { as, audience, mode, "as-of": asOf } = values;
  let text;
  try {
    const bytes = readFileSync(files[0] === "-" ? 0 : files[0]);
    text = careconnect.render(bytes, { as, audience, mode, asOf });
  } catch (error) {
    throw new Failure(error.code ? `The file '${files[0]}' cannot be read: ${reason(error)}.` : error.message);
  }
  if (typeof text !== "string") text = JSON.stringify(text, null, 2);
  await write(text.endsWith("\n") ? text : text + "\n");
}

/** Prints, and waits where the reader is slower than we are. */
function write(text) {
  if (text === "" || process.stdout.write(text)) return;
  return new Promise((resolve) => process.stdout.once("drain", resolve));
}

// A reader that has seen enough (`| head`) is no error.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

main(process.argv.slice(2)).catch((error) => {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`careconnect: ${error.message}\n'careconnect --help' shows how it is used.\n`);
  process.exitCode = 2;
});
