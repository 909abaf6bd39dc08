// Which definitions take the place of official ones: by what they call themselves, as that is what is looked up.

/** Who publishes what the packs hold. Other addresses are nobody's but their makers'. */
const PUBLISHERS = ["hl7.org", "hl7.org.uk", "nhs.uk", "snomed.info", "loinc.org", "unitsofmeasure.org"];

export function isOfficial(url) {
  if (typeof url !== "string") return false;
  if (/^urn:(ietf|iso|oid):/i.test(url)) return true;
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return PUBLISHERS.some((publisher) => hostname === publisher || hostname.endsWith(`.${publisher}`));
}

/** The official names that the definitions in a text have; undefined where it is none in JSON, and so has to be asked about. */
export function officialIn(text) {
  let root;
  try {
    root = JSON.parse(text.startsWith("\uFEFF") ? text.slice(1) : text);
  } catch {
    return undefined;
  }
  const entries = Array.isArray(root?.entry) ? root.entry.map((entry) => entry?.resource) : [];
  return [root, ...entries].map((one) => one?.url).filter(isOfficial);
}

/** What is said of a verdict that official definitions had no part in. */
export function inPlaceOf(urls) {
  if (urls.length === 0) return "";
  const names = urls.slice(0, 3).map((url) => url.slice(url.lastIndexOf("/") + 1));
  const more = urls.length > 3 ? ` and ${urls.length - 3} more` : "";
  return ` Checked by definitions of your own in place of the official ${names.join(", ")}${more}.`;
}
