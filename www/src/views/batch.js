// Many files at once: a table of what is said of each, and the way into each.

import { coreFor } from "../core/core.js";
import { $, button, count, h, save } from "../dom.js";
import { checkOptions } from "../state.js";

const VERDICTS = { valid: "Valid", invalid: "Invalid", "not-fully-checked": "Not fully checked" };

/** @param {{ go: (view: string) => void, open: (text: string) => void }} pages */
export function batchView({ go, open }) {
  let turn = 0;
  let rows = [];

  /** Checks files one after another: `{ name, text(): Promise<string> }`. */
  async function run(files) {
    const mine = ++turn;
    go("batch");
    rows = [];
    $("batch-rows").replaceChildren();
    $("batch-table").hidden = false;
    $("batch-save").hidden = true;
    const bar = $("batch-progress");
    Object.assign(bar, { max: files.length, value: 0, hidden: false });
    const start = performance.now();
    for (const file of files) {
      const row = await check(file);
      if (mine !== turn) return;
      rows.push(row);
      $("batch-rows").append(line(row, file));
      bar.value = rows.length;
      $("batch-status").textContent = `${rows.length} of ${files.length} files`;
    }
    bar.hidden = true;
    $("batch-save").hidden = false;
    const number = (verdict) => rows.filter((row) => row.verdict === verdict).length;
    const seconds = Math.max(0.1, (performance.now() - start) / 1000).toFixed(1);
    $("batch-status").textContent = `${count(files.length, "file")}: ${number("valid")} valid, ${number("invalid")} invalid, ${number("not-fully-checked")} not fully checked, in ${seconds} seconds.`;
  }

  async function check(file) {
    try {
      const text = await file.text();
      const options = checkOptions();
      const core = await coreFor(text, options);
      const { valid, verdict, issues, unchecked } = await core.validate(text, options);
      const number = (...wanted) => issues.filter(({ severity }) => wanted.includes(severity)).length;
      const type = /"resourceType"\s*:\s*"(\w+)"/.exec(text)?.[1] ?? /<(?:\w+:)?([A-Z]\w+)/.exec(text)?.[1] ?? "";
      const first = issues.find(({ severity }) => severity === "fatal" || severity === "error")?.message ?? "";
      return { name: file.name, type, valid, verdict, errors: number("fatal", "error"), warnings: number("warning"), unchecked: unchecked.length, first };
    } catch (error) {
      return { name: file.name, type: "", valid: false, verdict: "invalid", errors: 1, warnings: 0, unchecked: 0, first: error.message };
    }
  }

  function line(row, file) {
    const show = button(row.name, async () => open(await file.text()), { class: "link" });
    return h(
      "tr",
      { class: row.verdict },
      h("th", { scope: "row" }, show),
      [row.type, VERDICTS[row.verdict], row.errors, row.warnings, row.unchecked, row.first].map((cell) => h("td", {}, String(cell))),
    );
  }

  $("batch-save").addEventListener("click", () => {
    const cell = (value) => `"${String(value).replaceAll('"', '""')}"`;
    // A cell that begins like a formula is text all the same.
    const safe = (value) => cell(/^[=+@\t\r-]/.test(String(value)) ? `'${value}` : value);
    const keys = ["name", "type", "verdict", "errors", "warnings", "unchecked", "first"];
    save("batch.csv", "text/csv", [keys.join(","), ...rows.map((row) => keys.map((key) => safe(row[key])).join(","))].join("\r\n"));
  });
  return { run };
}
