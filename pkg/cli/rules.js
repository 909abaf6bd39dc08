// What is known of the rules: `cargo xtask pkg` makes dist/rules.json of the core's table and of the test cases.

import { readFileSync } from "node:fs";
import { Failure, nearest, write } from "./output.js";
import { safe, terminal, wrap } from "./terminal.js";

/** Every rule: `rule`, `severity`, `explanation`, and an `example` that breaks it and what puts that right, where there is one. */
export function rules() {
  return (all ??= JSON.parse(readFileSync(new URL("../dist/rules.json", import.meta.url))));
}

let all;

/** Refuses the name of a rule that there is none of, which would silently do nothing. */
export function known(name, where) {
  const all = rules().map(({ rule }) => rule);
  if (!all.includes(name)) throw new Failure(`${where}: there is no rule '${name}'.${nearest(name, all)} 'careconnect --explain all' lists them.`);
}

/** `--explain RULE`: what a rule is about. */
export async function explain(name) {
  const { paint, prose } = terminal(process.stdout);
  const all = rules();
  if (name === "all") {
    const width = Math.max(...all.map(({ rule }) => rule.length));
    return write(all.map(({ rule, severity }) => `${rule.padEnd(width)}  ${severity}\n`).join(""));
  }
  known(name, "--explain");
  const { rule, severity, explanation, example } = all.find(({ rule }) => rule === name);
  const indented = (text) => text.trimEnd().split("\n").map((line) => `  ${safe(line)}\n`).join("");
  const parts = [`${paint("bold", rule)} (usually of severity ${severity})\n`, `${wrap(explanation, prose).join("\n")}\n`];
  if (example) parts.push(`${paint("bold", "For example")}\n${indented(example.input)}`, `${paint("bold", "gives")}\n${indented(example.issue)}`);
  if (example?.diff) parts.push(`${paint("bold", "Put right")}\n${indented(example.diff)}`);
  parts.push(`In the documentation: rules/${rule}.html of its site, ${rule} in docs/rules.md.\n`);
  await write(parts.join("\n"));
}
