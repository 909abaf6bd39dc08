// What same.test.js runs in each place: a hash over every form of display of some resources.

const FORMS = ["narrative", "text", "markdown", "fragment", "model"];

/** FNV-1a, 32 bits, over bytes. */
function fnv(hash, bytes) {
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

export async function hashOf(inputs) {
  const { load } = await import("../../pkg/index.js");
  const careconnect = await load();
  const encoder = new TextEncoder();
  let [one, two] = [0x811c9dc5, 0x12345678];
  for (const input of inputs) {
    for (const as of FORMS) {
      for (const audience of ["clinical", "patient"]) {
        for (const language of ["en-GB", "cy"]) {
          const output = careconnect.render(input, { as, audience, mode: "full", asOf: "2026-02-28", language });
          const bytes = encoder.encode(typeof output === "string" ? output : JSON.stringify(output));
          [one, two] = [fnv(one, bytes), fnv(two, bytes)];
        }
      }
    }
  }
  const hex = (number) => number.toString(16).padStart(8, "0");
  return `${hex(one)}${hex(two)} ${inputs.length} resources, 20 forms of each`;
}

// As a program: the resources come as JSON on standard input.
if (globalThis.process?.argv[1]?.endsWith("same.js")) {
  let text = "";
  for await (const chunk of process.stdin) text += chunk;
  console.log(await hashOf(JSON.parse(text)));
}
