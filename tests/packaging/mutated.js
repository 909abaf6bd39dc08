// Requests changed at random, by a fixed seed, to service.js: whatever they are, the service goes on, and what reaches the
// handler has a verdict that is right.

import { Agent, request as ask } from "node:http";
import { connect } from "node:net";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { load } from "../../pkg/index.js";

/** Numbers that look like chance, the same for the same seed. */
export function random(seed) {
  return (below) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
}

const BODIES = [
  '{"resourceType":"Patient","gender":"male"}',
  '{"resourceType":"Patient","gender":"WRONG"}',
  '{"resourceType":"Basic","code":{"text":"é𝒳"}}',
  '<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>',
  '<Patient xmlns="http://hl7.org/fhir"><gender value="WRONG"/></Patient>',
  '{"resourceType":"Patient","__proto__":{"gender":"WRONG"},"constructor":1}',
  "family=Smith&given=Ann",
  '[{"op":"add","path":"/gender","value":"WRONG"}]',
  "",
];
const TYPES = [
  "application/fhir+json", "application/fhir+json", "application/fhir+json", "application/fhir+xml", "application/json", "text/xml", "application/fhir+json; charset=utf-8",
  "application/x-www-form-urlencoded", "application/json-patch+json", "multipart/form-data; boundary=x", "text/plain", "constructor", "__proto__", "", undefined,
];
const ENCODINGS = [undefined, undefined, undefined, undefined, "gzip", "deflate", "br", "identity", "zstd", "constructor", "__proto__", "toString", "gzip, gzip"];
const METHODS = ["POST", "POST", "POST", "PUT", "PUT", "PATCH", "DELETE", "GET", "OPTIONS"];
const PATHS = ["/fhir/any", "/fhir/any", "/fhir/any", "/fhir/any/_search", "/fhir/any?_format=constructor", "/fhir/any?_format=xml", "/fhir/any?x=/_search", "/fhir/any?_format=%E0%A4%A"];
const SPACES = ["", "", "", " ".repeat(3000), "\n\t", "\uFEFF", "\uFEFF\uFEFF", "\v", "\u00a0"];
const PACKED = new Map([["gzip", gzipSync], ["deflate", deflateSync], ["br", brotliCompressSync]]);

/** A request, with its body before it was packed. */
function made(next) {
  const one = (list) => list[next(list.length)];
  let plain = Buffer.from(one(SPACES) + one(BODIES));
  const changes = next(3) === 0 ? next(4) : 0;
  for (let at = 0; at < changes && plain.length > 0; at++) {
    const place = next(plain.length);
    if (next(3) === 0) plain = plain.subarray(0, place);
    else if (next(2) === 0) plain = Buffer.concat([plain.subarray(0, place), Buffer.from([next(256)]), plain.subarray(place)]);
    else plain = Buffer.concat([plain.subarray(0, place), plain.subarray(place + 1)]);
  }
  // Half of them are such as a program sends, so that much comes through.
  const isPlain = next(2) === 0;
  const encoding = isPlain ? undefined : one(ENCODINGS);
  let body = PACKED.get(encoding)?.(plain) ?? plain;
  if (next(20) === 0) body = body.subarray(0, next(body.length + 1));
  let type = isPlain ? (plain[0] === 0x3c ? TYPES[3] : TYPES[0]) : one(TYPES);
  if (type && next(6) === 0) {
    const place = next(type.length);
    type = [type.slice(0, place) + one([";", " ", ",", "x", "=", '"', "/"]) + type.slice(place), type.slice(0, place), type.toUpperCase(), `${type}; charset=${one(["utf-16", "utf-8", "latin1"])}`][next(4)];
  }
  const headers = {
    ...(type !== undefined && { "content-type": type }),
    ...(encoding !== undefined && { "content-encoding": encoding }),
    ...(next(2) === 0 && { accept: one(["*/*", "application/fhir+xml", "constructor", "a;q=x,".repeat(50), "application/json;q=1e999"]) }),
    ...(next(4) === 0 ? { "transfer-encoding": "chunked" } : { "content-length": body.length }),
  };
  return { method: one(METHODS), path: one(PATHS), headers, body, plain: PACKED.has(encoding) ? plain : body };
}

function send(port, agent, { method, path, headers, body }) {
  return new Promise((resolve, reject) => {
    const outgoing = ask({ port, host: "127.0.0.1", agent, method, path, headers, timeout: 30_000 }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part)).on("end", () => resolve({ status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString() }));
      response.on("error", reject);
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error("there was no answer in 30 s")));
    outgoing.on("error", reject).end(body);
  });
}

/** What has no HTTP in it, or stops in its middle. */
function broken(port, next) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      const head = "POST /fhir/any HTTP/1.1\r\nHost: x\r\nContent-Type: application/fhir+json\r\n";
      const rest = ["Content-Encoding: gzip\r\nContent-Length: 50\r\n\r\n\x1f\x8b\x08", "Content-Length: 1000\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\nff\r\n{", "Content-Length: 5\r\n", "Content-Encoding: br\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"][next(5)];
      socket.write(head + rest, () => setTimeout(() => socket.destroy(), next(10)));
    });
    socket.on("error", () => {}).on("close", resolve);
  });
}

/** Sends so many requests, and gives what was wrong and how many there were of each status. */
export async function mutated(port, { count, seed = 1, atOnce = 8 }) {
  const careconnect = await load();
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const next = random(seed);
  const faults = [];
  const statuses = {};
  const isGood = (text) => careconnect.outcome(text).issue.every(({ severity }) => severity !== "fatal" && severity !== "error");
  const judge = (request, { status, headers, text }) => {
    if (status >= 500) return `was answered with ${status}: ${text.slice(0, 200)}`;
    if (status !== 201) return undefined;
    const { verdict, body } = JSON.parse(text);
    const type = (request.headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();
    const isForm = request.method === "POST" && request.path.split("?")[0].endsWith("/_search") && type === "application/x-www-form-urlencoded";
    const isPatch = request.method === "PATCH" && type === "application/json-patch+json";
    const hasNone = ["GET", "DELETE", "OPTIONS"].includes(request.method) && request.body.length === 0;
    if (!verdict) return isForm || isPatch || hasNone ? undefined : "reached the handler without a verdict";
    if (body !== request.plain.toString()) return `came to the handler with another body: ${JSON.stringify(body).slice(0, 200)}`;
    return isGood(body) ? undefined : "came to the handler though it has errors";
  };
  let sent = 0;
  const worker = async () => {
    while (sent < count && faults.length < 10) {
      sent += 1;
      if (next(50) === 0) {
        await broken(port, next);
        statuses["broken off"] = (statuses["broken off"] ?? 0) + 1;
        continue;
      }
      const request = made(next);
      const answer = await send(port, agent, request).catch((error) => ({ status: error.code ?? error.message, failed: true }));
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      const fault = answer.failed ? `was not answered: ${answer.status}` : judge(request, answer);
      if (fault) faults.push(`${request.method} ${request.path} ${JSON.stringify(request.headers)} ${JSON.stringify(request.body.toString("latin1").slice(0, 200))} ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  agent.destroy();
  careconnect.free();
  return { faults, statuses, sent };
}
