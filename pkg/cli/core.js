// The core, with the packs and definitions that settings ask for.

import { load } from "../index.js";
import { Failure, reason } from "./output.js";

/** The core, and what is wrong with the user's own definitions by the names of their files. */
export async function open({ packs, definitions = [] }) {
  const own = [];
  if (definitions.length > 0) {
    const { definitionFiles } = await import("./definitions.js");
    for (const path of definitions) {
      try {
        own.push(...definitionFiles(path));
      } catch (error) {
        throw new Failure(`The definitions '${path}' cannot be read: ${reason(error)}.`);
      }
    }
  }
  try {
    const careconnect = await load({ ...(packs && { packs }), definitions: own.map(({ bytes }) => bytes) });
    const reports = careconnect.definitions.map((report, at) => {
      const { file, bytes } = own[at];
      return { file, ...report, text: () => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) };
    });
    return { careconnect, reports };
  } catch (error) {
    throw new Failure(error.message);
  }
}
