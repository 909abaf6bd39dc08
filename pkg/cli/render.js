// `careconnect render`

import { readFileSync } from "node:fs";
import { open } from "./core.js";
import { Failure, json, reason, write } from "./output.js";
import { sources } from "./settings.js";

export async function run(files, values) {
  if (files.length !== 1) throw new Failure("Give the name of one file to render.");
  const { careconnect } = await open(await sources(values));
  const { as, view, trends, audience, mode, language, "as-of": asOf, against: older } = values;
  let text;
  try {
    const bytes = readFileSync(files[0] === "-" ? 0 : files[0]);
    const against = older === undefined ? undefined : readFileSync(older);
    text = careconnect.render(bytes, { as, view, trends, audience, mode, asOf, language, against });
  } catch (error) {
    throw new Failure(error.code ? `The file '${error.path ?? files[0]}' cannot be read: ${reason(error)}.` : error.message);
  }
  if (typeof text !== "string") text = json(text, 2);
  if (process.stdout.isTTY) {
    // What goes to another program goes as it is; a terminal is not to be controlled by a resource.
    const { safe } = await import("./terminal.js");
    text = text.replace(/[^\n\t]+/g, safe);
  }
  await write(text.endsWith("\n") ? text : text + "\n");
}
