// What programs and other people get of the resource: the OperationOutcome, what became of each value, a redacted copy, text.

import { ask, latest } from "../core/core.js";
import { $, button, copy, h, save } from "../dom.js";
import { isOutputShown } from "../panes.js";
import { checkOptions, displayOptions, LARGE, listen, state } from "../state.js";

const render = (as) => (text) => ask("render", text, { ...displayOptions(), as });

const kinds = {
  outcome: { title: "OperationOutcome", make: (text) => ask("outcome", text, checkOptions()), type: "application/fhir+json", name: "outcome.json" },
  report: { title: "Report (JSON)", make: async () => state.report, type: "application/json", name: "report.json" },
  coverage: { title: "Coverage", make: render("coverage"), type: "application/json", name: "coverage.json" },
  redacted: {
    title: "Redacted copy",
    make: (text) => ask("redact", text, {}),
    type: "application/octet-stream",
    name: "redacted",
    hint: "Names, dates, addresses and numbers are put in place of the patient's. Look it through before you give it away.",
  },
  page: { title: "HTML page", make: render("page"), type: "text/html", name: "page.html" },
  narrative: { title: "Narrative (XHTML)", make: render("narrative"), type: "application/xhtml+xml", name: "narrative.html" },
  text: { title: "Text", make: render("text"), type: "text/plain", name: "display.txt" },
  markdown: { title: "Markdown", make: render("markdown"), type: "text/markdown", name: "display.md" },
  model: { title: "Display model (JSON)", make: render("model"), type: "application/json", name: "model.json" },
};

/** What is longer is shown as far as this; copied and downloaded it is whole. */
const MOST = 150_000;

/** @param {{ select: (place: object) => void }} source */
export function output({ select }) {
  const shadow = $("output").attachShadow({ mode: "open" });
  const place = h("div", { class: "careconnect" });
  shadow.append(place);
  $("output-as").append(...Object.entries(kinds).map(([value, { title }]) => h("option", { value }, title)));
  let made = "";
  let isWanted = false;

  const draw = latest(
    async (text, kind) => {
      const [answer, { sheet }] = await Promise.all([kinds[kind].make(text), import("./display-style.js")]);
      const table = kind === "coverage" && (await import("./coverage.js")).coverage(text, answer);
      return { answer, sheet, table: await table };
    },
    ({ answer, sheet, table }, _text, kind) => {
      shadow.adoptedStyleSheets = [sheet];
      made = typeof answer === "string" ? answer : JSON.stringify(answer, undefined, 2);
      $("output-hint").textContent = [kinds[kind].hint, made.length > MOST && !table && "It is long: its beginning is shown here."].filter(Boolean).join(" ");
      place.replaceChildren(...(table || [h("pre", { class: "text" }, made.length > MOST ? `${made.slice(0, MOST)}…` : made)]));
    },
    (error) => {
      made = "";
      $("output-hint").textContent = error.message;
      place.replaceChildren();
    },
  );

  function update() {
    if (!isOutputShown()) return;
    if (state.text.trim() === "") {
      made = "";
      $("output-hint").textContent = "";
      return place.replaceChildren();
    }
    if (state.text.length > LARGE && !isWanted) {
      made = "";
      $("output-hint").textContent = "";
      return place.replaceChildren(
        h("p", {}, "This record is long. ", button("Make the output, which takes a moment", () => {
          isWanted = true;
          update();
        })),
      );
    }
    draw(state.text, $("output-as").value);
  }

  $("output-as").addEventListener("change", update);
  $("view-check").addEventListener("pane", update);
  listen("report", () => {
    isWanted = false;
    update();
  });
  listen("settings", () => state.report && update());
  $("copy-output").addEventListener("click", ({ currentTarget }) => copy(made, currentTarget));
  $("save-output").addEventListener("click", () => {
    const kind = $("output-as").value;
    const { type, name } = kinds[kind];
    save(kind === "redacted" ? `redacted.${made.trimStart().startsWith("<") ? "xml" : "json"}` : name, type, made);
  });
  shadow.addEventListener("click", async ({ target }) => {
    const pointer = target.closest("[data-pointer]")?.dataset.pointer;
    if (pointer === undefined || target.closest("button:not([data-goes])")) return;
    const [found] = await ask("locate", state.text, [pointer]);
    if (found) select(found);
  });
}
