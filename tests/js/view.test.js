// Flat tables by ViewDefinitions: the call, in a thread too, and `careconnect view`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "../../pkg/index.js";
import { pool } from "../../pkg/node.js";
import { folderWith, runner } from "./command-line.js";

const view = {
  resource: "Patient",
  where: [{ path: "name.exists()" }],
  select: [
    { column: [{ name: "id", path: "getResourceKey()", type: "string" }, { name: "active", path: "active", type: "boolean" }] },
    { forEach: "name", column: [{ name: "family", path: "family", type: "string" }, { name: "given", path: "given", type: "string", collection: true }] },
  ],
};
const one = { resourceType: "Patient", id: "1", active: true, name: [{ family: 'O"Neil, Jr', given: ["A", "B"] }, { family: "Two" }] };
const none = { resourceType: "Patient", id: "2" };
const odd = { resourceType: "Patient", id: "3", name: [{ family: "x" }], active: [true, false] };
const other = { resourceType: "Basic", id: "4" };
const rows = [
  ["Patient/1", true, 'O"Neil, Jr', ["A", "B"]],
  ["Patient/1", true, "Two", []],
];
const careconnect = await load();

test("rows", () => {
  const { columns, count, faults, rows: found } = careconnect.view(view, [one, none, other, JSON.stringify(odd), "{"]);
  assert.deepEqual(columns, [
    { name: "id", type: "string", collection: false },
    { name: "active", type: "boolean", collection: false },
    { name: "family", type: "string", collection: false },
    { name: "given", type: "string", collection: true },
  ]);
  assert.equal(count, 2);
  assert.deepEqual(found, rows);
  assert.deepEqual(faults.map(({ input }) => input), [3, 4]);
  assert.match(faults[0].message, /^The column 'active': 'active' gives 2 values, and the column is no collection\.$/);
});

test("text, with the digits that were written", () => {
  const weight = { resource: "Observation", select: [{ column: [{ name: "value", path: "value.ofType(Quantity).value", type: "decimal" }] }] };
  const observation = '{"resourceType":"Observation","valueQuantity":{"value":1.10}}';
  assert.equal(careconnect.view(weight, [observation], { as: "csv" }).text, "1.10\n");
  assert.equal(careconnect.view(weight, [observation], { as: "ndjson" }).text, '{"value":1.10}\n');
});

test("today", () => {
  const old = { resource: "Patient", select: [{ column: [{ name: "born", path: "birthDate < today()", type: "boolean" }] }] };
  const patient = { resourceType: "Patient", birthDate: "2000-01-01" };
  assert.match(careconnect.view(old, [patient]).faults[0].message, /today's date was not given/);
  assert.deepEqual(careconnect.view(old, [patient], { today: "2026-02-28" }).rows, [[true]]);
});

test("what is wrong is said", () => {
  for (const [definition, resources, options, words] of [
    [{}, [], {}, /ViewDefinition.resource is missing/],
    [view, one, {}, /The resources are an array; this is an object/],
    [view, [1], {}, /A resource is a string/],
    [view, [], { as: "parquet" }, /'as' is one of rows, ndjson, csv; this is 'parquet'/],
    [view, [], { to: "csv" }, /There is no option 'to' here/],
  ]) {
    assert.throws(() => careconnect.view(definition, resources, options), (error) => error.code === "invalid-argument" && words.test(error.message));
  }
});

test("rows without end end", () => {
  const repeat = { resource: "Patient", select: [{ repeat: ["$this"], column: [{ name: "id", path: "id" }] }] };
  assert.match(careconnect.view(repeat, [one]).faults[0].message, /more than 100000 rows/);
});

test("in a thread", async () => {
  const threads = await pool({ size: 1 });
  assert.deepEqual((await threads.view(view, [one, none])).rows, rows);
  threads.free();
});

const line = JSON.stringify;
const run = runner(folderWith({ "view.json": line(view), "all.ndjson": `${line(one)}\n${line(none)}\n${line(odd)}\n`, "wrong.json": "{}" }));

test("careconnect view", async () => {
  const { stdout, stderr, code } = await run(["view", "view.json", "all.ndjson"]);
  assert.equal(stdout, 'id,active,family,given\nPatient/1,true,"O""Neil, Jr","[""A"",""B""]"\nPatient/1,true,Two,[]\n');
  assert.match(stderr, /^careconnect: all\.ndjson:3: The column 'active'/);
  assert.equal(code, 1);
  const ndjson = await run(["view", "view.json", "all.ndjson", "--format", "ndjson"]);
  assert.equal(ndjson.stdout.split("\n")[1], '{"id":"Patient/1","active":true,"family":"Two","given":[]}');
  assert.match((await run(["view", "wrong.json", "all.ndjson"])).stderr, /wrong\.json: ViewDefinition\.resource is missing/);
  assert.match((await run(["view", "view.json"])).stderr, /Give a ViewDefinition and the names of files/);
});
