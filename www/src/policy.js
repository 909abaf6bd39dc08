// What the page's policy (require-trusted-types-for 'script') lets through: scripts of this site, and markup that the core
// made. It must be imported before anything that starts a worker.

const here = new URL("./", document.baseURI);

function ownScript(address) {
  const url = new URL(address, here);
  if (url.origin === here.origin && url.pathname.startsWith(here.pathname)) return url.href;
  throw new TypeError("Only scripts of this site are started.");
}

const factory = globalThis.trustedTypes;

// Workers are started by modules that know nothing of this page.
factory?.createPolicy("default", { createScriptURL: ownScript });

const display = factory?.createPolicy("careconnect-display", { createHTML: (markup) => markup });

/** Markup that the core made, which lets nothing active of a resource through. */
export function coreMarkup(markup) {
  return display ? display.createHTML(markup) : markup;
}
