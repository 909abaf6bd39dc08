// What is in archives, read without a library: .zip, .tar and .tgz. Whatever the bytes, there is an end and a limit to it;
// damage is an error whose message is the end of the sentence "the file cannot be read: …".

import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { gunzipSync, inflateRawSync } from "node:zlib";
import { tarEntries } from "../fhir-package.js";

/** What one file may unpack to, so that a small one cannot fill the memory. */
const LARGEST = 1 << 29;

/** What a whole archive may unpack to, however large: a gigabyte, or this many times its own size where that is more. */
const LARGEST_WHOLE = 1 << 30;
const LARGEST_RATIO = 200;

const MOST_FILES = 1_000_000;

/** The ordinary files in a tar archive, which may be packed with gzip. */
export const tarFiles = (archive) => tarEntries(unpackedTar(archive));

/** A tar archive without the gzip that it may be packed with. */
export function unpackedTar(archive) {
  const packed = archive[0] === 0x1f && archive[1] === 0x8b;
  return packed ? unpacked(() => gunzipSync(archive, { maxOutputLength: LARGEST_WHOLE })) : archive;
}

/** A file packed with gzip that is no archive. */
export function gunzipped(path) {
  const bytes = readFileSync(path);
  return unpacked(() => gunzipSync(bytes, { maxOutputLength: LARGEST }));
}

function unpacked(unpack) {
  try {
    return unpack();
  } catch (error) {
    const large = error.code === "ERR_BUFFER_TOO_LARGE";
    throw new Error(large ? "it unpacks to more than is read here; unpack it first" : "it is not packed as its name says, or it is damaged");
  }
}

/**
 * The files in a zip archive (PKWARE's APPNOTE 6.3), in the order of its directory: the name of each, and a function that
 * reads it. The archive is open for as long as its files are gone through.
 */
export function* zipFiles(path) {
  const file = openSync(path, "r");
  try {
    const size = fstatSync(file).size;
    const bytesAt = (at, length) => {
      if (!(at >= 0 && length >= 0 && at + length <= size)) throw new Error("it is no zip archive, or it is damaged");
      const bytes = Buffer.alloc(length);
      if (readSync(file, bytes, 0, length, at) !== length) throw new Error("it changed while it was read");
      return bytes;
    };
    const entries = directory(size, bytesAt);
    refuseBombs(entries, size);
    for (const entry of entries) {
      if (!entry.name.endsWith("/")) yield { name: entry.name, read: () => content(entry, bytesAt) };
    }
  } finally {
    closeSync(file);
  }
}

/** The entries of the central directory. */
function directory(size, bytesAt) {
  // The end record is the last thing but a comment of at most 65,535 bytes.
  const tail = bytesAt(size - Math.min(size, 22 + 0xffff), Math.min(size, 22 + 0xffff));
  let end = tail.length - 22;
  while (end >= 0 && !(tail.readUInt32LE(end) === 0x06054b50 && end + 22 + tail.readUInt16LE(end + 20) === tail.length)) end--;
  if (end < 0) throw new Error("it is no zip archive, or it is damaged");
  let [count, length, start] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  if (count === 0xffff || length === 0xffffffff || start === 0xffffffff) {
    const locator = bytesAt(size - tail.length + end - 20, 20);
    if (locator.readUInt32LE(0) === 0x07064b50) {
      const record = bytesAt(number(locator, 8), 56);
      if (record.readUInt32LE(0) !== 0x06064b50) throw new Error("it is damaged");
      [count, length, start] = [number(record, 32), number(record, 40), number(record, 48)];
    }
  }
  if (count > MOST_FILES || length > LARGEST) throw new Error("it holds more files than are read here; unpack it first");
  const bytes = bytesAt(start, length);
  const entries = [];
  for (let at = 0; entries.length < count; ) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) throw new Error("its directory is damaged");
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const extra = at + 46 + nameLength;
    if (extra + extraLength + commentLength > bytes.length) throw new Error("its directory is damaged");
    const flags = bytes.readUInt16LE(at + 8);
    const entry = {
      name: nameOf(bytes.subarray(at + 46, extra), flags),
      encrypted: (flags & 1) !== 0,
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      start: bytes.readUInt32LE(at + 42),
    };
    large(entry, bytes.subarray(extra, extra + extraLength));
    entries.push(entry);
    at = extra + extraLength + commentLength;
  }
  return entries;
}

/** A number of 64 bits, if JavaScript has it exactly. */
function number(bytes, at) {
  const value = Number(bytes.readBigUInt64LE(at));
  if (!Number.isSafeInteger(value)) throw new Error("it is damaged");
  return value;
}

/** Names are UTF-8 where the flag says so, and mostly where it does not. */
function nameOf(bytes, flags) {
  if (flags & 0x800) return bytes.toString("utf8");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}

/** Sizes of more than 32 bits stand in a field of their own, those that are needed only (APPNOTE 4.5.3). */
function large(entry, extra) {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    for (const field of ["size", "packed", "start"]) {
      if (entry[field] !== 0xffffffff || next + 8 > extra.length) continue;
      entry[field] = number(extra, next);
      next += 8;
    }
  }
}

/** Refuses an archive that is made to fill the memory of whoever unpacks it: by ratio, or by files that share bytes. */
function refuseBombs(entries, size) {
  const whole = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (whole > Math.max(LARGEST_WHOLE, size * LARGEST_RATIO)) {
    throw new Error("it unpacks to more than is read here; unpack it first");
  }
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.start - b.start)) {
    if (entry.start < end) throw new Error("its files overlap, which only those of a harmful archive do");
    end = entry.start + 30 + entry.packed;
  }
}

function content({ encrypted, method, crc, packed, size, start }, bytesAt) {
  if (encrypted) throw new Error("it is encrypted");
  if (method !== 0 && method !== 8) throw new Error(`it is packed by a method that is not read here (${method})`);
  if (size > LARGEST) throw new Error("it unpacks to more than is read here; unpack it first");
  const header = bytesAt(start, 30);
  if (header.readUInt32LE(0) !== 0x04034b50) throw new Error("it is damaged");
  const bytes = bytesAt(start + 30 + header.readUInt16LE(26) + header.readUInt16LE(28), packed);
  // A length of 0 is none to zlib, so that an empty file is allowed one byte; its size is compared below.
  const out = method === 0 ? bytes : unpacked(() => inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) }));
  if (out.length !== size || checksum(out) !== crc) throw new Error("it is damaged");
  return out;
}

let table;

/** CRC-32 (ISO 3309), which Node.js has itself only from version 20.15. */
function checksum(bytes) {
  table ??= Uint32Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
    return n;
  });
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
