// Uses every part of the public types. `tsc` must accept it; the lines marked as errors it must refuse.

import { load, makeRelease, packs, terminologyServer, type Careconnect, type CodeQuestion, type Input, type Issue, type PackName, type Report } from "careconnect";
import { validateBody } from "careconnect/express";
import { pool, validateStream, type Pool, type StreamLine } from "careconnect/node";
import { load as loadWorker, type CareconnectWorker } from "careconnect/worker";

const names: readonly PackName[] = packs;
const careconnect: Careconnect = await load({ packs: [names[0]!, "all", "./my.pack", new URL("file:///x"), new Uint8Array()] });
await load({ packs: "all" });
const own: Careconnect = await load({ definitions: ["", new Uint8Array(), { resourceType: "ValueSet" }] });
const mistakes: string[] = own.definitions.flatMap(({ issues }) => issues.map(({ message }) => message));
await load();

const inputs: Input[] = ["", new Uint8Array(), { resourceType: "Patient", id: "x" }];
const report: Report = careconnect.validate(inputs[0]!, {
  profiles: ["https://example.org/p"],
  rules: { "code-extensible": "off" },
  today: "2026-02-28",
  testNumbers: true,
  workflow: "TOC_FHIR_IP_DISCH",
  unknownExtensions: "error",
});
const places: string[] = report.issues.map(({ line, column, profile }: Issue) => `${line}:${column} ${profile ?? ""}`);
const reasons: string[] = report.unchecked.map(({ reason, code }) => reason + (code ?? ""));
const text: string = careconnect.outcome("").issue[0]!.details.text;
const narrative: string = careconnect.render("", { as: "narrative", audience: "patient", mode: "full", asOf: "2026-02-28" });
const plain: string = careconnect.render("");
const model: unknown = careconnect.render("", { as: "model" });
const inspected: unknown[] = [
  careconnect.fhirpath("", "name").results[0]?.value,
  careconnect.profiles()[0]?.pack,
  careconnect.profile("")?.element.children?.[0]?.binding?.valueSet,
  careconnect.compareProfiles("", "")?.elements.map((element) => (element.change === "changed" ? element.differences : element.id)),
  careconnect.valueSets()[0]?.complete,
  careconnect.valueSet("", { search: "", limit: 1 })?.systems[0]?.codes[0]?.display,
  careconnect.outline("", { depth: 1 }).children?.[0]?.nameOffset,
  careconnect.elementAt("", 0, { profiles: [] }).definitions[0]?.profile,
  careconnect.locate("", ["/name"])[0]?.offset,
  careconnect.complete("", 0).options[0]?.insert,
  careconnect.convert("", "xml").lost[0]?.message,
  careconnect.skeleton(""),
  careconnect.rules()[0]?.severity,
  careconnect.validate("", { fixes: true }).issues[0]?.fixes?.[0]?.edits[0]?.text,
];
careconnect.free();

const more: Careconnect = await careconnect.ensure("", { profiles: [] });
await load({ wasm: new URL("file:///x"), packs });

const server = terminologyServer({ url: "https://tx.example.org/r4", version: "stu3", headers: { authorization: "" }, timeout: 1, batchSize: 1, fetch });
const checked: Report = await careconnect.check("", { terminology: server, profiles: [] });
const provider = { validateCodes: (questions: CodeQuestion[]) => questions.map(({ code }) => ({ result: code !== "", reason: "" })) };
await careconnect.check("", { terminology: provider });
careconnect.validate("", { answers: [{ valueSet: "urn:v", system: "urn:s", code: "a", result: true, display: "A", inactive: false }] });
const made: Uint8Array = (await makeRelease("snomed", [{ name: "sct2_Concept_Snapshot_INT.txt", chunks: () => [new Uint8Array()] }])).pack;

const worker = await loadWorker({ packs });
(await worker.check("", { terminology: server })).valid.valueOf();
const valid: boolean = (await worker.validate("", { signal: new AbortController().signal })).valid;
const also: CareconnectWorker = await worker.ensure("");
const page: string = await worker.render("", { as: "page" });
const element: string | undefined = (await worker.elementAt("", 0)).target?.expression;
const named: string | undefined = (await worker.profile("", { signal: AbortSignal.timeout(1) }))?.name;
worker.free();

const threads: Pool = await pool({ size: 2, packs: "all" });
const enough: Pool = await threads.ensure("", { profiles: [] });
const given: [string, string | undefined] = [await enough.version, (await enough.fhirpath("", "name")).results[0]?.value];
for await (const { line, status, report } of threads.validateStream("file.ndjson", { maxLineBytes: 1, profiles: [] })) {
  const found: [number, StreamLine["status"], boolean | undefined] = [line, status, report?.valid];
  found.toString();
}
validateStream([new Uint8Array(), ""], { size: 1, log: ({ lines, "too-long": long }) => lines - long });
const middleware = validateBody({ careconnect: threads, validate: ({ url }) => ({ profiles: url ? [url] : [] }) });
middleware({ headers: {} }, { writeHead: () => ({ end: () => {} }) }, () => {});

// @ts-expect-error There is no such option.
validateBody({ limit: "1mb" });
// @ts-expect-error A line has no such status.
const status: StreamLine["status"] = "skipped";
// @ts-expect-error Not a kind of release.
await makeRelease("loinc", []);
// @ts-expect-error A provider answers many at once.
await careconnect.check("", { terminology: { validateCode: () => true } });
// @ts-expect-error A number is no input.
careconnect.validate(1);
// @ts-expect-error There is no such form.
careconnect.render("", { as: "pdf" });
// @ts-expect-error A model is no text.
const wrong: string = careconnect.render("", { as: "model" });
// @ts-expect-error There is no such option.
await load({ pack: [] });

export { more, also, named, given, status, mistakes, places, reasons, text, narrative, plain, model, valid, page, wrong, inspected, element };
