// What a terminal is and how text fits in it: colour, width, and characters that must not reach it as they are.

import { styleText } from "node:util";

/** How wide lines of prose are at most: longer ones are hard to read. */
const PROSE = 100;

/**
 * A stream as something to write for: whether it takes colour, how wide it is, and a function that paints.
 *
 * Colour is for terminals. NO_COLOR (any value but an empty one) turns it off, FORCE_COLOR on, or off where it is 0.
 */
export function terminal(stream, env = process.env) {
  const forced = env.FORCE_COLOR === undefined ? undefined : !["0", "false"].includes(env.FORCE_COLOR);
  const colour = forced ?? (Boolean(stream.isTTY) && !env.NO_COLOR && env.TERM !== "dumb");
  const asked = Number(env.COLUMNS);
  const width = stream.columns || (Number.isInteger(asked) && asked > 0 ? asked : 100);
  return {
    isTTY: Boolean(stream.isTTY),
    width: Math.max(40, width),
    prose: Math.max(40, Math.min(width, PROSE)),
    // Whether colour is wanted is decided here already, so styleText is not to look for itself.
    paint: (style, text) => (colour && text ? styleText(style, text, { validateStream: false }) : text),
  };
}

// Control characters of ASCII and of ISO 8859 (an escape sequence begins with one), what changes the direction of what
// follows (U+061C, U+200E…), line separators, tags, and characters that nobody sees but that make two texts differ.
// Halves of surrogate pairs have no form in UTF-8 at all.
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/**
 * A text from outside with nothing in it that could control a terminal or hide from the reader: control characters
 * become their pictures (␛ for escape), others what they are called (‹U+202E›).
 */
export function safe(text) {
  return text.replace(UNSAFE, (character) => visible(character.codePointAt(0)));
}

function visible(code) {
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
}

const MARKS = /^[\p{Mn}\p{Me}\u200c\u200d\ufe00-\ufe0f\u{1f3fb}-\u{1f3ff}]$/u;

/** How many columns a character takes: none for a mark on the one before, two for East Asian wide ones and emoji. */
export function columnsOf(character) {
  const code = character.codePointAt(0);
  if (code < 0x300) return 1;
  if (MARKS.test(character)) return 0;
  return isWide(code) ? 2 : 1;
}

/** East Asian wide and full-width characters, and emoji (Unicode, UAX #11). */
function isWide(code) {
  return (
    code >= 0x1100 &&
    (code <= 0x115f ||
      (code >= 0x2e80 && code <= 0x303e) ||
      (code >= 0x3041 && code <= 0x33ff) ||
      (code >= 0x3400 && code <= 0x4dbf) ||
      (code >= 0x4e00 && code <= 0xa4cf) ||
      (code >= 0xa960 && code <= 0xa97f) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6f) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0xffe0 && code <= 0xffe6) ||
      (code >= 0x1f300 && code <= 0x1f64f) ||
      (code >= 0x1f680 && code <= 0x1f6ff) ||
      (code >= 0x1f900 && code <= 0x1f9ff) ||
      (code >= 0x1fa70 && code <= 0x1faff) ||
      (code >= 0x20000 && code <= 0x3fffd))
  );
}

/** How many columns a text takes that {@link safe} has made so. */
export function widthOf(text) {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

/** Lines of at most so many columns, broken at spaces. A word that is longer, such as a URL, is broken at `most` columns. */
export function wrap(text, width, most = width) {
  const lines = [];
  let line = "";
  let used = 0;
  for (const word of text.split(" ")) {
    const wide = widthOf(word);
    if (line !== "" && used + 1 + wide > width) {
      lines.push(line);
      line = "";
      used = 0;
    }
    if (line === "" && wide > most) {
      const parts = broken(word, most);
      line = parts.pop();
      lines.push(...parts);
      used = widthOf(line);
    } else {
      used += wide + (line === "" ? 0 : 1);
      line += (line === "" ? "" : " ") + word;
    }
  }
  return [...lines, line];
}

function broken(word, width) {
  const parts = [""];
  let used = 0;
  for (const character of word) {
    const wide = columnsOf(character);
    if (used + wide > width) {
      parts.push("");
      used = 0;
    }
    parts[parts.length - 1] += character;
    used += wide;
  }
  return parts;
}
