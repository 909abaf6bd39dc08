// `careconnect validate`

import { expand, inputs, severalIn } from "./inputs.js";
import { Failure, counted, readerIsGone, write } from "./output.js";
import { progress } from "./progress.js";
import { start } from "./session.js";
import { settle } from "./settings.js";
import { safe } from "./terminal.js";

const note = (sentence) => process.stderr.write(`careconnect: ${safe(sentence)}\n`);

export async function run(names, values) {
  const began = performance.now();
  const settings = await settle(values);
  const list = values["files-from"];
  const alone = names.length === 0 && list === undefined;
  if (alone && settings.definitions.length === 0) {
    throw new Failure("What is to be validated? Give the names of files or folders, or --files-from LIST.");
  }
  if (values.watch) {
    if (list !== undefined || alone || names.includes("-")) throw new Failure("--watch needs the names of files or folders.");
    const { watch } = await import("./watch.js");
    return watch(names, settings);
  }
  const { isOut, left } = settings.exclude;
  const found = expand(names);
  const files = found.filter((file) => !isOut(file));
  // Nothing checked is not the same as nothing wrong; but whoever names single files, as a hook does, may name any.
  if (found.length > 0 && files.length === 0 && list === undefined && !names.every((name) => found.includes(name))) {
    throw new Failure("Everything that was found is left out, by --exclude or the configuration.");
  }
  const session = await start(settings);
  const { fixer, baseline } = session;
  // Of definitions only what is wrong is printed, unless nothing else was asked for.
  const own = session.definitions.filter(({ issues }) => alone || issues.length > 0);
  const several = list !== undefined || files.length + own.length > 1 || files.some(severalIn);
  const printer = await session.printer(several);
  const bar = progress(list === undefined && !files.some(severalIn) ? files.length : undefined);
  // Both may be the same terminal.
  const print = (text) => {
    if (text && process.stdout.isTTY) bar.clear();
    return write(text);
  };
  const statistics = await session.statistics();
  let ended = false;
  try {
    let bad = false;
    let missing = false;
    let resources = 0;
    const take = async (result) => {
      bad ||= session.isBad(result);
      statistics?.take(result);
      await print(printer.file(session.shown(result)));
    };
    await print(printer.begin());
    for (const result of own) await take(result);
    for await (const result of session.results(inputs(files, list, isOut))) {
      missing ||= result.missing === true;
      resources += 1;
      bar.done();
      await take(result);
      await fixer?.take(result, print);
      // Without a reader only the exit status is left to be found, and no more of it than this; but files are still written.
      if (bad && readerIsGone() && !fixer && settings.outputs.length === 0 && settings.baseline.write === undefined) break;
    }
    await fixer?.end(print);
    bar.clear();
    await print(printer.end());
    await statistics?.end(settings.format === "text" && settings.fix !== "diff" ? print : (text) => process.stderr.write(text));
    ended = true;
    if (left.count > 0) note(`${counted(left.count, "file")} ${left.count === 1 ? "is" : "are"} left out, by --exclude or the configuration.`);
    baseline?.end(note);
    for (const sentence of session.leftOut()) note(sentence);
    if (settings.timing || (process.stderr.isTTY && !process.env.CI)) {
      note(`${counted(resources, "resource")} in ${((performance.now() - began) / 1000).toFixed(2)} s.`);
    }
    if (fixer?.failed) return 2;
    // What is not there was not checked, whatever is found in the rest: the command was called wrongly.
    return missing ? 2 : bad ? 1 : 0;
  } finally {
    bar.clear();
    if (!ended) printer.abandon();
    session.free();
  }
}
