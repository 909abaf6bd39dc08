// What the documentation shows is run as it stands there, with the installed package: JavaScript in Node.js or Chromium,
// command lines in a shell.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { chromium } from "playwright-core";
import { load } from "../../pkg/index.js";
import { zip } from "../js/command-line.js";
import { patientProfile } from "../js/profiles.js";
import { install, run } from "./installed.js";

const root = new URL("../../", import.meta.url);
const work = fileURLToPath(new URL("readme/", import.meta.url));
const patient = readFileSync(new URL("tests/resources/CareConnect-Patient-1.json", root), "utf8");
const small = '{ "resourceType": "Patient", "id": "p1", "gender": "sometimes", "name": [{ "family": "Okonkwo" }] }';

/** The snippets of a page: each with its language, its text and the heading that it stands under. */
function snippetsOf(page) {
  const found = [];
  let heading = "";
  for (const [, title, language, text] of readFileSync(new URL(page, root), "utf8").matchAll(/^#+ (.*)$|^```(\w*)\n([^]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    else found.push({ page, heading, language, text });
  }
  return found;
}

const pages = ["README.md", "pkg/README.md", "docs/command-line.md", "docs/guides/front-end.md", "docs/guides/node.md", "docs/serve.md", "docs/terminology.md"];
const snippets = pages.flatMap(snippetsOf);
const start = snippetsOf("pkg/README.md").find(({ language }) => language === "js").text;

/** A request to a server that listens on `server`, and what it is answered with. */
const ask = (server) => `
await new Promise((resolve) => ${server}.once("listening", resolve));
for (const [body, expected] of [[${JSON.stringify(small)}, 422], ['{"resourceType":"Basic","code":{"text":"a note"}}', 201]]) {
  const url = "http://127.0.0.1:" + ${server}.address().port + "/fhir/Patient";
  const { status } = await fetch(url, { method: "POST", headers: { "content-type": "application/fhir+json" }, body });
  if (status !== expected) throw new Error("answered with " + status);
}
process.exit();`;

/** What each snippet of JavaScript needs around it, by page and heading, in their order: \`before\` it what the text around it
 * speaks of, \`after\` it what must be so. Where it goes on from the first of its page, that is before it too. */
const AROUND = {
  "README.md In Node.js (20 or newer)": [{ after: 'if (report.valid) throw new Error("nothing found");' }],
  "README.md In a browser": [
    {
      browser: true,
      before: `const text = ${JSON.stringify(small)}; const element = document.querySelector("main");`,
      after: 'window.result = verdict === "invalid" && issues.length > 0 && element.shadowRoot.textContent.includes("OKONKWO");',
    },
  ],
  "pkg/README.md Validate": [{ after: 'if (valid || issues.length === 0 || !unchecked) throw new Error("nothing found");' }],
  "pkg/README.md Display": [{ goesOn: true, before: "const [bundle, olderVersion, theirs, ours] = [resource, resource, resource, resource];" }],
  "pkg/README.md Definitions": [{ goesOn: true, after: 'if (report.valid) throw new Error("nothing found");' }],
  "pkg/README.md Codes": [
    { goesOn: true, before: "globalThis.fetch = () => Promise.reject(new Error('no network here'));", after: "report.issues.length.toFixed();" },
  ],
  "pkg/README.md Many resources, in Node.js": [{ goesOn: true, after: 'if (report.valid) throw new Error("nothing found");' }],
  "pkg/README.md A service: Express and Fastify": [
    { after: `const server = app.listen(0, "127.0.0.1");${ask("server")}` },
    { after: `app.listen({ port: 0, host: "127.0.0.1" });${ask("app.server")}` },
  ],
  "pkg/README.md In a browser": [
    { browser: true, before: `const text = ${JSON.stringify(small)};`, after: "window.result = !report.valid;" },
    {
      browser: true,
      before: `const text = ${JSON.stringify(small)};`,
      after: 'element.addEventListener("careconnect-display", () => (window.result = /Okonkwo/i.test(element.shadowRoot.textContent)));',
    },
  ],
  "docs/guides/front-end.md Check it": [
    { browser: true, before: `const text = ${JSON.stringify(small)};`, after: 'window.result = verdict === "invalid" && issues.length > 0;' },
  ],
  "docs/guides/front-end.md Show it": [
    {
      browser: true,
      before: `const text = ${JSON.stringify(small)};`,
      after: 'element.addEventListener("careconnect-display", () => (window.result = /Okonkwo/i.test(element.shadowRoot.textContent)));',
    },
  ],
  "docs/guides/node.md One resource": [{ after: 'if (report.valid) throw new Error("nothing found");' }],
  "docs/terminology.md Asking a terminology server": [
    {
      before: `const [bundle, authorization] = [${JSON.stringify(small)}, "Bearer token"]; globalThis.fetch = () => Promise.reject(new Error("no network here"));`,
      after: 'if (report.valid) throw new Error("nothing found");',
    },
  ],
};

/** Command lines that are not run here: they need a network, a release, a user's own folders or another shell. */
const NOT_RUN = /^(npm install|cargo|curl) |terminology (snomed|dmd) |snomed\.pack|completion (zsh|fish|powershell)/;

let server;
let browser;

before(async () => {
  await install(work);
  const careconnect = await load();
  const bundle = JSON.stringify({ resourceType: "Bundle", type: "collection", entry: [{ resource: JSON.parse(small) }] });
  const line = `${JSON.stringify(JSON.parse(patient))}\n`;
  const files = {
    "patient.json": patient,
    "bundle.xml": careconnect.convert(bundle, "xml").text,
    "data/patient.json": patient,
    "bundles/bundle.json": bundle,
    "examples/patient.json": small,
    "Patient.ndjson": line + line,
    "export.ndjson": line + line,
    "view.json": snippets.find(({ language, text }) => language === "json" && JSON.parse(text).resource).text,
    "a.zip": zip({ "patient.json": patient }),
    "configured/profiles/own.json": JSON.stringify(patientProfile("own")),
    "configured/patient.json": patient,
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(work, name, ".."), { recursive: true });
    writeFileSync(join(work, name), content);
  }
  const types = { ".html": "text/html", ".js": "text/javascript", ".json": "application/json", ".wasm": "application/wasm" };
  server = createServer(({ url }, response) => {
    if (url.startsWith("/page")) return response.writeHead(200, { "content-type": "text/html" }).end(`<main></main><script type="module" src="/${url.split("?")[1]}"></script>`);
    try {
      const bytes = readFileSync(join(work, "bundled", url));
      response.writeHead(200, { "content-type": types[extname(url)] ?? "application/octet-stream" }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  cpSync(join(work, "node_modules/careconnect/dist"), join(work, "bundled/dist"), { recursive: true });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** Runs a module in Chromium, bundled, until it says its result. */
async function inBrowser(name) {
  const entryPoints = { [name]: join(work, `${name}.mjs`), "worker-thread": join(work, "node_modules/careconnect/worker-thread.js") };
  await esbuild.build({ entryPoints, outdir: join(work, "bundled"), bundle: true, format: "esm", target: "es2022", logLevel: "silent" });
  const page = await browser.newPage();
  page.on("pageerror", (error) => page.evaluate((text) => (window.result = text), String(error)));
  await page.goto(`http://127.0.0.1:${server.address().port}/page?${name}.js`);
  const result = await (await page.waitForFunction(() => window.result !== undefined && { said: window.result }, undefined, { timeout: 30_000 })).jsonValue();
  await page.close();
  assert.equal(result.said, true);
}

const seen = {};
for (const { page, heading, language, text } of snippets.filter(({ language }) => language === "js")) {
  const key = `${page} ${heading}`;
  const at = (seen[key] = (seen[key] ?? -1) + 1);
  test(`${key}, the snippet ${text.split("\n")[0]}`, async () => {
    const around = AROUND[key]?.[at];
    assert.ok(around, "no test runs this snippet: say in AROUND what it needs");
    const name = `${key.replace(/\W+/g, "-")}-${at}`;
    const module = [around.goesOn && start, around.before, text, around.after].filter(Boolean).join("\n");
    writeFileSync(join(work, `${name}.mjs`), module);
    if (around.browser) await inBrowser(name);
    else await run(process.execPath, [`${name}.mjs`], { cwd: work, timeout: 60_000 });
  });
}

/** A line in a shell in which the package's command line is found as npx finds it. One that goes on is stopped when it has begun. */
function inShell(line, cwd = work) {
  const program = join(work, "node_modules/.bin/careconnect");
  const script = `careconnect() { '${program}' "$@"; }\nnpx() { "$@"; }\n${line}`;
  const child = spawn("bash", ["-c", script], { cwd, detached: true });
  let said = "";
  let stopped = false;
  for (const name of ["stdout", "stderr"]) {
    child[name].setEncoding("utf8").on("data", (text) => {
      said += text;
      if (stopped || !/--watch|careconnect serve/.test(line) || !/Watching|"ready"/.test(said)) return;
      stopped = true;
      process.kill(-child.pid, "SIGINT");
    });
  }
  return new Promise((resolve, reject) => child.on("error", reject).on("close", (code) => resolve({ code, said })));
}

for (const { page, text } of snippets.filter(({ language }) => language === "sh")) {
  for (const line of text.split("\n").filter((line) => line !== "" && !NOT_RUN.test(line))) {
    test(`${page}: ${line}`, async () => {
      // Any free port, as something else may have the one that is written there.
      const { code, said } = await inShell(line.replace("8080", "0"));
      assert.ok(code === 0 || code === 1, `exit status ${code}: ${said}`);
      // What goes to a file is not said.
      assert.ok(said.length > 0 || /^source| > /.test(line), "it said nothing");
    });
  }
}

for (const { text } of snippets.filter(({ language, text }) => language === "json" && !JSON.parse(text).resource)) {
  test(`docs/command-line.md: the configuration with ${Object.keys(JSON.parse(text)).join(", ")}`, async () => {
    const configured = join(work, "configured");
    writeFileSync(join(configured, "careconnect.config.json"), text);
    const { baseline } = JSON.parse(text);
    if (baseline) await inShell(`careconnect validate patient.json --no-config --ignore code-required --write-baseline ${baseline}`, configured);
    const { code, said } = await inShell("careconnect validate patient.json", configured);
    assert.equal(code, 1, said);
  });
}
test("docs/serve.md: the request", async () => {
  const { text } = snippets.find(({ page, text }) => page === "docs/serve.md" && text.startsWith("curl "));
  const service = spawn(join(work, "node_modules/.bin/careconnect"), ["serve", "--no-config", "--port", "0"], { cwd: work });
  try {
    let log = "";
    while (!log.includes("\n")) log += (await once(service.stdout, "data"))[0];
    const { port } = new URL(JSON.parse(log.split("\n")[0]).address);
    const { code, said } = await inShell(text.replace("8080", port));
    assert.equal(code, 0, said);
    assert.equal(JSON.parse(said).resourceType, "OperationOutcome");
  } finally {
    service.kill();
  }
});


test("every language of a snippet is known here", () => {
  // Rust is run with the crate's own documentation, Python by the package's tests; YAML is for a code host; Java and C# need what not every machine has.
  assert.deepEqual([...new Set(snippets.map(({ language }) => language))].sort(), ["csharp", "java", "js", "json", "python", "rust", "sh", "yaml"]);
});
