// The resource as people read it, beside its source: the display, the narrative, text, the model, and two versions compared.

import { ask, latest } from "../core/core.js";
import { $, button, copy, h, save } from "../dom.js";
import { coreMarkup } from "../policy.js";
import { LARGE, listen, state } from "../state.js";

const kinds = {
  fragment: { as: "fragment", markup: true, type: "text/html", name: "display.html" },
  narrative: { as: "narrative", markup: true, type: "application/xhtml+xml", name: "narrative.html" },
  page: { as: "page", type: "text/html", name: "page.html" },
  text: { as: "text", type: "text/plain", name: "display.txt" },
  markdown: { as: "markdown", type: "text/markdown", name: "display.md" },
  model: { as: "model", type: "application/json", name: "model.json" },
  coverage: { as: "coverage", type: "application/json", name: "coverage.json" },
};

/** Markup longer than this would hold up the page while it is read; its summary is shown instead, until all is asked for. */
const MOST = 150_000;

/** @param {{ show: (piece?: object) => void, select: (piece: object) => void }} source */
export function display(source) {
  const shadow = $("display").attachShadow({ mode: "open" });
  const place = h("div", { class: "careconnect" });
  shadow.append(place);
  let output = "";
  let older;
  let whole = false;

  const options = () => {
    const { as } = kinds[$("display-as").value];
    const out = { as, audience: $("display-audience").value, mode: $("display-mode").value };
    if (older !== undefined) Object.assign(out, { mode: "diff", against: older });
    return out;
  };

  const make = async (text, wanted, all) => {
    const isLarge = !all && text.length > LARGE;
    if (wanted.as === "coverage") {
      if (isLarge) return { made: "", cut: "This record is long, so that its coverage is worked out only when it is asked for." };
      return (await import("./coverage.js")).coverage(text, wanted);
    }
    const short = async () => ({ made: await ask("render", text, { ...wanted, mode: "summary" }), cut: "This record is long, so that only its summary is displayed." });
    if (isLarge && wanted.as !== "model") return short();
    const made = await ask("render", text, wanted);
    return !all && typeof made === "string" && made.length > MOST && wanted.mode !== "summary" ? short() : { made };
  };

  const draw = latest(
    async (...values) => {
      const [answer, { sheet }] = await Promise.all([make(...values), import("./display-style.js")]);
      shadow.adoptedStyleSheets = [sheet];
      return answer;
    },
    ({ made, table, cut }, _text, wanted) => {
      output = typeof made === "string" ? made : JSON.stringify(made, undefined, 2);
      if (kinds[wanted.as].markup) place.innerHTML = coreMarkup(output);
      else if (table) place.replaceChildren(...table);
      else place.replaceChildren(h("pre", { class: "text" }, output.length > MOST ? `${output.slice(0, MOST)}…` : output));
      if (cut) {
        const all = button("Display everything, which takes a moment", () => {
          whole = true;
          update();
        });
        place.append(h("p", {}, `${cut} `, all));
      }
      $("display-failed").textContent = "";
    },
    (error) => {
      place.replaceChildren();
      $("display-failed").textContent = error.message;
    },
  );

  function update() {
    if (state.text.trim() === "") {
      place.replaceChildren();
      output = "";
      return;
    }
    draw(state.text, options(), whole);
  }

  for (const id of ["display-as", "display-audience", "display-mode"]) $(id).addEventListener("change", update);
  listen("checked", () => {
    whole = false;
    update();
  });
  $("display-against").addEventListener("click", ({ currentTarget }) => {
    const comparing = older === undefined;
    older = comparing ? state.text : undefined;
    currentTarget.setAttribute("aria-pressed", String(comparing));
    currentTarget.textContent = comparing ? "Stop comparing" : "Compare with this version";
    $("against-hint").textContent = comparing ? "Change the resource: what differs from the version kept is displayed." : "";
    update();
  });
  $("copy-display").addEventListener("click", ({ currentTarget }) => copy(output, currentTarget));
  $("save-display").addEventListener("click", () => {
    const { type, name } = kinds[$("display-as").value];
    save(name, type, output);
  });

  // Hovering a value, or moving the focus to it, shows where it comes from; a click goes there.
  let pointed;
  const point = latest(
    (text, pointer) => ask("locate", text, [pointer]),
    ([place], _text, pointer) => pointer === pointed && source.show(place),
  );
  const pointerOf = (event) => event.composedPath().find((node) => node.dataset?.pointer !== undefined)?.dataset.pointer;
  shadow.addEventListener("pointerover", (event) => {
    const pointer = pointerOf(event);
    if (pointer === pointed) return;
    pointed = pointer;
    if (pointer === undefined) source.show();
    else if (state.text.length <= LARGE) point(state.text, pointer);
  });
  $("display").addEventListener("pointerleave", () => {
    pointed = undefined;
    source.show();
  });
  shadow.addEventListener("click", async (event) => {
    const pointer = pointerOf(event);
    if (pointer === undefined || event.target.closest("a, summary, button:not([data-goes])")) return;
    const [place] = await ask("locate", state.text, [pointer]);
    if (place) source.select(place);
  });
}
