// From the arguments to the command, and from what went wrong to an exit status.

import { understand } from "./arguments.js";
import { about, Failure, listenToOutput, write } from "./output.js";
import { safe } from "./terminal.js";

/** Runs the command line. A command gives back its exit status, or nothing for 0. */
export async function main(argv) {
  listenToOutput();
  try {
    process.exitCode = (await run(argv)) ?? 0;
  } catch (error) {
    process.stderr.write(error instanceof Failure ? inWords(error) : unexpected(error));
    process.exitCode = 2;
  }
}

/** A failure as it is printed. What it quotes (names of files, a configuration) is not to control a terminal. */
function inWords({ message, lines, hint }) {
  const all = [`careconnect: ${safe(message)}`, ...lines.map((line) => `  ${safe(line)}`)];
  if (hint) all.push("'careconnect --help' shows how it is used.");
  return `${all.join("\n")}\n`;
}

/** A fault of our own, with the place in our code that a report of it needs. */
function unexpected(error) {
  const line = String(error?.stack ?? "").split("\n").find((line) => line.includes(".js:")) ?? "";
  const place = line.slice(line.lastIndexOf("/") + 1).replace(")", "");
  const words = String(error?.message ?? error).slice(0, 500);
  return `careconnect: It failed, which is a fault of its own: please report it. ${safe(words)}${place ? ` (${place})` : ""}\n`;
}

/** Modules are imported where they are used, since what is not imported need not be read at the start. */
async function run(argv) {
  const { command, positionals, values } = understand(argv);
  if (values.version) return write(`${about().version}\n`);
  if (values.explain !== undefined) {
    const { explain } = await import("./rules.js");
    return explain(values.explain);
  }
  if (values.help || argv.length === 0) {
    const { help, helpOf } = await import("./help.js");
    return write(command ? helpOf(command) : help());
  }
  if (!command) throw new Failure("A command is missing.");
  const module = await command.load();
  return module.run(positionals, values);
}
