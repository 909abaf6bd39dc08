// Odd things handed to careconnect: each is read as what it is, or refused with a code. Nothing is passed over, and nothing
// that a caller's own code does while it is read harms the next call.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import vm from "node:vm";
import { load } from "../../pkg/index.js";
import { pool } from "../../pkg/node.js";

const faulty = '{"resourceType":"Patient","gender":"sometimes"}';
const good = '{"resourceType":"Basic","code":{"text":"x"}}';
const careconnect = await load();
const threads = await pool({ size: 1 });
after(() => threads.free());
const expected = careconnect.validate(faulty);
const bytes = Buffer.from(faulty);
const throws = () => {
  throw new Error("no");
};
const elsewhere = (source) => vm.runInNewContext(source);
const ownBytes = (buffer) => {
  const made = new Uint8Array(buffer, 0, bytes.length);
  made.set(bytes);
  return made;
};
const detached = () => {
  const made = Uint8Array.from(bytes);
  structuredClone(made.buffer, { transfer: [made.buffer] });
  return made;
};
const circular = { resourceType: "Patient" };
circular.contact = [circular];

/** Inputs that are read, in this thread and in another, as the faulty Patient that they are. */
const READ = {
  "a Buffer": bytes,
  "bytes of another realm": elsewhere(`new Uint8Array([${[...bytes]}])`),
  "bytes in memory that threads share": ownBytes(new SharedArrayBuffer(bytes.length)),
  "bytes in memory that can grow": ownBytes(new ArrayBuffer(bytes.length, { maxByteLength: 1000 })),
  "a part of a buffer": Uint8Array.from(Buffer.from(`xx${faulty}yy`)).subarray(2, 2 + bytes.length),
  "bytes of a class of one's own, with another length": new (class extends Uint8Array { get length() { return 1e9; } })(bytes),
  "an object of another realm": elsewhere(`(${faulty})`),
  "an object without a prototype": Object.assign(Object.create(null), JSON.parse(faulty)),
  "a proxy of an object": new Proxy(JSON.parse(faulty), {}),
  "a getter": { resourceType: "Patient", get gender() { return "sometimes"; } },
  "toJSON": { toJSON: () => JSON.parse(faulty) },
  "texts as objects": { resourceType: "Patient", gender: new String("sometimes") },
};

/** Inputs that are refused. */
const REFUSED = {
  "nothing": undefined,
  "null": null,
  "a number": 5,
  "a bigint": 5n,
  "a symbol": Symbol("x"),
  "a function": () => faulty,
  "an array": [faulty],
  "an array of another realm": elsewhere(`[${faulty}]`),
  "a text as an object": new String(faulty),
  "a Promise": Promise.resolve(faulty),
  "a Map": new Map(),
  "a Date": new Date(0),
  "an ArrayBuffer": Uint8Array.from(bytes).buffer,
  "a DataView": new DataView(Uint8Array.from(bytes).buffer),
  "clamped bytes": new Uint8ClampedArray(bytes),
  "numbers of 16 bits": new Uint16Array(4),
  "bytes that were given away": detached(),
  "a proxy of bytes": new Proxy(Uint8Array.from(bytes), {}),
  "a proxy that was revoked": (() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })(),
  "a proxy that refuses": new Proxy({}, { ownKeys: throws }),
  "an object of a class that says nothing of its type": new (class Patient { gender = "male"; })(),
  "an object that contains itself": circular,
  "an object with a bigint": { resourceType: "Patient", x: 5n },
  "an object with a function": { resourceType: "Patient", gender: () => "male" },
  "an object with a symbol": { resourceType: "Patient", gender: Symbol("male") },
  "an object with a function in a list": { resourceType: "Patient", name: [{ family: throws }] },
  "an object with a Map": { resourceType: "Patient", name: new Map([["family", "x"]]) },
  "an object with bytes": { resourceType: "Binary", content: Uint8Array.of(1) },
  "an object with an ArrayBuffer": { resourceType: "Binary", content: new ArrayBuffer(1) },
  "a getter that throws": { resourceType: "Patient", get gender() { return throws(); } },
  "toJSON that throws": { toJSON: throws },
  "toJSON that gives nothing": { toJSON() {} },
};

for (const [what, input] of Object.entries(READ)) {
  test(`read: ${what}`, async () => {
    assert.deepEqual(careconnect.validate(input).issues.map(({ rule }) => rule), expected.issues.map(({ rule }) => rule));
    assert.deepEqual(await threads.validate(input), careconnect.validate(input));
  });
}

for (const [what, input] of Object.entries(REFUSED)) {
  test(`refused: ${what}`, async () => {
    const isRefused = (error) => error.message === "no" || error.code === "invalid-argument" || error instanceof TypeError;
    for (const call of ["validate", "outcome", "render", "outline"]) {
      assert.throws(() => careconnect[call](input), isRefused, call);
      await assert.rejects(threads[call](input), isRefused, call);
    }
    await assert.rejects(load({ definitions: [input] }), isRefused);
    assert.equal(careconnect.validate(good).valid, true);
    assert.equal((await threads.validate(good)).valid, true);
  });
}

const NAMES = ["constructor", "__proto__", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "__defineGetter__", "toLocaleString"];
const named = (name, value) => JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`);

/** Options that are refused: what call has them, and what they are. */
const OPTIONS = [
  ...[5, "profiles", [], new Map(), Promise.resolve({}), () => {}, new Date(0), Object.create({ audience: "patient" })].flatMap((options) => ["validate", "render", "outline"].map((call) => [call, options])),
  ["validate", { get profiles() { return throws(); } }],
  ["validate", { rules: { get "nhs-postcode"() { return throws(); } } }],
  ["validate", { rules: new Map([["nhs-postcode", "off"]]) }],
  ["validate", { profiles: new Set(["x"]) }],
  ["validate", { profiles: [new String("x")] }],
  ["validate", { profiles: new Array(2_000_000) }],
  ["validate", { profiles: [[[[[["x"]]]]]] }],
  ["validate", { profiles: { get constructor() { return throws(); } } }],
  ["validate", { answers: [null] }],
  ["validate", { answers: [{ get code() { return throws(); } }] }],
  ["validate", { today: new Date(0) }],
  ["validate", { testNumbers: new Boolean(true) }],
  ["validate", { [Symbol("profiles")]: [] }],
  ["validate", Object.defineProperty({}, "profile", { value: "x", enumerable: false })],
  ["validate", new Proxy({}, { ownKeys: throws })],
  ["validate", new Proxy({ profiles: [] }, { get: throws })],
  ["render", { get audience() { return throws(); } }],
  ["render", { audience: new String("patient") }],
  ["render", { mode: "diff", against: new Map() }],
  ["render", { mode: "diff", get against() { return throws(); } }],
  ...NAMES.flatMap((name) => [
    ["validate", named(name, 1)],
    ["validate", { rules: named(name, "off") }],
    ["validate", { unknownExtensions: name }],
    ["render", named(name, 1)],
    ...["as", "mode", "audience", "language"].map((option) => ["render", { [option]: name }]),
    ["outline", named(name, 1)],
  ]),
];

test("options that are wrong are refused, here and in threads", async () => {
  for (const [at, [call, options]] of OPTIONS.entries()) {
    const isRefused = (error) => error.message === "no" || error.code === "invalid-argument";
    const words = `${call}, options ${at} of the table`;
    assert.throws(() => careconnect[call](good, options), isRefused, words);
    await assert.rejects(threads[call](good, options), isRefused, words);
  }
  assert.equal(careconnect.validate(good).valid, true);
});

test("options are read wherever they were made, and once", async () => {
  const foreign = elsewhere('({ rules: { "patient-gender-missing": "off" }, profiles: [] })');
  assert.throws(() => careconnect.validate(good, foreign), /no rule 'patient-gender-missing'/);
  let times = 0;
  const options = { get profiles() { times += 1; return elsewhere('["https://example.org/x"]'); } };
  assert.ok(careconnect.validate(good, options).issues.some(({ rule }) => rule === "profile-asked-unknown"));
  assert.equal(times, 1);
  assert.ok((await threads.validate(good, options)).issues.some(({ rule }) => rule === "profile-asked-unknown"));
  assert.equal(times, 2);
  const bare = Object.assign(Object.create(null), { audience: "patient" });
  assert.equal(careconnect.render(faulty, bare), careconnect.render(faulty, { audience: "patient" }));
});

test("the names of every object's own properties are no packs, options or addresses", async () => {
  for (const name of NAMES) {
    await assert.rejects(load({ packs: [name] }), { code: "invalid-argument" }, name);
    await assert.rejects(load(named(name, 1)), { code: "invalid-argument" }, name);
    await assert.rejects(pool({ size: 1, packs: [name] }), name);
    for (const call of ["profile", "valueSet", "skeleton"]) assert.equal(careconnect[call](name), undefined, `${call} ${name}`);
    assert.equal(careconnect.compareProfiles(name, name), undefined);
    assert.throws(() => careconnect.convert(good, name), /one of json, xml/);
    const resource = named(name, { [name]: name });
    assert.ok(careconnect.validate({ ...resource, resourceType: "Patient" }).issues.length > 0);
    assert.equal(careconnect.validate(JSON.stringify({ ...resource, resourceType: name })).valid, false);
  }
});

test("parts of a stream are read wherever they were made, and what is none is refused", async () => {
  const all = async (source) => {
    const out = [];
    for await (const { status } of threads.validateStream(source)) out.push(status);
    return out;
  };
  const line = `${good}\n`;
  const shared = new Uint8Array(new SharedArrayBuffer(Buffer.byteLength(line)));
  shared.set(Buffer.from(line));
  for (const part of [line, Buffer.from(line), shared, elsewhere(`new Uint8Array([${[...Buffer.from(line)]}])`)]) assert.deepEqual(await all([part]), ["valid"]);
  for (const part of [5, null, undefined, {}, new ArrayBuffer(5), new Uint16Array(2), new String(line), detached(), [line]]) await assert.rejects(all([part]), { code: "invalid-argument" });
  for (const source of [5, null, undefined, {}, new Date(0), Promise.resolve(line)]) await assert.rejects(all(source), { code: "invalid-argument" });
  for (const options of [5, [], new Map(), { timeout: 0 }, { maxLineBytes: "1" }, named("constructor", 1), named("__proto__", 1)]) {
    await assert.rejects(async () => { for await (const _ of threads.validateStream([line], options)); }, { code: "invalid-argument" });
  }
});

test("what a pool was given stays, whatever the caller does with it", async () => {
  const definition = Buffer.from(JSON.stringify({ resourceType: "ValueSet", url: "https://example.org/x", name: "x", status: "draft", compose: { include: [{ system: "urn:x" }] } }));
  const own = await pool({ size: 1, definitions: [definition] });
  const before = await own.definitions;
  definition.fill(0);
  const stop = new AbortController();
  const job = own.validate(good, { signal: stop.signal });
  stop.abort();
  await job.catch(() => {});
  assert.deepEqual(await own.definitions, before);
  own.free();
});

test("what a caller's own code does while it is read harms nothing", async () => {
  const other = await load();
  assert.throws(() => other.validate({ toJSON() { other.free(); return JSON.parse(good); } }), { code: "freed" });
  assert.equal(careconnect.validate({ toJSON() { assert.equal(careconnect.validate(faulty).valid, false); return JSON.parse(good); } }).valid, true);
  const deep = () => {
    try {
      return deep();
    } catch {
      return careconnect.validate(good);
    }
  };
  try {
    deep();
  } catch {
    // There was no room on the stack, which is the caller's doing.
  }
  assert.equal(careconnect.validate(good).valid, true);
});
