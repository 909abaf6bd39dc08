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

/** A path below the working directory stays relative, as code hosts need it; any other becomes a file URL. */
export function uriOf(file) {
  const path = relative(process.cwd(), file);
  if (path.startsWith("..") || isAbsolute(path)) return pathToFileURL(file).href;
  return path.split(/[\\/]/).map(encodeURIComponent).join("/");
}
