// A FHIR package (.tgz) of definitions: what other tools take.

/** A file's block of a tar archive (POSIX ustar), with what fills its last 512 bytes. */
function entry(name, bytes) {
  const header = new Uint8Array(512);
  const put = (text, at) => header.set(new TextEncoder().encode(text), at);
  const octal = (number, digits) => `${number.toString(8).padStart(digits, "0")}\0`;
  put(name, 0);
  put(octal(0o644, 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  put(octal(bytes.length, 11), 124);
  // No day, so that the same definitions give the same archive.
  put(octal(0, 11), 136);
  put("        ", 148);
  put("0", 156);
  put("ustar\0" + "00", 257);
  put(`${octal(header.reduce((sum, byte) => sum + byte, 0), 6)} `, 148);
  return [header, bytes, new Uint8Array((512 - (bytes.length % 512)) % 512)];
}

/** Names as files have them, each once and short enough for the archive. */
function fileName(type, name, taken) {
  const plain = `${type}-${name}`.replace(/[^\w.-]+/g, "-").slice(0, 70);
  for (let number = 1; ; number += 1) {
    const one = `package/${plain}${number > 1 ? `-${number}` : ""}.json`;
    if (!taken.has(one)) return taken.add(one) && one;
  }
}

/** A package as a Blob: its name and version, and definitions as data. */
export async function makePackage({ name, version }, definitions) {
  const encoder = new TextEncoder();
  const text = (data) => encoder.encode(`${JSON.stringify(data, undefined, 2)}\n`);
  const manifest = { name, version, description: "Made in the CareConnect playground.", fhirVersions: ["3.0.2"], "fhir-version-list": ["3.0.2"], dependencies: { "hl7.fhir.r3.core": "3.0.2" } };
  const taken = new Set();
  const files = definitions.map((one) => [fileName(one.resourceType, one.id ?? one.name ?? "definition", taken), text(one)]);
  const parts = [["package/package.json", text(manifest)], ...files].flatMap(([path, bytes]) => entry(path, bytes));
  const archive = new Blob([...parts, new Uint8Array(1024)]);
  return new Response(archive.stream().pipeThrough(new CompressionStream("gzip"))).blob();
}
