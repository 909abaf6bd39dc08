// What is open is kept on this device, so that reloading loses nothing: the resource in this tab (the browser deletes it with
// the tab), settings and definitions of the user's own in this browser. Turning it off deletes both.

import { packed, unpacked } from "./share.js";
import { DEFAULTS, listen, state } from "./state.js";

const OFF = "careconnect-keep";
const TAB = "careconnect-open";
const DEVICE = "careconnect-own";

/** Texts up to this are kept as they are even while the page is left; longer ones are packed first. */
const PLAIN = 200_000;

/** A store that may be forbidden, full, or not there. */
function attempt(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}

export const isKept = () => attempt(() => localStorage.getItem(OFF)) !== "off";

/** Whether anything was kept that the page may begin with. */
export const isAnythingKept = () => isKept() && [attempt(() => sessionStorage.getItem(TAB)), attempt(() => localStorage.getItem(DEVICE))].some(Boolean);

/** Turns keeping on or off; off, nothing that was kept stays. */
export function keeping(isOn) {
  attempt(() => (isOn ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "off")));
  if (isOn) save();
  else forget();
}

export function forget() {
  attempt(() => sessionStorage.removeItem(TAB));
  attempt(() => localStorage.removeItem(DEVICE));
}

const own = () => ({ packs: state.packs, settings: state.settings, definitions: state.definitions });
const open = () => ({ ...own(), text: state.text, profiles: state.profiles, isOfLink: state.isOfLink });

let timer;
let turn = 0;

/** Keeps what is open, soon. What a link brought stays in the tab. */
export function save() {
  clearTimeout(timer);
  if (isKept()) timer = setTimeout(write, 400);
}

async function write() {
  clearTimeout(timer);
  timer = undefined;
  const mine = ++turn;
  const put = async (store, key, data) => {
    const isShort = size(data) <= PLAIN;
    const value = isShort ? JSON.stringify(data) : await packed(data);
    if (mine !== turn || !isKept()) return;
    // What is too large for the browser is not kept at all: half of it would be worse.
    if (attempt(() => (store.setItem(key, value), true)) === undefined) attempt(() => store.removeItem(key));
  };
  await put(sessionStorage, TAB, open());
  if (!state.isOfLink) await put(localStorage, DEVICE, own());
}

const size = ({ text = "", definitions }) => definitions.reduce((sum, one) => sum + one.text.length, text.length);

/** While the page is left nothing is waited for. */
function writeNow() {
  if (timer === undefined || !isKept()) return;
  clearTimeout(timer);
  timer = undefined;
  turn += 1;
  const data = open();
  if (size(data) <= 2_000_000) attempt(() => sessionStorage.setItem(TAB, JSON.stringify(data)));
  if (!state.isOfLink && size(own()) <= PLAIN) attempt(() => localStorage.setItem(DEVICE, JSON.stringify(own())));
}

/** Takes up what was kept. Gives whether a resource was among it. */
export async function takeUp(names) {
  if (!isKept()) return false;
  const inTab = attempt(() => sessionStorage.getItem(TAB));
  const value = inTab ?? attempt(() => localStorage.getItem(DEVICE));
  if (!value) return false;
  let data;
  try {
    data = value.startsWith("{") ? JSON.parse(value) : await unpacked(value);
  } catch {
    return false;
  }
  if (typeof data !== "object" || data === null) return false;
  const texts = (list) => (Array.isArray(list) ? list.filter((one) => typeof one === "string") : []);
  state.packs = names.filter((name) => name === "stu3" || texts(data.packs).includes(name));
  for (const [name, usual] of Object.entries(DEFAULTS)) {
    if (typeof data.settings?.[name] === typeof usual && data.settings[name] !== null) state.settings[name] = data.settings[name];
  }
  const isDefinition = (one) => typeof one?.text === "string" && typeof one.name === "string";
  state.definitions = Array.isArray(data.definitions) ? data.definitions.filter(isDefinition).map(({ name, text }) => ({ name, text })) : [];
  state.profiles = texts(data.profiles);
  state.isOfLink = data.isOfLink === true;
  if (typeof data.text !== "string" || !inTab) return false;
  state.text = data.text;
  return true;
}

for (const event of ["text", "definitions", "profiles", "settings", "loaded"]) listen(event, save);
addEventListener("pagehide", writeNow);
