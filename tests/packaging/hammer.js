// Many requests at once to service.js, bad ones among them, each with the answer that it must have.

import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent, request as ask } from "node:http";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const service = fileURLToPath(new URL("./service.js", import.meta.url));
const JSON_TYPE = { "content-type": "application/fhir+json" };

const bad = [
  { body: "{", headers: JSON_TYPE, status: 400 },
  { body: "", headers: JSON_TYPE, status: 400 },
  { body: Buffer.from([0x7b, 0xff, 0xfe, 0x00]), headers: JSON_TYPE, status: 400 },
  { body: "[".repeat(50_000), headers: JSON_TYPE, status: 400 },
  { body: "hello", headers: { "content-type": "text/plain" }, status: 415 },
  { body: "{}", headers: {}, status: 415 },
  { body: "<a/>", headers: JSON_TYPE, status: 400 },
  { body: gzipSync(" ".repeat(20_000_000)), headers: { ...JSON_TYPE, "content-encoding": "gzip" }, status: 413 },
  { body: " ".repeat(1_000_001), headers: JSON_TYPE, status: 413 },
  { body: "no gzip", headers: { ...JSON_TYPE, "content-encoding": "gzip" }, status: 400 },
  { hangUp: true },
];

/** Starts a service in a process of its own. */
export async function startService(framework, size) {
  const child = fork(service, [framework, ...(size ? [String(size)] : [])], { execArgv: ["--expose-gc"], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const [{ port }] = await once(child, "message");
  const memory = async () => {
    child.send("memory");
    return (await once(child, "message"))[0];
  };
  return { port, memory, stop: () => child.disconnect() };
}

/** One request: its status, what was sent back, and how long it took. */
export function send(port, { body, headers, method = "POST", path = "/fhir/Patient" }, agent) {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = ask({ port, host: "127.0.0.1", method, path, headers, agent }, async (response) => {
      try {
        let text = "";
        for await (const part of response.setEncoding("utf8")) text += part;
        resolve({ status: response.statusCode, headers: response.headers, text, milliseconds: performance.now() - started });
      } catch (error) {
        reject(error);
      }
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** A sender who goes away in the middle. */
async function hangUp(port) {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write("POST /fhir/Patient HTTP/1.1\r\nHost: x\r\nContent-Type: application/fhir+json\r\nContent-Length: 1000\r\n\r\n{");
  await new Promise((resolve) => setTimeout(resolve, 5));
  socket.destroy();
}

/**
 * Sends `count` requests, `atOnce` at once, every tenth of them bad. `resources` are good JSON with the status each must
 * have. Gives the milliseconds of each answer, and how many there were of each status.
 */
export async function hammer(port, { count, atOnce, resources }) {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const times = [];
  const statuses = {};
  let next = 0;
  const one = async () => {
    for (let at = next++; at < count; at = next++) {
      const isBad = at % 10 === 9;
      const given = isBad ? bad[((at - 9) / 10) % bad.length] : { headers: JSON_TYPE, ...resources[at % resources.length] };
      if (given.hangUp) {
        await hangUp(port);
        statuses["hung up"] = (statuses["hung up"] ?? 0) + 1;
        continue;
      }
      const { status, text, milliseconds } = await send(port, given, agent);
      if (status !== given.status) throw new Error(`request ${at} was answered with ${status} instead of ${given.status}: ${text.slice(0, 200)}`);
      if (status >= 400 && JSON.parse(text).resourceType !== "OperationOutcome") throw new Error(`no OperationOutcome: ${text.slice(0, 200)}`);
      times.push(milliseconds);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  agent.destroy();
  return { times: times.sort((a, b) => a - b), statuses };
}
