// Makes docs/command-line.png: what `careconnect validate` prints of an example at a terminal.
// node tests/js/terminal-picture.js [FILE], with CHROMIUM set where it is not at its usual place.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const target = process.argv[2] ?? here("../../docs/command-line.png");
const COLUMNS = "118";

const STYLES = { 1: "font-weight:700", 2: "opacity:.62", 31: "color:#ff7a7a", 32: "color:#7ddc8f", 33: "color:#f0c674", 34: "color:#6aa5ff", 36: "color:#6fd3d9" };
/** What each style ends with. */
const ENDS = { 22: [1, 2], 39: [31, 32, 33, 34, 36] };

/** Text with the escape sequences of styles as HTML. */
function html(text) {
  const on = new Set();
  const parts = text.split(/\u001b\[(\d+)m/);
  return parts
    .map((part, at) => {
      if (at % 2 === 1) {
        const code = Number(part);
        if (STYLES[code]) on.add(code);
        for (const ended of ENDS[code] ?? []) on.delete(ended);
        return "";
      }
      const escaped = part.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
      return on.size > 0 ? `<span style="${[...on].map((code) => STYLES[code]).join(";")}">${escaped}</span>` : escaped;
    })
    .join("");
}

let output;
try {
  const args = [here("../../pkg/cli.js"), "validate", "appointment.json", "patient.json"];
  output = execFileSync(process.execPath, args, { cwd: here("terminal-picture"), encoding: "utf8", env: { ...process.env, FORCE_COLOR: "1", COLUMNS } });
} catch (error) {
  // Errors were found, which is what is to be seen.
  if (error.status !== 1) throw error;
  output = error.stdout;
}
const prompt = `<span style="opacity:.62">$</span> careconnect validate appointment.json patient.json\n`;
const style = "margin:0;padding:20px 24px;width:max-content;background:#16181d;color:#dfe3ea;font:14px/1.4 'DejaVu Sans Mono',Menlo,Consolas,monospace";
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage();
await page.setContent(`<body style="margin:0"><pre style="${style}">${prompt}${html(output)}</pre></body>`);
await page.locator("pre").screenshot({ path: target });
await browser.close();
