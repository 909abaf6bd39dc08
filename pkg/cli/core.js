// The core, with the packs and definitions that settings ask for.

import { load } from "../index.js";
import { Failure, reason } from "./output.js";

/**
 * The core, and what is wrong with the user's own definitions by the names of their files. With several `jobs`, or with
 * `threads`, it is a pool of so many, whose methods have the same names and give Promises.
 */
export async function open({ packs, definitions = [], jobs = 1, threads = jobs > 1 ? jobs : 0 }) {
  const own = [];
  if (definitions.length > 0) {
    const { definitionFiles } = await import("./definitions.js");
    for (const path of definitions) {
      try {
        const { files, unused } = definitionFiles(path);
        own.push(...files);
        sayUnused(path, unused);
      } catch (error) {
        throw new Failure(`The definitions '${path}' cannot be read: ${reason(error)}.`);
      }
    }
  }
  try {
    const options = { ...(packs && { packs }), definitions: own.map(({ bytes }) => bytes) };
    const careconnect = threads > 0 ? await start(threads, options) : await load(options);
    const reports = (await careconnect.definitions).map((report, at) => {
      const { file, bytes } = own[at];
      return { file, ...report, text: () => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) };
    });
    return { careconnect, reports };
  } catch (error) {
    throw new Failure(error.message);
  }
}

/** Says what of a folder or package was not used. */
function sayUnused(path, unused) {
  if (unused.size === 0) return;
  const types = [...unused].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, count]) => `${type} (${count.toLocaleString("en-GB")})`);
  const what = types.join(", ").replace(/[\0-\x1f\x7f-\x9f]/g, "\uFFFD");
  process.stderr.write(`careconnect: not used of '${path}', as it defines nothing to check by: ${what}.\n`);
}

async function start(size, options) {
  const { pool } = await import("../node.js");
  return pool({ ...options, size });
}
