// `careconnect render`

import { readFileSync } from "node:fs";
import { Careconnect } from "../handle.js";
import { open } from "./core.js";
import { Failure, json, reason, write } from "./output.js";
import { sources } from "./settings.js";

export async function run(files, values) {
  if (files.length !== 1) throw new Failure("Give the name of one file to render.");
  const { careconnect } = await open(await sources(values));
  const { as, view, trends, audience, mode, language, "as-of": asOf, against: older } = values;
  let bytes;
  let against;
  try {
    bytes = readFileSync(files[0] === "-" ? 0 : files[0]);
    against = older === undefined ? undefined : readFileSync(older);
  } catch (error) {
    throw new Failure(`The file '${error.path ?? files[0]}' cannot be read: ${reason(error)}.`);
  }
  let made;
  try {
    made = Careconnect.rendered(careconnect, bytes, { as, view, trends, audience, mode, asOf, language, against });
  } catch (error) {
    throw new Failure(error.message);
  }
  let { output } = made;
  if (as === "model" || as === "coverage") output = json(JSON.parse(output), 2);
  if (process.stdout.isTTY) {
    // What goes to another program goes as it is; a terminal is not to be controlled by a resource.
    const { safe } = await import("./terminal.js");
    output = output.replace(/[^\n\t]+/g, safe);
  }
  await write(output.endsWith("\n") ? output : output + "\n");
  if (made.incomplete === undefined) return 0;
  // Half a record, or none, is no success, however it looks.
  const { safe } = await import("./terminal.js");
  process.stderr.write(`careconnect: ${safe(files[0])}: ${safe(made.incomplete)}\n`);
  return 2;
}
