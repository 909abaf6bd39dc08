// `careconnect validate --fix`: what is certain is put right in the files. Only what is reported is touched, and of a file
// nothing but what each fix says, so that its format, its ends of lines and all other bytes stay.

import { readFileSync } from "node:fs";
import { isAbsolute, relative, sep } from "node:path";
import { unified } from "./diff.js";
import { apart } from "./fixes.js";
import { isPlain } from "./inputs.js";
import { counted, reason } from "./output.js";
import { replaceFile } from "./replace.js";
import { decoded, reportOn } from "./session.js";
import { safe, terminal } from "./terminal.js";

/** What one fix brings to light the next may put right; more often than this it is none. */
const PASSES = 20;

const isFatal = ({ issues }) => issues.some(({ severity }) => severity === "fatal");
const note = (sentence) => process.stderr.write(`careconnect: ${safe(sentence)}\n`);

export class Fixer {
  /** Whether a file could not be written. */
  failed = false;
  #checking;
  #settings;
  #count = { fixes: 0, left: 0 };
  #files = new Set();
  /** The NDJSON file that is being read, and what its changed lines are to be. */
  #lines;

  constructor(checking, settings) {
    this.#checking = checking;
    this.#settings = settings;
  }

  /** The result on what an input is once it is put right, with `changes`, what was, and the bytes that it `was`. */
  async fixed(result, { profiles }) {
    const { meant, kept } = this.#checking;
    const bytes = result.bytes();
    const named = { file: result.file, ...(result.line && { line: result.line }) };
    // What is not UTF-8 has no text that could be written again.
    if (!Buffer.from(result.text()).equals(bytes)) return result;
    const seen = new Set([result.text()]);
    const changes = [];
    let current = result;
    for (let pass = 0; ; pass++) {
      const chosen = apart((await meant(current, { keep: true })).issues.filter(kept));
      if (chosen.length === 0) break;
      const text = edited(current.text(), chosen);
      const next = await reportOn(this.#checking, named, Buffer.from(text), profiles);
      // Nothing is put right by what goes round in circles, makes it worse, or adds lines to a line.
      const isWorse = next.unread || (isFatal(next) && !isFatal(current));
      if (seen.has(text) || pass === PASSES) return result;
      if (isWorse || (result.line && text.includes("\n"))) break;
      seen.add(text);
      changes.push(...chosen.map(({ issue, fix }) => ({ ...place(issue, result.line), rule: issue.rule, title: fix.title })));
      current = next;
    }
    return changes.length > 0 ? done(current, changes, bytes) : result;
  }

  /** Writes what became of an input, or prints how it would change. */
  async take(result, print) {
    this.#count.left += result.issues.filter(this.#checking.kept).length;
    if (this.#lines && this.#lines.file !== result.file) await this.#endLines(print);
    if (!result.changes) return;
    if (!isPlain(result.file)) {
      const { length } = result.changes;
      note(`${length === 1 ? "1 fix" : `${length.toLocaleString("en-GB")} fixes`} of '${result.file}' cannot be written, as it is packed or piped.`);
      this.#count.left += length;
      return;
    }
    if (result.line) {
      this.#lines ??= { file: result.file, changed: new Map() };
      this.#lines.changed.set(result.line, result);
    } else await this.#replace(result.file, [result], result.was, result.bytes(), print);
  }

  async end(print) {
    if (this.#lines) await this.#endLines(print);
    const { fixes, left } = this.#count;
    const done = this.#settings.fix === "write" ? "put right" : "that would be put right";
    note(`${counted(fixes, "fault")} ${done} in ${counted(this.#files.size, "file")}; ${counted(left, "issue")} left.`);
  }

  /** An NDJSON file with its changed lines, each of which must still be as it was read. */
  async #endLines(print) {
    const { file, changed } = this.#lines;
    this.#lines = undefined;
    let bytes;
    try {
      bytes = readFileSync(file);
    } catch (error) {
      return this.#fail(file, reason(error));
    }
    const parts = [];
    let from = 0;
    for (let line = 1; from <= bytes.length; line++) {
      const found = bytes.indexOf(10, from);
      const to = found < 0 ? bytes.length : found;
      const own = bytes.subarray(from, to);
      const result = changed.get(line);
      if (result && !own.equals(result.was)) return this.#fail(file, "it was changed meanwhile");
      parts.push(result ? result.bytes() : own, found < 0 ? Buffer.alloc(0) : Buffer.from("\n"));
      from = to + 1;
    }
    await this.#replace(file, [...changed.values()], bytes, Buffer.concat(parts), print);
  }

  async #replace(file, results, before, after, print) {
    if (this.#settings.fix === "write") {
      try {
        if (!readFileSync(file).equals(before)) return this.#fail(file, "it was changed meanwhile");
        replaceFile(file, after);
      } catch (error) {
        return this.#fail(file, reason(error));
      }
    }
    this.#files.add(file);
    for (const { line, column, rule, title } of results.flatMap(({ changes }) => changes)) {
      this.#count.fixes += 1;
      // The title may name what the resource has.
      const what = this.#settings.redact ? "" : ` ${title}`;
      note(`${this.#settings.fix === "write" ? "fixed" : "would fix"} ${file}:${line}:${column}${what} (${rule})`);
    }
    if (this.#settings.fix === "diff") await print(shown(unified(nameOf(file), decoded(before), decoded(after))));
  }

  #fail(file, why) {
    this.failed = true;
    note(`The file '${file}' cannot be written and stays as it is: ${why}.`);
  }
}

const done = (result, changes, was) => ({ ...result, changes, was: Buffer.from(was) });
const place = ({ line, column }, first = 1) => ({ line: line + first - 1, column });

function nameOf(file) {
  const path = relative(process.cwd(), file);
  const name = isAbsolute(path) ? file : path;
  return sep === "\\" ? name.replaceAll("\\", "/") : name;
}

/** A program gets the diff as it is, a terminal with colour and nothing that controls it. */
function shown(diff) {
  if (!process.stdout.isTTY) return diff;
  const { paint } = terminal(process.stdout);
  const styles = { "+": "green", "-": "red", "@": "cyan" };
  return diff.split("\n").map((line) => (styles[line[0]] ? paint(styles[line[0]], safe(line)) : safe(line))).join("\n");
}

function edited(text, chosen) {
  const edits = chosen.flatMap(({ fix }) => fix.edits).sort((a, b) => a.offset - b.offset);
  let [out, at] = ["", 0];
  for (const { offset, length, text: inserted } of edits) {
    out += text.slice(at, offset) + inserted;
    at = offset + length;
  }
  return out + text.slice(at);
}
