// Where everything is: each view, profile, element, value set and rule has an address in the page's fragment, which no server
// sees. Nothing of a resource is in it, unless somebody shares what is open (share.js).

/** An address's parts stay readable: only what would end a fragment, or is no text of one, is written otherwise. */
const part = (text) => encodeURI(text).replaceAll("#", "%23").replaceAll("?", "%3F");

export const toProfile = (url, id) => `#profile/${part(url)}${id ? `?element=${part(id)}` : ""}`;
export const toComparison = (a, b) => `#compare/${part(a)}?with=${part(b)}`;
export const toValueSet = (url) => `#value-set/${part(url)}`;
export const toRule = (rule) => `#rule/${part(rule)}`;

const read = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** In which view things of a kind are. */
const KINDS = { profile: "profiles", compare: "profiles", "value-set": "value-sets", rule: "rules" };

/** What an address leads to: `{ view, kind, name, more }`, of which the last three are there for a thing in a view. */
export function where(hash, views) {
  const [, head = "", rest] = /^#?([^/?]*)(?:\/(.*))?$/s.exec(hash) ?? [];
  if (rest !== undefined && Object.hasOwn(KINDS, head)) {
    const [name, more] = rest.split(/\?(?:element|with)=/, 2);
    return { view: KINDS[head], kind: head, name: read(name), more: more === undefined ? undefined : read(more) };
  }
  return { view: views.includes(head) ? head : "check" };
}
