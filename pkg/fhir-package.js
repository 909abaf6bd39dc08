// The definitions in a FHIR package (a tar archive, unpacked from its gzip already), wherever JavaScript runs.

/** The types that define something to check by. Folders and packages hold others as well, which are passed over. */
const TYPES = ["StructureDefinition", "ValueSet", "CodeSystem", "Questionnaire", "MessageDefinition", "Bundle"];

const decoder = new TextDecoder();

/** The files of a package that may be definitions: the name and the bytes of each, in the order of their names. */
export function packageFiles(tar) {
  const entries = [...tarEntries(tar)];
  // The folder with package.json holds the definitions, and is called package, as a rule; examples, tests and index files
  // stand beside or below it. Without that file every file counts.
  const manifests = entries.map(({ name }) => /^((?:[^/]+\/)*)package\.json$/.exec(name)?.[1]).filter((root) => root !== undefined);
  const [root] = manifests.sort((a, b) => a.length - b.length);
  const isOwn = ({ name }) => {
    const inside = root === undefined ? name.slice(name.lastIndexOf("/") + 1) : name.startsWith(root) ? name.slice(root.length) : "/";
    return /^[^./][^/]*\.(json|xml)$/i.test(inside) && inside !== "package.json";
  };
  const own = entries.filter(isOwn).sort((a, b) => (a.name < b.name ? -1 : 1));
  return own.map(({ name, read }) => ({ name, bytes: read() }));
}

/**
 * The type of a file's resource where it is none of those that define something to check by, as far as its beginning says;
 * undefined for a definition, and for what cannot be read: that is for the core to report.
 */
export function unusedType({ bytes }) {
  const text = decoder.decode(bytes);
  const json = /^\uFEFF?\s*\{/.test(text);
  const type = json ? topType(text) : (rootName(text) ?? "no resource");
  return type === undefined || TYPES.includes(type) ? undefined : type || "no resource";
}

const isSpace = (text, at) => " \t\r\n\uFEFF".includes(text[at] ?? "x");

/** The name of an XML text's first element, without its prefix, past comments and instructions; undefined where there is none. */
export function rootName(text) {
  for (let at = 0; ; ) {
    while (isSpace(text, at)) at += 1;
    const [start, end] = [["<!--", "-->"], ["<?", "?>"]].find(([start]) => text.startsWith(start, at)) ?? [];
    if (start === undefined) return /^<(?:\w+:)?(\w+)/.exec(text.slice(at, at + 500))?.[1];
    const to = text.indexOf(end, at + start.length);
    if (to < 0) return undefined;
    at = to + end.length;
  }
}

function topType(text) {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""))?.resourceType ?? "";
  } catch {
    return /"resourceType"\s*:\s*"(\w+)"/.exec(text)?.[1];
  }
}

/** The ordinary files in a tar archive (POSIX ustar, with the long names of GNU and pax): a name and `read()` each. */
export function* tarEntries(tar) {
  const damaged = "it is no tar archive, or it is damaged";
  let long;
  for (let at = 0; at + 512 <= tar.length; ) {
    const header = tar.subarray(at, at + 512);
    // The end is marked by empty blocks; an archive without them was cut short.
    if (header[0] === 0) return;
    if (!checksumHolds(header)) throw new Error(damaged);
    const field = (from, length) => decoder.decode(header.subarray(from, from + length)).split("\0")[0];
    const size = Number.parseInt(field(124, 12).trim() || "0", 8);
    const bytes = tar.subarray(at + 512, at + 512 + size);
    if (!(size >= 0) || bytes.length < size) throw new Error(damaged);
    const kind = field(156, 1);
    const prefix = field(257, 5) === "ustar" ? field(345, 155) : "";
    const name = long ?? (prefix ? `${prefix}/${field(0, 100)}` : field(0, 100));
    long = undefined;
    if (kind === "L") long = decoder.decode(bytes).split("\0")[0];
    else if (kind === "x") long = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(decoder.decode(bytes))?.[1];
    else if (kind === "" || kind === "0") yield { name: name.replace(/^\.\//, ""), read: () => bytes };
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(damaged);
}

/** A header's checksum is the sum of its bytes, those of the checksum counted as spaces. */
function checksumHolds(header) {
  let sum = 8 * 0x20;
  for (let at = 0; at < 512; at++) if (at < 148 || at >= 156) sum += header[at];
  return Number.parseInt(decoder.decode(header.subarray(148, 156)).replaceAll("\0", " ").trim(), 8) === sum;
}
