// What the tests of the command line share: a folder to run it in, running it, and archives to give it.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { deflateRawSync, gzipSync } from "node:zlib";

export const cli = fileURLToPath(new URL("../../pkg/cli.js", import.meta.url));

export const good = '{"resourceType":"Basic","code":{"text":"x"}}';
export const bad = '{\n  "resourceType": "Patient",\n  "name": []\n}';

/** A folder that is gone when the tests are over, with these files in it. */
export function folderWith(files) {
  const folder = mkdtempSync(join(tmpdir(), "careconnect-"));
  after(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Starts the command line, without what the caller's own terminal would change. */
export function start(folder, args, env = {}) {
  const own = { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, COLUMNS: undefined, GITHUB_ACTIONS: undefined, ...env };
  return spawn(process.execPath, [cli, ...args], { cwd: folder, env: own });
}

/** A function that runs the command line in a folder, to its end. */
export const runner = (folder) => (args, { input = "", env = {} } = {}) =>
  new Promise((resolve, reject) => {
    const child = start(folder, args, env);
    const out = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (text) => (out[name] += text));
    child.on("error", reject).on("close", (code) => resolve({ code, ...out }));
    child.stdin.on("error", () => {}).end(input);
  });

export const lines = (text) => text.trimEnd().split("\n").map((line) => JSON.parse(line));

/** A tar archive of these files. */
export function tar(files) {
  const blocks = Object.entries(files).flatMap(([name, content]) => {
    const body = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name);
    header.write(body.length.toString(8).padStart(11, "0"), 124);
    header.write("        ", 148);
    header.write("0", 156);
    header.write("ustar", 257);
    header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `, 148);
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export const tgz = (files) => gzipSync(tar(files));

/** A zip archive of these files, deflated or stored. A file may be { content, … } with fields of its entry as they should not be. */
export function zip(files, { method = 8, comment = "" } = {}) {
  const [local, central] = [[], []];
  let at = 0;
  for (const [name, given] of Object.entries(files)) {
    const { content, ...wrong } = typeof given === "object" && !Buffer.isBuffer(given) ? given : { content: given };
    const plain = Buffer.from(content);
    const packed = method === 8 ? deflateRawSync(plain) : plain;
    const entry = { flags: 0x800, method, crc: crc32(plain), packed: packed.length, size: plain.length, start: at, ...wrong };
    const bytes = Buffer.from(name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(entry.flags, 2);
    fields.writeUInt16LE(entry.method, 4);
    fields.writeUInt32LE(entry.crc, 10);
    fields.writeUInt32LE(entry.packed, 14);
    fields.writeUInt32LE(entry.size, 18);
    fields.writeUInt16LE(bytes.length, 22);
    const one = Buffer.concat([Buffer.from("PK\x03\x04"), fields, bytes, packed]);
    local.push(one);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(entry.start, 10);
    central.push(Buffer.concat([Buffer.from("PK\x01\x02"), Buffer.from([20, 3]), fields, rest, bytes]));
    at += one.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...local, directory, end, Buffer.from(comment)]);
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
