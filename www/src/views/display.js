// The resource as people read it, beside its source: the display, the narrative, and two versions compared.

import { ask, latest } from "../core/core.js";
import { $, button, h } from "../dom.js";
import { coreMarkup } from "../policy.js";
import { displayOptions, LARGE, listen, set, state } from "../state.js";
import { contents, goTo } from "./contents.js";

/** Markup longer than this would hold up the page while it is read; its summary is shown instead, until all is asked for. */
const MOST = 150_000;

/** @param {{ show: (piece?: object) => void, select: (piece: object) => void }} source */
export function display(source) {
  const shadow = $("display").attachShadow({ mode: "open" });
  const place = h("div", { class: "careconnect" });
  shadow.append(place);
  let older;
  let whole = false;

  const options = () => {
    const out = { ...displayOptions(), as: $("display-as").value };
    if (older !== undefined) Object.assign(out, { mode: "diff", against: older });
    return out;
  };

  const make = async (text, wanted, all) => {
    const short = async () => ({ made: await ask("render", text, { ...wanted, mode: "summary" }), cut: "This record is long, so that only its summary is displayed." });
    if (!all && text.length > LARGE) return short();
    const made = await ask("render", text, wanted);
    return !all && made.length > MOST && wanted.mode !== "summary" ? short() : { made };
  };

  const draw = latest(
    async (...values) => {
      const [answer, { sheet }] = await Promise.all([make(...values), import("./display-style.js")]);
      shadow.adoptedStyleSheets = [sheet];
      return answer;
    },
    ({ made, cut }) => {
      place.innerHTML = coreMarkup(made);
      if (cut) {
        const all = button("Display everything, which takes a moment", () => {
          whole = true;
          update();
        });
        place.prepend(h("p", {}, `${cut} `, all));
      }
      contents(place);
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
      contents(place);
      return;
    }
    draw(state.text, options(), whole);
  }

  listen("made", async (markup) => {
    const { sheet } = await import("./display-style.js");
    if (place.childElementCount > 0) return;
    shadow.adoptedStyleSheets = [sheet];
    place.innerHTML = coreMarkup(markup);
    contents(place);
  });
  $("display-as").addEventListener("change", update);
  for (const name of ["audience", "mode"]) $(`display-${name}`).addEventListener("change", ({ target }) => set({ [name]: target.value }));
  listen("settings", () => {
    for (const name of ["audience", "mode"]) $(`display-${name}`).value = state.settings[name];
    if (state.report) update();
  });
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
    // Browsers look for what a link leads to in the page alone, not in a shadow root.
    const inside = event.target.closest('a[href^="#"]')?.getAttribute("href").slice(1);
    if (inside) {
      event.preventDefault();
      return goTo(shadow.getElementById(inside));
    }
    const pointer = pointerOf(event);
    if (pointer === undefined || event.target.closest("a, summary, button:not([data-goes])")) return;
    const [place] = await ask("locate", state.text, [pointer]);
    if (place) source.select(place);
  });
}
