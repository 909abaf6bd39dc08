// The resource as people read it, beside its source: the display, the narrative, text, the model, and two versions compared.

import { ask, latest } from "../core/core.js";
import displayCss from "../style/display.css?url";
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
};

/** Markup longer than this would hold up the page while it is read; its summary is shown instead, until all is asked for. */
const MOST = 150_000;

/** @param {{ show: (piece?: object) => void, select: (piece: object) => void }} source */
export async function display(source) {
  const shadow = $("display").attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(await fetch(displayCss).then((response) => response.text()));
  shadow.adoptedStyleSheets = [sheet];
  let output = "";
  let older;
  let whole = false;

  const options = () => {
    const { as } = kinds[$("display-as").value];
    const out = { as, audience: $("display-audience").value, mode: $("display-mode").value };
    if (older !== undefined) Object.assign(out, { mode: "diff", against: older });
    return out;
  };

  const draw = latest(
    async (text, wanted, all) => {
      if (!all && text.length > LARGE && wanted.as !== "model") {
        return { cut: true, made: await ask("render", text, { ...wanted, mode: "summary" }) };
      }
      const made = await ask("render", text, wanted);
      if (!all && typeof made === "string" && made.length > MOST && wanted.mode !== "summary") {
        return { cut: true, made: await ask("render", text, { ...wanted, mode: "summary" }) };
      }
      return { made };
    },
    ({ made, cut }, _text, wanted) => {
      output = typeof made === "string" ? made : JSON.stringify(made, undefined, 2);
      const { markup } = kinds[wanted.as];
      if (markup) shadow.innerHTML = coreMarkup(output);
      else shadow.replaceChildren(h("pre", { class: "text" }, output.length > MOST ? `${output.slice(0, MOST)}…` : output));
      if (cut) {
        const all = button("Display everything, which takes a moment", () => {
          whole = true;
          update();
        });
        shadow.append(h("p", {}, "This record is long, so that only its summary is displayed. ", all));
      }
      $("display-failed").textContent = "";
    },
    (error) => {
      shadow.replaceChildren();
      $("display-failed").textContent = error.message;
    },
  );

  function update() {
    if (state.text.trim() === "") {
      shadow.replaceChildren();
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
    if (pointer === undefined || event.target.closest("a, summary, button")) return;
    const [place] = await ask("locate", state.text, [pointer]);
    if (place) source.select(place);
  });
}
