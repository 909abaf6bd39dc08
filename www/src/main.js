// The playground: wires the views to each other, to the core and to the files that are opened.

import "./policy.js";
import { ask, definitionReports, reload } from "./core/core.js";
import { packs } from "./core/packs.js";
import { $, copy, count, h } from "./dom.js";
import { examples } from "./examples.js";
import { isAnythingKept, isKept, takeUp } from "./keep.js";
import { isOfficial, officialIn } from "./official.js";
import "./panes.js";
import { toProfile, toRule, where } from "./routes.js";
import { listen, state, tell } from "./state.js";
import { checkView } from "./views/check.js";

/** The example that the page opens with. */
const FIRST = "faulty-patient.json";

const names = ["check", "profiles", "author", "fhirpath", "value-sets", "batch", "rules", "settings"];

/** The views besides the first: each comes when it is first gone to. */
const views = {
  profiles: once(async () => (await import("./views/profiles.js")).profilesView({ start, derive })),
  author: once(async () => (await import("./views/author.js")).authorView({ go, selectInResource, openRule })),
  fhirpath: once(async () => (await import("./views/fhirpath.js")).fhirpathView({ select: selectInResource })),
  "value-sets": once(async () => (await import("./views/value-sets.js")).valueSetsView()),
  batch: once(async () => (await import("./views/batch.js")).batchView({ go, open: openText })),
  rules: once(async () => (await import("./views/rules.js")).rulesView({ open: openText })),
  settings: once(async () => (await import("./views/settings.js")).settingsView({ choosePacks })),
};

/** What `make` gives, made when it is first asked for; a failure is tried again. */
function once(make) {
  let made;
  return () => {
    made ??= make().catch((error) => {
      made = undefined;
      tell("failed", "A part of this page could not be loaded. Check the connection, and try again.");
      throw error;
    });
    return made;
  };
}

/** Shows what the address leads to. */
async function follow() {
  const { view, kind, name, more } = where(location.hash, names);
  for (const one of names) $(`view-${one}`).hidden = one !== view;
  for (const item of document.querySelectorAll("nav [data-view]")) {
    if (item.dataset.view === view) item.setAttribute("aria-current", "page");
    else item.removeAttribute("aria-current");
  }
  openMenu(false);
  const title = document.querySelector(`nav [data-view="${view}"]`).textContent;
  document.title = [name?.split("/").at(-1).split("|")[0], view !== "check" && title, "CareConnect playground"].filter(Boolean).join(" – ");
  tell("view", view);
  const shown = await views[view]?.();
  if (kind === "compare") await shown.compare(name, more);
  else if (name !== undefined) await shown.show(name, more);
  // Where list and thing stand below each other, the thing is what was asked for.
  const thing = $(`view-${view}`).querySelector(":scope > section:last-of-type");
  if (name !== undefined && !more && getComputedStyle($(`view-${view}`)).flexDirection === "column") thing.scrollIntoView();
}

/** Goes to an address of this page. */
function visit(hash) {
  if (location.hash !== hash) history.pushState(undefined, "", hash);
  return follow();
}

const go = (view) => visit(`#${view}`);
const openProfile = (url, id) => visit(toProfile(url, id));
const openRule = (rule) => visit(toRule(rule));
const derive = async (profile) => (await views.author()).derive(profile);
const addDefinitions = async (added) => {
  state.isOfLink = false;
  return (await views.author()).add(added);
};
const runBatch = async (files) => (await views.batch()).run(files);
async function start(url) {
  const text = await ask("skeleton", url);
  if (text === undefined) return;
  openText(text);
  editor.focus();
}
const { editor, check, showMade } = checkView({ openProfile, openRule });
function setText(text) {
  editor.text = text;
}
function openText(text) {
  setText(text);
  go("check");
}
function selectInResource(place) {
  go("check");
  editor.select(place);
}

/** Where the window is narrow the views are behind a button. */
function openMenu(isOpen) {
  $("menu").setAttribute("aria-expanded", String(isOpen));
  $("views").classList.toggle("open", isOpen);
}
$("menu").addEventListener("click", () => openMenu($("menu").getAttribute("aria-expanded") !== "true"));

// Packs.

function choosePacks(wanted) {
  state.packs = packs.filter((name) => wanted.includes(name) || name === "stu3");
  tell("settings");
  return reload();
}

/** Adds packs to those in force, where some are missing. */
function needPacks(wanted) {
  return wanted.every((name) => state.packs.includes(name)) ? undefined : choosePacks([...state.packs, ...wanted]);
}

listen("loaded", () => {
  const named = [...definitionReports.map(({ url }) => url), ...state.definitions.flatMap(({ text }) => officialIn(text) ?? [])];
  state.replaced = [...new Set(named.filter(isOfficial))];
  // What a link brings is asked about before it is loaded; this is for what only the core has read.
  if (state.isOfLink && state.replaced.length > 0) {
    withoutAsking();
    reload();
  }
});

// Files.

const reading = once(() => import("./files/files.js"));

async function open(files) {
  if (files.length === 0) return;
  try {
    const { isDefinition, isPackage, readPackage } = await reading();
    const packages = [];
    const rest = [];
    for (const file of files) ((await isPackage(file)) ? packages : rest).push(file);
    for (const file of packages) await addDefinitions(await readPackage(file));
    const readable = rest.filter(({ name }) => rest.length === 1 || /\.(json|xml|txt)$/i.test(name));
    if (readable.length > 1) return runBatch(readable);
    if (readable.length === 1) {
      const text = await readable[0].text();
      if (isDefinition(text)) return addDefinitions([{ name: readable[0].name, text }]);
      openText(text);
    }
  } catch (error) {
    tell("failed", error.message);
  }
}

for (const [id, act] of [
  ["file", open],
  ["batch-file", (files) => files.length && runBatch(files)],
  ["batch-folder", (files) => files.length && runBatch(files.filter(({ name }) => /\.(json|xml)$/i.test(name)))],
  ["definition-file", openDefinitions],
]) {
  $(id).addEventListener("change", async ({ target }) => {
    await act([...target.files]);
    target.value = "";
  });
}

async function openDefinitions(files) {
  const added = [];
  try {
    const { isPackage, readPackage } = await reading();
    for (const file of files) {
      if (await isPackage(file)) added.push(...(await readPackage(file)));
      else added.push({ name: file.name, text: await file.text() });
    }
    if (added.length) await addDefinitions(added);
  } catch (error) {
    $("definition-status").textContent = error.message;
  }
}

document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", async (event) => {
  const { dataTransfer } = event;
  if (dataTransfer.files.length === 0) return;
  event.preventDefault();
  // What is dropped can be read only until this has returned, so the entries are taken first.
  const entries = [...dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = [...dataTransfer.files];
  open(entries.some(({ isDirectory }) => isDirectory) ? await (await reading()).inFolders(entries) : files);
});

// Examples.

{
  const groups = Map.groupBy(examples, ({ group }) => group);
  $("example").append(h("option", { value: "" }, "Choose one"));
  for (const [group, those] of groups) {
    $("example").append(h("optgroup", { label: group }, those.map(({ id, title }) => h("option", { value: id }, title))));
  }
  $("example").addEventListener("change", async ({ target }) => {
    const example = examples.find(({ id }) => id === target.value);
    if (!example) return;
    const [text] = await Promise.all([fetch(example.url).then((response) => response.text()), needPacks(example.packs)]);
    setText(text);
  });
}
$("clear").addEventListener("click", () => {
  setText("");
  editor.focus();
});

// Sharing.

$("share").addEventListener("click", async () => {
  const { packs, profiles, definitions } = state;
  const { toFragment } = await import("./share.js");
  const fragment = await toFragment({ text: editor.text, packs, profiles, definitions });
  const address = new URL(fragment, location.href).href;
  $("share-address").value = address;
  const many = address.length > 8_000 ? " Some programs cut addresses off that are longer than 2,000 to 8,000." : address.length > 2_000 ? " Some programs cut addresses off that are longer than 2,000." : "";
  $("share-size").textContent = `The address is ${count(address.length, "character")} long.${many}`;
  $("share-dialog").showModal();
  $("share-address").select();
});
$("share-copy").addEventListener("click", ({ currentTarget }) => copy($("share-address").value, currentTarget));
$("share-close").addEventListener("click", () => $("share-dialog").close());

/** Takes the definitions of a link out, and asks whether they are to take the place of official ones. */
function withoutAsking() {
  const { definitions } = state;
  state.definitions = [];
  state.isOfLink = false;
  $("link-definitions").replaceChildren(
    ...definitions.map(({ name, text }) => {
      const urls = officialIn(text);
      const words = urls === undefined ? "it cannot be told which" : urls.length > 0 ? `in place of ${urls.join(", ")}` : "in place of none";
      return h("li", {}, `${name || "A definition without a name"}: ${words}`);
    }),
  );
  $("link-use").onclick = () => {
    $("link-dialog").close();
    state.definitions = definitions;
    tell("definitions");
    reload();
  };
  $("link-dialog").showModal();
  $("link-leave").focus();
}
$("link-leave").addEventListener("click", () => $("link-dialog").close());

/** The address of what was shared and opened last. */
let opened;

/** Opens what the page's address holds. Whatever that is, the page goes on. */
async function restore() {
  // Going back to it must not undo what was done since.
  if (location.hash === opened) return false;
  try {
    const isThere = await restored();
    // What is open is kept, so that its address need not hold it any more.
    if (isThere) opened = location.hash;
    if (isThere && isKept()) history.replaceState(undefined, "", "#check");
    if (!isThere) state.isLinkDamaged = location.hash.startsWith("#1.");
    return isThere;
  } catch {
    state.isLinkDamaged = true;
    return false;
  }
}

async function restored() {
  if (!location.hash.startsWith("#1.")) return false;
  const { fromFragment } = await import("./share.js");
  const shared = await fromFragment(location.hash);
  if (!shared) return false;
  const texts = (list) => (Array.isArray(list) ? list.filter((one) => typeof one === "string") : []);
  const own = Array.isArray(shared.definitions) ? shared.definitions : [];
  state.definitions = own
    .filter((one) => typeof one?.text === "string")
    .map(({ name, text }) => ({ name: typeof name === "string" ? name : "", text }));
  state.isOfLink = true;
  if (state.definitions.some(({ text }) => (officialIn(text) ?? [text]).length > 0)) withoutAsking();
  state.packs = packs.filter((name) => name === "stu3" || texts(shared.packs).includes(name));
  state.profiles = texts(shared.profiles);
  tell("profiles");
  if (typeof shared.text === "string") setText(shared.text);
  tell("definitions");
  return true;
}

addEventListener("popstate", async () => {
  if (await restore()) {
    tell("settings");
    reload();
  }
  follow().catch(() => {});
});

/** By what is chosen at first the core is loaded before anything else is done; what was kept may choose otherwise. */
const usual = JSON.stringify([state.packs, state.definitions]);
let loading = location.hash.startsWith("#1.") || isAnythingKept() ? undefined : reload();
if (!(await restore())) {
  if (await takeUp(packs)) setText(state.text);
  else if (!state.isLinkDamaged) await openFirst();
  tell("profiles");
}
if (!loading || usual !== JSON.stringify([state.packs, state.definitions])) loading = reload();
follow().catch(() => {});
tell("settings");
await loading;
check();

/** What somebody sees who comes for the first time: a resource with faults, and what is said of it, which is there before the core. */
async function openFirst() {
  const { default: opening } = await import("virtual:opening");
  $("example").value = FIRST;
  setText(opening.text);
  showMade(opening);
}

if ("serviceWorker" in navigator && import.meta.env.PROD) {
  // It fetches the whole site, which must not come before what somebody waits for.
  const idle = globalThis.requestIdleCallback ?? ((act) => setTimeout(act, 1_000));
  idle(async () => {
    try {
      await navigator.serviceWorker.register("./sw.js");
      await navigator.serviceWorker.ready;
      document.documentElement.dataset.offline = "ready";
    } catch {
      // Without it the page works while there is a network.
    }
  });
}
