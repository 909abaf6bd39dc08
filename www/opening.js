// What whoever comes first sees: the opening example, with the report and the display that the core gives here as it does in the
// page, so that they are there before the core is. The page checks it again as soon as it can.

import { readFileSync } from "node:fs";
import { load } from "../pkg/index.js";

const NAME = "virtual:opening";

export const opening = {
  name: "opening",
  resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
  async load(id) {
    if (id !== `\0${NAME}`) return undefined;
    const text = readFileSync(new URL("./examples/faulty-patient.json", import.meta.url), "utf8");
    const core = await load();
    const report = core.validate(text, { fixes: true });
    const display = core.render(text, { as: "fragment" });
    core.free();
    return `export default JSON.parse(${JSON.stringify(JSON.stringify({ text, report, display }))});`;
  },
};
