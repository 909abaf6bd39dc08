// Codes that the definitions cannot decide: asked of a provider, of a terminology server, or decided by a pack that the
// command line made of a release.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { load, makeRelease, terminologyServer } from "../../pkg/index.js";
import { pool } from "../../pkg/node.js";

const folder = mkdtempSync(join(tmpdir(), "careconnect-"));
after(() => rmSync(folder, { recursive: true }));
const careconnect = await load();

const SNOMED = "http://snomed.info/sct";
const CONDITIONS = "https://fhir.hl7.org.uk/STU3/ValueSet/CareConnect-ConditionCode-1";

/** A SNOMED CT identifier made of a number: partition and check digit follow it. */
function sctid(number) {
  const d = ["0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"];
  const p = "1576283094";
  let check = 0;
  [...`${number}00`].reverse().forEach((digit, at) => {
    for (let i = 0; i <= at % 8; i++) digit = p[digit];
    check = Number(d[check][digit]);
  });
  return `${number}00${"0432156789"[check]}`;
}

const condition = (code, display) => ({
  resourceType: "Condition",
  meta: { profile: ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Condition-1"] },
  clinicalStatus: "active",
  code: { coding: [{ system: SNOMED, code, ...(display && { display }) }] },
  subject: { reference: "Patient/secret-of-a-patient" },
});

const bundle = (count) => ({
  resourceType: "Bundle",
  type: "collection",
  entry: Array.from({ length: count }, (_, at) => ({
    fullUrl: `urn:uuid:00000000-0000-4000-8000-${String(at).padStart(12, "0")}`,
    resource: condition(sctid(1000 + at)),
  })),
});

/** A provider that remembers what it was asked. */
function provider(answer) {
  const batches = [];
  return { batches, validateCodes: async (questions) => (batches.push(questions), questions.map(answer)) };
}

test("500 codes make one batch, and none the second time", async () => {
  const input = bundle(500);
  const asked = provider(({ code }) => ({ result: code !== sctid(1007), display: "Whatever" }));
  assert.equal(careconnect.validate(input).unchecked.length, 500);
  const first = await careconnect.check(input, { terminology: asked });
  assert.equal(asked.batches.length, 1);
  assert.equal(asked.batches[0].length, 500);
  assert.equal(new Set(asked.batches[0].map(({ code }) => code)).size, 500);
  const one = asked.batches[0].find(({ code }) => code === sctid(1003));
  assert.deepEqual(one, { valueSet: CONDITIONS, system: SNOMED, code: sctid(1003) });
  assert.ok(!JSON.stringify(asked.batches).includes("secret"));
  assert.deepEqual(first.unchecked, []);
  const wrong = first.issues.filter(({ rule, severity }) => rule.startsWith("code-") && severity === "error");
  assert.deepEqual(wrong.map(({ rule, expression }) => `${rule} ${expression}`), ["code-required Bundle.entry[7].resource.code.coding[0]"]);
  const second = await careconnect.check(input, { terminology: asked });
  assert.equal(asked.batches.length, 1);
  assert.deepEqual(second, first);
  console.log(`500 codes: ${asked.batches.length} batch of ${asked.batches[0].length} questions; the second run: none`);
});

test("threads ask the same provider, from where they are called", async () => {
  const answer = ({ code }) => ({ result: code !== sctid(1002) });
  const threads = await pool({ size: 1 });
  const [asked, other] = [provider(answer), provider(answer)];
  assert.deepEqual(await threads.check(bundle(5), { terminology: asked }), await careconnect.check(bundle(5), { terminology: other }));
  assert.deepEqual(asked.batches, other.batches);
  threads.free();
});

test("the same code at many places is one question", async () => {
  const asked = provider(() => ({ result: true }));
  const input = bundle(3);
  input.entry.forEach(({ resource }) => (resource.code.coding[0].code = sctid(2001)));
  await careconnect.check(input, { terminology: asked });
  assert.deepEqual(asked.batches.map((batch) => batch.length), [1]);
});

test("a display and an inactive code are as the provider says", async () => {
  const asked = provider(() => ({ result: true, display: "Fever", inactive: true }));
  const right = await careconnect.check(condition(sctid(2002), "FEVER"), { terminology: asked });
  assert.deepEqual(right.issues.map(({ rule }) => rule).filter((rule) => /^(code|display)/.test(rule)), ["code-inactive"]);
  const wrong = await careconnect.check(condition(sctid(2002), "Cough"), { terminology: asked });
  assert.deepEqual(wrong.issues.map(({ rule }) => rule).filter((rule) => /^(code|display)/.test(rule)), ["code-inactive", "display-wrong"]);
  assert.equal(asked.batches.length, 1);
});

test("what a provider cannot say stays unchecked, with the reason", async () => {
  for (const [validateCodes, reason] of [
    [(questions) => questions.map(() => ({ reason: "It is Sunday." })), "It is Sunday."],
    [(questions) => questions.map(() => ({})), "The terminology provider could not say."],
    [() => [], "The terminology provider failed: it gave 0 answers for 1 questions."],
    [() => undefined, "The terminology provider failed: it gave no array for 1 questions."],
    [() => Promise.reject(new Error("no route")), "The terminology provider failed: no route."],
  ]) {
    const report = await careconnect.check(condition(sctid(2003)), { terminology: { validateCodes } });
    assert.deepEqual(report.unchecked.map(({ reason }) => reason), [reason]);
    assert.deepEqual(report.issues, careconnect.validate(condition(sctid(2003))).issues);
  }
  await assert.rejects(careconnect.check("{}", { terminology: {} }), /'terminology' is a provider/);
  await assert.rejects(careconnect.check("{}", { terminolgy: {} }), /There is no option 'terminolgy'/);
  assert.deepEqual(await careconnect.check(condition(sctid(2003))), careconnect.validate(condition(sctid(2003))));
});

/** A terminology server, as far as $validate-code goes. `how` says what it is like. */
async function server(how = {}) {
  const requests = [];
  const validate = (url) => {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const code = searchParams.get("code");
    const operation = pathname.replace(/^\/(fhir\/)?/, "");
    if (operation === "ValueSet/$validate-code" && how.version === "stu3" && !searchParams.has("system")) {
      return [400, { resourceType: "OperationOutcome", issue: [{ severity: "error", code: "required", diagnostics: "a system is required" }] }];
    }
    if (how.unknown) {
      return [404, { resourceType: "OperationOutcome", issue: [{ severity: "error", code: "not-found", details: { text: "There is no such ValueSet" } }] }];
    }
    const parameter = [{ name: "result", valueBoolean: code !== sctid(666) }];
    if (code === sctid(666)) parameter.push({ name: "message", valueString: how.message ?? "The code is not in the value set" });
    else parameter.push({ name: "display", valueString: "Fever" });
    return [200, { resourceType: "Parameters", parameter }];
  };
  const http = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    requests.push({ method: request.method, url: request.url, body, headers: request.headers });
    if (how.silent) return;
    const send = (status, body) => {
      response.writeHead(status, { "content-type": "application/fhir+json" });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    };
    if (how.html) return send(200, "<html>Sign in</html>");
    if (request.method === "GET") return send(...validate(request.url));
    if (how.noBatch) return send(405, "");
    const entry = JSON.parse(body).entry.map(({ request }) => {
      const [status, resource] = validate(request.url);
      if (how.version === "stu3" && status !== 200) return { response: { status: String(status), outcome: resource } };
      return { resource, response: { status: `${status} OK` } };
    });
    send(200, { resourceType: "Bundle", type: "batch-response", entry });
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  after(() => http.close());
  return { requests, url: `http://127.0.0.1:${http.address().port}/fhir`, close: () => http.closeAllConnections() };
}

for (const version of ["stu3", "r4"]) {
  test(`a terminology server of ${version}`, async () => {
    const mock = await server({ version });
    const terminology = terminologyServer({ url: `${mock.url}/`, version, headers: { authorization: "Bearer token" } });
    const input = bundle(2);
    input.entry[1].resource.code.coding[0].code = sctid(666);
    const report = await careconnect.check(input, { terminology });
    assert.deepEqual(report.unchecked, []);
    assert.deepEqual(report.issues.filter(({ rule }) => rule === "code-required").map(({ expression }) => expression), ["Bundle.entry[1].resource.code.coding[0]"]);
    assert.equal(mock.requests.length, 1);
    const [{ method, url, body, headers }] = mock.requests;
    assert.deepEqual([method, url, headers.authorization], ["POST", "/fhir", "Bearer token"]);
    const { entry } = JSON.parse(body);
    const asked = new URL(entry[0].request.url, "http://localhost");
    assert.equal(asked.pathname, "/ValueSet/$validate-code");
    assert.deepEqual(Object.fromEntries(asked.searchParams), { url: CONDITIONS, code: sctid(1000), system: SNOMED });
    assert.ok(!body.includes("secret"));
    assert.deepEqual(await careconnect.check(input, { terminology }), report);
    assert.equal(mock.requests.length, 1);
  });
}

test("a server without batches is asked one by one", async () => {
  const mock = await server({ noBatch: true });
  const report = await careconnect.check(bundle(20), { terminology: terminologyServer({ url: mock.url }) });
  assert.deepEqual(report.unchecked, []);
  assert.equal(mock.requests.filter(({ method }) => method === "GET").length, 20);
});

test("an element of the type code, and a code system", async () => {
  const questions = [{ valueSet: "urn:v|2", code: "a" }, { system: "urn:s", code: "b" }];
  for (const [version, expected] of [
    ["r4", ["ValueSet/$validate-code?url=urn%3Av&valueSetVersion=2&code=a&inferSystem=true", "CodeSystem/$validate-code?url=urn%3As&code=b"]],
    ["stu3", ["ValueSet/$validate-code?url=urn%3Av%7C2&code=a", "CodeSystem/$validate-code?url=urn%3As&code=b"]],
  ]) {
    const mock = await server({ version });
    const answers = await terminologyServer({ url: mock.url, version }).validateCodes(questions);
    assert.deepEqual(JSON.parse(mock.requests[0].body).entry.map(({ request }) => request.url), expected);
    assert.deepEqual(answers[1], { result: true, display: "Fever" });
    if (version === "stu3") assert.match(answers[0].reason, /answered 400: a system is required/);
  }
});

// What servers say, as `cargo xtask terminology-server` found it of HAPI FHIR and as others are known to: whether a code is
// wrong, or the server does not know.
for (const [message, result, expected] of [
  ["Unknown code 'https://example.org/CodeSystem/a#x' for in-memory expansion of ValueSet 'https://example.org/ValueSet/v'", false, false],
  ["Unable to validate code https://example.org/CodeSystem/a#x - Code is not found in CodeSystem: https://example.org/CodeSystem/a", false, false],
  ["The provided code 'urn:s#x' was not found in the value set 'urn:v|1'", false, false],
  ["None of the provided codes are in the ValueSet.", false, false],
  ["", false, false],
  ["Validator is unable to provide validation for x#https://example.org/a - Unknown or unusable ValueSet[https://example.org/v]", false, undefined],
  ["Terminology service was unable to provide validation for https://example.org/a#x", false, undefined],
  ["Failed to expand ValueSet 'urn:v' (in-memory). Could not validate code urn:s#x. Error was: HAPI-0702: Unable to expand ValueSet because CodeSystem could not be found: urn:s", false, undefined],
  ["A definition for the value Set 'urn:v' could not be found", false, undefined],
  ["A definition for CodeSystem 'urn:s' could not be found, so the code cannot be validated", false, undefined],
  ["CodeSystem is unknown and can't be validated: urn:s for 'urn:s#x'", true, undefined],
  ['Concept Display "Fever" does not match expected "Pyrexia" for \'urn:s#x\'', true, true],
]) {
  test(`a server that says ${result}, "${message}"`, async () => {
    const parameter = [{ name: "result", valueBoolean: result }, ...(message ? [{ name: "message", valueString: message }] : [])];
    const fetch = async () => Response.json({ resourceType: "Parameters", parameter });
    const terminology = terminologyServer({ url: "https://tx.example.org", fetch });
    const [answer] = await terminology.validateCodes([{ valueSet: "urn:v", system: "urn:s", code: "x" }]);
    assert.equal(answer.result, expected);
    assert.equal(typeof answer.reason, expected === undefined ? "string" : "undefined");
    // Without a system it may not have looked for the code at all.
    const [without] = await terminology.validateCodes([{ valueSet: "urn:v", code: "x" }]);
    assert.equal(without.result, expected || undefined);
  });
}

test("a server that fails leaves codes unchecked and never wrong", async () => {
  const message = "Unable to expand ValueSet: unknown code system http://snomed.info/sct";
  for (const [how, options, reason] of [
    [{ unknown: true }, {}, /answered 404: There is no such ValueSet\./],
    [{ message }, {}, /cannot say: Unable to expand ValueSet/],
    [{ message, noBatch: true }, {}, /cannot say: Unable to expand ValueSet/],
    [{ html: true }, {}, /its answer is not JSON/],
    [{ silent: true }, { timeout: 100 }, /did not answer within 100 ms/],
    [{}, { url: "http://127.0.0.1:1/fhir" }, /could not be asked/],
  ]) {
    const mock = await server(how);
    const terminology = terminologyServer({ url: mock.url, ...options });
    const input = bundle(2);
    input.entry.forEach(({ resource }) => (resource.code.coding[0].code = sctid(666)));
    const report = await careconnect.check(input, { terminology });
    assert.ok(report.unchecked.length > 0 && report.unchecked.every((one) => reason.test(one.reason)), JSON.stringify(report.unchecked));
    assert.ok(!report.issues.some(({ rule }) => rule === "code-required"));
    mock.close();
  }
  assert.throws(() => terminologyServer({ url: "tx" }), /'url' is the address/);
  assert.throws(() => terminologyServer({ url: "http://a", version: "r5" }), /"stu3" or "r4"/);
  assert.throws(() => terminologyServer({ url: "http://a", batchSize: 0 }), /'batchSize'/);
  assert.throws(() => terminologyServer({ url: "http://a", verison: "r4" }), /There is no option 'verison'/);
});

/** A small release in RF2: a finding, one below it, and one that is neither. */
function rf2() {
  const start = "id\teffectiveTime\tactive\tmoduleId";
  const [finding, fever, other] = ["404684003", sctid(5000), sctid(6000)];
  const concepts = [finding, fever, other, "413350009", "272379006"];
  return {
    "Terminology/sct2_Concept_Snapshot_INT.txt": [`${start}\tdefinitionStatusId`, ...concepts.map((id) => `${id}\t20260401\t1\t1\t1`)],
    "Terminology/sct2_Description_Snapshot-en_INT.txt": [
      `${start}\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId`,
      `1\t20260401\t1\t1\t${fever}\ten\t900000000000013009\tFeverishness\t1`,
    ],
    "Terminology/sct2_Relationship_Snapshot_INT.txt": [
      `${start}\tsourceId\tdestinationId\trelationshipGroup\ttypeId\tcharacteristicTypeId\tmodifierId`,
      `1\t20260401\t1\t1\t${fever}\t${finding}\t0\t116680003\t1\t1`,
    ],
    "Readme.txt": ["Not a file of RF2"],
  };
}

test("the command line makes a pack of a release, and a validation decides by it", async () => {
  for (const [name, lines] of Object.entries(rf2())) {
    mkdirSync(join(folder, "rf2", "Terminology"), { recursive: true });
    writeFileSync(join(folder, "rf2", name), `${lines.join("\r\n")}\r\n`);
  }
  const cli = fileURLToPath(new URL("../../pkg/cli.js", import.meta.url));
  const run = (...args) => spawnSync(process.execPath, [cli, "terminology", ...args], { encoding: "utf8" });
  const pack = join(folder, "snomed.pack");
  const made = run("snomed", join(folder, "rf2"), "-o", pack);
  assert.equal(made.status, 0, made.stderr);
  assert.match(made.stdout, /SNOMED CT 20260401, 5 concepts \(0 inactive\), 1 with a term, 0 reference sets/);
  const decided = await load({ packs: ["stu3", "careconnect", new Uint8Array(readFileSync(pack))] });
  const rules = (code, display) => {
    const { issues, unchecked } = decided.validate(condition(code, display));
    assert.deepEqual(unchecked, []);
    return issues.map(({ rule }) => rule).filter((rule) => /^(code|display)/.test(rule)).join();
  };
  assert.equal(rules(sctid(5000), "feverishness"), "");
  assert.equal(rules(sctid(5000), "Cough"), "display-wrong");
  assert.equal(rules(sctid(6000)), "code-required");
  assert.equal(rules(sctid(7000)), "code-unknown");
  decided.free();

  const vtm = "<VIRTUAL_THERAPEUTIC_MOIETIES><VTM><VTMID>90332006</VTMID><NM>Testamol</NM></VTM></VIRTUAL_THERAPEUTIC_MOIETIES>";
  writeFileSync(join(folder, "f_vtm2_3080426.xml"), vtm);
  const dmd = run("dmd", join(folder, "f_vtm2_3080426.xml"), "-o", join(folder, "dmd.pack"));
  assert.match(dmd.stdout, /dm\+d 20260408, 1 concepts/, dmd.stderr);

  for (const [args, words] of [
    [[], /Say snomed or dmd/],
    [["loinc", folder], /'loinc' is neither snomed nor dmd/],
    [["snomed"], /Where is the release\?/],
    [["snomed", folder], /-o snomed\.pack/],
    [["snomed", join(folder, "nowhere"), "-o", pack], /cannot be read: there is no such file/],
    [["dmd", join(folder, "rf2"), "-o", pack], /None of the files is one of a release: expected f_vtm2/],
  ]) {
    const failed = run(...args);
    assert.equal(failed.status, 2);
    assert.match(failed.stderr, words);
  }
});

test("a release that is not as it should be", async () => {
  const file = (name, text) => ({ name, chunks: () => [new TextEncoder().encode(text)] });
  await assert.rejects(makeRelease("snomed", [file("sct2_Concept_Snapshot_INT.txt", "x\ty")]), /sct2_Concept_Snapshot_INT\.txt: the first line/);
  await assert.rejects(makeRelease("dmd", [file("f_vtm2_3080426.xml", "<VTM>")]), /f_vtm2_3080426\.xml: the file ends inside/);
  await assert.rejects(makeRelease("loinc", [file("a", "")]), /'snomed' or 'dmd'/);
  await assert.rejects(makeRelease("snomed", [{ name: "a" }]), /its name and chunks/);
});
