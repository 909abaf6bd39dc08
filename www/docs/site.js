// The documentation as pages: made of docs/, the package's README, the changelog and the rules, by the same build as the
// playground. Nothing of it needs a framework, or another host.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import MarkdownIt from "markdown-it";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");

/** Every page but those of the rules: its address, its source, and the heading of the navigation that it stands under. */
const PAGES = [
  { url: "guide-front-end.html", source: "docs/guides/front-end.md", under: "Guides", title: "Front end" },
  { url: "guide-node.html", source: "docs/guides/node.md", under: "Guides", title: "Node.js" },
  { url: "serve.html", source: "docs/serve.md", under: "Guides", title: ".NET, Java and others: the service" },
  { url: "guide-python.html", source: "docs/guides/python.md", under: "Guides", title: "Python" },
  { url: "guide-data.html", source: "docs/guides/data.md", under: "Guides", title: "Data team: tables and Spark" },
  { url: "profile-author.html", source: "docs/profile-author.md", under: "Guides", title: "Profile author" },
  { url: "guide-clinical-safety.html", source: "docs/guides/clinical-safety.md", under: "Guides", title: "Clinical safety officer" },
  { url: "package.html", source: "pkg/README.md", under: "Reference", title: "The package" },
  { url: "api.html", source: "docs/api.txt", under: "Reference", title: "API" },
  { url: "command-line.html", source: "docs/command-line.md", under: "Reference", title: "Command line" },
  { url: "editors.html", source: "docs/editors.md", under: "Reference", title: "Editors" },
  { url: "testing.html", source: "docs/testing.md", under: "Reference", title: "Tests and types" },
  { url: "terminology.html", source: "docs/terminology.md", under: "Reference", title: "Terminology" },
  { url: "rules/index.html", source: "pkg/dist/rules.json", under: "Reference", title: "Rules" },
  { url: "hazard-log.html", source: "docs/hazard-log.md", under: "About", title: "Hazard log" },
  { url: "security.html", source: "SECURITY.md", under: "About", title: "Security" },
  { url: "comparison.html", source: "docs/comparison.md", under: "About", title: "Comparison" },
  { url: "changelog.html", source: "CHANGELOG.md", under: "About", title: "Changelog" },
];

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (text) => text.replace(/[&<>"]/g, (character) => escapes[character]);

/** A heading's id, as code hosts make it. */
const slug = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/\s/g, "-");

/** A file's path in the repository, from the address of a link in another. */
const pathOf = (link, source) => decodeURIComponent(new URL(link, new URL(source, "file:///")).pathname.slice(1));

/** Where a link of a source leads on the site; undefined where the site does not have it. */
function addressOf(link, source) {
  if (/^[a-z]+:/.test(link) || link.startsWith("#")) return link;
  const [path, fragment] = link.split("#");
  const file = pathOf(path, source);
  if (file === "docs/rules.md") return fragment ? `rules/${fragment}.html` : "rules/index.html";
  const page = PAGES.find(({ source }) => source === file);
  return page && page.url + (fragment ? `#${fragment}` : "");
}

/** Whether a page lies in a folder of its own, so that others are one up. */
const upOf = (url) => (url.includes("/") ? "../" : "");

/** Markdown as HTML. Images become files of the site: `images` is given their names. */
function rendered(text, { source, url }, images) {
  const markdown = new MarkdownIt({ html: false, linkify: false });
  const { rules } = markdown.renderer;
  const ids = new Map();
  rules.heading_open = (tokens, at) => {
    const id = slug(tokens[at + 1].children.map(({ content }) => content).join(""));
    const count = ids.get(id) ?? 0;
    ids.set(id, count + 1);
    return `<${tokens[at].tag} id="${escape(count ? `${id}-${count}` : id)}">`;
  };
  // What is wider than the page scrolls in its own place, which the keyboard reaches; each has a name of its own.
  const counts = { Table: 0, Example: 0 };
  const region = (kind) => `tabindex="0" role="region" aria-label="${kind} ${(counts[kind] += 1)}"`;
  rules.table_open = () => `<div class="scroll" ${region("Table")}><table>`;
  rules.table_close = () => "</table></div>";
  rules.th_open = () => '<th scope="col">';
  rules.fence = (tokens, at) => `<pre ${region("Example")}><code>${escape(tokens[at].content)}</code></pre>\n`;
  rules.image = (tokens, at) => {
    const path = pathOf(tokens[at].attrGet("src"), source);
    const name = `images/${path.split("/").at(-1)}`;
    images.set(name, path);
    return `<img src="${upOf(url)}${name}" alt="${escape(tokens[at].content)}" loading="lazy">`;
  };
  const left = [];
  rules.link_open = (tokens, at) => {
    const address = addressOf(tokens[at].attrGet("href"), source);
    left.push(address === undefined);
    if (address === undefined) return "";
    return `<a href="${escape(/^[a-z]+:|^#/.test(address) ? address : upOf(url) + address)}">`;
  };
  rules.link_close = () => (left.pop() ? "" : "</a>");
  // A heading of a column that is empty says nothing to anybody.
  return markdown.render(text).replaceAll('<th scope="col"></th>', "<td></td>");
}

const bare = (html) => html.replace(/<[^>]*>/g, " ").replace(/&quot;/g, '"').replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&").replace(/\s+/g, " ").trim();

function navigation(url) {
  const groups = [...new Set(PAGES.map(({ under }) => under))];
  const link = (page) => `<li><a href="${upOf(url)}${page.url}"${page.url === url ? ' aria-current="page"' : ""}>${escape(page.title)}</a></li>`;
  return groups.map((group) => `<h2>${group}</h2>\n<ul>${PAGES.filter(({ under }) => under === group).map(link).join("")}</ul>`).join("\n");
}

function pageOf({ url, title, body, assets }) {
  const up = upOf(url);
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types careconnect-docs">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escape(title)} – careconnect</title>
<link rel="icon" href="${up}../icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${up}${assets.style}">
<script type="module" src="${up}${assets.script}" data-up="${up}" data-index="${up}${assets.index}"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header><p><a href="${up}index.html">careconnect</a></p><p><a href="${up}../">Playground</a></p>
<search><label for="search">Search the documentation</label><input id="search" type="search" autocomplete="off" aria-controls="found"></search></header>
<div id="found" role="status"></div>
<div class="columns">
<nav aria-label="Documentation">${navigation(url)}</nav>
<main id="main" tabindex="-1">
${body}
</main>
</div>
</body>
</html>
`;
}

const severities = { fatal: "fatal", error: "an error", warning: "a warning", information: "information" };

function rulePage({ rule, severity, explanation, example }) {
  const block = (label, text) => `<pre tabindex="0" role="region" aria-label="${label}"><code>${escape(text)}</code></pre>\n`;
  const lines = (diff) => diff.trimEnd().split("\n").map((line) => {
    const kind = { "-": "del", "+": "ins" }[line[0]];
    return kind ? `<${kind}>${escape(line)}</${kind}>` : escape(line);
  }).join("\n");
  const parts = [`<p><a href="index.html">All rules</a></p>\n<h1 id="${escape(rule)}">${escape(rule)}</h1>\n<p>Usually ${severities[severity] ?? severity}.</p>\n<p>${escape(explanation)}</p>\n`];
  if (!example) return `${parts[0]}<p>There is no short example of it.</p>\n`;
  parts.push(`<h2 id="example">An example that breaks it</h2>\n${block("Example", example.input)}`, `<h2 id="issue">What is said of it</h2>\n${block("Issue", example.issue)}`);
  if (example.diff) parts.push(`<h2 id="right">Put right</h2>\n<pre tabindex="0" role="region" aria-label="Put right"><code>${lines(example.diff)}</code></pre>\n`);
  parts.push(`<p>In the command line: <code>careconnect --explain ${escape(rule)}</code>. To set how bad it is, or to turn it off: <a href="../command-line.html#configuration">the configuration</a>.</p>\n`);
  return parts.join("");
}

const named = (name, text) => `assets/${name.replace(".", `-${createHash("sha256").update(text).digest("hex").slice(0, 8)}.`)}`;

/** Every file of the documentation, by its name below docs/: text, or bytes. */
export function documentation() {
  const rules = JSON.parse(read("pkg/dist/rules.json"));
  const images = new Map();
  const pages = [];
  for (const page of PAGES) {
    let body;
    if (page.url === "rules/index.html") {
      const items = rules.map(({ rule, severity, explanation }) => `<tr><td><a href="${escape(rule)}.html">${escape(rule)}</a></td><td>${severity}</td><td>${escape(explanation.split(/(?<=\.)\s/)[0])}</td></tr>`);
      body = `<h1 id="rules">Rules</h1>\n<p>Each of the ${rules.length} rules that careconnect checks, by its permanent code.</p>\n<div class="scroll" tabindex="0" role="region" aria-label="Rules"><table><thead><tr><th scope="col">Rule</th><th scope="col">Usually</th><th scope="col">About</th></tr></thead><tbody>${items.join("\n")}</tbody></table></div>\n`;
    } else if (page.source.endsWith(".txt")) {
      body = `<h1 id="api">API</h1>\n<p>Every name that the package exports. <a href="package.html">The package</a> says how they are used; an editor shows each one's documentation from its types.</p>\n<pre tabindex="0" role="region" aria-label="API"><code>${escape(read(page.source))}</code></pre>\n`;
    } else body = rendered(read(page.source), page, images);
    pages.push({ ...page, body });
  }
  for (const rule of rules) pages.push({ url: `rules/${rule.rule}.html`, title: rule.rule, body: rulePage(rule) });
  const guides = PAGES.filter(({ under }) => under === "Guides");
  const first = `<h1 id="careconnect">careconnect</h1>\n<p>Validates and displays CareConnect (UK FHIR STU3) resources, where the data already is.</p>\n<h2 id="who">Who are you?</h2>\n<ul>${guides.map(({ url, title }) => `<li><a href="${url}">${escape(title)}</a></li>`).join("")}</ul>\n<p>Every message has the code of its rule: <a href="rules/index.html">all ${rules.length} rules</a>. To try it, open <a href="../">the playground</a>.</p>\n`;
  pages.unshift({ url: "index.html", title: "Documentation", body: first });

  // Of a rule all words are searched; of a page those of each part, so that what is found is where it stands.
  const entries = pages.flatMap(({ url, title, body }) => {
    if (url.startsWith("rules/") && url !== "rules/index.html") return [[url, title, bare(body).slice(0, 400)]];
    return body.split(/(?=<h[123] id=")/).map((part) => {
      const [, id, heading] = /^<h[123] id="([^"]*)">([^]*?)<\/h/.exec(part) ?? [];
      return [id ? `${url}#${id}` : url, heading ? `${title}: ${bare(heading)}` : title, url === "rules/index.html" ? "" : bare(part).slice(0, 4000)];
    });
  });
  const index = JSON.stringify({ entries, pages: pages.map(({ url }) => url), images: [...images.keys()] });
  const style = ["../src/style/colours.css", "./docs.css"].map((file) => readFileSync(new URL(file, import.meta.url), "utf8")).join("\n");
  const script = readFileSync(new URL("./search.js", import.meta.url), "utf8");
  const assets = { style: named("docs.css", style), script: named("search.js", script), index: named("index.json", index) };
  return new Map([
    ...pages.map((page) => [page.url, pageOf({ ...page, assets })]),
    [assets.style, style],
    [assets.script, script],
    [assets.index, index],
    ...[...images].map(([name, path]) => [name, readFileSync(new URL(path, root))]),
  ]);
}
