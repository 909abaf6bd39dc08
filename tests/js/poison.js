// What becomes of everything else when an input makes the core fail. Run by poison.test.js with less memory for WebAssembly
// (--wasm-max-mem-pages=512, 32 MiB) than the input has, so that it fails however frugal the core becomes. Prints what was
// found, as JSON.

import { createServer, request as ask } from "node:http";
import { validateBody } from "../../pkg/express.js";
import { load, makeRelease } from "../../pkg/index.js";
import { pool, validateStream } from "../../pkg/node.js";

const good = '{"resourceType":"Basic","code":{"text":"x"}}';
const poison = `{"resourceType":"Basic","code":{"text":"${"x".repeat(34_000_000)}"}}`;
const codeOf = (error) => error.code ?? error.message;
const tried = (act) => {
  try {
    return act();
  } catch (error) {
    return codeOf(error);
  }
};
const settled = (promise) => promise.then(({ valid }) => valid, codeOf);

const CASES = {
  async handles() {
    const [one, other] = [await load(), await load({ definitions: [{ resourceType: "ValueSet", url: "https://example.org/x", status: "draft" }] })];
    const url = "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1";
    const more = await one.ensure({ resourceType: "Patient", meta: { profile: [url] } });
    const before = [one.validate(good), other.validate(good), more.profile(url), other.definitions];
    const failed = ["validate", "outcome", "render", "outline"].map((call) => tried(() => one[call](poison)));
    const after = [one.validate(good), other.validate(good), more.profile(url), other.definitions];
    const isSame = JSON.stringify(before) === JSON.stringify(after);
    one.free();
    const stillFails = tried(() => more.validate(poison));
    const freed = tried(() => one.validate(good));
    const version = more.version;
    other.free();
    return { failed, isSame, stillFails, freed, version, next: more.validate(good).valid };
  },

  async definitions() {
    const one = await load();
    const failed = await load({ definitions: [poison] }).catch(codeOf);
    const next = one.validate(good).valid;
    return { failed, next, again: (await load()).validate(good).valid };
  },

  async release() {
    const one = await load();
    const file = { name: "sct2_Concept_Snapshot_GB_20260401.txt", chunks: async function* () { tried(() => one.validate(poison)); yield Buffer.from("id\t"); } };
    return { failed: await makeRelease("snomed", [file]).catch(codeOf), next: one.validate(good).valid };
  },

  async pool() {
    const threads = await pool({ size: 2 });
    const answers = await Promise.all(Array.from({ length: 200 }, (_, at) => settled(threads.validate(at % 50 === 20 ? poison : good))));
    threads.free();
    return { failed: answers.flatMap((answer, at) => (answer === true ? [] : [[at, answer]])) };
  },

  async stream() {
    const wanted = new Set(Array.from({ length: 10 }, (_, at) => at * 1000 + 7));
    async function* source() {
      for (let line = 1; line <= 10_010; line++) yield `${wanted.has(line) ? poison : good}\n`;
    }
    const counts = {};
    const failed = [];
    for await (const { line, status, code } of validateStream(source(), { size: 2, maxLineBytes: 40_000_000 })) {
      counts[status] = (counts[status] ?? 0) + 1;
      if (status !== "valid") failed.push(`${line} ${code}`);
    }
    return { counts, isWanted: failed.join() === [...wanted].map((line) => `${line} internal-error`).join() };
  },

  async middleware() {
    const out = {};
    for (const [name, careconnect] of [["handle", await load()], ["pool", await pool({ size: 1 })]]) {
      const middleware = validateBody({ careconnect, maxBytes: 40_000_000 });
      const server = createServer((request, response) => middleware(request, response, () => response.writeHead(201).end()));
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      const send = (body) =>
        new Promise((resolve, reject) => {
          const outgoing = ask({ port: server.address().port, method: "POST", headers: { "content-type": "application/fhir+json" } }, (response) => {
            let text = "";
            response.on("data", (data) => (text += data)).on("end", () => resolve([response.statusCode, text && JSON.parse(text).issue[0].code]));
          });
          outgoing.on("error", reject).end(body);
        });
      out[name] = [];
      for (const body of [good, poison, good, poison, good]) out[name].push(await send(body));
      server.close();
      careconnect.free();
    }
    return out;
  },
};

const name = process.argv[2];
process.stdout.write(JSON.stringify(await CASES[name]()), () => process.exit());
