// The line of the source in which an issue stands, as much of it as fits, and what is to be put below it.

import { columnsOf, safe, widthOf } from "../terminal.js";

const TAB = "    ";

/** Of a long line, how much is kept before the place, in columns. */
const BEFORE = 24;

/**
 * The line in which an issue begins, in at most `width` columns, and the underline of what of the issue is in it: `mark`,
 * to be put `indent` from the line's beginning. Undefined where there is no text at all.
 */
export function excerpt(text, { offset, length }, width) {
  if (text === "") return undefined;
  const start = Math.min(offset, text.length);
  const from = Math.max(text.lastIndexOf("\n", start - 1), text.lastIndexOf("\r", start - 1)) + 1;
  // A line may be a whole file, so only what can be shown of it is looked at.
  const near = Math.max(from, start - width * 4);
  const rest = text.slice(start, start + Math.min(Math.max(length, 1), width * 4) + width * 4);
  let before = cells(text.slice(near, start).replace(/^\uFEFF/, ""));
  let after = cells(rest.split(/[\r\n]/, 1)[0]);
  const inside = cells(rest.slice(0, Math.max(length, 1)).split(/[\r\n]/, 1)[0].trimEnd()).length || 1;
  // As many of the marked characters as fit, a part of what is before, and then what follows.
  let head = "";
  const marked = columns(after.slice(0, inside));
  const room = Math.max(Math.min(BEFORE, width >> 2), width - marked - columns(after.slice(inside)));
  if (near > from || columns(before) > room) {
    while (before.length > 0 && columns(before) > room - 1) before = before.slice(1);
    head = "…";
  }
  let left = width - widthOf(head) - columns(before);
  let tail = "";
  if (columns(after) > left) {
    left -= 1;
    tail = "…";
    let used = 0;
    after = after.filter((cell) => (used += widthOf(cell)) <= left);
  }
  const under = columns(after.slice(0, inside)) || 1;
  return {
    line: head + before.join("") + after.join("") + tail,
    indent: " ".repeat(widthOf(head) + columns(before)),
    mark: "^".repeat(under),
  };
}

/** The characters of a text as a terminal may have them; a mark stays with the character that it is on. */
function cells(text) {
  const out = [];
  for (const character of text) {
    const shown = character === "\t" ? TAB : safe(character);
    if (out.length > 0 && shown === character && columnsOf(character) === 0) out[out.length - 1] += character;
    else out.push(shown);
  }
  return out;
}

const columns = (cells) => cells.reduce((sum, cell) => sum + widthOf(cell), 0);
