// <careconnect-resource>: displays a resource in a shadow root. element.d.ts documents it.

import { style } from "./dist/style.js";
import { load } from "./index.js";

/** What only an element needs beside the style of every fragment: it takes the page's font and sizes. */
const host = `
:host { display: block; }
:host([hidden]) { display: none; }
.careconnect { font-family: inherit; padding: 0.5em; }
.careconnect :is(h1, h2) { font-size: 1.375em; }
.careconnect h3 { font-size: 1.1875em; }
[role="alert"] { border-left: 8px solid #d5281b; padding: 0.5em 1em; }
`;

/** By the packs asked for, what load() gives: one for every element of a page that asks for the same. */
const loading = new Map();

function shared(packs) {
  if (!loading.has(packs)) {
    const names = packs.split(/[\s,]+/).filter(Boolean);
    const loaded = load(names.length > 0 ? { packs: names } : {});
    loading.set(packs, loaded);
    // A failure can be tried again.
    loaded.catch(() => loading.delete(packs));
  }
  return loading.get(packs);
}

let policy;

/** Markup that the core made, in the form that Trusted Types ask for where a page requires them. */
function trusted(html) {
  policy ??= globalThis.trustedTypes?.createPolicy("careconnect", { createHTML: (text) => text }) ?? { createHTML: (text) => text };
  return policy.createHTML(html);
}

let sheet;

/** One style sheet for all. A page's Content-Security-Policy forbids style elements, but not these. */
function sharedSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(style + host);
  }
  return sheet;
}

// Where there are no elements (a server that renders pages), importing this does nothing.
const Base = globalThis.HTMLElement ?? class {};

export class CareconnectResource extends Base {
  static observedAttributes = ["as-of", "audience", "language", "mode", "packs", "view"];

  #careconnect;
  #resource;
  #content;
  #internals;
  /** Counts what was asked for, so that only the last is shown. */
  #turn = 0;
  #asked = false;

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sharedSheet()];
    this.#content = document.createElement("div");
    this.#content.setAttribute("part", "content");
    shadow.append(this.#content);
    this.#content.addEventListener("click", (event) => this.#follow(event));
    this.#internals = this.attachInternals();
    this.#internals.role = "article";
  }

  connectedCallback() {
    // A framework may have set properties before the element was defined; they would hide the accessors.
    for (const name of ["resource", "careconnect", "mode", "view", "audience", "asOf", "language", "packs"]) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    this.#ask();
  }

  attributeChangedCallback() {
    this.#ask();
  }

  get resource() {
    return this.#resource;
  }

  set resource(resource) {
    this.#resource = resource;
    this.#ask();
  }

  get careconnect() {
    return this.#careconnect;
  }

  set careconnect(careconnect) {
    this.#careconnect = careconnect;
    this.#ask();
  }

  /** Displays once for all that changes in one go. */
  #ask() {
    if (!this.isConnected || this.#asked) return;
    this.#asked = true;
    queueMicrotask(() => {
      this.#asked = false;
      if (this.isConnected) this.#display();
    });
  }

  async #display() {
    const turn = ++this.#turn;
    const input = this.#resource ?? this.querySelector(":scope > script")?.textContent;
    if (input === undefined || input === null) return this.#content.replaceChildren();
    this.#internals.ariaBusy = "true";
    try {
      let careconnect = await (this.#careconnect ?? shared(this.packs));
      // A handle that a page gives is used as it is.
      if (!this.#careconnect) careconnect = await careconnect.ensure(input);
      const { audience, mode, view, asOf, language } = this;
      const options = Object.entries({ audience, mode, view, asOf, language }).filter(([, value]) => value !== "");
      const html = await careconnect.render(input, { as: "fragment", ...Object.fromEntries(options) });
      if (turn !== this.#turn) return;
      this.#content.innerHTML = trusted(html);
      const heading = this.#content.querySelector("h1, h2, h3");
      this.#internals.ariaLabel = heading?.textContent ?? "Resource";
      this.#done("careconnect-display", {});
    } catch (error) {
      if (turn !== this.#turn) return;
      const alert = document.createElement("p");
      alert.setAttribute("role", "alert");
      alert.textContent = `This resource could not be displayed. ${error.message}`;
      this.#content.replaceChildren(alert);
      this.#done("careconnect-error", { error });
    }
  }

  /** A link within what is displayed: browsers look for its target in the page alone, not in a shadow root. */
  #follow(event) {
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    const address = link?.getAttribute("href");
    if (!address?.startsWith("#")) return;
    const target = this.shadowRoot.getElementById(address.slice(1));
    if (!target) return;
    event.preventDefault();
    for (let at = target; at; at = at.parentElement) if (at instanceof HTMLDetailsElement) at.open = true;
    target.scrollIntoView();
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }

  #done(event, detail) {
    this.#internals.ariaBusy = "false";
    this.dispatchEvent(new CustomEvent(event, { detail, bubbles: true, composed: true }));
  }
}

for (const [property, attribute] of [["mode", "mode"], ["view", "view"], ["audience", "audience"], ["asOf", "as-of"], ["language", "language"], ["packs", "packs"]]) {
  Object.defineProperty(CareconnectResource.prototype, property, {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(attribute) ?? "";
    },
    set(value) {
      if (value === null || value === undefined || value === "") this.removeAttribute(attribute);
      else this.setAttribute(attribute, value);
    },
  });
}

if (globalThis.customElements && !customElements.get("careconnect-resource")) {
  customElements.define("careconnect-resource", CareconnectResource);
}
