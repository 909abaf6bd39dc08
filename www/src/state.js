// What is open in the page, and who wants to know of changes.

/** How long to wait after the last key before checking, in milliseconds; longer for a text that takes longer. */
export const pauseFor = (text) => (text.length > 500_000 ? 600 : 200);

/** A text from which on the page does less of its own accord. */
export const LARGE = 500_000;

export const state = {
  /** The resource, as written. */
  text: "",
  /** Names of the packs to check by. */
  packs: ["stu3", "careconnect"],
  /** Profiles to check against besides those that the resource names. */
  profiles: [],
  /** The user's own definitions: `{ name, text }`. */
  definitions: [],
  /** The official definitions that these take the place of, by URL. */
  replaced: [],
  /** Whether the page's address was to hold something that could not be read. */
  isLinkDamaged: false,
  /** The report of the last check, or `undefined` while there is none. */
  report: undefined,
};

const listeners = new Map();

/** Calls `act` whenever `event` happens: `text`, `definitions`, `loading`, `progress`, `loaded`, `report`, `view`. */
export function listen(event, act) {
  if (!listeners.has(event)) listeners.set(event, []);
  listeners.get(event).push(act);
}

/** Says that something happened. */
export function tell(event, value) {
  for (const act of listeners.get(event) ?? []) act(value);
}
