// Small helpers for making and finding elements. Nothing here takes markup: text stays text.

export const $ = (id) => document.getElementById(id);

/**
 * An element with its properties and children: `h("button", { type: "button", on: { click } }, "Go")`. What is no property
 * of the element becomes an attribute; `undefined` and `false` children are left out.
 */
export function h(name, { on = {}, data = {}, ...properties } = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    if (key === "class") element.className = value;
    else if (key in element && key !== "list" && !key.startsWith("aria")) element[key] = value;
    else element.setAttribute(key, value);
  }
  for (const [type, listener] of Object.entries(on)) element.addEventListener(type, listener);
  Object.assign(element.dataset, data);
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== false && child !== ""));
  return element;
}

/** A button that does something here. */
export function button(label, click, properties = {}) {
  return h("button", { type: "button", on: { click }, ...properties }, label);
}

/** A link, to another place of this page or elsewhere. */
export function link(label, href, properties = {}) {
  return h("a", { href, class: "link", ...properties }, label);
}

/** "1 error", "2 errors". */
export function count(number, word) {
  return `${number.toLocaleString("en-GB")} ${word}${number === 1 ? "" : "s"}`;
}

/** Calls `act` once nothing has called for `pause` milliseconds. */
export function debounce(act, pause) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...values), pause);
  };
}

/** Offers text as a file to be saved. */
export const save = (name, type, text) => saveBlob(name, new Blob([text], { type }));

/** Offers bytes as a file to be saved. */
export function saveBlob(name, blob) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}

/** Puts text on the clipboard, and says so for a moment on the button that asked for it. */
export async function copy(text, pressed) {
  const label = pressed.textContent;
  try {
    await navigator.clipboard.writeText(text);
    pressed.textContent = "Copied";
  } catch {
    pressed.textContent = "Could not copy";
  }
  setTimeout(() => (pressed.textContent = label), 1_500);
}
