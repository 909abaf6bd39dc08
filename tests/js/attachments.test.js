// Files of a display that the caller opens: a link where the handler gives an address, nothing that a browser would run, and
// for patients no place in the input.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { load } from "../../pkg/index.js";

const careconnect = await load();
const PDF = Buffer.from("%PDF-1.4\nnot a real one");
const letter = {
  resourceType: "DocumentReference",
  status: "current",
  type: { text: "Letter" },
  indexed: "2026-03-01T10:00:00Z",
  content: [
    { attachment: { contentType: "application/pdf", title: "Scan", data: PDF.toString("base64") } },
    { attachment: { contentType: "text/plain", title: "Note", data: Buffer.from("Do NOT stop").toString("base64") } },
  ],
};

test("a file is told by its bytes, and opened under the address that the caller gives", () => {
  for (const as of ["page", "fragment"]) {
    const seen = [];
    const html = careconnect.render(letter, { as, attachment: (file) => (seen.push(file), file.found === "a PDF" ? "/files/1" : undefined) });
    assert.deepEqual(
      seen.map(({ pointer, contentType, found, bytes, shown }) => [pointer, contentType, found, bytes, shown]),
      [
        ["/content/0/attachment", "application/pdf", "a PDF", PDF.length, false],
        ["/content/1/attachment", "text/plain", "text", 11, true],
      ],
    );
    assert.equal(seen[0].sha256, createHash("sha256").update(PDF).digest("hex"));
    assert.equal([...html.matchAll(/<a href="\/files\/1" rel="noreferrer noopener">Open a PDF \(23 bytes\)<\/a>/g)].length, 1);
    assert.match(html, /Do NOT stop/);
  }
});

test("no address that a browser would run is taken", () => {
  for (const address of ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//evil.example", "vbscript:x", 7, {}]) {
    assert.throws(() => careconnect.render(letter, { as: "fragment", attachment: () => address }), /attachment\(\) must give/, String(address));
  }
  const html = careconnect.render(letter, { as: "fragment", attachment: () => 'https://example.org/"><script>x</script>' });
  assert.doesNotMatch(html, /<script/);
});

test("a patient's display says nothing of places", () => {
  const seen = [];
  careconnect.render(letter, { as: "fragment", audience: "patient", attachment: (file) => void seen.push(file) });
  assert.ok(seen.length === 2 && seen.every((file) => !("pointer" in file) && file.sha256.length === 64));
});
