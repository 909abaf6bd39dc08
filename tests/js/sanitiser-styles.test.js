// Styles never hide or overprint text: documents are made up from elements, attributes and declarations at random, displayed,
// and every word's rectangles are measured in a real Chromium. No word may lie on another, be out of reach, too small to read
// or in another case than it was written, and no line that a style draws may lie on one. The same documents without being
// cleaned must fail, so that the measure is known to see what it is for.
//
// CARECONNECT_DOCUMENTS says how many to try.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { load } from "../../pkg/index.js";

const DOCUMENTS = Number(process.env.CARECONNECT_DOCUMENTS ?? 240);
const BATCH = 12;
const careconnect = await load();
let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
});

after(() => browser?.close());

/** Numbers that look random and are the same each time (mulberry32). */
function chance(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const LENGTHS = ["0", "1px", "8px", "9px", "24px", "0.5em", "1%", "100%", "-8px", "-40px", "-2em", "64px", "200px", "5000px", "60em", "calc(1px - 9em)", "1e3px", "50vw"];
const OF_LENGTHS = `height max-height min-height line-height width max-width min-width block-size inline-size margin margin-top margin-left
  margin-right margin-bottom margin-block-start padding padding-top padding-bottom padding-left padding-inline border-spacing text-indent
  letter-spacing word-spacing top left inset border-width border-top-width outline-offset translate column-width column-gap`.split(/\s+/);
const DECLARATIONS = [
  ...OF_LENGTHS.flatMap((name) => LENGTHS.map((length) => `${name}:${length}`)),
  ...["nowrap", "pre", "pre-wrap", "normal"].map((word) => `white-space:${word}`),
  ...["absolute", "relative", "fixed", "sticky"].map((word) => `position:${word}`),
  ...["translate(-40px)", "translateY(-1em)", "scale(0)", "rotate(180deg)"].map((word) => `transform:${word}`),
  ...["left", "right"].map((word) => `float:${word}`),
  ...["none", "inline-block", "block", "contents", "grid", "flex", "inline", "table-cell"].map((word) => `display:${word}`),
  ...["uppercase", "lowercase", "capitalize"].map((word) => `text-transform:${word}`),
  ...["super", "sub", "text-top", "40px", "-40px", "middle", "bottom", "50%"].map((word) => `vertical-align:${word}`),
  ...["1px", "0", "9px", "48px", "200px", "50%", "0.1em", "xx-small", "x-small", "smaller", "8pt"].map((size) => `font-size:${size}`),
  ...["8px solid", "thick double", "200px solid", "1px solid", "2px dotted #c00", "solid", "thick"].flatMap((line) => ["border", "border-top", "border-bottom"].map((name) => `${name}:${line}`)),
  "overflow:hidden", "table-layout:fixed", "opacity:0", "visibility:hidden", "clip-path:inset(50%)", "columns:9", "font:1px serif", "zoom:0.1",
  "text-align:right", "direction:rtl", "unicode-bidi:bidi-override", "writing-mode:vertical-rl", "z-index:9", "font-weight:bold", "list-style-type:none",
  "font-variant:small-caps", "color:transparent", "color:white", "-webkit-text-fill-color:transparent", "text-overflow:ellipsis", "mask-image:none", "all:unset",
  "padding:0 64px", "padding:64px 0", "margin:64px auto", "border-collapse:collapse", "border-style:solid", "text-decoration:line-through",
];
const BLOCKS = ["div", "p", "blockquote", "pre", "h1", "h3", "h6", "td", "dd"];
const INLINE = ["span", "b", "sup", "sub", "small", "big", "i", "code", "a"];
const CLASSES = ["bold", "left", "right", "center", "border-top", "unlist", "date-column", "exclusion-banner", "nhsuk-u-visually-hidden", "cc-table"];
const IMAGE = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** A document of words, each with a number of its own. */
function made(seed) {
  const any = chance(seed);
  const pick = (all) => all[any(all.length)];
  let words = 0;
  // Now and then as only CSS reads it.
  const written = (declaration) =>
    [
      (text) => text,
      (text) => text.replace(":", " : ").toUpperCase(),
      (text) => `${text} !important`,
      (text) => text.replace(":", ":/* ; */"),
      (text) => text.replace(/^[a-z]/, (letter) => `\\${letter.charCodeAt(0).toString(16)} `),
    ][any(3) === 0 ? any(5) : 0](declaration);
  const style = () => (any(3) === 0 ? "" : ` style="${Array.from({ length: 1 + any(4) }, () => written(pick(DECLARATIONS))).join(";")}"`);
  const right = () => (any(12) === 0 ? ` dir="rtl"` : "");
  const word = () => (any(12) === 0 ? `שלום wOrd${seed}x${words++} תרופה` : `wOrd${seed}x${words++} mG`);
  const attribute = () => pick([`height="${pick(["1", "8", "40", "1%"])}"`, `width="${pick(["1", "8", "40", "1%", "2000"])}"`, `align="${pick(["left", "right", "center"])}"`, `valign="${pick(["top", "bottom"])}"`, `class="${pick(CLASSES)}"`, `nowrap="nowrap"`, `cellpadding="40"`, `cellspacing="40"`, `border="20"`, `hidden="hidden"`]);
  const attributes = () => (any(6) === 0 ? ` ${attribute()}` : "") + right();
  const inline = (depth) => {
    if (any(30) === 0) return `<img src="${IMAGE}" alt="x"${style()}${attributes()}/> ${word()}`;
    if (depth > 5 || any(3) > 0) return word();
    const name = pick(INLINE);
    return `<${name}${style()}${right()}>${inline(depth + 1)} ${inline(depth + 1)}</${name}>`;
  };
  const cell = (depth) => `<td${style()}${attributes()}${any(4) === 0 ? ` colspan="${1 + any(4)}"` : ""}${any(4) === 0 ? ` rowspan="${any(4)}"` : ""}>${block(depth + 1)}</td>`;
  const columns = () => (any(4) === 0 ? `<col${style()}${attributes()}/>` : "");
  const row = (depth) => `<tr${style()}${attributes()}>${Array.from({ length: 1 + any(3) }, () => cell(depth)).join("")}</tr>`;
  const table = (depth) => `<table${style()}${attributes()}>${any(6) === 0 ? `<caption${style()}>${inline(0)}</caption>` : ""}${columns()}${Array.from({ length: 2 + any(3) }, () => row(depth)).join("")}</table>`;
  function block(depth) {
    if (depth > 3) return inline(0);
    const kind = any(6);
    if (kind === 0) return table(depth);
    if (kind === 1) return `<${pick(["ul", "ol"])}${style()}>${Array.from({ length: 1 + any(3) }, () => `<li${style()}${attributes()}>${inline(0)}</li>`).join("")}</ul>`.replace(/^<ol([^]*)ul>$/, "<ol$1ol>");
    if (kind === 2) return inline(0);
    const name = pick(BLOCKS);
    const inside = name === "div" || name === "blockquote" ? block(depth + 1) + block(depth + 1) : inline(0);
    return `<${name}${style()}${attributes()}>${inside}</${name}>`;
  }
  return `<div xmlns="http://www.w3.org/1999/xhtml">${block(0)}${block(0)}${block(0)}</div>`;
}

/** In the page: what is wrong with the words of each part. */
function measure() {
  const faults = [];
  const overlap = (a, b) => [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];
  for (const part of document.querySelectorAll(".part")) {
    const words = [];
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (parent.closest("details:not([open])")) continue;
      // Our own words for readers of screens.
      const visible = !parent.closest(".nhsuk-u-visually-hidden") || parent.closest(".careconnect-received");
      for (const found of node.data.matchAll(/\S+/g)) {
        const range = document.createRange();
        range.setStart(node, found.index);
        range.setEnd(node, found.index + found[0].length);
        const rects = [...range.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
        const style = getComputedStyle(parent);
        const name = found[0];
        const own = !/^(wOrd\d+x\d+|mG|שלום|תרופה)$/.test(name);
        if (visible) words.push({ name, rects, size: parseFloat(style.fontSize), own, parent });
        if (own) continue;
        const say = (what) => faults.push(`${name} ${what}`);
        if (rects.length === 0) say("has no place");
        if (rects.some(({ right, bottom }) => right + scrollX < 1 || bottom + scrollY < 1)) say("is out of reach");
        if (parseFloat(style.fontSize) < 7) say(`is ${style.fontSize} high`);
        if (style.textTransform !== "none" || style.fontVariantCaps !== "normal") say(`is shown in ${style.textTransform} ${style.fontVariantCaps}`);
        if (style.visibility !== "visible" || Number(style.opacity) < 0.7) say("cannot be seen");
        for (const colour of [style.color, style.webkitTextFillColor]) if (/^rgba\(.*, 0\)$|^rgb\(255, 255, 255\)$/.test(colour)) say("has no colour");
        for (let at = parent; at && at !== part; at = at.parentElement) {
          const { display, overflowX, overflowY } = getComputedStyle(at);
          if (!/visible|auto|scroll/.test(overflowX + overflowY)) say("is cut off");
          if (/auto|scroll/.test(overflowX) && /^(block|list-item|flow-root|table-cell)$/.test(display)) {
            const { left } = at.getBoundingClientRect();
            const start = left + at.clientLeft - at.scrollLeft - (getComputedStyle(at).direction === "rtl" ? at.scrollWidth - at.clientWidth : 0);
            if (rects.some((rect) => rect.left < start - 2 || rect.right > start + at.scrollWidth + 2)) say("is where nobody can scroll to");
          }
        }
      }
    }
    for (let one = 0; one < words.length; one++) {
      for (let two = one + 1; two < words.length; two++) {
        if (words[one].own && words[two].own) continue;
        for (const a of words[one].rects) {
          for (const b of words[two].rects) {
            // Lines of one paragraph stand close: what counts is letters on letters.
            const [width, height] = overlap(a, b);
            if (width > 3 && height > 0.5 * Math.min(words[one].size, words[two].size)) faults.push(`${words[one].name} lies on ${words[two].name}`);
          }
        }
      }
    }
    // Borders of parts of a line, which take no room above and below.
    for (const element of part.querySelectorAll("*")) {
      const style = getComputedStyle(element);
      if (style.display !== "inline" || !element.closest(".careconnect-received, .bare")) continue;
      const [top, bottom] = [style.borderTopWidth, style.borderBottomWidth].map(parseFloat);
      if (top + bottom === 0) continue;
      for (const box of element.getClientRects()) {
        const lines = [{ ...box.toJSON(), bottom: box.top + top }, { ...box.toJSON(), top: box.bottom - bottom }];
        for (const { name, rects, size } of words) {
          for (const rect of rects) {
            const middle = (rect.top + rect.bottom) / 2;
            const letters = { left: rect.left, right: rect.right, top: middle - size / 4, bottom: middle + size / 4 };
            if (lines.some((line) => overlap(line, letters).every((length) => length > 1))) faults.push(`a line of <${element.localName} style="${element.getAttribute("style")}"> lies on ${name}`);
          }
        }
      }
    }
  }
  return faults;
}

const css = /<style>([^]*?)<\/style>/.exec(careconnect.render({ resourceType: "Basic" }, { as: "page" }))[1];

async function faultsOf(parts, { width = 900, style = css } = {}) {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const faults = [];
  for (let at = 0; at < parts.length; at += BATCH) {
    const batch = parts.slice(at, at + BATCH).map((part) => `<div class="part${style ? "" : " bare"}">${part}</div>`);
    const wanted = batch.flatMap((part) => part.match(/wOrd\d+x\d+/g));
    await page.setContent(`<!DOCTYPE html><html lang="en"><head><style>${style}</style></head><body>${batch.join("")}</body></html>`);
    faults.push(...(await page.evaluate(measure)));
    const text = await page.evaluate(() => document.body.innerText);
    faults.push(...wanted.filter((word) => !text.includes(word)).map((word) => `${word} is not there`));
  }
  await page.close();
  return faults;
}

const shown = (div) => careconnect.render({ resourceType: "Basic", text: { status: "additional", div } }, { as: "fragment" });
const documents = Array.from({ length: DOCUMENTS }, (_, seed) => made(seed + 1));

const NAME = "no style puts text over text, out of reach or into another case";

for (const [where, how] of [
  ["in a page", {}],
  ["in a narrow page", { width: 320 }],
  ["without our style sheet", { style: "" }],
]) {
  test(`${NAME} ${where}`, async () => {
    const faults = await faultsOf(documents.map(shown), how);
    console.log(`${DOCUMENTS} documents ${where}: ${faults.length} faults`);
    assert.deepEqual(faults.slice(0, 20), []);
  });
}

test("the measure sees what styles do to text that is not cleaned", async () => {
  const faults = await faultsOf(documents.slice(0, 4 * BATCH).map((div) => `<div class="careconnect-received">${div}</div>`));
  for (const what of ["lies on wOrd", "out of reach", "is shown in", "has no place", "a line of", "cut off", "has no colour", "px high", "cannot be seen"]) {
    assert.ok(faults.some((fault) => fault.includes(what)), `no word ${what}`);
  }
});
