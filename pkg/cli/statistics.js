// `careconnect validate --statistics`: how often each rule was broken.

import { counted } from "./output.js";

export class Statistics {
  #rules = new Map();
  #resources = 0;

  /** Counts what is reported of a resource, whether it is shown or not. */
  take({ issues }) {
    this.#resources += 1;
    const seen = new Set();
    for (const { rule, severity } of issues) {
      const key = `${rule} ${severity}`;
      const one = this.#rules.get(key) ?? { rule, severity, issues: 0, resources: 0 };
      one.issues += 1;
      if (!seen.has(key)) one.resources += 1;
      seen.add(key);
      this.#rules.set(key, one);
    }
  }

  /** The most frequent first. */
  async end(print) {
    const rows = [...this.#rules.values()].sort((a, b) => b.issues - a.issues || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : a.severity < b.severity ? -1 : 1));
    const number = (count) => count.toLocaleString("en-GB");
    const table = [["issues", "resources", "severity", "rule"], ...rows.map(({ rule, severity, issues, resources }) => [number(issues), number(resources), severity, rule])];
    const widths = [0, 1, 2].map((at) => Math.max(...table.map((row) => row[at].length)));
    const line = ([issues, resources, severity, rule]) => `${issues.padStart(widths[0])}  ${resources.padStart(widths[1])}  ${severity.padEnd(widths[2])}  ${rule}\n`;
    const total = rows.reduce((sum, { issues }) => sum + issues, 0);
    await print(`\n${table.map(line).join("")}${counted(total, "issue")} of ${counted(this.#rules.size === 0 ? 0 : new Set(rows.map(({ rule }) => rule)).size, "rule")} in ${counted(this.#resources, "resource")}.\n`);
  }
}
