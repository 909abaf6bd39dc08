// `careconnect serve`: starts the service of ../serve, logs what it says, and stops it when it is told to.

import { stat } from "node:fs/promises";
import { isIP } from "node:net";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { Service } from "../serve/server.js";
import { commands } from "./commands.js";
import { open } from "./core.js";
import { about, Failure, reason } from "./output.js";
import { layered } from "./settings.js";

/** How many threads work where nobody says how many. */
const MOST_THREADS = 4;

const WHY = new Map([
  ["EADDRINUSE", "something else listens there"],
  ["EACCES", "permission is refused"],
  ["EADDRNOTAVAIL", "this computer has no such address"],
  ["ENOTFOUND", "there is no such address"],
]);

export async function run(positionals, values) {
  if (positionals.length > 0) throw new Failure("'serve' takes options only.");
  const { settings, options, packs, definitions } = await layered(commands.find(({ name }) => name === "serve"), values);
  settings.threads ??= Math.min(MOST_THREADS, availableParallelism());
  if (settings.playground) settings.playground = await folderOf(settings.playground);
  if (!isLoopback(settings.host)) {
    process.stderr.write(`careconnect: '${settings.host}' can be reached from other computers. Nothing is encrypted and nobody is asked who they are: put it behind something that does.\n`);
  }
  const log = (entry) => {
    if (settings.quiet && entry.event === "request") return;
    process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
  };
  const { version } = about();
  // It listens while the threads load: who asks meanwhile waits, and is answered.
  const pool = start(packs, definitions, settings.threads);
  const stop = resolvers();
  const service = new Service({ pool, settings, options, version, log, failed: () => stop.resolve("failed") });
  let address;
  try {
    address = await service.listen();
  } catch (error) {
    await pool.then((threads) => threads.free(), () => {});
    throw new Failure(`It cannot listen on ${settings.host}, port ${settings.port}: ${WHY.get(error.code) ?? reason(error)}.`, { hint: false });
  }
  log({ event: "listening", address, version, threads: settings.threads, pid: process.pid });
  let signals = 0;
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.on(signal, () => {
      signals += 1;
      // Who asks twice does not want to wait.
      if (signals > 1) process.exit(1);
      stop.resolve(signal);
    });
  }
  try {
    await Promise.race([service.ready(), stop.promise]);
  } catch (error) {
    await service.stop();
    throw error instanceof Failure ? error : new Failure(error.message, { hint: false });
  }
  if (signals === 0) log({ event: "ready", milliseconds: Math.round(performance.now()) });
  const why = await stop.promise;
  log({ event: "stopping", reason: why });
  const cut = await service.stop();
  log({ event: "stopped", unanswered: cut });
  return why === "failed" || cut > 0 ? 1 : 0;
}

/** The threads; with definitions of the user's own that are wrong there are none. */
async function start(packs, definitions, threads) {
  const { careconnect, reports } = await open({ packs, definitions, threads });
  const wrong = reports.filter(({ valid }) => !valid).map(({ file }) => file);
  if (wrong.length === 0) return careconnect;
  careconnect.free();
  throw new Failure("Definitions are wrong, so nothing is checked by them. 'careconnect validate --definitions' says what it is.", { lines: wrong, hint: false });
}

async function folderOf(path) {
  const folder = resolve(path);
  const found = await stat(resolve(folder, "index.html")).catch(() => undefined);
  if (!found?.isFile()) throw new Failure(`There is no playground in '${path}': no index.html. 'cargo xtask www' of the repository builds it, into www/dist.`, { hint: false });
  return folder;
}

const isLoopback = (host) => host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));

/** What Promise.withResolvers gives in later versions of Node.js. */
function resolvers() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}
