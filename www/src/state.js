// What is open in the page, and who wants to know of changes.

/** A text from which on the page does less of its own accord. */
export const LARGE = 500_000;

/** What the settings are until somebody changes them. */
export const DEFAULTS = {
  /** The day on which the resource is judged; none, and nothing is said to be in the future. */
  today: "",
  testNumbers: false,
  unknownExtensions: "information",
  /** How bad single rules are, by their codes. */
  rules: {},
  language: "en-GB",
  audience: "clinical",
  mode: "standard",
};

export const state = {
  /** The resource, as written. */
  text: "",
  /** Names of the packs to check by. */
  packs: ["stu3", "careconnect"],
  /** Profiles to check against besides those that the resource names. */
  profiles: [],
  /** The user's own definitions: `{ name, text }`. */
  definitions: [],
  settings: { ...DEFAULTS },
  /** The official definitions that the user's own take the place of, by URL. */
  replaced: [],
  /** Whether the definitions are those of a link, and nobody was asked about them. */
  isOfLink: false,
  /** Whether the page's address was to hold something that could not be read. */
  isLinkDamaged: false,
  /** The report of the last check, or `undefined` while there is none. */
  report: undefined,
};

/** The options that everything is checked with. */
export function checkOptions() {
  const { today, testNumbers, unknownExtensions, rules } = state.settings;
  return { profiles: state.profiles, testNumbers, unknownExtensions, rules, ...(today && { today }) };
}

/** The options that everything is displayed with. */
export function displayOptions() {
  const { today, language, audience, mode } = state.settings;
  return { language, audience, mode, ...(today && { asOf: today }) };
}

const listeners = new Map();

/**
 * Calls `act` whenever `event` happens: `text`, `definitions`, `profiles`, `settings`, `loading`, `progress`, `loaded`,
 * `checked`, `report`, `view`.
 */
export function listen(event, act) {
  if (!listeners.has(event)) listeners.set(event, []);
  listeners.get(event).push(act);
}

/** Says that something happened. */
export function tell(event, value) {
  for (const act of listeners.get(event) ?? []) act(value);
}

/** Changes settings, and says so. */
export function set(changed) {
  Object.assign(state.settings, changed);
  tell("settings");
}
