// The packed tarball, installed as anybody would, in every environment that it is made for: the same answers in all.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { extname, join, normalize, sep } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { chromium } from "playwright-core";
import { build as vite } from "vite";
import webpack from "webpack";
import { load } from "../../pkg/index.js";
import { exercise } from "./apps/exercise.js";
import { install, packageFolder, run } from "./installed.js";

const here = fileURLToPath(new URL("./", import.meta.url));
const work = join(here, "work");
const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** No more than this is needed: no inline script, no eval, nothing from elsewhere, and no styles but a page's own. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'";
const TRUSTED = `${POLICY}; require-trusted-types-for 'script'; trusted-types careconnect page`;

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm" };

let tarball;
let expected;
let server;
let address;
let browser;

before(async () => {
  tarball = await install(work);
  cpSync(join(here, "apps"), work, { recursive: true });
  expected = await exercise(load);
  assert.ok(!expected.report.valid && expected.profiles.some((profile) => profile.includes("CareConnect-GPC-Patient-1")));
  server = createServer(answer);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${server.address().port}/`;
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** Serves the working folder: /trusted/… under Trusted Types, all else under the policy alone. PAGE?script is a page for a script. */
async function answer(request, response) {
  const { pathname, search } = new URL(request.url, address);
  const policy = pathname.startsWith("/trusted") ? TRUSTED : POLICY;
  const send = (status, type, body) =>
    response.writeHead(status, { "content-type": type, "content-security-policy": policy, "x-content-type-options": "nosniff" }).end(body);
  if (pathname.endsWith("page.html")) {
    const script = `<script type="module" src="./${search.slice(1)}"></script>`;
    return send(200, "text/html", `<!doctype html><html lang="en"><title>Test</title>${script}<main><h1>Test</h1></main></html>`);
  }
  const file = normalize(join(work, decodeURIComponent(pathname.replace(/^\/trusted/, ""))));
  try {
    if (!file.startsWith(work + sep)) throw new Error("outside");
    send(200, TYPES[extname(file)] ?? "application/octet-stream", readFileSync(file));
  } catch {
    send(404, "text/plain", "Not found");
  }
}

/** A page, everything that it complained of, and where else it went. */
async function open(path) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const said = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  context.on("request", (request) => request.url().startsWith(address) || said.push(`asked for ${request.url()}`));
  await page.goto(address + path);
  return { page, context, said };
}

/** What the script of a page leaves in window.result. */
async function resultOf(path) {
  const { page, context, said } = await open(path);
  await page.waitForFunction(() => window.result);
  const result = await page.evaluate(() => window.result);
  await context.close();
  assert.equal(result.error, undefined, result.error);
  assert.deepEqual(said.filter((text) => !text.includes("favicon") && !/404/.test(text)), []);
  return result;
}

const printed = async (program, ...args) => JSON.parse((await run(program, args, { cwd: work, env: { ...process.env, DENO_NO_UPDATE_CHECK: "1" } })).stdout);

test("the tarball: what is in it, and no more", () => {
  const files = tarball.files.map(({ path }) => path);
  console.log(`tarball: ${tarball.size} bytes, ${tarball.unpackedSize} unpacked, ${files.length} files`);
  // Records, letters, contradictions and the rules of documents and messages are in the core; programs install it once.
  // The packs of FHIR R4 and UK Core, half a megabyte, are fetched only where a resource is of R4.
  assert.ok(tarball.size < 3_100_000, "the tarball has grown past 3.1 MB: decide whether it may, and raise this");
  const allowed = /^(package\.json|careconnect\.schema\.json|README\.md|LICENSE|[\w-]+\.(c?js|d\.c?ts)|(cli|node|serve)\/[\w/-]+\.js|dist\/(careconnect\.(js|wasm|css)|style\.js|\w+\.json|packs\/[\w-]+\.pack|LICENSE[\w-]*|[\w-]+\.(txt|md)))$/;
  assert.deepEqual(files.filter((file) => !allowed.test(file)), []);
  const { scripts, dependencies, optionalDependencies, peerDependencies } = JSON.parse(readFileSync(join(packageFolder, "package.json")));
  assert.deepEqual([scripts, dependencies, optionalDependencies, peerDependencies], [undefined, undefined, undefined, undefined]);
});

test("publint finds nothing", async () => {
  const { publint } = await import("publint");
  const { messages } = await publint({ pkgDir: join(work, "node_modules/careconnect"), strict: true, pack: false });
  assert.deepEqual(messages.map(({ code, path }) => `${code} ${path.join(".")}`), []);
});

test("TypeScript, with the frameworks' own types", async () => {
  // The same compiler as in tests/js, of which this is the part that needs frameworks.
  const compiler = fileURLToPath(new URL("../js/node_modules/typescript/bin/tsc", import.meta.url));
  const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--lib", "es2022,esnext.disposable,dom", "--types", ""];
  const failed = await run(process.execPath, [compiler, ...options, "--module", "nodenext", "types.ts"], { cwd: work }).catch(({ stdout }) => stdout);
  assert.equal(typeof failed, "object", failed);
});

test("Node.js, import", async () => assert.deepEqual(await printed(process.execPath, "node.mjs"), expected));

test("Node.js, require", async () => assert.deepEqual(await printed(process.execPath, "node.cjs"), expected));

test("npx, in a folder of its own", async () => {
  const folder = mkdtempSync(join(tmpdir(), "careconnect-"));
  writeFileSync(join(folder, "patient.json"), '{"resourceType":"Basic","code":{"text":"a note"}}');
  const { stdout } = await run("npx", ["--yes", "--offline", "--package", join(work, tarball.filename), "careconnect", "validate", "patient.json"], { cwd: folder });
  rmSync(folder, { recursive: true });
  assert.match(stdout, /patient\.json/);
});

test("Deno", async () => {
  const name = readdirSync(join(here, "node_modules/@deno")).find((name) => name.includes(process.platform === "darwin" ? "darwin" : process.platform));
  const deno = join(here, "node_modules/@deno", name, process.platform === "win32" ? "deno.exe" : "deno");
  assert.deepEqual(await printed(deno, "run", "--quiet", "--no-prompt", "--cached-only", "--node-modules-dir=manual", "--allow-read", "deno.mjs"), expected);
});

test("Chromium, no bundler, under a strict policy", async () => {
  const result = await resultOf("trusted/page.html?trusted.js");
  assert.deepEqual(result.worker, expected);
  assert.match(result.displayed, /Okonkwo/i);
});

test("a service worker", async () => assert.deepEqual(await resultOf("page.html?register.js"), expected));

test("Vite", async () => {
  const input = join(work, "vite.html");
  writeFileSync(input, '<!doctype html><script type="module" src="./browser.js"></script>');
  await vite({
    root: work,
    base: "./",
    logLevel: "warn",
    configFile: false,
    worker: { format: "es" },
    build: { outDir: "vite", target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, rollupOptions: { input } },
  });
  const { page, worker } = await resultOf("vite/vite.html");
  assert.deepEqual(page, expected);
  assert.deepEqual(worker, expected);
});

test("webpack", async () => {
  await new Promise((resolve, reject) => {
    const configuration = {
      context: work,
      mode: "production",
      entry: "./browser.js",
      output: { path: join(work, "webpack"), filename: "bundle.js", module: true },
      experiments: { outputModule: true },
      performance: false,
    };
    webpack(configuration, (error, stats) => {
      if (error || stats.hasErrors() || stats.hasWarnings()) reject(error ?? new Error(stats.toString()));
      else resolve();
    });
  });
  const { page, worker } = await resultOf("webpack/page.html?bundle.js");
  assert.deepEqual(page, expected);
  assert.deepEqual(worker, expected);
});

test("esbuild, with the files beside its output as the README says", async () => {
  const outdir = join(work, "esbuild");
  const entryPoints = { bundle: join(work, "browser.js"), "worker-thread": join(work, "node_modules/careconnect/worker-thread.js") };
  const { warnings } = await esbuild.build({ entryPoints, outdir, bundle: true, minify: true, format: "esm", target: "es2022", logLevel: "silent" });
  assert.deepEqual(warnings, []);
  cpSync(join(work, "node_modules/careconnect/dist"), join(outdir, "dist"), { recursive: true });
  const { page, worker } = await resultOf("esbuild/page.html?bundle.js");
  assert.deepEqual(page, expected);
  assert.deepEqual(worker, expected);
});

/** Types into an example's text area and reads what the page then says. */
async function tryExample(path) {
  const { page, context, said } = await open(path);
  await page.getByRole("status").filter({ hasText: /^Valid: no errors/ }).waitFor();
  const source = page.getByLabel("Resource, in JSON or XML");
  await source.fill('{ "resourceType": "Patient", "gender": "sometimes", "name": [{ "family": "Okonkwo" }] }');
  await page.getByRole("status").filter({ hasText: /^Invalid: 1 error/ }).waitFor();
  await page.getByRole("listitem").filter({ hasText: "gender" }).first().waitFor();
  await page.locator("careconnect-resource").getByText("Okonkwo").first().waitFor();
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`), []);
  assert.deepEqual(said.filter((text) => !/favicon|404/.test(text)), []);
  return { page, context };
}

test("the plain example", async () => {
  cpSync(join(examples, "plain"), join(work, "plain"), { recursive: true });
  cpSync(join(work, "node_modules/careconnect"), join(work, "plain/node_modules/careconnect"), { recursive: true });
  const { context } = await tryExample("plain/index.html");
  await context.close();
});

test("the React example", async () => {
  cpSync(join(examples, "react"), join(work, "react"), { recursive: true });
  await vite({ root: join(work, "react"), logLevel: "warn" });
  const { page, context } = await tryExample("react/dist/index.html");
  const element = page.locator("careconnect-resource");
  await page.getByLabel("For").selectOption("patient");
  await page.waitForFunction(() => document.querySelector("careconnect-resource").audience === "patient");
  await element.getByText("Okonkwo").first().waitFor();
  await context.close();
});

test("the element: where the resource stands in the page, what is out of date, and what goes wrong", async () => {
  const { page, context } = await open("trusted/page.html?trusted.js");
  await page.waitForFunction(() => window.result);
  const seen = await page.evaluate(async () => {
    const displayed = (element) => new Promise((resolve) => {
      element.addEventListener("careconnect-display", () => resolve(element.shadowRoot.textContent), { once: true });
      element.addEventListener("careconnect-error", () => resolve(element.shadowRoot.querySelector("[role=alert]").textContent), { once: true });
    });
    const inline = document.createElement("careconnect-resource");
    const script = document.createElement("script");
    script.type = "application/fhir+xml";
    script.append('<Patient xmlns="http://hl7.org/fhir"><name><family value="Inline"/></name></Patient>');
    inline.append(script);
    const first = displayed(inline);
    document.body.append(inline);
    const inlineText = await first;
    const busy = document.createElement("careconnect-resource");
    document.body.append(busy);
    const last = displayed(busy);
    const patient = (family) => ({ resourceType: "Patient", name: [{ family }] });
    busy.resource = patient("Before");
    await Promise.resolve();
    busy.resource = patient("After");
    const lastText = await last;
    const wrong = displayed(busy);
    busy.mode = "sideways";
    const wrongText = await wrong;
    busy.mode = "";
    await displayed(busy);
    const hostile = displayed(busy);
    busy.resource = { resourceType: "Patient", text: { status: "generated", div: "<div xmlns='http://www.w3.org/1999/xhtml'><img src='x' onerror='document.title=1'/><script>document.title=1</script></div>" } };
    await hostile;
    busy.resource = null;
    await new Promise((resolve) => setTimeout(resolve));
    return { inlineText, lastText, wrongText, active: document.title, empty: busy.shadowRoot.textContent };
  });
  assert.match(seen.inlineText, /Inline/i);
  assert.match(seen.lastText, /After/i);
  assert.match(seen.wrongText, /could not be displayed.*'mode' is one of/);
  assert.equal(seen.active, "Test");
  assert.equal(seen.empty, "");
  await context.close();
});
