// The core in its worker. Packs and definitions can change, and questions wait until what they are about is loaded.

import { load } from "../../../pkg/worker.js";
import { state, tell } from "../state.js";

let current;
let turn = 0;
let loaded;
let ready = new Promise((resolve) => (loaded = resolve));

/** The worker, which tells of its progress as well as answering. */
function newWorker() {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "careconnect" });
  worker.addEventListener("message", (event) => {
    if (event.data.progress === undefined) return;
    event.stopImmediatePropagation();
    tell("progress", event.data.progress);
  });
  return worker;
}

/** Reports on the user's own definitions, in their order. */
export let definitionReports = [];

/** Loads what `state` says, and lets go of what was there. What is asked meanwhile is answered by what was there before. */
export async function reload() {
  const mine = ++turn;
  tell("loading");
  try {
    const next = await load({ worker: newWorker, packs: state.packs, definitions: state.definitions.map(({ text }) => text) });
    const reports = await next.definitions;
    if (mine !== turn) return next.free();
    // The worker ends with the last of its handles.
    for (const handle of [current, ...added]) handle?.free();
    added.clear();
    current = next;
    extended = undefined;
    definitionReports = reports;
    cache.clear();
    loaded(current);
    tell("loaded");
  } catch (error) {
    if (mine === turn) tell("failed", error.message);
  }
}

/** Asks the core, once it is loaded: `ask("validate", text, options)`. */
export async function ask(method, ...values) {
  const core = await ready;
  return (extended ?? current ?? core)[method](...values);
}

/** The core with the packs that the resource needs besides those chosen. */
let extended;

/** Every handle that came of the current one. */
const added = new Set();

/**
 * The core with the packs that a resource names besides those chosen. Without a network it is the one that is there, whose
 * report says which profiles are not known.
 */
export async function coreFor(text, options) {
  await ready;
  const base = current;
  try {
    const next = await base.ensure(text, options);
    if (next !== base && base === current) added.add(next);
    return next;
  } catch {
    return extended ?? base;
  }
}

/** Makes that core the one that is asked. */
export async function prepare(text, options) {
  await ready;
  const base = current;
  const next = await coreFor(text, options);
  if (base !== current || next === (extended ?? base)) return;
  extended = next === base ? undefined : next;
  cache.clear();
}

const cache = new Map();

/** The same, remembered until other definitions are loaded: for what depends on nothing else. */
export function known(method, ...values) {
  const key = JSON.stringify([method, ...values]);
  if (!cache.has(key)) {
    const asked = ask(method, ...values);
    cache.set(key, asked);
    // A failure can be tried again.
    asked.catch(() => cache.get(key) === asked && cache.delete(key));
  }
  return cache.get(key);
}

/**
 * A question of which only the latest answer matters. While one is on its way, the next waits, and whatever is asked after
 * that takes its place; so the worker is never behind by more than one.
 */
export function latest(question, answer, failed = () => {}) {
  let busy = false;
  let next;
  const run = async () => {
    busy = true;
    while (next) {
      const values = next;
      next = undefined;
      try {
        const result = await question(...values);
        if (!next) answer(result, ...values);
      } catch (error) {
        if (!next) failed(error);
      }
    }
    busy = false;
  };
  return (...values) => {
    next = values;
    if (!busy) run();
  };
}
