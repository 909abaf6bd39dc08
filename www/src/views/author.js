// Definitions of the user's own: written here or loaded from files and packages, with their faults, and in force at once.

import { createEditor } from "../editor/editor.js";
import { ask, definitionReports, known, reload } from "../core/core.js";
import { readProfile, withSnapshot } from "../differential.js";
import { $, button, count, debounce, h, saveBlob } from "../dom.js";
import { listen, state, tell } from "../state.js";
import { profileForm } from "./form.js";
import { aboutRule, summary } from "./results.js";

const START = `{
  "resourceType": "StructureDefinition",
  "url": "https://example.org/StructureDefinition/My-Patient",
  "name": "My-Patient",
  "status": "draft",
  "fhirVersion": "3.0.1",
  "kind": "resource",
  "abstract": false,
  "type": "Patient",
  "baseDefinition": "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1",
  "derivation": "constraint",
  "differential": {
    "element": [
      { "id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1 }
    ]
  }
}
`;

/** @param {{ go: (view: string) => void, selectInResource: (place: object) => void, openRule: (rule: string) => void }} pages */
export function authorView({ go, selectInResource, openRule }) {
  let chosen = -1;
  let isFilling = false;
  const soon = debounce(() => {
    if (chosen < 0) return;
    state.definitions[chosen].text = editor.text;
    reload();
  }, 400);
  const editor = createEditor($("definition"), {
    label: "Definition",
    onChange: () => !isFilling && soon(),
    equip: ({ completion, completionSource }) => completion(completionSource(() => ({}))),
  });

  const form = profileForm({ editor });

  function choose(at) {
    chosen = at;
    const one = state.definitions[at];
    isFilling = true;
    editor.text = one?.text ?? "";
    isFilling = false;
    $("definition-pane").hidden = !one;
    draw();
  }

  function draw() {
    $("definition-list").replaceChildren(
      ...state.definitions.map(({ name }, at) => {
        const report = definitionReports[at];
        const faults = report && count(report.issues.length, "fault");
        return h(
          "li",
          {},
          button(report?.url?.split("/").at(-1) || name, () => choose(at), { class: "link", "aria-current": at === chosen ? "true" : "false" }),
          h("span", { class: "quiet" }, ` ${faults ?? ""} `),
          button("Remove", () => remove(at), { "aria-label": `Remove ${name}` }),
        );
      }),
    );
    $("definition-count").textContent = state.definitions.length ? "" : "There are none yet.";
    const report = definitionReports[chosen];
    const issues = report?.issues ?? [];
    if (chosen >= 0) editor.issues(issues, { about: aboutRule, openRule });
    $("definition-status").textContent = chosen < 0 ? "" : report ? `The definition: ${summary(report)}` : "";
    $("definition-issues").replaceChildren(...issues.map((issue) => row(issue, (place) => editor.select(place))));
    const own = readProfile(editor.text);
    $("check-by-it").hidden = chosen < 0 || !own?.url;
    $("check-by-it").setAttribute("aria-pressed", String(state.profiles.includes(own?.url)));
    $("save-package").hidden = state.definitions.length === 0;
    form.draw();
  }

  // Whoever writes a profile sees at once what it makes of the resource.
  $("check-by-it").addEventListener("click", () => {
    const url = readProfile(editor.text)?.url;
    if (!url) return;
    state.profiles = state.profiles.includes(url) ? state.profiles.filter((one) => one !== url) : [...state.profiles, url];
    tell("profiles");
  });
  listen("profiles", () => draw());

  $("save-package").addEventListener("click", async () => {
    const { makePackage } = await import("../files/package.js");
    const typeOf = (type) => known("profile", `http://hl7.org/fhir/StructureDefinition/${type}`);
    const made = [];
    const left = [];
    for (const { name, text } of state.definitions) {
      const json = text.trimStart().startsWith("<") ? (await ask("convert", text, "json")).text : text;
      const definition = readProfile(json ?? "");
      const profile = definition?.url && (await known("profile", definition.url));
      try {
        made.push(profile ? await withSnapshot(definition, profile, typeOf) : JSON.parse(json));
      } catch {
        left.push(name);
      }
    }
    if (made.length > 0) saveBlob("my.profiles-0.1.0.tgz", await makePackage({ name: "my.profiles", version: "0.1.0" }, made));
    $("definition-count").textContent = left.length > 0 ? `Not in the package, as it cannot be read: ${left.join(", ")}.` : "";
  });

  function row(issue, select) {
    return h(
      "li",
      { class: issue.severity },
      h(
        "button",
        { type: "button", class: "issue", on: { click: () => select(issue) } },
        h("span", { class: "severity" }, issue.severity === "information" ? "info" : issue.severity),
        h("span", { class: "place" }, `Line ${issue.line}, column ${issue.column}`),
        h("span", { class: "message" }, issue.message),
        h("span", { class: "where" }, issue.expression),
      ),
    );
  }

  function remove(at) {
    state.definitions.splice(at, 1);
    choose(Math.min(at, state.definitions.length - 1));
    reload();
  }

  function add(added, show = true) {
    state.definitions.push(...added);
    if (show) {
      go("author");
      choose(state.definitions.length - added.length);
    }
    return reload();
  }

  function resource() {
    const report = state.report;
    const own = new Set(definitionReports.map(({ url }) => url).filter(Boolean));
    const of = (issue) => own.has((issue.profile ?? "").split("|")[0]);
    const issues = report ? [...report.issues].sort((a, b) => Number(of(b)) - Number(of(a))).slice(0, 100) : [];
    $("resource-status").textContent = report ? `The resource: ${summary(report)}` : "There is no resource yet: put one into the first view.";
    $("resource-issues").replaceChildren(...issues.map((issue) => row(issue, selectInResource)));
  }

  $("new-definition").addEventListener("click", () => add([{ name: "My-Patient", text: START }]));
  listen("loaded", draw);
  listen("report", resource);
  listen("definitions", () => choose(state.definitions.length - 1));
  choose(state.definitions.length - 1);
  resource();
  known("valueSets").then((sets) => $("form-value-sets").replaceChildren(...sets.map(({ url }) => h("option", { value: url }))));
  return {
    add,
    /** Begins a profile on another. */
    derive({ url, type, name }) {
      const made = JSON.parse(START);
      Object.assign(made, {
        url: `https://example.org/StructureDefinition/My-${name}`,
        name: `My-${name}`,
        type,
        baseDefinition: url,
        differential: { element: [{ id: type, path: type }] },
      });
      add([{ name: made.name, text: `${JSON.stringify(made, undefined, 2)}\n` }]);
    },
  };
}
