// A scratchpad for FHIRPath over the resource that is open.

import { ask, latest } from "../core/core.js";
import { $, button, count, debounce, h } from "../dom.js";
import { listen, state } from "../state.js";

/** @param {{ select: (place: object) => void }} page */
export function fhirpathView({ select }) {
  /** The text of the latest question. */
  let asked = "";
  const run = latest(
    (text, expression) => ask("fhirpath", text, expression, state.settings.today ? { today: state.settings.today } : {}),
    ({ results, error, unknown }, _text, expression) => {
      const parts = [];
      if (error) {
        parts.push(h("p", { class: "wrong" }, error.message));
        if (error.offset !== undefined) {
          const { offset, length = 1 } = error;
          parts.push(h("pre", {}, expression.slice(0, offset), h("mark", {}, expression.slice(offset, offset + Math.max(length, 1)) || " "), expression.slice(offset + Math.max(length, 1))));
        }
      } else if (unknown) parts.push(h("p", {}, `There is no result: ${unknown}`));
      else parts.push(h("p", {}, results.length === 0 ? "The result is empty." : count(results.length, "result")));
      const items = results.slice(0, 500).map((result) =>
        h(
          "li",
          {},
          h("span", { class: "quiet" }, `${result.type} `),
          h("code", {}, (result.value ?? source(result)).slice(0, 300)),
          result.expression && h("div", {}, button(result.expression, () => select(result), { class: "link where" })),
        ),
      );
      $("fhirpath-results").replaceChildren(...parts, h("ol", { class: "plain" }, items));
    },
    (error) => $("fhirpath-results").replaceChildren(h("p", { class: "wrong" }, error.message)),
  );
  // What has parts is shown as it is written.
  const source = ({ offset, length }) => (offset === undefined ? "" : asked.slice(offset, offset + length).replaceAll(/\s+/g, " "));
  const update = () => {
    if ($("view-fhirpath").hidden) return;
    const expression = $("expression").value.trim();
    if (!expression || !state.text.trim()) {
      $("fhirpath-results").replaceChildren(h("p", { class: "hint" }, state.text.trim() ? "Write an expression." : "Put a resource into the first view."));
      return;
    }
    asked = state.text;
    run(asked, expression);
  };
  $("expression").addEventListener("input", debounce(update, 150));
  for (const example of document.querySelectorAll("#expression-examples button")) {
    example.addEventListener("click", () => {
      $("expression").value = example.textContent;
      update();
    });
  }
  listen("view", update);
  listen("checked", update);
  listen("loaded", update);
  update();
}
