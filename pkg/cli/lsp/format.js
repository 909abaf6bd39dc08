// Formatting that changes nothing but white space between what is written: numbers, escapes, the order of names, comments and
// narratives stay to the character. What is not well formed is left alone.

/** Longer ones are not formatted: an editor would not take it. */
const LONGEST = 1 << 25;

/** How deep objects and elements may be. */
const DEEPEST = 500;

/** The white space to be changed, as `{ offset, length, text }` in order; undefined where there is no telling. */
export function formatted(text, isXml, unit, newline) {
  if (text.length > LONGEST) return undefined;
  const gaps = isXml ? xmlGaps(text, unit, newline) : jsonGaps(text, unit, newline);
  return gaps?.filter(({ offset, length, text: white }) => text.slice(offset, offset + length) !== white);
}

const TOKEN = /[ \t\r\n]*([{}[\]:,]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;

function jsonGaps(text, unit, newline) {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
  const gaps = [];
  let end = text.startsWith("\uFEFF") ? 1 : 0;
  let depth = 0;
  let before = "";
  TOKEN.lastIndex = end;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const [whole, sign] = found;
    const start = found.index + whole.length - sign.length;
    const closes = sign === "}" || sign === "]";
    if (closes) depth -= 1;
    const isEmpty = closes && (before === "{" || before === "[");
    const line = newline + unit.repeat(depth);
    let white = "";
    if (before === "") white = "";
    else if (before === ":") white = " ";
    else if (sign === ":" || sign === "," || isEmpty) white = "";
    else if (closes || before === "{" || before === "[" || before === ",") white = line;
    gaps.push({ offset: end, length: start - end, text: white });
    if (sign === "{" || sign === "[") depth += 1;
    if (depth > DEEPEST) return undefined;
    before = sign.length === 1 ? sign : "value";
    end = TOKEN.lastIndex;
  }
  gaps.push({ offset: end, length: text.length - end, text: newline });
  return gaps;
}

const CLOSES = /<\/([\w:.-]+)[ \t\r\n]*>/y;
const OPENS = /<([\w:.-]+)/y;

/** What holds no tag, however it looks. */
const PASSED = [
  ["<!--", "-->"],
  ["<?", "?>"],
  ["<![CDATA[", "]]>"],
];

/** What stands at a place of XML: a comment, an instruction or a tag, with the name that it opens or closes. */
function pieceAt(text, at) {
  for (const [begin, end] of PASSED) {
    if (!text.startsWith(begin, at)) continue;
    const found = text.indexOf(end, at + begin.length);
    return found < 0 ? undefined : { end: found + end.length };
  }
  CLOSES.lastIndex = at;
  const closes = CLOSES.exec(text);
  if (closes) return { end: CLOSES.lastIndex, closed: closes[1] };
  OPENS.lastIndex = at;
  const opens = OPENS.exec(text);
  if (!opens) return undefined;
  for (let place = OPENS.lastIndex; place < text.length; place += 1) {
    const sign = text[place];
    if (sign === ">") return { end: place + 1, opened: opens[1], isEmpty: text[place - 1] === "/" };
    if (sign === "<") return undefined;
    if (sign === '"' || sign === "'") {
      const value = text.indexOf(sign, place + 1);
      if (value < 0 || text.slice(place, value).includes("<")) return undefined;
      place = value;
    }
  }
  return undefined;
}

function xmlGaps(text, unit, newline) {
  const gaps = [];
  const open = [];
  let [end, isFirst, previous] = [0, true, ""];
  if (text.startsWith("\uFEFF")) end = 1;
  for (;;) {
    const start = skipWhite(text, end);
    if (start === text.length) break;
    const found = pieceAt(text, start);
    // Text between elements, a DOCTYPE, CDATA: not FHIR's, and not to be moved.
    if (!found || text.startsWith("<![", start)) return undefined;
    const { closed, opened, isEmpty } = found;
    if (closed !== undefined && open.pop() !== closed) return undefined;
    const follows = closed !== undefined && previous === "open";
    gaps.push({ offset: end, length: start - end, text: isFirst ? "" : follows ? "" : newline + unit.repeat(open.length) });
    isFirst = false;
    end = found.end;
    previous = "";
    if (opened !== undefined && !isEmpty) {
      if (opened === "div" || opened.endsWith(":div")) {
        // A narrative's white space may be seen.
        end = narrativeEnd(text, end, opened);
        if (end < 0) return undefined;
      } else {
        open.push(opened);
        previous = "open";
      }
    }
    if (open.length > DEEPEST) return undefined;
  }
  if (open.length > 0 || isFirst) return undefined;
  gaps.push({ offset: end, length: text.length - end, text: newline });
  return gaps;
}

function skipWhite(text, at) {
  while (at < text.length && /[ \t\r\n]/.test(text[at])) at += 1;
  return at;
}

/** Where a narrative ends, with whatever it holds of the same name. */
function narrativeEnd(text, at, name) {
  let depth = 1;
  for (let place = text.indexOf("<", at); place >= 0; ) {
    const found = pieceAt(text, place);
    // What is broken is not to be moved.
    if (!found) return -1;
    if (found.closed === name) depth -= 1;
    else if (found.opened === name && !found.isEmpty) depth += 1;
    if (depth === 0) return found.end;
    place = text.indexOf("<", found.end);
  }
  return -1;
}
