// What Node.js gives for resources, a line for each answer; test_cases.py compares it with what Python gives.

import { readFileSync } from "node:fs";
import { load } from "../../pkg/index.js";

const careconnect = await load();
const lines = [];
for (const text of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  lines.push(
    careconnect.validate(text, { fixes: true, today: "2026-02-28" }),
    careconnect.outcome(text),
    careconnect.render(text, { as: "model", mode: "full", asOf: "2026-02-28" }),
    careconnect.render(text, { as: "page" }),
    careconnect.fhirpath(text, "descendants().where(hasValue()).first()"),
    careconnect.redact(text, { key: "key" }),
  );
}
process.stdout.write(`${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
