// The middleware over plain node:http: what each request is answered with, and what is logged of it.

import assert from "node:assert/strict";
import { createServer, request as ask } from "node:http";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { validateBody } from "../../pkg/express.js";
import { load } from "../../pkg/index.js";
import { pool } from "../../pkg/node.js";
import { answerType } from "../../pkg/node/media.js";
import { outcomeXml } from "../../pkg/node/xml.js";

const fine = '{"resourceType":"Basic","code":{"text":"a note"}}';
const faulty = '{"resourceType":"Patient","gender":"sometimes","name":[{"family":"Okonkwo-Secret"}]}';
const JSON_TYPE = "application/fhir+json";
const XML_TYPE = "application/fhir+xml";
const LIMIT = 100_000;

const careconnect = await load();
const entries = [];
let server;
let port;

before(async () => {
  const middleware = validateBody({ careconnect, maxBytes: LIMIT, log: (entry) => entries.push(entry) });
  server = createServer((request, response) => {
    middleware(request, response, (error) => {
      if (error) return response.writeHead(500).end(error.message);
      response.writeHead(201).end(JSON.stringify({ body: request.body ?? null, issues: request.careconnect?.outcome.issue ?? null }));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address());
});

after(() => server.close());

function send(body, headers = { "content-type": JSON_TYPE }, { method = "POST", path = "/fhir/Patient" } = {}) {
  return new Promise((resolve, reject) => {
    const outgoing = ask({ port, host: "127.0.0.1", method, path, headers }, async (response) => {
      let text = "";
      for await (const part of response.setEncoding("utf8")) text += part;
      resolve({ status: response.statusCode, headers: response.headers, text });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

for (const [what, body, headers, status] of [
  ["a resource without errors", fine, {}, 201],
  ["a resource that breaks a rule", faulty, {}, 422],
  ["no JSON", "{", {}, 400],
  ["nothing", "", {}, 400],
  ["bytes that are no UTF-8", Buffer.from([0x7b, 0xff]), {}, 400],
  ["XML said to be JSON", "<Basic xmlns='http://hl7.org/fhir'/>", {}, 400],
  ["JSON said to be XML", fine, { "content-type": XML_TYPE }, 400],
  ["XML", "<Basic xmlns='http://hl7.org/fhir'><code><text value='a note'/></code></Basic>", { "content-type": "text/xml; charset=UTF-8" }, 201],
  ["plain JSON's type", fine, { "content-type": "application/json" }, 201],
  ["the type of DSTU2", fine, { "content-type": "application/json+fhir" }, 201],
  ["no type", fine, { "content-type": undefined }, 415],
  ["another type", fine, { "content-type": "text/plain" }, 415],
  ["another charset", fine, { "content-type": "application/fhir+json; charset=utf-16" }, 415],
  ["gzip", gzipSync(fine), { "content-encoding": "gzip" }, 201],
  ["deflate", deflateSync(fine), { "content-encoding": "deflate" }, 201],
  ["brotli", brotliCompressSync(fine), { "content-encoding": "br" }, 201],
  ["what is said to be gzip", fine, { "content-encoding": "gzip" }, 400],
  ["half of a gzip", gzipSync(fine).subarray(0, 30), { "content-encoding": "gzip" }, 400],
  ["what is said to be brotli", fine, { "content-encoding": "br" }, 400],
  ["another encoding", fine, { "content-encoding": "zstd" }, 415],
  ["a body that is too long", " ".repeat(LIMIT + 1), {}, 413],
  ["a body that is too long, of unknown length", " ".repeat(3 * LIMIT), { "transfer-encoding": "chunked" }, 413],
  ["a small body that unpacks to a large one", gzipSync(" ".repeat(50 * LIMIT)), { "content-encoding": "gzip" }, 413],
]) {
  test(`${what}: ${status}`, async () => {
    const given = Object.fromEntries(Object.entries({ "content-type": JSON_TYPE, ...headers }).filter(([, value]) => value));
    const answer = await send(body, given);
    assert.equal(answer.status, status, answer.text);
    if (status === 201) return assert.ok(JSON.parse(answer.text).issues);
    assert.match(answer.headers["content-type"], /^application\/fhir\+(json|xml); charset=utf-8$/);
    assert.equal(answer.headers["cache-control"], "no-store");
    const { issues } = careconnect.validate(answer.text);
    assert.deepEqual(issues.filter(({ severity }) => severity !== "information" && severity !== "warning"), [], answer.text);
    // The server is as well as before.
    assert.equal((await send(fine)).status, 201);
  });
}

test("what goes on has its text and its warnings", async () => {
  const resource = '{ "resourceType": "Basic", "code": { "text": "é𝒳" }, "extension": [{ "url": "urn:x", "valueDecimal": 1.0 }] }\n';
  const { text } = await send(resource, { "content-type": JSON_TYPE }, { method: "PUT" });
  const { body, issues } = JSON.parse(text);
  assert.equal(body, resource);
  assert.deepEqual(issues, careconnect.outcome(resource).issue);
});

test("requests without a resource pass untouched", async () => {
  assert.deepEqual(JSON.parse((await send(undefined, {}, { method: "GET" })).text), { body: null, issues: null });
  assert.equal((await send("a=b", { "content-type": "application/x-www-form-urlencoded" }, { path: "/fhir/Patient/_search" })).status, 201);
});

test("every body is checked or refused, whatever its method, type and encoding", async () => {
  const own = ["constructor", "__proto__", "toString", "valueOf"];
  const form = "application/x-www-form-urlencoded";
  const types = [JSON_TYPE, undefined, "", ";", form, `${form}+json`, `${form}; x=${JSON_TYPE}`, "multipart/form-data; boundary=x", `${JSON_TYPE}, text/plain`, `${JSON_TYPE}; charset=utf-8; charset=utf-7`, `${JSON_TYPE}; charset = utf-16`, "application/json-patch+json", ...own];
  const packed = new Map([["gzip", gzipSync], ["deflate", deflateSync], ["br", brotliCompressSync]]);
  for (const type of types) {
    for (const encoding of [undefined, "identity", "", ...packed.keys(), "zstd", "gzip, gzip", ...own]) {
      for (const method of ["POST", "PUT", "PATCH", "DELETE", "GET"]) {
        for (const resource of [fine, faulty]) {
          const body = packed.get(encoding)?.(resource) ?? resource;
          const headers = { ...(type !== undefined && { "content-type": type }), ...(encoding !== undefined && { "content-encoding": encoding }), "content-length": body.length };
          const { status, text } = await send(body, headers, { method });
          const words = `${method} ${type} ${encoding}`;
          assert.ok(status < 500, `${words}: ${status} ${text}`);
          if (status !== 201 || (method === "PATCH" && type === "application/json-patch+json")) continue;
          assert.equal(resource, fine, words);
          assert.equal(JSON.parse(text).body, fine, words);
          assert.ok(JSON.parse(text).issues, words);
        }
      }
    }
  }
  // A form is a search only where searches are.
  for (const [path, status] of [["/fhir/Patient/_search", 201], ["/fhir/Patient/_search?x=1", 201], ["/fhir/Patient?/_search", 415], ["/fhir/Patient_search", 415]]) {
    assert.equal((await send("a=b", { "content-type": form }, { path })).status, status, path);
    assert.equal((await send("a=b", { "content-type": form }, { path, method: "PUT" })).status, 415, path);
  }
});

for (const [what, space] of [["spaces", " ".repeat(1500)], ["line feeds", "\n".repeat(20_000)], ["tabs", "\t".repeat(3000)], ["byte order marks", "\uFEFF\uFEFF"]]) {
  test(`XML that is said to be JSON, and the other way round, after many ${what}`, async () => {
    assert.equal((await send(`${space}<Basic xmlns="http://hl7.org/fhir"><code><text value="a note"/></code></Basic>`)).status, 400);
    assert.equal((await send(space + fine, { "content-type": XML_TYPE })).status, 400);
  });
}

test("the names of every object's own properties ask for no form of the answer", async () => {
  for (const name of ["constructor", "__proto__", "toString", "valueOf", "json;constructor", "%E0%A4%A", "xml%0d%0aX:y"]) {
    for (const [path, accept] of [[`/fhir?_format=${name}`, undefined], ["/fhir", name.slice(0, 20)]]) {
      const answer = await send(faulty, { "content-type": JSON_TYPE, ...(accept && { accept }) }, { path });
      assert.equal(answer.status, 422);
      assert.match(answer.headers["content-type"], /^application\/fhir\+(json|xml); charset=utf-8$/);
    }
  }
});

test("what is not checked in time is answered with 503, and what comes after is checked", async () => {
  const threads = await pool({ size: 1 });
  const send = (middleware, body) =>
    new Promise((resolve, reject) => {
      const request = { method: "POST", url: "/", headers: { "content-type": JSON_TYPE }, readableDidRead: true, body };
      middleware(request, { writeHead: (status) => ({ end: (text) => resolve([status, JSON.parse(text).issue[0].code]) }) }, (error) => (error ? reject(error) : resolve([201])));
    });
  const large = JSON.stringify({ resourceType: "Bundle", type: "collection", entry: Array(5000).fill({ resource: { resourceType: "Basic", code: { text: "x" } } }) });
  const logged = [];
  assert.deepEqual(await send(validateBody({ careconnect: threads, timeout: 1, log: (entry) => logged.push(entry.status) }), large), [503, "timeout"]);
  assert.deepEqual(logged, [503]);
  assert.deepEqual(await send(validateBody({ careconnect: threads }), fine), [201]);
  assert.throws(() => validateBody({ careconnect: threads, timeout: 0 }), /'timeout' is a whole number/);
  threads.free();
});

test("the answer is in the form that is asked for", async () => {
  for (const [accept, path, type] of [
    [undefined, "", JSON_TYPE],
    ["*/*", "", JSON_TYPE],
    [XML_TYPE, "", XML_TYPE],
    ["application/json", "", "application/json"],
    ["text/html, application/fhir+xml;q=0.5, application/fhir+json;q=0.9", "", JSON_TYPE],
    ["image/png", "", JSON_TYPE],
    [JSON_TYPE, "?_format=xml", XML_TYPE],
    [JSON_TYPE, "?a=b&_format=application/fhir+xml", XML_TYPE],
    [XML_TYPE, "?_format=%zz", XML_TYPE],
    ["application/fhir+json;q=0", "", JSON_TYPE],
  ]) {
    const answer = await send(faulty, { "content-type": JSON_TYPE, ...(accept && { accept }) }, { path: `/fhir${path}` });
    assert.equal(answer.headers["content-type"], `${type}; charset=utf-8`, `${accept} ${path}`);
    if (type === XML_TYPE) assert.equal(answer.text, outcomeXml(careconnect.outcome(faulty)));
    else assert.deepEqual(JSON.parse(answer.text), careconnect.outcome(faulty));
  }
  assert.deepEqual(answerType(undefined, undefined, "xml"), { format: "xml", type: XML_TYPE, quality: 0 });
});

test("an OperationOutcome in XML is one, whatever the texts are", async () => {
  const issue = { severity: "error", code: "value", details: { coding: [{ code: "x" }], text: '\0<&">\n\uD800\uFFFF' }, diagnostics: "é𝒳", expression: ["a", "b"] };
  const extension = [{ url: "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line", valueInteger: 3 }];
  const xml = outcomeXml({ issue: [{ extension, ...issue }, issue] });
  assert.deepEqual(careconnect.validate(xml).issues.filter(({ severity }) => severity === "fatal" || severity === "error"), []);
  assert.match(xml, /value="\uFFFD&lt;&amp;&quot;&gt;&#10;\uFFFD\uFFFD"/);
});

test("the log has counts and nothing of a resource or its address", async () => {
  entries.length = 0;
  await send(faulty, { "content-type": JSON_TYPE }, { path: "/fhir/Patient/Okonkwo-Secret?identifier=Okonkwo-Secret" });
  await send('{"resourceType":"Okonkwo-Secret","Okonkwo-Secret":"Okonkwo-Secret"}');
  assert.equal(entries.length, 2);
  assert.doesNotMatch(JSON.stringify(entries), /secret|sometimes|okonkwo/i);
  const [{ milliseconds, rules, ...entry }] = entries;
  const { issue } = careconnect.outcome(faulty);
  const count = (severity) => issue.filter((one) => one.severity === severity).length;
  const counts = { fatal: count("fatal"), error: count("error"), warning: count("warning"), information: count("information") };
  assert.deepEqual(entry, { event: "validate-body", method: "POST", status: 422, bytes: faulty.length, ...counts });
  assert.equal(Object.values(rules).reduce((a, b) => a + b), issue.filter(({ details }) => details.coding).length);
});

test("a sender who goes away is no failure", async () => {
  const socket = connect(port, "127.0.0.1");
  socket.write(`POST /fhir HTTP/1.1\r\nHost: x\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: 1000\r\n\r\n{`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((await send(fine)).status, 201);
});

test("a body that another parser took is checked as it left it", async () => {
  const middleware = validateBody({ careconnect });
  const run = (body) =>
    new Promise((resolve) => {
      const request = { method: "POST", url: "/", headers: { "content-type": JSON_TYPE }, readableDidRead: true, body };
      const response = { writeHead: (status) => ({ end: (text) => resolve({ status, text }) }) };
      middleware(request, response, (error) => resolve({ error, body: request.body }));
    });
  assert.deepEqual((await run(JSON.parse(fine))).body, JSON.parse(fine));
  assert.equal((await run(Buffer.from(faulty))).status, 422);
  assert.equal((await run(faulty)).status, 422);
  assert.match((await run(undefined)).error.message, /put validateBody before it/);
});

test("threads load what a resource needs, where that is asked for", async () => {
  const url = "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1";
  const resource = JSON.stringify({ resourceType: "Patient", meta: { profile: [url] }, identifier: [{ value: "1" }] });
  const threads = await pool({ size: 1, packs: ["stu3", "careconnect"] });
  const answer = (ensure) =>
    new Promise((resolve, reject) => {
      const request = { method: "POST", url: "/", headers: { "content-type": JSON_TYPE }, readableDidRead: true, body: resource };
      const goOn = (error) => (error ? reject(error) : resolve(request.careconnect.outcome.issue));
      validateBody({ careconnect: threads, ensure })(request, { writeHead: () => ({ end: (text) => resolve(JSON.parse(text).issue) }) }, goOn);
    });
  const unknown = (issues) => issues.some(({ details }) => details.coding?.[0].code === "profile-unknown");
  assert.equal(unknown(await answer(false)), true);
  assert.equal(unknown(await answer(true)), false);
  threads.free();
});

test("what is wrong with the options is said", async () => {
  assert.throws(() => validateBody({ limit: 1 }), /no option 'limit'/);
  assert.throws(() => validateBody({ maxBytes: "1mb" }), /'maxBytes' is a whole number/);
  const error = await new Promise((resolve) => {
    const request = { method: "POST", url: "/", headers: { "content-type": JSON_TYPE }, readableDidRead: true, body: fine };
    validateBody({ careconnect, validate: () => ({ profile: "x" }) })(request, {}, resolve);
  });
  assert.match(error.message, /no option 'profile'/);
});
