// Hostile text in a real Chromium: nothing runs, nothing is asked for over the network, only what the allow-list has is in
// the document, and what is written out and read again is the same. The payloads are the cases of tests/cases/sanitise.md
// and, where ../shared is, DOMPurify's fixtures and a list of XSS payloads, each in three forms: as it is, in a narrative's
// div, and as a browser itself writes it in well-formed XHTML; and each in a CDA document, as a section's text and as the file
// that is its body. The sections of NHS documents keep their text.
//
// The counts are in sanitiser.snapshot.json; CARECONNECT_BLESS=1 writes them.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { load } from "../../pkg/index.js";
import { shared } from "./shared.js";

const BATCH = 400;
const careconnect = await load();
const snapshot = new URL("sanitiser.snapshot.json", import.meta.url);
const suites = shared("suites/sanitiser");

/** A resource with this text, as a fragment: what a host page puts into itself, without the policy that our page has. */
const fragment = (div) =>
  careconnect.render({ resourceType: "Basic", text: { status: "additional", div } }, { as: "fragment" });

/** A CDA document with this as a section's text, and as the HTML that is its body. */
function letter(payload) {
  const file = Buffer.from(payload).toString("base64");
  const document = `<ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody><component><section><title>t</title><text>${payload}</text></section></component></structuredBody></component>
    <component><nonXMLBody><text mediaType="text/html" representation="B64">${file}</text></nonXMLBody></component></ClinicalDocument>`;
  return careconnect.render(document, { as: "fragment" });
}

let browser;
let page;
let ran;
let asked;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  ({ page, ran, asked } = await watched());
});

after(() => browser?.close());

/** A page, what runs in it and what it asks for. */
async function watched() {
  const ran = [];
  const asked = [];
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on("dialog", (dialog) => (ran.push(`dialog ${dialog.message()}`), dialog.dismiss()));
  page.on("pageerror", (error) => ran.push(`error ${error}`));
  page.on("console", (message) => ran.push(`console ${message.text()}`));
  page.on("popup", (popup) => ran.push(`popup ${popup.url()}`));
  page.on("worker", (worker) => ran.push(`worker ${worker.url()}`));
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  devtools.on("Network.requestWillBeSent", ({ request }) => request.url.startsWith("data:image/") || asked.push(request.url));
  context.on("request", (request) => request.url().startsWith("data:image/") || asked.push(request.url()));
  await page.addInitScript(() => {
    for (const name of ["alert", "confirm", "prompt", "print", "open", "fetch", "postMessage"]) {
      window[name] = () => console.log(`ran ${name}`);
    }
  });
  await page.goto("about:blank");
  return { page, ran, asked };
}

/** In the page: what is in it that must not be, and how much of what may. */
function look(expected) {
  const ELEMENTS = new Set(
    `a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img li ol
     p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var details summary`.split(/\s+/),
  );
  const ATTRIBUTES = new Set(
    `abbr align alt axis border cellpadding cellspacing char charoff class colspan compact dir frame headers height href id
     lang name nowrap rel rowspan rules scope span src start style summary tabindex title type valign value width role
     aria-label aria-labelledby datetime data-pointer open`.split(/\s+/),
  );
  const wrong = [];
  const count = { elements: 0, attributes: 0, links: 0, images: 0 };
  const roots = [...document.body.children];
  if (roots.length !== expected || roots.some((root) => !root.classList.contains("careconnect"))) {
    wrong.push(`${roots.length} of ${expected} fragments, or one that is none`);
  }
  for (const element of document.body.querySelectorAll("*")) {
    const received = element.parentElement.closest(".careconnect-received") !== null;
    // What our own display is made of may change; what is let through may not.
    const one = received ? 1 : 0;
    count.elements += one;
    if (element.namespaceURI !== "http://www.w3.org/1999/xhtml" || !ELEMENTS.has(element.localName)) {
      if (received || !["time", "section", "article", "header", "nav"].includes(element.localName)) wrong.push(element.outerHTML);
    }
    for (const { name, value } of element.attributes) {
      count.attributes += one;
      if (!ATTRIBUTES.has(name) || name.startsWith("on")) wrong.push(element.outerHTML);
      if (received && /url|expression|@|\\|position|display|javascript/i.test(name === "style" ? value : "")) wrong.push(value);
      if (received && (name === "id" || name === "name") && !/^(n\d+|t|a\d+)-/.test(value)) wrong.push(element.outerHTML);
    }
    if (element.localName === "a" && element.hasAttribute("href")) {
      count.links += one;
      const href = element.getAttribute("href");
      // As the browser itself resolves it, not as it is written.
      if (!href.startsWith("#") && !["http:", "https:", "mailto:", "tel:"].includes(element.protocol)) wrong.push(href);
    }
    if (element.localName === "img") {
      count.images += one;
      if (!/^data:image\/(png|jpeg|gif);base64,/.test(element.src)) wrong.push(element.outerHTML);
    }
  }
  return { wrong, count };
}

/** In the page: which of these, read and written by the browser, read differently the next time or lose text. */
function reread(htmls) {
  const parse = (html) => new DOMParser().parseFromString(html, "text/html").body;
  const wrong = [];
  for (const html of htmls) {
    const first = parse(html);
    const once = first.innerHTML;
    if (parse(once).innerHTML !== once) wrong.push(`changes: ${html}`);
    const xml = new DOMParser().parseFromString(html, "application/xhtml+xml").documentElement;
    if (xml.textContent !== first.textContent) wrong.push(`other text as XHTML: ${html}`);
  }
  return wrong;
}

/** Puts payloads into pages, and gives back how much was looked at. */
async function inject(payloads, made = fragment) {
  const total = { payloads: payloads.length, elements: 0, attributes: 0, links: 0, images: 0 };
  for (let at = 0; at < payloads.length; at += BATCH) {
    const fragments = payloads.slice(at, at + BATCH).map(made);
    await page.setContent(`<!DOCTYPE html><html lang="en"><title>t</title><body>${fragments.join("")}</body></html>`);
    const { wrong, count } = await page.evaluate(look, fragments.length);
    assert.deepEqual(wrong.slice(0, 5), []);
    assert.deepEqual((await page.evaluate(reread, fragments)).slice(0, 5), []);
    for (const name of Object.keys(count)) total[name] += count[name];
    // As a person would move over it: an event that something waits for would come now.
    await page.evaluate(() => {
      for (const element of document.body.querySelectorAll("*")) {
        for (const type of ["mouseover", "focus", "error", "load", "animationend", "toggle"]) element.dispatchEvent(new Event(type));
      }
    });
  }
  assert.deepEqual(ran, [], "nothing runs");
  assert.deepEqual(asked, [], "nothing is asked for");
  return total;
}

/** Well-formed XHTML of what the browser makes of a text: what a sender's own library would have made of it. */
const wellFormed = (payloads) =>
  page.evaluate((payloads) => {
    const serialiser = new XMLSerializer();
    return payloads.map((payload) => {
      const { body } = new DOMParser().parseFromString(payload, "text/html");
      return `<div>${[...body.childNodes].map((node) => serialiser.serializeToString(node)).join("")}</div>`;
    });
  }, payloads);

function remember(name, counts) {
  const known = existsSync(snapshot) ? JSON.parse(readFileSync(snapshot, "utf8")) : {};
  console.log(name, JSON.stringify(counts));
  if (process.env.CARECONNECT_BLESS) {
    writeFileSync(snapshot, `${JSON.stringify({ ...known, [name]: counts }, null, 2)}\n`);
  } else {
    assert.deepEqual(counts, known[name]);
  }
}

/** Each in three forms. */
async function forms(payloads) {
  const wrapped = payloads.map((payload) => `<div xmlns="http://www.w3.org/1999/xhtml">${payload}</div>`);
  return [...payloads, ...wrapped, ...(await wellFormed(payloads))];
}

test("our own cases", async () => {
  const text = readFileSync(new URL("../cases/sanitise.md", import.meta.url), "utf8");
  const payloads = [...text.matchAll(/^```xhtml\n([^]*?)\n```$/gm)].map(([, payload]) => payload);
  assert.ok(payloads.length > 40);
  remember("own cases", await inject(await forms(payloads)));
  remember("own cases in CDA", await inject(await forms(payloads), letter));
});

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

const NAMES = `a abbr b blockquote br caption code col colgroup dd div dl dt em h1 h6 hr i img li ol p pre q small span sub sup table tbody td
  tfoot th thead tr ul var script style svg math mi mtext mglyph annotation-xml foreignObject desc title template select option optgroup
  textarea noscript noembed noframes iframe xmp plaintext listing form button input frameset frame body head html base link meta object
  embed param math:mi svg:a image isindex keygen nobr font marquee details summary dialog slot portal x-y`.split(/\s+/);
const ATTRIBUTES = [
  'href="javascript:ran()"', 'href=" java\nscript:ran()"', 'href="#a"', 'href="https://example.org/"', 'xlink:href="javascript:ran()"', 'src="x"', 'src="data:image/svg+xml,x"',
  'onerror="alert(1)"', 'onload=alert(1)', 'ONFOCUS="alert(1)" autofocus=""', 'style="background:url(x)"', 'style="position:fixed"', 'id="a"', 'name="body"', 'title="&lt;img src=x onerror=alert(1)&gt;"',
  'title="-->"', "title='\"><img src=x onerror=alert(1)>'", 'class="bold careconnect"', 'is="x-y"', 'srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;"', 'formaction="javascript:ran()"', 'encoding="text/html"', "a`b", 'xmlns="http://www.w3.org/2000/svg"',
  'xmlns:svg="http://www.w3.org/2000/svg"', 'colspan="9"', 'rowspan="0"', 'dir="rtl"', "=", "/",
];
const PIECES = [
  "text", "&lt;script&gt;alert(1)&lt;/script&gt;", "&#60;img src=x onerror=alert(1)>", "&amp;lt;b>", "<!--", "-->", "--!>", "<!-->", "<![CDATA[", "]]>", "<img src=x onerror=alert(1)>", "</", "<", ">", "&", "&#0;",
  "<!DOCTYPE html>", "<?xml-stylesheet href='x'?>", "</div>", "</p>", "</table>", "</svg>", "</textarea>", "</title>", "</style>", "</script>", "\u202e", "\u0000", "\n", "`", "'", '"', "{{x}}", "${x}",
];

/** A text of tags, attributes and pieces, some of them in the wrong place. */
function markup(seed) {
  const any = chance(seed);
  const pick = (all) => all[any(all.length)];
  const inside = (depth) => Array.from({ length: any(4) + (depth === 0 ? 2 : 0) }, () => part(depth)).join("");
  function part(depth) {
    if (depth > 6 || any(3) === 0) return pick(PIECES);
    const name = any(8) === 0 ? pick(NAMES).toUpperCase() : pick(NAMES);
    const attributes = Array.from({ length: any(3) }, () => ` ${pick(ATTRIBUTES)}`).join("");
    const end = any(10);
    if (end === 0) return `<${name}${attributes}/>${inside(depth + 1)}`;
    return `<${name}${attributes}>${inside(depth + 1)}${end === 1 ? "" : `</${end === 2 ? pick(NAMES) : name}>`}`;
  }
  return inside(0);
}

test("markup made up at random, against the browser's own parser", async () => {
  const payloads = await forms(Array.from({ length: 1500 }, (_, seed) => markup(seed + 1)));
  const { elements, attributes } = await inject(payloads);
  console.log(`${payloads.length} texts at random: ${elements} elements and ${attributes} attributes are left`);
  assert.ok(elements > payloads.length, "something is left");
});

test("the check can see what runs and what is asked for", async () => {
  const { page, ran, asked } = await watched();
  await page.setContent(
    '<body><div class="careconnect"><img src="https://tracker.invalid/x.png" onerror="alert(1)"><a href="javascript:x">a</a></div>',
  );
  await page.waitForTimeout(500);
  assert.ok((await page.evaluate(look, 1)).wrong.length >= 3);
  assert.ok(ran.some((what) => /ran alert|dialog 1/.test(what)), String(ran));
  assert.ok(asked.some((url) => url.includes("tracker.invalid")));
  await page.context().close();
});

test("outside suites", { skip: !suites && "../shared is not here" }, async () => {
  const fixtures = JSON.parse(readFileSync(new URL("dompurify-fixtures.json", suites), "utf8"));
  const payloads = fixtures.map(({ payload }) => payload).filter((payload) => payload !== undefined);
  remember("DOMPurify's fixtures", await inject(await forms(payloads)));
  remember("DOMPurify's fixtures in CDA", await inject(await forms(payloads), letter));
  const lines = readFileSync(new URL("xss-payload-list.txt", suites), "utf8").split("\n").filter((line) => line !== "");
  remember("XSS payload list", await inject(await forms(lines)));
  remember("XSS payload list in CDA", await inject(await forms(lines), letter));
});

test("sections of NHS documents keep their text", { skip: !suites && "../shared is not here" }, async () => {
  const folder = shared("corpus/nhs");
  const names = readdirSync(folder, { recursive: true }).filter((name) => /\.(json|xml)$/.test(name)).sort();
  const texts = names.map((name) => readFileSync(new URL(name.split("/").map(encodeURIComponent).join("/"), folder), "utf8"));
  await page.setContent("<title>t</title>");
  const counts = { files: 0, sections: 0, characters: 0, widths: 0 };
  for (const text of texts) {
    if (!/section/.test(text)) continue;
    const divs = await page.evaluate((text) => {
      if (!text.trimStart().startsWith("<")) {
        const found = [];
        const walk = (value, key) => {
          if (key === "section" && Array.isArray(value)) for (const { text } of value) if (text?.div) found.push(text.div);
          if (value && typeof value === "object") for (const [key, inner] of Object.entries(value)) walk(inner, key);
        };
        try {
          walk(JSON.parse(text.replace(/^\uFEFF/, "")), "");
        } catch {
          // A file that is no JSON is for the tests of the reader.
        }
        return found;
      }
      const document = new DOMParser().parseFromString(text, "application/xml");
      const found = [...document.querySelectorAll("section > text > div")];
      return found.map((div) => new XMLSerializer().serializeToString(div));
    }, text);
    if (divs.length === 0) continue;
    counts.files += 1;
    for (const div of divs) {
      const section = { text: { status: "additional", div } };
      const html = careconnect.render({ resourceType: "Composition", section: [section] }, { as: "page" });
      const compared = await page.evaluate(
        ([div, html]) => {
          const sent = new DOMParser().parseFromString(div, "application/xhtml+xml").documentElement;
          const shown = new DOMParser().parseFromString(html, "text/html").querySelector(".careconnect-received");
          const widths = (root) => [...root.querySelectorAll("[width]")].map((element) => element.getAttribute("width"));
          return { sent: [sent.textContent, ...widths(sent)], shown: [shown.textContent, ...widths(shown)] };
        },
        [div, html],
      );
      // A narrative that is no XHTML at all is shown as it was written.
      if (compared.sent[0].includes("This page contains the following errors")) continue;
      assert.deepEqual(compared.shown, compared.sent);
      counts.sections += 1;
      counts.characters += compared.sent[0].length;
      counts.widths += compared.sent.length - 1;
    }
  }
  assert.ok(counts.sections >= 189);
  remember("NHS sections", counts);
});
