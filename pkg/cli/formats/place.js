// Where an issue stands in its file, for formats that point there.

import { isAbsolute, relative } from "node:path";
import { pathToFileURL } from "node:url";

/** The lines and columns of an issue, from 1; the end is the column after its last character. */
export function region(result, { line, column, offset, length }) {
  const first = line + (result.line ?? 1) - 1;
  const text = result.text?.().slice(offset, offset + length) ?? "";
  const lines = text.split(/\r\n|\n|\r/);
  const last = [...lines.at(-1)].length;
  const several = lines.length > 1;
  return { line: first, column, endLine: first + lines.length - 1, endColumn: several ? last + 1 : column + last };
}

/**
 * Places of a text by index: a function that gives the line and column of an index in UTF-16 code units. Lines end as in the
 * core, and a byte order mark at the start takes no column.
 */
export function placesIn(text, firstLine = 1) {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|\n|\r/g)) starts.push(index + end.length);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle;
    }
    const before = text.slice(starts[low], offset);
    const mark = low === 0 && before.startsWith("\uFEFF") ? 1 : 0;
    return { line: low + firstLine, column: [...before].length + 1 - mark };
  };
}

/** A path below the working directory stays relative, as code hosts need it; any other becomes a file URL. */
export function uriOf(file) {
  const path = relative(process.cwd(), file);
  if (path.startsWith("..") || isAbsolute(path)) return pathToFileURL(file).href;
  return path.split(/[\\/]/).map(encodeURIComponent).join("/");
}
