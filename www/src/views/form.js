// A profile's elements as a tree, and a form for the one that is chosen: what is entered is written into the differential.

import { ask, known } from "../core/core.js";
import { describe } from "../descriptions.js";
import { $, button, h } from "../dom.js";
import { change, flat, pathOf, readProfile, said, setValue, unsay } from "../differential.js";
import { state } from "../state.js";

const CODED = ["code", "Coding", "CodeableConcept", "uri", "string", "Quantity"];

/** The fields that are written by their buttons. */
const ENTERED = ["form-slice", "form-by", "invariant-key", "invariant-severity", "invariant-human", "invariant-expression"];

/** @param {{ editor: { text: string } }} source the text of the definition */
export function profileForm({ editor }) {
  let chosen;
  let profile;
  let ids = [];
  let turn = 0;

  /** Shows the definition as it is loaded now. */
  async function draw() {
    const mine = ++turn;
    const definition = readProfile(editor.text);
    const loaded = definition?.url && (await known("profile", definition.url));
    if (mine !== turn) return;
    profile = loaded || undefined;
    $("form-hint").textContent = profile ? "" : definition ? "The form comes as soon as the definition can be read." : editor.text.trim() === "" ? "Begin with a new profile, or open one." : "The form is for profiles in JSON.";
    $("form-tools").hidden = !profile;
    $("elements").hidden = !profile;
    if (!profile) {
      $("element-form").replaceChildren();
      shown = undefined;
      return $("elements").replaceChildren();
    }
    ids = [...flat(profile.element)].map(({ id }) => id);
    if (!ids.includes(chosen)) chosen = ids[0];
    const at = $("elements").scrollTop;
    const focused = document.activeElement?.closest("#elements [data-id]")?.dataset.id;
    $("elements").replaceChildren(branch(profile.element, definition, 0));
    $("elements").scrollTop = at;
    if (focused) $("elements").querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
    await form(definition);
  }

  /** An element and what is within it. Where nothing is said of what is within, it is folded. */
  function branch(element, definition, depth) {
    const inside = [...(element.slices ?? []), ...(element.children ?? [])];
    const name = button(
      [element.slice ? `:${element.slice}` : element.path.split(".").at(-1), h("span", { class: "quiet" }, ` ${element.min}..${element.max}`), said(definition, element.id) && h("span", { class: "flag" }, "said here")].filter(Boolean),
      () => choose(element.id),
      { class: "link", "aria-current": String(element.id === chosen), data: { id: element.id } },
    );
    if (inside.length === 0) return h("div", { class: "element" }, name);
    const isOpen = depth === 0 || inside.some((one) => leads(one, definition));
    const content = h("div", {});
    const toggle = h("button", { type: "button", class: "fold", "aria-expanded": String(isOpen), "aria-label": `What is in ${element.id}`, on: { click: () => fold(toggle.getAttribute("aria-expanded") !== "true") } }, isOpen ? "−" : "+");
    const fold = (open) => {
      toggle.setAttribute("aria-expanded", String(open));
      toggle.textContent = open ? "−" : "+";
      content.hidden = !open;
      if (open && content.childElementCount === 0) content.append(...inside.map((child) => branch(child, definition, depth + 1)));
    };
    fold(isOpen);
    return h("div", { class: "element" }, toggle, name, content);
  }

  const leads = (element, definition) => element.id === chosen || said(definition, element.id) !== undefined || [...(element.slices ?? []), ...(element.children ?? [])].some((one) => leads(one, definition));

  function choose(id) {
    chosen = id;
    for (const one of $("elements").querySelectorAll("[data-id]")) one.setAttribute("aria-current", String(one.dataset.id === id));
    const definition = readProfile(editor.text);
    if (definition) form(definition);
  }

  /** Writes a change into the text, from where it goes the way of everything that is typed. */
  function write(act) {
    const definition = readProfile(editor.text);
    if (!definition) return;
    act(definition);
    editor.text = `${JSON.stringify(definition, undefined, 2)}\n`;
  }
  const set = (update) => write((definition) => change(definition, chosen, ids, update));

  async function form(definition) {
    const element = [...flat(profile.element)].find(({ id }) => id === chosen);
    const base = definition.baseDefinition && (await known("profile", definition.baseDefinition));
    const before = base && ([...flat(base.element)].find(({ id }) => id === chosen) ?? [...flat(base.element)].find(({ id }) => id === pathOf(chosen)));
    if (!element || element.id !== chosen) return;
    const own = said(definition, chosen) ?? {};
    const codes = (element.types ?? []).map(({ code }) => code);
    const isRoot = !chosen.includes(".");
    const field = (id, label, input) => [h("label", { for: id }, label), Object.assign(input, { id })];
    const text = (value, act, more = {}) => h("input", { value: value ?? "", autocomplete: "off", on: { change: ({ target }) => act(target.value.trim()) }, ...more });
    const around = pathOf(chosen).split(".").slice(0, -1).join(".");
    const outside = [...flat(profile.element)].find(({ path, types }) => path === around && types?.length === 1);
    const about = describe(element, outside?.types[0].code);
    const parts = [h("h3", {}, chosen), about && h("p", { class: "hint" }, `${about.label}: ${about.words[0].toLowerCase()}${about.words.slice(1)}.`)].filter(Boolean);
    if (!isRoot) {
      parts.push(
        h(
          "div",
          { class: "fields pairs" },
          field("form-min", "At least", text(element.min, (value) => /^\d+$/.test(value) && set((one) => (one.min = Number(value))), { type: "number", min: 0 })),
          field("form-max", "At most (* for any number)", text(element.max, (value) => /^(\d+|\*)$/.test(value) && set((one) => (one.max = value)))),
        ),
        h("label", { class: "tick" }, h("input", { type: "checkbox", checked: element.mustSupport === true, on: { change: ({ target }) => set((one) => (one.mustSupport = target.checked || undefined)) } }), h("span", {}, "Must be supported")),
      );
    }
    const choices = (before?.types ?? element.types ?? []).map(({ code }) => code).filter((code, at, all) => all.indexOf(code) === at);
    if (choices.length > 1) {
      const boxes = choices.map((code) => h("label", { class: "tick" }, h("input", { type: "checkbox", value: code, checked: codes.includes(code), on: { change: () => setTypes() } }), h("span", {}, code)));
      const setTypes = () => {
        const wanted = boxes.map((box) => box.querySelector("input")).filter(({ checked }) => checked).map(({ value }) => value);
        const kept = wanted.flatMap((code) => own.type?.filter((one) => one.code === code) ?? [{ code }]);
        if (wanted.length > 0) set((one) => (one.type = kept.length > 0 ? kept : wanted.map((code) => ({ code }))));
      };
      parts.push(h("fieldset", {}, h("legend", {}, "Types"), boxes));
    } else if (codes.length === 1) {
      const [code] = codes;
      const isReference = code === "Reference";
      const current = element.types[0][isReference ? "targets" : "profiles"]?.join(" ");
      parts.push(h("div", { class: "fields pairs" }, field("form-profile", isReference ? "Refers to what fits one of (URLs, a space between)" : `${code} by the profile`, text(current, (value) => {
        const urls = value.split(/\s+/).filter(Boolean);
        const name = isReference ? "targetProfile" : "profile";
        set((one) => (one.type = urls.length > 0 ? urls.map((url) => ({ code, [name]: url })) : undefined));
      }))));
    }
    if (codes.some((code) => CODED.includes(code))) {
      const { strength = "", valueSet = "" } = element.binding ?? {};
      const setBinding = () => {
        const [how, url] = [$("form-strength").value, $("form-value-set").value.trim()];
        set((one) => (one.binding = how && url ? { strength: how, valueSetReference: { reference: url } } : undefined));
      };
      parts.push(h("div", { class: "fields pairs" },
        field("form-strength", "Binding", h("select", { on: { change: setBinding } }, ["", "required", "extensible", "preferred", "example"].map((value) => h("option", { value, selected: value === strength }, value || "None of its own")))),
        field("form-value-set", "Value set", text(valueSet, setBinding, { list: "form-value-sets" }))));
    }
    if (codes.length === 1 && !isRoot) {
      const start = element.fixed ? "fixed" : element.pattern ? "pattern" : "";
      const setIt = () => {
        const [how, written] = [$("form-how").value, $("form-value").value.trim()];
        if (how && !written) return;
        let value;
        try {
          value = JSON.parse(written);
        } catch {
          value = written;
        }
        // Numbers of a text are a text all the same.
        if (typeof value !== "object" && !["boolean", "integer", "decimal", "positiveInt", "unsignedInt"].includes(codes[0])) value = written.replace(/^"(.*)"$/, "$1");
        set((one) => setValue(one, how, codes[0], value));
      };
      parts.push(h("div", { class: "fields pairs" },
        field("form-how", "Value", h("select", { on: { change: setIt } }, [["", "Any"], ["fixed", "Always just this"], ["pattern", "Must hold this"]].map(([value, label]) => h("option", { value, selected: value === start }, label)))),
        field("form-value", "Which (a text, or JSON)", text((element.fixed ?? element.pattern)?.json, setIt))));
    }
    parts.push(h("div", { class: "fields pairs" }, field("form-short", "In a few words", text(own.short, (value) => set((one) => (one.short = value))))));
    if (!isRoot && element.max !== "1" && !element.slice) {
      const add = () => {
        const [name, by] = [$("form-slice").value.trim(), $("form-by")?.value.trim()];
        if (!/^[\w./-]+$/.test(name)) return ($("form-slice-wrong").textContent = "A slice needs a name of letters, digits and hyphens.");
        const id = `${chosen}:${name}`;
        write((definition) => {
          if (!element.slicing) change(definition, chosen, ids, (one) => (one.slicing = { discriminator: [{ type: "value", path: by || "$this" }], rules: "open" }));
          change(definition, id, ids, (one) => (one.min ??= 0));
        });
        chosen = id;
      };
      parts.push(h("fieldset", {}, h("legend", {}, "A new slice"), h("div", { class: "fields pairs" },
        field("form-slice", "Name", h("input", { autocomplete: "off" })),
        !element.slicing && field("form-by", "Told apart by the value of", h("input", { value: codes[0] === "Extension" ? "url" : "system", autocomplete: "off" }))),
        button("Add the slice", add), h("p", { id: "form-slice-wrong", class: "wrong", role: "status" })));
    }
    parts.push(invariants(own));
    if (said(definition, chosen)) parts.push(button("Say nothing of it here", () => write((definition) => unsay(definition, chosen))));
    fill(JSON.stringify([chosen, element, own, before?.types]), parts.flat());
  }

  let shown;
  /** Puts the form in place of one that says something else; what is being entered, and the focus, stay. */
  function fill(what, parts) {
    if (what === shown) return;
    const isSame = shown?.startsWith(`["${chosen}"`);
    shown = what;
    const { activeElement } = document;
    const entered = isSame ? ENTERED.map((id) => [id, $(id)?.value]) : [];
    $("element-form").replaceChildren(...parts);
    for (const [id, value] of entered) if (value && $(id)) $(id).value = value;
    if (activeElement?.id && !activeElement.isConnected) $(activeElement.id)?.focus();
  }

  function invariants(own) {
    const list = (own.constraint ?? []).map(({ key, severity, human, expression }) =>
      h("li", {}, h("strong", {}, key), ` (${severity}) ${human ?? ""} `, h("code", {}, expression ?? ""), " ", button("Remove", () => set((one) => (one.constraint = one.constraint.filter((other) => other.key !== key))), { "aria-label": `Remove ${key}` })),
    );
    const input = (id, label, more = {}) => [h("label", { for: id }, label), h("input", { id, autocomplete: "off", spellcheck: false, ...more })];
    const result = h("p", { role: "status", id: "invariant-result" });
    const tryIt = async () => {
      const expression = $("invariant-expression").value.trim();
      if (!expression) return (result.textContent = "Write an expression first.");
      if (!state.text.trim()) return (result.textContent = "There is no resource in the first view to try it on.");
      const path = pathOf(chosen);
      const options = state.settings.today ? { today: state.settings.today } : {};
      const [all, failing] = await Promise.all([path, `${path}.where((${expression}).not())`].map((what) => ask("fhirpath", state.text, what, options)));
      const error = failing.error ?? all.error;
      const count = all.results.length;
      result.textContent = error
        ? error.message
        : failing.unknown
          ? `It cannot be told: ${failing.unknown}`
          : count === 0
            ? `The resource has no ${path}.`
            : failing.results.length === 0
              ? `It holds for ${count === 1 ? "the one" : `all ${count}`} of the resource.`
              : `It does not hold for ${failing.results.length} of ${count}: ${failing.results.slice(0, 3).map(({ expression }) => expression).filter(Boolean).join(", ")}`;
    };
    const add = () => {
      const [key, severity, human, expression] = ["key", "severity", "human", "expression"].map((name) => $(`invariant-${name}`).value.trim());
      if (!/^[A-Za-z0-9.-]{1,64}$/.test(key) || !expression || !human) return (result.textContent = "It needs a key of letters, digits and hyphens, words, and an expression.");
      set((one) => (one.constraint = [...(one.constraint ?? []).filter((other) => other.key !== key), { key, severity, human, expression }]));
      for (const name of ["key", "human", "expression"]) $(`invariant-${name}`).value = "";
    };
    return h("fieldset", {}, h("legend", {}, "Invariants of its own"), list.length > 0 && h("ul", { class: "plain" }, list),
      h("div", { class: "fields pairs" },
        input("invariant-key", "Key"),
        h("label", { for: "invariant-severity" }, "Severity"), h("select", { id: "invariant-severity" }, h("option", {}, "error"), h("option", {}, "warning")),
        input("invariant-human", "In words"),
        input("invariant-expression", "Expression (FHIRPath)")),
      h("div", { class: "tools" }, button("Try it on the resource", tryIt), button("Add the invariant", add)), result);
  }

  $("add-element").addEventListener("submit", (event) => {
    event.preventDefault();
    const id = $("element-id").value.trim();
    if (!profile || !/^\w+(\.[\w[\]:-]+)+$/.test(id)) return;
    write((definition) => change(definition, id, ids, () => {}));
    chosen = id;
    $("element-id").value = "";
  });

  return { draw };
}
