// `careconnect serve`: what each request is answered with, what harms no other, and how it starts and stops.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request as ask } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { Client } from "fhir-kit-client";
import { load } from "../../pkg/index.js";
import { pool } from "../../pkg/node.js";
import { Service } from "../../pkg/serve/server.js";
import { Turns } from "../../pkg/serve/turns.js";

const JSON_TYPE = "application/fhir+json";
const XML_TYPE = "application/fhir+xml";
const cli = fileURLToPath(new URL("../../pkg/cli.js", import.meta.url));
const basic = '{"resourceType":"Basic","code":{"text":"a note"}}';
const faulty = '{\n  "resourceType": "Patient",\n  "gender": "sometimes"\n}';
const parameters = (...parameter) => JSON.stringify({ resourceType: "Parameters", parameter });
const large = JSON.stringify({ resourceType: "Bundle", type: "collection", entry: Array(6000).fill({ resource: { resourceType: "Basic", code: { text: "x" } } }) });

const careconnect = await load();
// Node.js tells of every thread that is started: here they can be ended from outside.
const workers = new Set();
process.on("worker", (worker) => {
  workers.add(worker);
  worker.once("exit", () => workers.delete(worker));
});

const SETTINGS = { host: "127.0.0.1", port: 0, threads: 2, queue: 100, perClient: 0, connections: 200, maxBody: 1_000_000, bodyTimeout: 2000, timeout: 20_000, grace: 5000 };
const running = [];
const children = [];

async function start(settings = {}, options = {}) {
  const log = [];
  const all = { ...SETTINGS, ...settings };
  const state = { failed: false };
  const service = new Service({ pool: pool({ size: all.threads }), settings: all, options, version: "0.0.0", log: (entry) => log.push(entry), failed: () => (state.failed = true) });
  const base = await service.listen();
  running.push(service);
  await service.ready();
  return { service, base, port: Number(new URL(base).port), log, state };
}

let main;
before(async () => (main = await start()));
after(async () => {
  // One that a failed test has left.
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(running.map((service) => service.stop()));
});

function send(port, path, body, headers = { "content-type": JSON_TYPE }, { method = body === undefined ? "GET" : "POST", agent } = {}) {
  return new Promise((resolve, reject) => {
    const outgoing = ask({ port, host: "127.0.0.1", method, path, headers, agent }, async (response) => {
      try {
        let text = "";
        for await (const part of response.setEncoding("utf8")) text += part;
        resolve({ status: response.statusCode, headers: response.headers, text });
      } catch (error) {
        reject(error);
      }
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

const post = (path, body, headers) => send(main.port, path, body, { "content-type": JSON_TYPE, ...headers });
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const metric = async (port, name) => Number((await send(port, "/metrics")).text.split("\n").find((line) => line.startsWith(`careconnect_${name} `))?.split(" ").at(-1));
const errorsOf = (text) => careconnect.validate(text).issues.filter(({ severity }) => severity === "error" || severity === "fatal");

test("a resource is answered with its OperationOutcome, the same as the package gives", async () => {
  for (const path of ["/$validate", "/%24validate", "/Patient/$validate"]) {
    const { status, headers, text } = await post(path, faulty);
    assert.equal(status, 200);
    assert.equal(headers["content-type"], `${JSON_TYPE}; charset=utf-8`);
    assert.deepEqual(JSON.parse(text), careconnect.outcome(faulty));
  }
});

test("Parameters bring the resource, the profile and the mode; places are those of the body", async () => {
  const profile = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1";
  const body = `{"resourceType":"Parameters","parameter":[\n {"name":"profile","valueUri":"${profile}"},\n {"name":"mode","valueCode":"create"},\n {"name":"resource", "resource":{"resourceType":"Patient",\n  "gender":"sometimes","multipleBirthInteger":1.0}}]}`;
  const { status, text } = await post("/$validate", body);
  assert.equal(status, 200, text);
  const { issue } = JSON.parse(text);
  const alone = careconnect.outcome('{"resourceType":"Patient",\n  "gender":"sometimes","multipleBirthInteger":1.0}', { profiles: [profile] }).issue;
  assert.deepEqual(issue.slice(0, -1).map(({ details }) => details.text), alone.map(({ details }) => details.text));
  assert.match(issue.at(-1).details.text, /^Only the content was checked/);
  const [{ extension, diagnostics }] = issue.filter(({ details }) => details.coding?.[0].code === "code-required");
  assert.deepEqual(extension.map(({ valueInteger }) => valueInteger), [5, body.split("\n")[4].indexOf('"sometimes"') + 1]);
  assert.match(diagnostics, /^Line 5, column 12\. /);
  const byAddress = await post(`/Patient/$validate?profile=${encodeURIComponent(profile)}&_format=json`, faulty);
  assert.deepEqual(JSON.parse(byAddress.text), careconnect.outcome(faulty, { profiles: [profile] }));
});

test("Parameters in XML: namespaces go along, and no place moves", async () => {
  const patient = '<Patient><text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">x</div></text><gender value="sometimes"/></Patient>';
  const other = '<parameter><name value="profile"/><valueUri value="http://hl7.org/fhir/StructureDefinition/Patient"/></parameter>';
  for (const [what, body] of [
    ["in one line", `<Parameters xmlns="http://hl7.org/fhir">${other}<parameter><name value="resource"/><resource>${patient}</resource></parameter></Parameters>`],
    ["a namespace in a comment", `<!-- xmlns="urn:other" --><Parameters xmlns='http://hl7.org/fhir'>\r\n${other}\r\n<parameter><name value="resource"/><resource><!-- xmlns="urn:x" -->${patient}</resource></parameter></Parameters>`],
    ["a resource that declares its own", `<Parameters xmlns="http://hl7.org/fhir">\n<parameter><name value="resource"/><resource>\n${patient.replace("<Patient>", '<Patient xmlns="http://hl7.org/fhir">')}\n</resource></parameter></Parameters>`],
    ["after a byte order mark and a declaration", `\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="resource"/><resource>${patient}</resource></parameter></Parameters>`],
  ]) {
    const { status, text } = await post("/Patient/$validate", body, { "content-type": XML_TYPE, accept: JSON_TYPE });
    assert.equal(status, 200, `${what}: ${text}`);
    const { issue } = JSON.parse(text);
    assert.equal(issue.filter(({ severity }) => severity === "error").length, 1, `${what}: ${text}`);
    const lines = body.replace("\uFEFF", "").split(/\r?\n/);
    const line = lines.findIndex((line) => line.includes("sometimes"));
    const { extension, diagnostics } = issue.find(({ severity }) => severity === "error");
    const column = lines[line].indexOf(lines[line].includes('<gender value="sometimes"') ? "<gender" : "") + 1;
    const [said, at] = extension.map(({ valueInteger }) => valueInteger);
    assert.equal(said, line + 1, what);
    assert.ok(at >= column && at <= column + '<gender value="sometimes"'.length, `${what}: ${at} and not by ${column}`);
    assert.ok(diagnostics.startsWith(`Line ${said}, column ${at}.`), `${what}: ${diagnostics}`);
  }
});

test("the answer is in the form that is asked for, and both say the same", async () => {
  for (const [headers, path, type] of [
    [{}, "", JSON_TYPE],
    [{ accept: XML_TYPE }, "", XML_TYPE],
    [{ accept: "application/xml" }, "", "application/xml"],
    [{ accept: JSON_TYPE }, "?_format=xml", XML_TYPE],
  ]) {
    const { headers: given, text } = await post(`/$validate${path}`, faulty, headers);
    assert.equal(given["content-type"], `${type}; charset=utf-8`);
    if (!type.includes("xml")) continue;
    assert.deepEqual(errorsOf(text), []);
    assert.deepEqual(JSON.parse(careconnect.convert(text, "json").text), JSON.parse(careconnect.convert(JSON.stringify(careconnect.outcome(faulty)), "json").text));
  }
});

test("a FHIR client of somebody else's reads the statement and validates", async () => {
  const client = new Client({ baseUrl: main.base });
  const statement = await client.capabilityStatement();
  assert.equal(statement.resourceType, "CapabilityStatement");
  const outcome = await client.operation({ name: "$validate", resourceType: "Patient", method: "POST", input: JSON.parse(faulty) });
  assert.deepEqual(outcome.issue.map(({ severity }) => severity), ["error"]);
  const input = { resourceType: "Parameters", parameter: [{ name: "resource", resource: JSON.parse(basic) }] };
  const { issue } = await client.operation({ name: "$validate", method: "POST", input });
  assert.deepEqual(issue.map(({ severity }) => severity), ["information"]);
  await assert.rejects(client.operation({ name: "$validate", resourceType: "Patient", method: "POST", input: JSON.parse(basic) }), (error) => error.response.status === 400);
});

test("the CapabilityStatement and the definition of $render are valid in both formats", async () => {
  for (const path of ["/metadata", "/OperationDefinition/render"]) {
    for (const [format, type] of [["json", JSON_TYPE], ["xml", XML_TYPE]]) {
      const { status, headers, text } = await send(main.port, `${path}?_format=${format}`);
      assert.deepEqual([status, headers["content-type"]], [200, `${type}; charset=utf-8`]);
      const { valid, issues } = careconnect.validate(text);
      assert.ok(valid, JSON.stringify(issues));
      assert.deepEqual(issues.filter(({ severity }) => severity === "warning"), []);
    }
  }
});

test("every form of a display, the same as the package gives", async () => {
  const FORMS = { narrative: "application/xhtml+xml", fragment: "text/html", page: "text/html", text: "text/plain", markdown: "text/markdown", model: "application/json", coverage: "application/json" };
  for (const [as, type] of Object.entries(FORMS)) {
    const { status, headers, text } = await post(`/$render?as=${as}`, faulty);
    assert.deepEqual([status, headers["content-type"]], [200, `${type}; charset=utf-8`]);
    const expected = careconnect.render(faulty, { as });
    if (type === "application/json") assert.deepEqual(JSON.parse(text), expected);
    else assert.equal(text, expected);
    if (/html/.test(type)) assert.match(headers["content-security-policy"], /default-src 'none'.*sandbox/);
  }
  for (const [accept, as] of [["text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", "page"], ["text/plain", "text"], ["*/*", "narrative"], [undefined, "narrative"]]) {
    assert.equal((await post("/$render", faulty, accept && { accept })).text, careconnect.render(faulty, { as }), accept);
  }
});

test("a display by Parameters, compared with an older version, and in a Binary", async () => {
  const [now, then] = ["female", "male"].map((gender) => ({ resourceType: "Patient", gender }));
  const body = parameters({ name: "as", valueCode: "text" }, { name: "mode", valueCode: "diff" }, { name: "against", resource: then }, { name: "resource", resource: now });
  const expected = careconnect.render(now, { as: "text", mode: "diff", against: then });
  assert.equal((await post("/$render", body)).text, expected);
  for (const [accept, read] of [[JSON_TYPE, JSON.parse], [XML_TYPE, (text) => JSON.parse(careconnect.convert(text, "json").text)]]) {
    const { text } = await post("/$render", body, { accept });
    assert.deepEqual(errorsOf(text), []);
    const { resourceType, contentType, content } = read(text);
    assert.deepEqual([resourceType, contentType, Buffer.from(content, "base64").toString()], ["Binary", "text/plain; charset=utf-8", expected]);
  }
  // Half a record is no success, though it is shown.
  const half = await post("/$render?as=text", '{"resourceType":"Patient","gender":"male","name":[{');
  assert.equal(half.status, 422);
  assert.equal(half.text, careconnect.render('{"resourceType":"Patient","gender":"male","name":[{', { as: "text" }));
});

for (const [what, path, body, headers, status, words] of [
  ["an address that there is not", "/$validated", basic, {}, 404, /There is POST/],
  ["a type that there is not", "/Foo/$validate", basic, {}, 404, /Nothing has this address/],
  ["names of every object", "/constructor/$validate", basic, {}, 404, /Nothing has this address/],
  ["another type in the address", "/Patient/$validate", basic, {}, 400, /of another type/],
  ["a profile that is misspelt", "/$validate?profil=x", basic, {}, 400, /'profil'/],
  ["a parameter of every object", "/$validate?__proto__=x", basic, {}, 400, /'__proto__'/],
  ["a mode that needs a store", "/$validate?mode=delete", basic, {}, 400, /mode 'delete'/],
  ["two modes", "/$validate?mode=create&mode=update", basic, {}, 400, /more than once/],
  ["no body", "/$validate", "", {}, 400, /no body/],
  ["Parameters without a resource", "/$validate", parameters({ name: "mode", valueCode: "create" }), {}, 400, /without a parameter 'resource'/],
  ["Parameters with two resources", "/$validate", parameters(...Array(2).fill({ name: "resource", resource: { resourceType: "Basic" } })), {}, 400, /more than once/],
  ["Parameters that hold another name", "/$validate", parameters({ name: "constructor", valueCode: "x" }), {}, 400, /'constructor'/],
  ["Parameters that are broken themselves", "/$validate", `${parameters({ name: "resource", resource: { resourceType: "Basic", code: {} } }).slice(0, -2)}`, {}, 400, /./],
  ["Parameters with an element of R4", "/$validate", parameters({ name: "profile", valueCanonical: "x" }, { name: "resource", resource: { resourceType: "Basic" } }), {}, 400, /valueCanonical|no value/],
  ["another media type", "/$validate", basic, { "content-type": "text/plain" }, 415, /Content-Type/],
  ["XML that is said to be JSON", "/$validate", "<Basic/>", {}, 400, /it is not/],
  ["a body that is too long", "/$validate", " ".repeat(1_000_001), {}, 413, /longer than/],
  ["a bomb", "/$validate", gzipSync(Buffer.alloc(50_000_000, " ")), { "content-encoding": "gzip" }, 413, /longer than/],
  ["a form that there is not", "/$render?as=constructor", basic, {}, 400, /constructor/],
  ["an audience that there is not", "/$render?audience=all", basic, {}, 400, /all/],
]) {
  test(`${what}: ${status}`, async () => {
    for (const accept of [JSON_TYPE, XML_TYPE]) {
      const answer = await post(path, body, { ...headers, accept });
      assert.equal(answer.status, status, answer.text);
      assert.equal(answer.headers["content-type"], `${accept}; charset=utf-8`);
      assert.deepEqual(errorsOf(answer.text), [], answer.text);
      assert.match(answer.text, words);
    }
    assert.equal((await post("/$validate", basic)).status, 200);
  });
}

test("what cannot be read as a resource has been checked: 200, and fatal", async () => {
  const { status, text } = await post("/$validate", '{"resourceType":"Patient"');
  assert.equal(status, 200);
  assert.deepEqual(JSON.parse(text), careconnect.outcome('{"resourceType":"Patient"'));
});

test("other methods are refused with what there is", async () => {
  for (const [path, method, allow] of [["/$validate", "GET", "POST"], ["/metadata", "DELETE", "GET, HEAD"], ["/health", "PUT", "GET, HEAD"]]) {
    const answer = await send(main.port, path, undefined, {}, { method });
    assert.deepEqual([answer.status, answer.headers.allow], [405, allow]);
  }
  assert.deepEqual([(await send(main.port, "/health", undefined, {}, { method: "HEAD" })).text, JSON.parse((await send(main.port, "/ready")).text)], ["", { status: "ready" }]);
});

test("the log and the metrics have counts, and nothing of a resource, its address or who sent it", async () => {
  main.log.length = 0;
  const secret = '{"resourceType":"Patient","id":"Okonkwo-1","gender":"Okonkwo-2","name":[{"family":"Okonkwo-3"}]}';
  await post("/Patient/$validate?_format=json&_summary=Okonkwo-4", secret, { "x-request-id": "Okonkwo-5", "user-agent": "Okonkwo-6" });
  await post("/$validate?profile=Okonkwo-7", parameters({ name: "resource", resource: JSON.parse(secret) }));
  await post("/Okonkwo/$validate?Okonkwo-8=Okonkwo-9", secret);
  await post("/Okonkwo", secret);
  await send(main.port, "/Patient/Okonkwo-10");
  const { text } = await send(main.port, "/metrics");
  assert.doesNotMatch(JSON.stringify(main.log) + text, /okonkwo/i);
  assert.equal(main.log.length, 5);
  const { id, milliseconds, waited, ...first } = main.log[0];
  const { rules, ...rest } = first;
  assert.deepEqual(rest, { event: "request", method: "POST", route: "/{type}/$validate", bytes: secret.length, verdict: "invalid", fatal: 0, error: 1, warning: 0, information: 0, status: 200 });
  assert.deepEqual(rules, { "code-required": 1 });
  for (const line of text.trimEnd().split("\n")) assert.match(line, /^# (HELP|TYPE) \w+ .+$|^careconnect_\w+(\{\w+="[^"\\]*"(,\w+="[^"\\]*")*\})? [\d.e+-]+$/);
  assert.match(text, /verdicts_total\{verdict="invalid"\} [1-9]/);
});

test("a thread that dies in the middle is replaced, and its request answered", async () => {
  const { port } = await start({ threads: 2 });
  const own = [...workers].slice(-2);
  const expected = careconnect.outcome(large.replace('"text":"x"', '"txt":"x"')).issue.length;
  const requests = Array.from({ length: 12 }, () => send(port, "/$validate", large.replace('"text":"x"', '"txt":"x"')));
  await wait(60);
  assert.ok((await metric(port, "requests_running")) > 0, "nothing runs that could be interrupted");
  await Promise.all(own.map((worker) => worker.terminate()));
  for (const { status, text } of await Promise.all(requests)) {
    assert.equal(status, 200, text);
    assert.equal(JSON.parse(text).issue.length, expected);
  }
  assert.equal(await metric(port, "threads_replaced_total"), 2);
  assert.ok((await metric(port, "requests_retried_total")) >= 1);
});

test("senders who go away, before or after their turn, harm nobody", async () => {
  const { port, log } = await start({ threads: 1 });
  const requests = Array.from({ length: 30 }, (_, at) => {
    if (at % 3 > 0) return send(port, "/$validate", large).then(({ status }) => status);
    return new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => {
        const body = at % 2 ? large : large.slice(0, 1000);
        socket.write(`POST /$validate HTTP/1.1\r\nHost: x\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: ${large.length}\r\n\r\n${body}`);
        setTimeout(() => socket.destroy(), 20 + at * 3);
      });
      socket.once("close", () => resolve("gone"));
      socket.on("error", () => {});
    });
  });
  const statuses = await Promise.all(requests);
  assert.equal(statuses.filter((status) => status === 200).length, 20);
  assert.equal(statuses.filter((status) => status === "gone").length, 10);
  await wait(50);
  assert.equal(log.filter(({ status }) => status === "aborted").length, 10);
  assert.equal(await metric(port, "held_bytes"), 0);
  assert.equal(await metric(port, "queue_length"), 0);
  assert.equal(await metric(port, "threads_replaced_total"), 0);
});

test("a body that trickles in is cut off with 408, one that never ends after a refusal too, and others are served meanwhile", async () => {
  const { port } = await start({ bodyTimeout: 400 });
  const slow = (head, part) =>
    new Promise((resolve) => {
      let said = "";
      const started = performance.now();
      const socket = connect(port, "127.0.0.1", () => socket.write(head));
      const timer = setInterval(() => socket.write(part), 50);
      socket.setEncoding("utf8").on("data", (text) => (said += text));
      socket.on("error", () => {}).once("close", () => {
        clearInterval(timer);
        resolve({ said, milliseconds: performance.now() - started });
      });
    });
  const head = `POST /$validate HTTP/1.1\r\nHost: x\r\nContent-Type: ${JSON_TYPE}\r\n`;
  const attacks = [
    ...Array.from({ length: 20 }, () => slow(`${head}Content-Length: 1000\r\n\r\n{`, " ")),
    slow(`${head}Transfer-Encoding: chunked\r\n\r\n`, "1\r\n \r\n"),
    slow(`${head.replace("fhir+json", "pdf")}Transfer-Encoding: chunked\r\n\r\n`, "1\r\n \r\n"),
    slow("POST /$validate HTTP/1.1\r\nHost: x\r\n", "X: y\r\n"),
  ];
  const statuses = await Promise.all(Array.from({ length: 20 }, () => send(port, "/$validate", basic).then(({ status }) => status)));
  assert.deepEqual([...new Set(statuses)], [200]);
  const ended = await Promise.all(attacks);
  for (const [at, { said, milliseconds }] of ended.entries()) {
    assert.ok(milliseconds < 6000, `${at}: ${milliseconds} ms`);
    if (at < 21) assert.match(said, /^HTTP\/1\.1 408 [^]*The body was not there within 400 ms/, String(at));
  }
  assert.match(ended[21].said, /^HTTP\/1\.1 415 /);
  assert.equal(await metric(port, "held_bytes"), 0);
});

test("what is more than the queue is turned away with 503, and what one address may not have with 429", async () => {
  const { port } = await start({ threads: 1, queue: 2 });
  const answers = await Promise.all(Array.from({ length: 12 }, () => send(port, "/$validate", large)));
  const count = (status) => answers.filter((answer) => answer.status === status);
  assert.ok(count(200).length >= 3, "nothing was done");
  assert.ok(count(503).length >= 1, "nothing was turned away");
  assert.equal(count(200).length + count(503).length, 12);
  for (const { headers, text } of count(503)) {
    assert.equal(headers["retry-after"], "1");
    assert.equal(JSON.parse(text).issue[0].code, "throttled");
  }
  const polite = await start({ threads: 1, perClient: 2 });
  const both = await Promise.all(Array.from({ length: 8 }, () => send(polite.port, "/$validate", large)));
  assert.ok(both.some(({ status, headers }) => status === 429 && headers["retry-after"] === "1"));
  assert.ok(both.filter(({ status }) => status === 200).length >= 2);
  assert.equal((await send(polite.port, "/$validate", basic)).status, 200);
});

test("what takes too long is answered with 503, in a thread or waiting for one, and what comes after is done", async () => {
  const { port } = await start({ threads: 1, timeout: 40 });
  const answers = await Promise.all(Array.from({ length: 4 }, () => send(port, "/$validate", large)));
  assert.ok(answers.filter(({ status, text }) => status === 503 && JSON.parse(text).issue[0].code === "timeout").length >= 3, JSON.stringify(answers.map(({ status }) => status)));
  let answer;
  for (let tries = 0; tries < 100 && answer?.status !== 200; tries++) {
    await wait(50);
    answer = await send(port, "/$validate", basic);
  }
  assert.equal(answer.status, 200);
  assert.ok((await metric(port, "threads_replaced_total")) >= 1);
});

test("many at once on kept connections: each has its own answer", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const answers = await Promise.all(
    Array.from({ length: 600 }, async (_, at) => {
      const body = at % 50 === 49 ? "[".repeat(20_000) : JSON.stringify({ resourceType: "Patient", gender: `not-${at}` });
      const path = at % 2 ? "/$validate" : "/$render?as=text";
      const { status, text } = await send(main.port, path, body, { "content-type": JSON_TYPE }, { agent });
      if (status === 503) return "again";
      return at % 50 === 49 ? "hostile" : status === 200 && new RegExp(`not-${at}\\b`, "i").test(text);
    }),
  );
  agent.destroy();
  assert.equal(answers.filter((answer) => answer === false).length, 0);
  assert.ok(answers.filter((answer) => answer === true).length >= 500);
});

test("requests that run go first in, first out, and one that leaves the queue lets the next go on", async () => {
  const turns = new Turns({ size: 1, queue: 2 });
  const never = new AbortController().signal;
  const leaving = new AbortController();
  const first = await turns.take(never);
  const [second, third] = [turns.take(leaving.signal), turns.take(never)];
  assert.deepEqual([turns.isFull, turns.waiting, turns.running], [true, 2, 1]);
  leaving.abort();
  assert.equal(await second, undefined);
  assert.deepEqual([turns.isFull, turns.waiting], [false, 1]);
  first();
  const turn = await third;
  assert.deepEqual([turns.waiting, turns.running], [0, 1]);
  turn();
  assert.equal(turns.running, 0);
});

// The command itself.

function command(given, { env = {}, cwd } = {}) {
  const child = spawn(process.execPath, [cli, "serve", ...given], { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  const entries = [];
  let errors = "";
  let rest = "";
  const waiting = [];
  child.stdout.setEncoding("utf8").on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    for (const line of lines) entries.push(JSON.parse(line));
    for (const look of waiting) look();
  });
  child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
  const ended = once(child, "close").then(([code]) => ({ code, errors }));
  const until = (event) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = entries.find((entry) => entry.event === event);
        if (found) resolve(found);
      };
      waiting.push(look);
      look();
      ended.then(() => reject(new Error(`it ended: ${errors}`)));
    });
  return { child, entries, until, ended };
}

test("what is under way is answered when the service is told to stop, and then it ends with 0", async () => {
  for (const signal of ["SIGTERM", "SIGINT"]) {
    const { child, until, ended, entries } = command(["--port", "0", "--no-config", "--threads", "1"]);
    const port = Number(new URL((await until("listening")).address).port);
    await until("ready");
    const agent = new Agent({ keepAlive: true });
    const requests = Array.from({ length: 8 }, () => send(port, "/$validate", large, undefined, { agent }));
    await wait(150);
    child.kill(signal);
    const answers = await Promise.all(requests);
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal((await ended).code, 0);
    assert.deepEqual(entries.slice(-1).map(({ event, unanswered }) => ({ event, unanswered })), [{ event: "stopped", unanswered: 0 }]);
    await assert.rejects(send(port, "/health"), /ECONNREFUSED/);
    agent.destroy();
  }
});

test("options by the command line, the environment and the configuration, in this order", async () => {
  const folder = mkdtempSync(join(tmpdir(), "careconnect-serve-"));
  try {
    mkdirSync(join(folder, "site"));
    writeFileSync(join(folder, "site/index.html"), "<!doctype html><title>x</title>");
    const file = join(folder, "own.json");
    writeFileSync(file, JSON.stringify({ serve: { threads: 1, maxBody: 30, playground: "site" }, rules: { "code-required": "off" } }));
    const { child, until, ended } = command(["--port", "0"], { env: { CARECONNECT_CONFIG: file, CARECONNECT_PORT: "1", CARECONNECT_MAX_BODY: "100", CARECONNECT_TEST_NUMBERS: "true" } });
    const { address, threads } = await until("listening");
    const port = Number(new URL(address).port);
    assert.equal(threads, 1);
    assert.equal((await send(port, "/$validate", " ".repeat(101))).status, 413);
    const { text } = await send(port, "/$validate", faulty);
    assert.match(text, /Valid: no errors/);
    const page = await send(port, "/");
    assert.deepEqual([page.status, page.headers["content-type"]], [200, "text/html; charset=utf-8"]);
    for (const path of ["/..%2fown.json", "/%2e%2e/own.json", "/%00", "/%zz", "/none"]) assert.equal((await send(port, path)).status, 404, path);
    child.kill();
    assert.equal((await ended).code, 0);
    // What lies in a folder by chance opens no port to a network.
    for (const serve of [{ host: "0.0.0.0" }, { playground: "site" }, { prot: 1 }, { port: "1" }, { port: 70_000 }, { constructor: 1 }, undefined]) {
      const config = serve ? { serve } : { overrides: [{ types: ["Patient"], profiles: ["x"] }] };
      writeFileSync(join(folder, "careconnect.config.json"), JSON.stringify(config));
      const { code, errors } = await command([], { cwd: folder }).ended;
      assert.equal(code, 2);
      assert.match(errors, serve ? /The configuration .* is wrong: / : /'overrides' is not for 'serve'/);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("each option is taken, and does what it says", async () => {
  const given = { "--host": "127.0.0.1", "--port": "0", "--threads": "1", "--queue": "0", "--per-client": "1", "--connections": "3", "--body-timeout": "1500", "--max-body": "2000", "--timeout": "10000", "--grace": "100" };
  const { child, until, ended, entries } = command(["--no-config", "--quiet", "--test-numbers", "--unknown-extensions", "error", "--profile", "http://hl7.org/fhir/StructureDefinition/Basic", ...Object.entries(given).flat()]);
  const port = Number(new URL((await until("listening")).address).port);
  await until("ready");
  const { text } = await send(port, "/$validate", '{"resourceType":"Patient","extension":[{"url":"urn:x","valueString":"x"}],"identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}');
  const rules = JSON.parse(text).issue.map(({ details }) => details.coding?.[0].code);
  for (const rule of ["extension-unknown", "profile-type"]) assert.ok(rules.some((one) => one === rule) || text.includes("Basic"), `${rule}: ${rules}`);
  assert.ok(rules.some((rule) => /test/.test(rule)), String(rules));
  assert.equal((await send(port, "/$validate", " ".repeat(2001))).status, 413);
  const [first, second] = [0, 1].map(() => connect(port, "127.0.0.1").on("error", () => {}).resume());
  const closed = once(first, "close");
  first.write(`POST /$validate HTTP/1.1\r\nHost: x\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: 10\r\n\r\n{`);
  await wait(50);
  assert.equal((await send(port, "/$validate", basic)).status, 429);
  await closed;
  second.destroy();
  child.kill();
  assert.equal((await ended).code, 0);
  assert.deepEqual([...new Set(entries.map(({ event }) => event))], ["listening", "ready", "stopping", "stopped"]);
});

test("what is wrong with the options is said, with status 2", async () => {
  const { port } = main;
  for (const [given, words, env] of [
    [["--port", "x"], /--port is a whole number from 0 to 65535; this is 'x'/],
    [["--threads", "0"], /--threads is a whole number from 1 to 256/],
    [["--playground", tmpdir()], /There is no playground/],
    [["file.json"], /takes options only/],
    [["--port", String(port)], /cannot listen on 127\.0\.0\.1, port \d+: something else listens there/],
    [["--packs", "none", "--port", "0"], /There is no pack 'none'/],
    [["--port", "0"], /CARECONNECT_QUEUE is a whole number/, { CARECONNECT_QUEUE: "many" }],
  ]) {
    const { code, errors } = await command(["--no-config", ...given], { env }).ended;
    assert.equal(code, 2, errors);
    assert.match(errors, words);
  }
});

test("a host that others can reach is said to be one", async () => {
  const { child, until, ended } = command(["--no-config", "--host", "0.0.0.0", "--port", "0"]);
  await until("ready");
  child.kill();
  assert.match((await ended).errors, /can be reached from other computers/);
});
