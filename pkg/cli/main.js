// From the arguments to the command, and from what went wrong to an exit status.

import { understand } from "./arguments.js";
import { about, Failure, write } from "./output.js";

/** Runs the command line. A command gives back its exit status, or nothing for 0. */
export async function main(argv) {
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on("error", (error) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  try {
    process.exitCode = (await run(argv)) ?? 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`careconnect: ${error.message}\n'careconnect --help' shows how it is used.\n`);
    process.exitCode = 2;
  }
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
