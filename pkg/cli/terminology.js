// `careconnect terminology`: makes a pack of a release of SNOMED CT or dm+d that the user has.

import { createReadStream, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { makeRelease } from "../index.js";
import { Failure, reason, write } from "./output.js";
import { safe } from "./terminal.js";

const KINDS = {
  snomed: "the folder of a release in RF2, for example uk_sct2mo_41.0.0_20260401000001Z (its Snapshot files are read)",
  dmd: "the folder of a release of dm+d, with f_vtm2_….xml, f_vmp2_….xml and so on",
};

export async function run([kind, ...paths], { output }) {
  if (!Object.hasOwn(KINDS, kind ?? "")) {
    throw new Failure(`What is to be read? ${kind === undefined ? "Say" : `'${kind}' is neither`} snomed ${kind === undefined ? "or" : "nor"} dmd.`);
  }
  if (paths.length === 0) throw new Failure(`Where is the release? Give ${KINDS[kind]}.`);
  if (output === undefined) throw new Failure(`Where is the pack to go? Give its name: -o ${kind}.pack.`);
  const files = paths.flatMap(filesBelow);
  let made;
  try {
    made = await makeRelease(
      kind,
      files.map((name) => ({ name: basename(name), chunks: () => createReadStream(name, { highWaterMark: 1 << 20 }) })),
    );
  } catch (error) {
    throw new Failure(error.message);
  }
  try {
    writeFileSync(output, made.pack);
  } catch (error) {
    throw new Failure(`The pack '${output}' cannot be written: ${reason(error)}.`);
  }
  const { version, concepts, inactive, terms, referenceSets, members } = made.summary;
  await write(
    `${safe(output)}: ${kind === "dmd" ? "dm+d" : "SNOMED CT"} ${version || "without a date"}, ${concepts} concepts (${inactive} inactive), ` +
      `${terms} with a term, ${referenceSets} reference sets with ${members} members; ${made.pack.length} bytes\n` +
      `Use it with --packs stu3,careconnect,${/^[\w-]+$/.test(output) ? "./" : ""}${safe(output)}. Its content is licensed to you: do not pass it on.\n`,
  );
  return 0;
}

/** The files at a path and below it. */
function filesBelow(path) {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path, { recursive: true }).sort();
    return names.map((name) => join(path, name)).filter((name) => statSync(name).isFile());
  } catch (error) {
    throw new Failure(`The release '${path}' cannot be read: ${reason(error)}.`);
  }
}
