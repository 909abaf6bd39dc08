// What is to be read: the files named and those of a list.

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { Failure, reason } from "./output.js";

/** The files named, then those of the list, a line at a time. */
export async function* inputs(files, list) {
  for (const file of files) yield { file, profiles: [] };
  if (list === undefined) return;
  const stream = list === "-" ? process.stdin : createReadStream(list);
  try {
    // A stream that cannot be opened says so only in an event, which must be listened for before the first line.
    if (list !== "-") await new Promise((resolve, reject) => stream.once("open", resolve).once("error", reject));
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      const [file, profiles = ""] = line.split("\t");
      if (file.trim() === "") continue;
      yield { file, profiles: profiles.split(",").map((url) => url.trim()).filter(Boolean) };
    }
  } catch (error) {
    throw new Failure(`The list '${list}' cannot be read: ${reason(error)}.`);
  }
}
