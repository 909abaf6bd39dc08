// The middleware in Express and Fastify themselves, with many requests at once.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { hammer, send, startService } from "./hammer.js";
import { mutated } from "./mutated.js";

const fine = '{"resourceType":"Basic","code":{"text":"a note"}}';
const faulty = '{"resourceType":"Patient","gender":"sometimes"}';
const headers = { "content-type": "application/fhir+json" };

for (const framework of ["express", "fastify"]) {
  describe(framework, () => {
    let service;
    before(async () => (service = await startService(framework, 1)));
    after(() => service.stop());

    test("a resource goes on, as text, with what was found", async () => {
      const { status, text } = await send(service.port, { body: fine, headers });
      assert.equal(status, 201);
      assert.equal(JSON.parse(text).length, fine.length);
    });

    test("a bad one is answered in the form that is asked for", async () => {
      const { status, headers: given, text } = await send(service.port, { body: faulty, headers: { ...headers, accept: "application/fhir+xml" } });
      assert.equal(status, 422);
      assert.equal(given["content-type"], "application/fhir+xml; charset=utf-8");
      assert.match(text, /<OperationOutcome xmlns="http:\/\/hl7.org\/fhir"><text>.*<\/text><issue>/);
    });

    test("other routes and methods are as they were", async () => {
      const get = await send(service.port, { method: "GET", headers: {} });
      assert.deepEqual([get.status, JSON.parse(get.text)], [200, { body: null }]);
      const other = await send(service.port, { path: "/other", body: '{"a":1}', headers: { "content-type": "application/json" } });
      assert.deepEqual([other.status, JSON.parse(other.text)], [200, { body: { a: 1 } }]);
    });

    // `cargo xtask bench hostile` sends 10,000.
    test("of 1,000 requests changed at random none ends the service, and none reaches the handler without a right verdict", async () => {
      const { faults, statuses, sent } = await mutated(service.port, { count: 1000 });
      assert.deepEqual(faults, []);
      assert.equal(sent, 1000);
      for (const status of [201, 400, 415, 422]) assert.ok(statuses[status] > 10, JSON.stringify(statuses));
    });

    test("many at once, bad ones among them", async () => {
      const resources = [{ body: fine, status: 201 }, { body: faulty, status: 422 }];
      const { times, statuses } = await hammer(service.port, { count: 330, atOnce: 30, resources });
      assert.equal(times.length + statuses["hung up"], 330);
      assert.equal(statuses["hung up"], 3);
    });
  });
}
