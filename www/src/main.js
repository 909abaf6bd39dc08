// The playground: what is written on the left is checked and displayed on the right, by a worker, in this page alone.

import { load, packs } from "../../pkg/worker.js";
import exampleUrl from "../../tests/resources/CareConnect-Patient-1.json?url";
import displayCss from "./display.css?url";
import { createEditor } from "./editor.js";

const $ = (id) => document.getElementById(id);
const status = $("status");

/** How long to wait after the last key before checking, in milliseconds. */
const PAUSE = 200;

const packTitles = {
  stu3: "FHIR STU3",
  careconnect: "CareConnect",
  gpconnect: "GP Connect",
  itk: "ITK3 and Transfer of Care",
  nrl: "National Record Locator",
  events: "Events",
  childhealth: "Child health",
  news2: "NEWS2",
  ers: "e-Referral Service",
  other: "Other NHS",
};

const example = await fetch(exampleUrl).then((response) => response.text());
const shadow = await displayRoot($("display"));
const editor = createEditor($("source"), {
  labelledBy: "source-title",
  describedBy: "source-hint",
  onChange: soon,
});

let careconnect;
let chosen = "";

choices();
$("example").addEventListener("click", () => (editor.text = example));
$("file").addEventListener("change", async ({ target }) => {
  if (target.files[0]) editor.text = await target.files[0].text();
  target.value = "";
});
$("profiles").addEventListener("input", soon);
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", async (event) => {
  const file = event.dataTransfer.files[0];
  if (!file) return;
  event.preventDefault();
  editor.text = await file.text();
});
await definitions();

/** The check boxes of the packs. Each change loads what is then wanted. */
function choices() {
  const box = (value, title, checked, disabled = false) => {
    const input = Object.assign(document.createElement("input"), { type: "checkbox", value, checked, disabled });
    const label = document.createElement("label");
    label.append(input, ` ${title}`);
    $("packs").append(label);
    return input;
  };
  const all = box("all", "All", false);
  const boxes = packs.map((name) =>
    box(name, packTitles[name] ?? name, ["stu3", "careconnect"].includes(name), name === "stu3"),
  );
  $("packs").addEventListener("change", ({ target }) => {
    if (target === all) for (const one of boxes) one.checked = all.checked || ["stu3", "careconnect"].includes(one.value);
    all.checked = boxes.every((one) => one.checked);
    definitions();
  });
}

/** Loads the packs that are ticked, and checks again by them. */
async function definitions() {
  const wanted = packs.filter((name) => document.querySelector(`#packs input[value="${name}"]`).checked);
  const key = wanted.join();
  if (key === chosen) return;
  chosen = key;
  say("Loading the definitions…");
  try {
    const next = await load({ packs: wanted });
    if (chosen !== key) return next.free();
    careconnect?.free();
    careconnect = next;
    await check();
  } catch (error) {
    if (chosen === key) say(error.message, "failed");
  }
}

let timer;

function soon() {
  clearTimeout(timer);
  timer = setTimeout(check, PAUSE);
}

let turn = 0;

/** Checks and displays what is written now. An answer that is out of date by the time it comes is dropped. */
async function check() {
  const mine = ++turn;
  const text = editor.text;
  if (!careconnect) return;
  if (text.trim() === "") {
    show({ issues: [], unchecked: [] }, "");
    say("Nothing to check yet.");
    return;
  }
  const profiles = $("profiles").value.split(/\s+/).filter(Boolean);
  try {
    const [report, fragment] = await Promise.all([
      careconnect.validate(text, { profiles }),
      careconnect.render(text, { as: "fragment" }),
    ]);
    if (mine === turn) {
      show(report, fragment);
      say(summary(report), report.valid ? "valid" : "invalid");
    }
  } catch (error) {
    if (mine === turn) say(error.message, "failed");
  }
}

function show({ issues, unchecked }, fragment) {
  $("issues").replaceChildren(...issues.map(issueItem));
  $("unchecked").hidden = unchecked.length === 0;
  $("unchecked").querySelector("summary").textContent = `Not checked: ${unchecked.length}`;
  $("unchecked").querySelector("ul").replaceChildren(...unchecked.map(uncheckedItem));
  // The core makes this markup itself and lets nothing active of the resource through; the page's policy allows no
  // script in it either.
  shadow.innerHTML = fragment;
}

function issueItem(issue) {
  const item = element("li", issue.severity);
  const button = element("button", "issue");
  button.type = "button";
  button.append(
    element("span", "severity", issue.severity === "information" ? "info" : issue.severity),
    element("span", "place", `Line ${issue.line}, column ${issue.column}`),
    element("span", "message", issue.message),
    element("span", "where", [issue.expression, issue.rule].filter(Boolean).join(" · ")),
  );
  button.addEventListener("click", () => editor.select(issue));
  item.append(button);
  return item;
}

function uncheckedItem({ expression, subject, system, code, reason }) {
  const item = element("li");
  const what = [subject, system && `${system}|${code ?? ""}`].filter(Boolean).join(" · ");
  item.append(element("span", "message", reason), element("span", "where", [expression, what].filter(Boolean).join(" · ")));
  return item;
}

function element(name, className = "", text = "") {
  return Object.assign(document.createElement(name), { className, textContent: text });
}

function summary({ valid, issues }) {
  const count = (severities) => issues.filter(({ severity }) => severities.includes(severity)).length;
  const words = [
    [count(["fatal", "error"]), "error"],
    [count(["warning"]), "warning"],
  ].map(([n, word]) => `${n} ${word}${n === 1 ? "" : "s"}`);
  return `${valid ? "Valid" : "Not valid"}: ${words.join(", ")}.`;
}

function say(text, state = "") {
  status.textContent = text;
  status.dataset.state = state;
}

/** A shadow root, so that the display's styles and the page's do not meet. */
async function displayRoot(host) {
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(await fetch(displayCss).then((response) => response.text()));
  root.adoptedStyleSheets = [sheet];
  return root;
}
