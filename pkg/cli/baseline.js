// A baseline: what was found once, so that only what is new is reported. What was found is known again by file, rule, element
// and who asks for it, and by no line, so that it stays known when lines move; where a rule is broken more often in an element
// than was recorded, the rest is new. Nothing that a resource holds is in it but the names of its elements.

import { readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { Failure, about, json, reason } from "./output.js";
import { replaceFile } from "./replace.js";

const KIND = "careconnect baseline";
const VERSION = 1;

/** The longest that is read, in bytes. */
const LONGEST = 256 << 20;

const withoutIndexes = (expression) => expression.replace(/\[\d+\]/g, "");
const keyOf = (file, { rule, expression, profile = "", definition = "" }) => JSON.stringify([file, rule, withoutIndexes(expression), profile, definition]);

/** How a baseline that lies in a folder calls a file. */
function named(file, folder) {
  if (file === "-") return file;
  const path = relative(folder, resolve(file));
  const own = path === "" || isAbsolute(path) ? resolve(file) : path;
  return sep === "\\" ? own.replaceAll("\\", "/") : own;
}

/** What is recorded in a file: something that takes known issues out of results, one after the other. */
export function readBaseline(file) {
  const folder = dirname(resolve(file));
  /** By key: the expressions that are recorded and not yet found again. */
  const left = new Map();
  const recorded = new Map();
  for (const { name, key, at } of entries(file)) {
    left.set(key, [...(left.get(key) ?? []), ...at]);
    recorded.set(name, (recorded.get(name) ?? new Set()).add(key));
  }
  const whole = new Map(left);
  return {
    /** Takes a file as if it had not been looked at: it will be once more. */
    again: (file) => {
      for (const key of recorded.get(named(file, folder)) ?? []) left.set(key, whole.get(key));
    },
    /** A result with only its new issues, and `known`, how many are not. `keep` takes none of them off what is recorded. */
    split: (result, { keep = false } = {}) => {
      const name = named(result.file, folder);
      const taken = new Map();
      const groups = groupBy(result.issues, (issue) => keyOf(name, issue));
      const known = new Set();
      for (const [key, issues] of groups) {
        const there = left.get(key);
        if (!there) continue;
        const open = counts(there);
        // Those that stand where they stood first; then as many of the rest as were recorded.
        const rest = issues.filter((issue) => !take(open, issue.expression, known, issue));
        const unused = [...open].flatMap(([expression, count]) => Array.from({ length: count }, () => expression));
        const more = rest.slice(0, unused.length);
        for (const issue of more) known.add(issue);
        taken.set(key, unused.slice(more.length));
      }
      if (!keep) for (const [key, rest] of taken) left.set(key, rest);
      if (known.size === 0) return result;
      return { ...result, issues: result.issues.filter((issue) => !known.has(issue)), known: known.size };
    },
    /** How many of those recorded were not found again. */
    gone: () => [...left.values()].reduce((sum, { length }) => sum + length, 0),
  };
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (groups.has(key)) groups.get(key).push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function counts(expressions) {
  const found = new Map();
  for (const expression of expressions) found.set(expression, (found.get(expression) ?? 0) + 1);
  return found;
}

function take(open, expression, known, issue) {
  const count = open.get(expression) ?? 0;
  if (count === 0) return false;
  open.set(expression, count - 1);
  known.add(issue);
  return true;
}

/** What a file records, each held to its form: it comes with whatever is checked out. */
function entries(file) {
  let recorded;
  try {
    const kind = statSync(file);
    if (!kind.isFile()) throw new Error("it is no file");
    if (kind.size > LONGEST) throw new Error("it is too large");
    recorded = JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    const why = error instanceof SyntaxError ? "it is not JSON" : reason(error);
    throw new Failure(`The baseline '${file}' cannot be read: ${why}. --write-baseline makes one.`);
  }
  const text = (value) => typeof value === "string";
  if (recorded?.kind !== KIND || recorded.version !== VERSION || !Array.isArray(recorded.issues)) {
    throw new Failure(`The baseline '${file}' is none, or of another version. --write-baseline makes one.`);
  }
  return recorded.issues.map((one) => {
    const { file: name, rule, at, profile = "", definition = "" } = one ?? {};
    if (![name, rule, profile, definition].every(text) || !Array.isArray(at) || at.length === 0 || !at.every(text)) {
      throw new Failure(`The baseline '${file}' is damaged: an entry has no file, rule or place. --write-baseline makes a new one.`);
    }
    return { name, key: keyOf(name, { rule, expression: at[0], profile, definition }), at };
  });
}

/** Something that records the issues of results, to be written at the end. */
export function recorder(file) {
  const folder = dirname(resolve(file));
  const found = new Map();
  let [count, resources] = [0, 0];
  return {
    /** Takes the issues of a result, which are then all known. */
    split: (result, { keep = false } = {}) => {
      if (keep || result.issues.length === 0) return result;
      const name = named(result.file, folder);
      resources += 1;
      for (const issue of result.issues) {
        const { rule, expression, profile, definition } = issue;
        const key = keyOf(name, issue);
        const one = found.get(key) ?? { file: name, rule, ...(profile && { profile }), ...(definition && { definition }), at: [] };
        one.at.push(expression);
        found.set(key, one);
        count += 1;
      }
      return { ...result, issues: [], known: result.issues.length };
    },
    write: () => {
      const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
      const lines = [...found].sort(([a], [b]) => order(a, b)).map(([, one]) => json({ ...one, at: one.at.sort(order) }));
      const head = `{"kind":${json(KIND)},"version":${VERSION},"made":${json(`careconnect ${about().version}`)},"issues":[`;
      try {
        replaceFile(file, `${head}${lines.length > 0 ? `\n${lines.join(",\n")}\n` : ""}]}\n`);
      } catch (error) {
        throw new Failure(`The baseline '${file}' cannot be written: ${reason(error)}.`);
      }
      return { count, resources };
    },
  };
}
