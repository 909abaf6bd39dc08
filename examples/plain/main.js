// No bundler: the package is served as it is installed.

import "./node_modules/careconnect/element.js";
import { load } from "./node_modules/careconnect/worker.js";

const source = document.querySelector("#source");
const verdict = document.querySelector("#verdict");
const issues = document.querySelector("#issues");
const resource = document.querySelector("careconnect-resource");

const careconnect = await load();
let last;

async function check() {
  // What was asked for before is out of date: if it has not begun, it never will.
  last?.abort();
  last = new AbortController();
  resource.resource = source.value;
  try {
    const report = await careconnect.validate(source.value, { signal: last.signal });
    verdict.textContent = report.reason;
    issues.replaceChildren(
      ...report.issues.map(({ severity, line, message }) => {
        const item = document.createElement("li");
        item.textContent = `Line ${line}, ${severity}: ${message}`;
        return item;
      }),
    );
  } catch (error) {
    if (error.name !== "AbortError") verdict.textContent = error.message;
  }
}

source.addEventListener("input", check);
await check();
