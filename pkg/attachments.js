// Links to the files of a display, which the caller opens: the core names them by what their bytes are, and shows no PDF itself.

import { refused } from "./errors.js";

/** What a link may lead to: a route of the caller's, a blob, the web. Nothing that a browser would run. */
const ADDRESS = /^(blob:|https?:\/\/|\/(?!\/)|\.{1,2}\/)/i;

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign]);

/** The rows of a model that are about a file, each once. */
function* rowsOf(display) {
  const open = [display];
  for (let at = open.pop(); at; at = open.pop()) {
    if (at.attached) yield at;
    for (const name of ["groups", "appendix", "nested", "rows"]) open.push(...(at[name] ?? []).toReversed());
  }
}

/** A page or fragment with a link in each row that is about a file for which `attachment` gives an address. */
export function withLinks(html, model, attachment, forPatient) {
  const places = new Map();
  for (const { pointer, attached } of rowsOf(model)) {
    // Of what a patient is shown places are counted without what is withheld, so that they are none of the input's.
    const { pointer: place, ...facts } = attached;
    const address = attachment(forPatient ? facts : { ...facts, pointer: place });
    if (address === undefined || address === null) continue;
    if (typeof address !== "string" || !ADDRESS.test(address)) {
      throw refused("attachment() must give an address that begins with blob:, https:, http:, / or ./, or undefined.");
    }
    const words = escaped(`Open ${attached.found} (${attached.bytes.toLocaleString("en-GB")} bytes)`);
    places.set(pointer, `<a href="${escaped(address)}" rel="noreferrer noopener">${words}</a> `);
  }
  // Every value says where it comes from.
  return html.replace(/ data-pointer="([^"]*)">/g, (start, pointer) => {
    const plain = pointer.replace(/&quot;/g, '"').replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
    const link = places.get(plain);
    places.delete(plain);
    return link === undefined ? start : start + link;
  });
}
