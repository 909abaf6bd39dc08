// How far a long run is, on a terminal's standard error, so that it never mixes with what is printed.

import { counted } from "./output.js";

/** Nothing is shown of what is over sooner, in milliseconds. */
const AFTER = 500;
const EVERY = 100;

/** Something to tell of each input; it draws where somebody sees it. `total` is how many there will be, where that is known. */
export function progress(total, stream = process.stderr) {
  if (!stream.isTTY || process.env.TERM === "dumb" || process.env.CI) return { done() {}, clear() {} };
  const started = performance.now();
  let [shown, drawn, count] = [false, started, 0];
  const draw = (now) => {
    const seconds = (now - started) / 1000;
    const rate = count / seconds;
    const of = total ? `${count.toLocaleString("en-GB")} of ${counted(total, "file")}` : counted(count, "resource");
    const left = total && count > 0 ? `, ${Math.ceil((total - count) / rate)} s left` : "";
    const width = Math.min(30, Math.max(0, (stream.columns || 80) - of.length - left.length - 4));
    const full = total ? Math.floor((width * count) / total) : 0;
    const bar = total ? `${"█".repeat(full)}${"░".repeat(width - full)} ` : "";
    stream.write(`\r\x1b[K${bar}${of}${left}`);
    shown = true;
  };
  return {
    done() {
      count += 1;
      const now = performance.now();
      if (now - started < AFTER || now - drawn < EVERY) return;
      drawn = now;
      draw(now);
    },
    /** To be called before something is printed to the same terminal, and at the end. */
    clear() {
      if (shown) stream.write("\r\x1b[K");
      shown = false;
    },
  };
}
