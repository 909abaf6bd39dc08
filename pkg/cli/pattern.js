// Patterns of files: ** is any folders, * and ? stop at a slash, [ab] and {a,b} are choices. They are matched in time that
// grows with the pattern's length times the name's, whatever either holds.

import { relative, sep } from "node:path";
import { Failure } from "./output.js";

/** How many patterns the choices of one may make. */
const MOST = 1000;

/** A function that says whether a path, with slashes, is one that a pattern means. */
export function matcher(pattern) {
  const patterns = alternatives([...pattern]).map(tokens);
  return (path) => patterns.some((pattern) => matches(pattern, [...path]));
}

/**
 * A function that says whether a file, as it is named from here, is one that a pattern of a list means. The pattern is
 * relative to a folder; without a slash it is for names, wherever they are. What is in a folder that it means is meant too.
 */
export function placed(pattern, folder) {
  const own = pattern.replace(/^\.\//, "").replace(/\/$/, "");
  const wanted = matcher(own);
  return (file) => {
    const path = sep === "\\" ? relative(folder, file).replaceAll("\\", "/") : relative(folder, file);
    const parts = path.split("/");
    if (!own.includes("/")) return parts.some((part) => wanted(part));
    return parts.some((_, at) => wanted(parts.slice(0, at + 1).join("/")));
  };
}

/** A pattern, as characters, with each of the choices of its braces in turn. A brace that is not closed is closed at the end. */
function alternatives(characters) {
  const start = characters.indexOf("{");
  if (start < 0) return [characters];
  const choices = [[]];
  let depth = 0;
  let at = start + 1;
  for (; at < characters.length; at++) {
    const character = characters[at];
    if (character === "}" && depth === 0) break;
    if (character === "," && depth === 0) {
      choices.push([]);
      continue;
    }
    if (character === "{") depth += 1;
    if (character === "}") depth -= 1;
    choices.at(-1).push(character);
  }
  const [before, after] = [characters.slice(0, start), alternatives(characters.slice(at + 1))];
  const inner = choices.flatMap(alternatives);
  if (inner.length * after.length > MOST) throw new Failure("The pattern has too many choices in braces.");
  return inner.flatMap((choice) => after.map((rest) => [...before, ...choice, ...rest]));
}

/** What a pattern is made of: functions that say whether a character fits, and what may repeat. */
function tokens(characters) {
  const out = [];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at];
    if (character === "*" && characters[at + 1] === "*") {
      const isFolders = characters[at + 2] === "/";
      out.push({ repeats: () => true, ends: isFolders });
      at += isFolders ? 2 : 1;
    } else if (character === "*") out.push({ repeats: (one) => one !== "/" });
    else if (character === "?") out.push({ fits: (one) => one !== "/" });
    else {
      const close = character === "[" ? characters.indexOf("]", at + (characters[at + 1] === "!" ? 3 : 2)) : -1;
      out.push({ fits: close < 0 ? (one) => one === character : choice(characters.slice(at + 1, close)) });
      if (close > 0) at = close;
    }
  }
  return out;
}

/** Whether a character is among those between brackets: single ones, ranges, or with ! none of them. */
function choice(characters) {
  const isNot = characters[0] === "!";
  const own = isNot ? characters.slice(1) : characters;
  const ranges = [];
  for (let at = 0; at < own.length; at++) {
    const isRange = own[at + 1] === "-" && at + 2 < own.length;
    ranges.push([own[at], isRange ? own[at + 2] : own[at]].map((one) => one.codePointAt(0)));
    if (isRange) at += 2;
  }
  return (one) => ranges.some(([from, to]) => from <= one.codePointAt(0) && one.codePointAt(0) <= to) !== isNot;
}

/** Every place of the pattern that the path may have come to, kept side by side. */
function matches(pattern, path) {
  // Of `**/` nothing at all may be there, or all up to some slash; so being within it is a place of its own, with 0.5.
  const opened = (places) => {
    for (const place of places) {
      const token = pattern[place];
      if (token?.repeats) places.add(place + 1);
    }
    return places;
  };
  let places = opened(new Set([0]));
  for (const character of path) {
    const next = new Set();
    for (const place of places) {
      const token = pattern[Math.floor(place)];
      if (token === undefined) continue;
      if (token.ends) {
        next.add(Math.floor(place) + 0.5);
        if (character === "/") next.add(Math.floor(place) + 1);
      } else if (token.repeats) {
        if (token.repeats(character)) next.add(place);
      } else if (token.fits(character)) next.add(place + 1);
    }
    places = opened(next);
    if (places.size === 0) return false;
  }
  return places.has(pattern.length);
}
