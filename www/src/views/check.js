// The first view: a resource, its issues and its display.

import { createEditor } from "../editor/editor.js";
import { ask, latest, prepare } from "../core/core.js";
import { $, button, count, debounce, h, link } from "../dom.js";
import { inPlaceOf } from "../official.js";
import { showSource } from "../panes.js";
import { toProfile } from "../routes.js";
import { checkOptions, DEFAULTS, LARGE, listen, state, tell } from "../state.js";
import { display } from "./display.js";
import { output } from "./output.js";
import { aboutRule, results, summary } from "./results.js";

const status = $("status");

function say(text, verdict = "") {
  status.textContent = text;
  status.dataset.state = verdict;
}

/** @param {{ openProfile: (url: string, id?: string) => void, openRule: (rule: string) => void }} pages */
export function checkView({ openProfile, openRule }) {
  const options = checkOptions;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(check, editor.isLarge ? 600 : 200);
  };
  let timer;
  const editor = createEditor($("source"), {
    label: "Resource",
    hint: "Alt and Enter mends what is underlined at the cursor; Control and Space offers what may stand there; F12 goes to what a reference leads to.",
    empty: "Paste JSON or XML here, or drop files, a folder or a FHIR package anywhere on the page.",
    after: new Promise((resolve) => listen("verdict", resolve)),
    onChange: soon,
    equip: ({ completion, completionSource, elementHelp }) => [
      completion(completionSource(options)),
      elementHelp({ options, select: (place) => editor.select(place), openProfile }),
    ],
  });

  const edit = (edits) => {
    editor.edit(edits);
    editor.focus();
    clearTimeout(timer);
    check();
  };
  const select = (place) => {
    showSource();
    editor.select(place);
  };
  results({ select, edit, openProfile, openRule });
  display({ show: (piece) => editor.show(piece), select });
  output({ select });

  const run = latest(
    async (text, asked) => {
      await prepare(text, asked);
      return ask("validate", text, asked);
    },
    (report, text) => {
      // Typing went on meanwhile, so that the places may be elsewhere by now: the next answer is on its way.
      if (text.length !== editor.length) return;
      state.report = report;
      const damaged = state.isLinkDamaged ? " The link that was followed is damaged, and nothing of it was opened." : "";
      say(summary(report) + inPlaceOf(state.replaced) + damaged, report.verdict);
      performance.mark("checked");
      tell("verdict", performance.now());
      tell("report", report);
      editor.issues(report.issues, { about: aboutRule, openRule });
    },
    (error) => say(error.message, "failed"),
  );

  let isLoaded = false;
  /** The text of which the report and the display are here before the core is. */
  let made;

  /** Shows a report and a display that are there already. */
  function showMade({ text, report, display }) {
    if (isLoaded) return;
    made = text;
    state.text = text;
    state.report = report;
    say(summary(report), report.verdict);
    tell("report", report);
    tell("made", display);
    // Colours and underlines are fetched when it has been seen.
    setTimeout(() => {
      tell("verdict", performance.now());
      if (editor.text === text) editor.issues(report.issues, { about: aboutRule, openRule });
    });
  }

  function check() {
    state.text = editor.text;
    if (!isLoaded && made === state.text) return;
    if (!isLoaded) waiting();
    tell("text");
    if (state.text.trim() === "") {
      state.report = undefined;
      editor.issues([]);
      tell("report", undefined);
      tell("checked");
      say(state.isLinkDamaged ? "Nothing to check yet: the link is damaged, and nothing of it was opened." : "Nothing to check yet.");
      return;
    }
    run(state.text, { ...options(), fixes: state.text.length <= LARGE });
    tell("checked");
  }

  const waiting = () => say("Loading the definitions…");
  listen("loading", () => (made !== undefined && !isLoaded) || waiting());
  listen("loaded", () => (isLoaded = true));
  listen("progress", ({ got, all }) => {
    const isLoading = got < all;
    $("loading").hidden = !isLoading;
    // Packs that only this resource needs are loaded while it is checked.
    if (isLoading && isLoaded && !status.textContent.startsWith("Loading")) say("Loading more definitions, which this resource needs…");
    const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
    Object.assign($("loading").querySelector("progress"), { max: all, value: got });
    $("loading").querySelector("span").textContent = `${megabytes(got)} of ${megabytes(all)} MB`;
  });
  listen("failed", (message) => {
    $("loading").hidden = true;
    say(message, "failed");
  });
  listen("loaded", check);
  listen("profiles", () => {
    by();
    check();
  });
  const soonAgain = debounce(check, 200);
  listen("settings", () => {
    const changed = Object.entries(DEFAULTS).filter(([name, usual]) => !["audience", "mode"].includes(name) && JSON.stringify(state.settings[name]) !== JSON.stringify(usual));
    $("changed-settings").hidden = changed.length === 0;
    $("changed-settings").firstElementChild.textContent = `${count(changed.length, "setting")} changed`;
    if (state.report) soonAgain();
  });
  by();

  for (const to of ["json", "xml"]) {
    $(`to-${to}`).addEventListener("click", async () => {
      if (editor.text.trim() === "") return;
      const { text, lost } = await ask("convert", editor.text, to);
      if (text !== undefined) editor.text = text;
      const words = lost.map(({ message }) => h("li", {}, message));
      $("converted").replaceChildren(...(words.length ? [h("p", {}, text === undefined ? "It was not converted:" : "Not carried over:"), h("ul", {}, words.slice(0, 20))] : []));
    });
  }
  outline(editor);
  return { editor, check, showMade };
}

/** The profiles that the resource is checked by besides those that it names. */
function by() {
  $("by").replaceChildren(
    ...state.profiles.map((url) =>
      h(
        "li",
        {},
        "Also by ",
        link(url.split("/").at(-1), toProfile(url)),
        button("Remove", () => {
          state.profiles = state.profiles.filter((one) => one !== url);
          tell("profiles");
        }, { "aria-label": `Check no longer by ${url}` }),
      ),
    ),
  );
}

/** The elements of the resource, as far as it is open. */
function outline(editor) {
  const draw = latest(
    (text, depth) => ask("outline", text, { depth }),
    (root) => $("outline").replaceChildren(branch(root, editor)),
  );
  const update = () => $("outline-details").open && state.text.trim() && draw(state.text, state.text.length > LARGE ? 2 : 4);
  $("outline-details").addEventListener("toggle", update);
  listen("checked", update);
}

/** Children beyond this are not listed. */
const MOST = 200;

function branch(element, editor) {
  const go = button(
    `${element.name}${element.text === undefined ? "" : `: ${element.text.slice(0, 40)}`}`,
    () => editor.select(element),
    { class: "link" },
  );
  const children = element.children ?? [];
  return h(
    "ul",
    { class: "tree" },
    h(
      "li",
      {},
      go,
      children.slice(0, MOST).map((child) => branch(child, editor)),
      children.length > MOST && h("p", { class: "hint" }, `and ${children.length - MOST} more`),
    ),
  );
}
