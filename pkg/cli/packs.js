// `careconnect packs`: the packs that come with the package, what is in them, and what is missing.

import { readFileSync } from "node:fs";
import { open } from "./core.js";
import { Failure, json, nearest, write } from "./output.js";
import { safe, terminal, wrap } from "./terminal.js";

export async function run(names, values) {
  // `cargo xtask pkg` makes it of profiles/.
  const catalogue = JSON.parse(readFileSync(new URL("../dist/packs.json", import.meta.url)));
  const known = catalogue.map(({ name }) => name);
  for (const name of names) {
    if (!known.includes(name)) throw new Failure(`There is no pack '${name}'.${nearest(name, known)} The packs are: ${known.join(", ")}.`);
  }
  const term = terminal(process.stdout);
  if (names.length === 0) return write(values.format === "json" ? `${json(catalogue, 2)}\n` : table(catalogue, term));
  const { careconnect } = await open({ packs: "all" });
  const all = careconnect.profiles();
  careconnect.free();
  const chosen = catalogue.filter(({ name }) => names.includes(name));
  const full = chosen.map((pack) => ({ ...pack, contents: all.filter((profile) => profile.pack === pack.name) }));
  if (values.format === "json") return write(`${json(full, 2)}\n`);
  await write(full.map((pack) => contents(pack, term)).join("\n"));
}

const number = (count) => count.toLocaleString("en-GB");

function table(packs, { paint }) {
  const heads = ["pack", "version", "types", "profiles", "extensions", "value sets", "code systems", "messages", "missing", "size"];
  const rows = packs.map(({ name, version, types, profiles, extensions, valueSets, codeSystems, messages, missing, bytes }) => [
    name,
    version,
    ...[types, profiles, extensions, valueSets, codeSystems, messages, missing.length].map(number),
    `${number(Math.ceil(bytes / 1024))} KiB`,
  ]);
  const widths = heads.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at].length)));
  const line = (row) => row.map((cell, at) => (at < 2 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join("  ");
  const note = "Missing is what definitions refer to and nobody publishes. 'careconnect packs NAME' lists what is in a pack.";
  return `${[paint("bold", line(heads)), ...rows.map(line), "", note].join("\n")}\n`;
}

function contents({ name, version, published, missing, contents }, { paint, width }) {
  const lines = [paint("bold", `${name} ${version}`), ...(published ? [`definitions of ${published}`] : [])];
  const groups = [
    ["Types", ({ derivation, kind }) => derivation === "specialization" && kind !== "logical"],
    ["Profiles", ({ derivation, type }) => derivation === "constraint" && type !== "Extension"],
    ["Extensions", ({ derivation, type }) => derivation === "constraint" && type === "Extension"],
    ["Logical models", ({ derivation, kind }) => derivation === "specialization" && kind === "logical"],
  ];
  for (const [title, belongs] of groups) {
    const found = contents.filter(belongs);
    if (found.length === 0) continue;
    lines.push("", paint("bold", `${title} (${number(found.length)})`));
    for (const { url, version, type } of found) {
      lines.push(`  ${safe(version ? `${url}|${version}` : url)}${title === "Profiles" ? paint("dim", `  ${safe(type)}`) : ""}`);
    }
  }
  if (missing.length > 0) {
    lines.push("", paint("bold", `Missing (${number(missing.length)})`));
    for (const { target, referencedBy } of missing) {
      lines.push(`  ${safe(target)}`, ...wrap(safe(`referred to by ${referencedBy.join(", ")}`), width - 4, width).map((line) => paint("dim", `    ${line}`)));
    }
  }
  return `${lines.join("\n")}\n`;
}
