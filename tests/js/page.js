// What the tests of the page share: the built site, Chromium, and a page that is ready, with what went wrong in it.

import { readFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "../../www/serve.js";

export const output = fileURLToPath(new URL("./output/", import.meta.url));
mkdirSync(output, { recursive: true });

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 320, height: 640 };

export const site = await serve();

/** Every address that came to the server: what a service worker answers never does. */
const served = [];
site.server.on("request", ({ url }) => served.push(url));
export const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
after(async () => {
  await browser.close();
  site.server.close();
});

/** How the line about a resource begins once it was checked. */
export const VERDICT = /(Valid|Invalid|Not fully checked):/;

export const example = (file) => readFileSync(new URL(`../../www/examples/${file}`, import.meta.url), "utf8");

/**
 * The page, open and ready, with everything that it said went wrong, every request, and those among them (`own`) that are not
 * the service worker's, which fetches everything for use without a network. It has nothing in it, unless its address brings
 * something or `empty` is false: then it has what whoever comes first sees.
 */
export async function open({ hash = "", address = site.address, wait = true, empty = wait && hash === "", ...options } = {}) {
  const context = await browser.newContext({ viewport: WIDE, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const said = [];
  const requests = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  const own = [];
  context.on("request", (request) => {
    requests.push(request.url());
    if (!request.serviceWorker()) own.push(request.url());
  });
  await page.goto(address + hash);
  if (wait) await page.locator("#status").filter({ hasText: /Nothing to check yet|(Valid|Invalid|Not fully checked):/ }).waitFor({ state: "attached" });
  if (empty) {
    await page.locator("#clear").click();
    await verdict(page, "Nothing to check yet");
  }
  return { page, context, said, requests, own };
}

/** Starts counting what goes to a network: gives a function that lists what did, here and elsewhere. */
export function network(requests) {
  const [here, all] = [served.length, requests.length];
  return () => [...served.slice(here), ...requests.slice(all).filter((url) => !url.startsWith(site.address))];
}

/** Until the service worker has kept everything, so that nothing is asked of the network after. */
export const kept = (page) => page.locator("html[data-offline=ready]").waitFor({ state: "attached" });

export const editor = (page) => page.getByRole("textbox", { name: "Resource", exact: true });
export const verdict = (page, text) => page.locator("#status").filter({ hasText: text }).waitFor();
export const go = async (page, view) => {
  // Where the window is narrow the views are behind a button.
  const menu = page.locator("#menu");
  if ((await menu.isVisible()) && (await menu.getAttribute("aria-expanded")) === "false") await menu.click();
  await page.locator("#views").getByRole("link", { name: view, exact: true }).click();
};

/** Brings a part of the first view into view, where only one can be: `source`, `issues`, `display`, `output`. */
export const pane = async (page, name) => {
  for (const row of ["#panes", "#sides"]) {
    const tab = page.locator(`${row} [data-pane=${name}]`);
    if (await tab.isVisible()) await tab.click();
  }
};

/** As a person pastes: at once, into the place that has the focus. */
export async function paste(page, text, box = editor(page)) {
  await box.focus();
  await page.keyboard.press("Control+A");
  // Without the closing of brackets that typing has.
  await box.evaluate((element, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds, one line each. */
export async function violations(page) {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)} (${failureSummary.slice(0, 200)})`).join(" ")}`);
}

/** Drops files on the page: `{ name, text }` or `{ name, bytes }`. */
export async function drop(page, files) {
  const transfer = await page.evaluateHandle((files) => {
    const transfer = new DataTransfer();
    for (const { name, text, bytes } of files) transfer.items.add(new File([text ?? Uint8Array.from(bytes)], name));
    return transfer;
  }, files);
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
}
