// The help, made of the table of commands.

import { packs } from "../packs.js";
import { commands, common } from "./commands.js";
import { terminal, wrap } from "./terminal.js";

/** The packs by the release of FHIR that they are of. */
const packsHelp = () => {
  const first = packs.indexOf("r4");
  return `Packs\n  of STU3 (all): ${packs.slice(0, first).join(", ")}\n  of R4: ${packs.slice(first).join(", ")}`;
};

const WIDTH = terminal(process.stdout).prose;

/** The help of the whole. */
export function help() {
  const usage = commands.map(({ name, arguments: takes, summary }) => [`careconnect ${name} ${takes}`.trim(), summary]);
  return [
    "careconnect: validates and displays CareConnect (UK FHIR STU3) resources, offline",
    `Usage\n${columns(usage)}`,
    "'careconnect COMMAND --help' shows what a command takes and its options.",
    `Options\n${options(common)}`,
    packsHelp(),
    "Exit status: 0 no errors, 1 errors found, 2 could not run.\n",
  ].join("\n\n");
}

/** The help of a command. */
export function helpOf({ name, arguments: takes, summary, about, options: own, examples }) {
  return [
    wrap(`careconnect ${name}: ${summary}`, WIDTH).join("\n"),
    `Usage\n  careconnect ${name} ${takes} [options]`,
    ...(about ? [wrap(about, WIDTH).join("\n")] : []),
    `Options\n${options({ ...own, ...common })}`,
    ...(own.packs ? [packsHelp()] : []),
    `Examples\n${examples.map((example) => `  ${example}`).join("\n")}\n`,
  ].join("\n\n");
}

function options(table) {
  const rows = Object.entries(table).flatMap(([name, { value, short, help, choices }]) => [
    [`${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`, help],
    ...Object.entries(choices ?? {}).map(([choice, description]) => ["", `${choice.padEnd(longest(choices))}  ${description}`]),
  ]);
  return columns(rows);
}

const longest = (choices) => Math.max(...Object.keys(choices).map((choice) => choice.length));

/** Rows of two columns, the second wrapped. */
function columns(rows) {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  const lines = rows.flatMap(([left, right]) =>
    wrap(right, WIDTH - width - 2).map((line, at) => `  ${(at === 0 ? left : "").padEnd(width)}${line}`),
  );
  return lines.join("\n");
}
