// Whether a text says every value of a resource: a check that knows the bytes that went in and the text that came out, and
// nothing of how the one was made from the other. It is written apart from the renderer on purpose; keep it so.

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Letters and digits in small letters, a word an item, a decimal with its point. Characters that cannot be seen are words by their number. */
export const words = (text) =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, (c) =>
      ` U ${c.charCodeAt(0).toString(16).padStart(4, "0")} `)
    .toLowerCase()
    .match(/\d+(?:\.\d+)+|[\p{L}\p{N}\p{M}]+/gu) ?? [];

/** Where each word of a text stands. */
export function index(text) {
  const list = words(text);
  const places = new Map();
  list.forEach((word, at) => (places.get(word) ?? places.set(word, []).get(word)).push(at));
  return { list, places, bare: list.join(""), digits: list.join(" ").replace(/[^0-9]/g, "") };
}

/** Whether these words stand in the text one after the other. */
function follows({ list, places }, wanted) {
  if (wanted.length === 0) return true;
  return (places.get(wanted[0]) ?? []).some((at) => wanted.every((word, step) => list[at + step] === word));
}

/** Codes whose words are not the code's own. A word that could stand anywhere is not one of them. */
const CODES = {
  true: [["yes"]],
  false: [["no"]],
  s: [["second"], ["seconds"]],
  min: [["minute"], ["minutes"]],
  h: [["hour"], ["hours"], ["hourly"]],
  d: [["day"], ["days"], ["daily"]],
  wk: [["week"], ["weeks"]],
  mo: [["month"], ["months"]],
  a: [["year"], ["years"]],
  temp: [["temporary"]],
  mon: [["monday"]], tue: [["tuesday"]], wed: [["wednesday"]], thu: [["thursday"]], fri: [["friday"]],
  sat: [["saturday"]], sun: [["sunday"]],
};

/** Codes of when a dose is taken, HL7's TimingEvent. */
const WHEN = {
  MORN: "morning", AFT: "afternoon", EVE: "evening", NIGHT: "night", HS: "sleep", WAKE: "waking", C: "meal",
  CM: "breakfast", CD: "lunch", CV: "dinner", AC: "before", PC: "after", ACM: "breakfast", ACD: "lunch", ACV: "dinner",
  PCM: "breakfast", PCD: "lunch", PCV: "dinner", PHS: "after",
};

/** The ways in which a value may be said. */
function forms(name, value) {
  const out = [words(value)];
  out.push(...(CODES[value] ?? []));
  if (name === "when" && WHEN[value]) out.push([WHEN[value]]);
  const date = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d))?)?)?/.exec(value);
  if (date && date[2]) {
    const [, year, month, day, hour, minute] = date;
    const short = MONTHS[Number(month) - 1];
    if (short) out.push([day, short, year, hour, minute].filter((part) => part !== undefined));
  }
  const time = /^(\d\d):(\d\d)(?::\d\d)?/.exec(value);
  if (time) out.push([time[1], time[2]]);
  if (/^(second|minute|hour|day|week|month|year)$/.test(value)) out.push([`${value}s`]);
  if (name === "asNeededBoolean") out.push(value === "true" ? ["as", "required"] : ["not", "as", "required"]);
  const number = /^(-?)(\d{4,})(\.\d+)?$/.exec(value);
  if (number) out.push(words(`${Number(number[2]).toLocaleString("en-GB")}${number[3] ?? ""}`));
  if (/^(frequency|period|count)(Max)?$/.test(name)) {
    if (value === "1") out.push(["once"], ["every"], ["a"]);
    if (value === "2") out.push(["twice"]);
  }
  // A sign of one or two characters has no word: it is said by its name.
  const signs = { "<": ["less", "than"], "<=": ["less", "than", "or", "equal"], ">": ["greater", "than"], ">=": ["greater", "than", "or", "equal"] };
  if (signs[value]) out[0] = signs[value];
  return out;
}

/** Digits that are spaced in another way: NHS numbers, telephones with their country before them. */
function spaced({ digits }, value) {
  const own = value.replace(/\(0\)/, "").replace(/[^0-9]/g, "");
  return own.length >= 7 && /^[+0-9() .-]+$/.test(value) && (digits.includes(own) || digits.includes(own.replace(/^(00)?44/, "0")));
}

/** Whether a text, by its index, says a value. */
export function says(text, { name, value, kind, pointer = "" }) {
  // Text that follows other text without a space is one word with it.
  if (kind === "xhtml") return value.every((part) => follows(text, words(part)) || text.bare.includes(words(part).join("")));
  // The size of what is not for reading is said instead.
  if (["data", "content", "blob"].includes(name)) {
    const sizes = [["bytes"], ["characters", "of", "base64"], ["characters", "not", "base64"], ["points"], ["signature", "included"]];
    return follows(text, words(value)) || sizes.some((size) => follows(text, size));
  }
  // "5 mg per tablet": one is not said.
  if (/denominator\/value(@value)?$/.test(pointer) && value === "1") return true;
  return forms(name, value).some((form) => follows(text, form)) || spaced(text, value);
}

/** Numbers as they are written: JavaScript's own reading would lose the zeros of `1.0`. */
function parse(json) {
  const quoted = json.replace(/("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g, (all, string) => string ?? `"${all}"`);
  return JSON.parse(quoted);
}

/** The values of a resource in JSON: `{pointer, name, value, kind}`. */
export function jsonLeaves(text) {
  const out = [];
  const walk = (value, name, pointer) => {
    if (Array.isArray(value)) value.forEach((item, at) => walk(item, name, `${pointer}/${at}`));
    else if (value !== null && typeof value === "object") {
      for (const [key, inner] of Object.entries(value)) {
        if (key !== "resourceType") walk(inner, key.replace(/^_/, ""), `${pointer}/${key}`);
      }
    } else if (value !== null) {
      const isXhtml = name === "div" && /^\s*</.test(value);
      out.push({ pointer, name, kind: isXhtml ? "xhtml" : "text", value: isXhtml ? [value] : String(value) });
    }
  };
  walk(parse(text.replace(/^\uFEFF/, "")), "", "");
  return out;
}

/** For a browser: the values of a resource in XML, and the texts of XHTML that JSON has as a string. */
export function inBrowser({ xml, divs }) {
  const texts = (root) => {
    const out = [];
    const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_CDATA_SECTION);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.parentNode.closest?.("script, style")) out.push(node.data);
    }
    return out;
  };
  if (divs) {
    return divs.map((div) => {
      const root = new DOMParser().parseFromString(div, "application/xhtml+xml").documentElement;
      // What is no XHTML is shown as it was written.
      return root.querySelector("parsererror") ? [div] : texts(root);
    });
  }
  const out = [];
  const walk = (element, pointer) => {
    if (element.namespaceURI === "http://www.w3.org/1999/xhtml") {
      return out.push({ pointer, name: element.localName, kind: "xhtml", value: texts(element) });
    }
    for (const { name, value } of element.attributes) {
      if (name.startsWith("xmlns") || name.includes(":")) continue;
      out.push({ pointer: `${pointer}@${name}`, name: name === "value" ? element.localName : name, kind: "text", value });
    }
    for (const child of element.children) walk(child, `${pointer}/${child.localName}`);
  };
  const document = new DOMParser().parseFromString(xml, "application/xml");
  if (document.querySelector("parsererror")) return null;
  walk(document.documentElement, "");
  return out;
}
