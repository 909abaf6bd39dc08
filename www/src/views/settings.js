// What is checked by and how: packs, profiles, severities, the day, the language; and what is kept on this device.

import { known } from "../core/core.js";
import { packAddresses, packs, packTitles } from "../core/packs.js";
import { $, button, debounce, h, link } from "../dom.js";
import { isKept, keeping } from "../keep.js";
import { toRule } from "../routes.js";
import { listen, set, state, tell } from "../state.js";
import { whenOpen } from "./search-list.js";

const levels = { off: "off", information: "information", warning: "a warning", error: "an error" };

/** @param {{ choosePacks: (names: string[]) => void }} page */
export function settingsView({ choosePacks }) {
  const boxes = new Map();
  const box = (value, title, disabled = false) => {
    const input = h("input", { type: "checkbox", value, disabled });
    $("packs").append(h("label", { class: "tick" }, input, h("span", {}, title)));
    return input;
  };
  const all = box("all", "All");
  for (const name of packs) boxes.set(name, box(name, packTitles[name] ?? name, name === "stu3"));
  $("packs").addEventListener("change", ({ target }) => {
    if (target === all) for (const [name, one] of boxes) one.checked = all.checked || ["stu3", "careconnect"].includes(name);
    choosePacks([...boxes].filter(([, one]) => one.checked).map(([name]) => name));
  });

  const soon = debounce(() => tell("profiles"), 400);
  $("profiles").addEventListener("input", () => {
    state.profiles = $("profiles").value.split(/\s+/).filter(Boolean);
    soon();
  });

  const fields = { today: "value", "unknown-extensions": "value", "test-numbers": "checked", language: "value" };
  const nameOf = (id) => id.replace(/-(\w)/, (_, letter) => letter.toUpperCase());
  for (const [id, property] of Object.entries(fields)) {
    $(id).addEventListener("change", ({ target }) => set({ [nameOf(id)]: target[property] }));
  }

  $("add-severity").addEventListener("submit", (event) => {
    event.preventDefault();
    addSeverity($("severity-rule").value.trim(), $("severity-level").value);
  });
  async function addSeverity(rule, level) {
    const isKnown = (await known("rules")).some((one) => one.rule === rule);
    $("severity-wrong").textContent = isKnown ? "" : rule ? `There is no rule ${rule}.` : "Choose a rule first.";
    if (!isKnown) return;
    set({ rules: { ...state.settings.rules, [rule]: level } });
    $("severity-rule").value = "";
  }

  function show() {
    for (const [name, one] of boxes) one.checked = state.packs.includes(name);
    all.checked = packs.every((name) => state.packs.includes(name));
    const { length } = state.definitions;
    $("own-definitions").textContent = length ? `Besides these, ${length} of your own (see Author).` : "";
    if (document.activeElement !== $("profiles")) $("profiles").value = state.profiles.join("\n");
    for (const [id, property] of Object.entries(fields)) $(id)[property] = state.settings[nameOf(id)];
    $("severities").replaceChildren(
      ...Object.entries(state.settings.rules).map(([rule, level]) => {
        const reset = () => {
          const { [rule]: _, ...rest } = state.settings.rules;
          set({ rules: rest });
        };
        return h("li", {}, link(rule, toRule(rule)), ` is ${levels[level] ?? level} `, button("Reset", reset, { "aria-label": `Reset ${rule}` }));
      }),
    );
    $("keep").checked = isKept();
  }
  for (const event of ["settings", "profiles", "loaded", "view"]) listen(event, show);
  show();

  $("fetch-packs").addEventListener("click", fetchAll);
  async function fetchAll() {
    const told = $("fetched-packs");
    const urls = Object.values(packAddresses);
    let got = 0;
    try {
      // What answers from now on keeps what it has fetched.
      await navigator.serviceWorker?.ready;
      for (const url of urls) {
        told.textContent = `Fetching ${got + 1} of ${urls.length}…`;
        const response = await fetch(url);
        if (!response.ok) throw new Error(response.statusText);
        await response.arrayBuffer();
        got += 1;
      }
      const isStored = navigator.serviceWorker?.controller && (await Promise.all(urls.map((url) => caches.match(url)))).every(Boolean);
      told.textContent = isStored ? "All definitions are here: everything can be checked without a network." : "They were fetched, but this browser keeps nothing for use without a network.";
    } catch {
      told.textContent = `${got} of ${urls.length} could be fetched. Check the connection, and try again.`;
    }
  }

  $("keep").addEventListener("change", ({ target }) => {
    keeping(target.checked);
    $("kept").textContent = target.checked ? "What is open is kept." : "Nothing is kept any more, and what was kept is deleted.";
  });

  whenOpen("settings", async () => $("severity-rules").replaceChildren(...(await known("rules")).map(({ rule }) => h("option", { value: rule }))));
  return { show };
}
