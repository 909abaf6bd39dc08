// `careconnect view`: a flat table of resources, by a ViewDefinition of SQL on FHIR.

import { readFileSync } from "node:fs";
import { open } from "./core.js";
import { expand, inputs } from "./inputs.js";
import { Failure, readerIsGone, reason, write } from "./output.js";
import { dayOf, sources } from "./settings.js";
import { safe } from "./terminal.js";

/** How much is given to the core at once: the view is compiled for each. */
const RESOURCES = 500;
const BYTES = 8 << 20;

export async function run([path, ...names], values) {
  if (path === undefined || names.length === 0) throw new Failure("Give a ViewDefinition and the names of files.");
  const definition = read(path);
  const { careconnect } = await open(await sources(values));
  const as = values.format ?? "csv";
  const options = { as, ...(values.today !== undefined && { today: dayOf(values.today) }) };
  const make = (resources) => {
    try {
      return careconnect.view(definition, resources, options);
    } catch (error) {
      throw new Failure(`${path}: ${error.message}`);
    }
  };
  let failed = false;
  const say = ({ file, line }, words) => {
    failed = true;
    process.stderr.write(`careconnect: ${safe(`${file}${line ? `:${line}` : ""}: ${words}`)}\n`);
  };
  // Nothing is read before it is known that the view can be used.
  const { columns } = make([]);
  if (as === "csv") await write(`${columns.map(({ name }) => name).join(",")}\n`);
  let waiting = [];
  let size = 0;
  const flush = async () => {
    const { text, faults } = make(waiting.map(({ bytes }) => bytes));
    for (const { input, message } of faults) say(waiting[input], message);
    waiting = [];
    size = 0;
    await write(text);
  };
  for await (const { file, line, read } of inputs(expand(names))) {
    let bytes;
    try {
      bytes = await read();
    } catch (error) {
      say({ file, line }, `The file cannot be read: ${reason(error)}.`);
      continue;
    }
    waiting.push({ file, line, bytes });
    size += bytes.length;
    if (waiting.length >= RESOURCES || size >= BYTES) await flush();
    if (readerIsGone()) break;
  }
  if (waiting.length > 0) await flush();
  careconnect.free();
  return failed ? 1 : 0;
}

function read(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Failure(`The ViewDefinition '${path}' cannot be read: ${reason(error)}.`);
  }
}
