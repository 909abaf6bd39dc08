// `careconnect fhirpath`: what an expression gives on resources.

import { open } from "./core.js";
import { expand, inputs } from "./inputs.js";
import { Failure, json, readerIsGone, reason, write } from "./output.js";
import { dayOf, sources } from "./settings.js";
import { safe, terminal, wrap } from "./terminal.js";

export async function run([expression, ...names], values) {
  if (expression === undefined || names.length === 0) throw new Failure("Give an expression, in quotes, and the names of files.");
  const { careconnect } = await open(await sources(values));
  const options = values.today === undefined ? undefined : { today: dayOf(values.today) };
  const format = values.format ?? "text";
  const print = PRINTERS[format](terminal(process.stdout), expression);
  let failed = false;
  let before = format === "json" ? "[\n" : "";
  for await (const { file, line, read } of inputs(expand(names))) {
    const found = await evaluate(careconnect, read, expression, options);
    failed ||= found.error !== undefined || found.unknown !== undefined;
    await write(before + print({ file, ...(line && { line }), ...found }));
    before = format === "json" ? ",\n" : "";
    if (failed && readerIsGone()) break;
  }
  if (format === "json") await write(before === "[\n" ? "[]\n" : "\n]\n");
  careconnect.free();
  return failed ? 1 : 0;
}

async function evaluate(careconnect, read, expression, options) {
  try {
    return careconnect.fhirpath(await read(), expression, options);
  } catch (error) {
    return { results: [], error: { message: `The file cannot be read: ${reason(error)}.` } };
  }
}

const PRINTERS = {
  json: () => (found) => json(found, 2),
  ndjson: () => (found) => `${json(found)}\n`,

  /** The values alone, one a line, for other programs. */
  values: () => (found) => {
    if (found.error) process.stderr.write(`careconnect: ${safe(`${found.file}: ${found.error.message}`)}\n`);
    if (found.unknown) process.stderr.write(`careconnect: ${safe(`${found.file}: ${found.unknown}`)}\n`);
    return found.results.map(({ value, expression, type }) => `${safe(value ?? expression ?? type)}\n`).join("");
  },

  text: (term, expression) => (found) => {
    const { file, line, results, error, unknown } = found;
    const lines = [term.paint("bold", safe(line ? `${file}:${line}` : file))];
    for (const { type, value, expression } of results) {
      const where = expression ? `${term.paint("dim", `${safe(expression)}:`)} ` : "";
      lines.push(`  ${where}${safe(type)}${value === undefined ? "" : ` ${term.paint("cyan", safe(value))}`}`);
    }
    if (error) lines.push(...inWords(error, expression, term));
    else if (unknown) lines.push(...wrap(safe(`Not known: ${unknown}`), term.prose - 2).map((text) => `  ${term.paint("yellow", text)}`));
    else if (results.length === 0) lines.push(`  ${term.paint("dim", "nothing")}`);
    return `${lines.join("\n")}\n`;
  },
};

/** An error with what of the expression it is about underlined. */
function inWords({ message, offset, length }, expression, { paint, prose }) {
  const lines = wrap(safe(message), prose - 9).map((text, at) => `  ${at === 0 ? paint(["red", "bold"], "error") : "     "}  ${text}`);
  if (offset === undefined || /[^\x20-\x7e]/.test(expression)) return lines;
  return [...lines, `    ${expression}`, `    ${" ".repeat(offset)}${paint("red", "^".repeat(Math.max(1, length ?? 1)))}`];
}
