// Styles never hide or overprint text: documents are made up from elements and declarations at random, displayed, and every
// word's rectangles are measured in a real Chromium. No word may lie on another, out of reach, or in another case than it was
// written. The same documents without being cleaned must fail, so that the measure is known to see what it is for.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { load } from "../../pkg/index.js";

const DOCUMENTS = 240;
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

const LENGTHS = ["0", "1px", "8px", "9px", "24px", "0.5em", "1%", "100%", "-8px", "-40px", "-2em", "200px", "5000px", "60em"];
const DECLARATIONS = [
  ...["height", "max-height", "min-height", "line-height", "width", "max-width", "min-width", "block-size", "inline-size"].flatMap((name) => LENGTHS.map((length) => `${name}:${length}`)),
  ...["margin", "margin-top", "margin-left", "margin-bottom", "padding", "padding-top", "border-spacing", "text-indent", "letter-spacing", "word-spacing", "top", "left"].flatMap((name) => LENGTHS.map((length) => `${name}:${length}`)),
  ...["nowrap", "pre", "pre-wrap", "normal"].map((word) => `white-space:${word}`),
  ...["absolute", "relative", "fixed", "sticky"].map((word) => `position:${word}`),
  ...["translate(-40px)", "translateY(-1em)", "scale(0)", "rotate(180deg)"].map((word) => `transform:${word}`),
  ...["left", "right"].map((word) => `float:${word}`),
  ...["none", "inline-block", "block", "contents", "grid", "flex"].map((word) => `display:${word}`),
  ...["uppercase", "lowercase", "capitalize"].map((word) => `text-transform:${word}`),
  ...["super", "sub", "text-top", "40px", "-40px", "middle", "bottom"].map((word) => `vertical-align:${word}`),
  ...["1px", "0", "9px", "48px", "200px", "50%", "0.1em", "xx-small", "smaller"].map((size) => `font-size:${size}`),
  "overflow:hidden", "table-layout:fixed", "opacity:0", "visibility:hidden", "clip-path:inset(50%)", "columns:9", "font:1px serif", "zoom:0.1",
  "border:200px solid", "text-align:right", "direction:rtl", "writing-mode:vertical-rl", "z-index:9", "font-weight:bold", "list-style-type:none",
];
const BLOCKS = ["div", "p", "blockquote", "pre", "h3"];
const INLINE = ["span", "b", "sup", "sub", "small", "big", "i"];

/** A document of words, each with a number of its own. */
function made(seed) {
  const any = chance(seed);
  const pick = (all) => all[any(all.length)];
  let words = 0;
  const style = () => (any(3) === 0 ? "" : ` style="${Array.from({ length: 1 + any(4) }, () => pick(DECLARATIONS)).join(";")}"`);
  const word = () => `wOrd${seed}x${words++} mg`;
  const attributes = () => (any(6) === 0 ? ` ${pick(["height", "width"])}="${pick(["1", "8", "40", "1%"])}"` : "");
  const inline = (depth) => (depth > 4 || any(3) > 0 ? word() : ((name) => `<${name}${style()}>${inline(depth + 1)} ${inline(depth + 1)}</${name}>`)(pick(INLINE)));
  const cell = (depth) => `<td${style()}${attributes()}${any(4) === 0 ? ` colspan="${1 + any(4)}"` : ""}${any(4) === 0 ? ` rowspan="${any(4)}"` : ""}>${block(depth + 1)}</td>`;
  const table = (depth) => `<table${style()}${any(5) === 0 ? ' align="left"' : ""}${attributes()}>${Array.from({ length: 2 + any(3) }, () => `<tr${style()}>${Array.from({ length: 1 + any(3) }, () => cell(depth)).join("")}</tr>`).join("")}</table>`;
  function block(depth) {
    if (depth > 3) return inline(0);
    const kind = any(6);
    if (kind === 0) return table(depth);
    if (kind === 1) return `<ul${style()}>${Array.from({ length: 1 + any(3) }, () => `<li${style()}>${inline(0)}</li>`).join("")}</ul>`;
    if (kind === 2) return inline(0);
    const name = pick(BLOCKS);
    const inside = name === "div" || name === "blockquote" ? block(depth + 1) + block(depth + 1) : inline(0);
    return `<${name}${style()}>${inside}</${name}>`;
  }
  return `<div xmlns="http://www.w3.org/1999/xhtml">${block(0)}${block(0)}${block(0)}</div>`;
}

/** In the page: what is wrong with the words of each part. */
function measure() {
  const faults = [];
  for (const part of document.querySelectorAll(".part")) {
    const words = [];
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const found of node.data.matchAll(/wOrd\d+x\d+ mg/g)) {
        const range = document.createRange();
        range.setStart(node, found.index);
        range.setEnd(node, found.index + found[0].length);
        const rects = [...range.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
        const style = getComputedStyle(node.parentElement);
        words.push({ name: found[0], rects, size: parseFloat(style.fontSize) });
        const say = (what) => faults.push(`${found[0]} ${what}`);
        if (rects.length === 0) say("has no place");
        if (rects.some(({ right, bottom }) => right + scrollX < 1 || bottom + scrollY < 1)) say("is out of reach");
        if (parseFloat(style.fontSize) < 7) say(`is ${style.fontSize} high`);
        if (style.textTransform !== "none") say(`is shown in ${style.textTransform}`);
        if (style.visibility !== "visible" || Number(style.opacity) < 0.7) say("cannot be seen");
        for (let at = node.parentElement; at && at !== part; at = at.parentElement) {
          const own = getComputedStyle(at);
          if (!/visible|auto|scroll/.test(own.overflowX + own.overflowY)) say("is cut off");
        }
      }
    }
    for (let one = 0; one < words.length; one++) {
      for (let two = one + 1; two < words.length; two++) {
        for (const a of words[one].rects) {
          for (const b of words[two].rects) {
            const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            // Lines of one paragraph stand close: what counts is letters on letters.
            const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (width > 3 && height > 0.5 * Math.min(words[one].size, words[two].size)) faults.push(`${words[one].name} lies on ${words[two].name}`);
          }
        }
      }
    }
  }
  return faults;
}

const css = /<style>([^]*?)<\/style>/.exec(careconnect.render({ resourceType: "Basic" }, { as: "page" }))[1];

async function faultsOf(parts) {
  const page = await browser.newPage({ viewport: { width: 900, height: 900 } });
  const faults = [];
  for (let at = 0; at < parts.length; at += BATCH) {
    const batch = parts.slice(at, at + BATCH).map((part) => `<div class="part">${part}</div>`);
    await page.setContent(`<!DOCTYPE html><html lang="en"><head><style>${css}</style></head><body>${batch.join("")}</body></html>`);
    faults.push(...(await page.evaluate(measure)));
  }
  await page.close();
  return faults;
}

test("no style puts text over text, out of reach or into another case", async () => {
  const documents = Array.from({ length: DOCUMENTS }, (_, seed) => made(seed + 1));
  const shown = (div) => careconnect.render({ resourceType: "Basic", text: { status: "additional", div } }, { as: "fragment" });
  const faults = await faultsOf(documents.map(shown));
  console.log(`${DOCUMENTS} documents, ${faults.length} faults`);
  assert.deepEqual(faults.slice(0, 20), []);
});

test("the measure sees what styles do to text that is not cleaned", async () => {
  const faults = await faultsOf(Array.from({ length: 2 * BATCH }, (_, seed) => made(seed + 1)));
  for (const what of ["lies on", "out of reach", "is shown in", "has no place"]) {
    assert.ok(faults.some((fault) => fault.includes(what)), `no word ${what}`);
  }
});
