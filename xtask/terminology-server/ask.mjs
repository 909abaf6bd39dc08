// `node ask.mjs PORT VERSION`: uploads code systems and value sets that are made up, has codes checked by the server, and
// prints what came of it.

import { load, terminologyServer } from "../../pkg/index.js";

const [port, version] = process.argv.slice(2);
const base = `http://127.0.0.1:${port}/fhir`;
const SPECIES = "https://example.org/CodeSystem/species";
const PART = "https://example.org/CodeSystem/part";
const ELSEWHERE = "https://example.org/CodeSystem/elsewhere";
const BIRDS = "https://example.org/ValueSet/birds";
const PARTS = "https://example.org/ValueSet/parts";
const STRANGE = "https://example.org/ValueSet/strange";
const MANY = 500;

const codeSystem = (id, url, content, concept) => ({ resourceType: "CodeSystem", id, url, status: "active", content, ...(concept && { concept }) });
const valueSet = (id, url, include) => ({ resourceType: "ValueSet", id, url, version: "1", status: "active", compose: { include } });
const many = Array.from({ length: MANY }, (_, at) => ({ code: `tit-${at}`, display: `Tit ${at}` }));

for (const resource of [
  codeSystem("species", SPECIES, "complete", [
    { code: "bird", display: "Bird", concept: [{ code: "owl", display: "Owl" }, { code: "tit", display: "Tit", concept: many }] },
    { code: "cat", display: "Cat" },
  ]),
  codeSystem("part", PART, "fragment", [{ code: "wing", display: "Wing" }]),
  valueSet("birds", BIRDS, [{ system: SPECIES, filter: [{ property: "concept", op: "is-a", value: "bird" }] }]),
  valueSet("parts", PARTS, [{ system: PART }]),
  valueSet("strange", STRANGE, [{ system: ELSEWHERE }]),
]) {
  const response = await fetch(`${base}/${resource.resourceType}/${resource.id}`, {
    method: "PUT",
    headers: { "content-type": "application/fhir+json" },
    body: JSON.stringify(resource),
  });
  if (!response.ok) throw new Error(`${resource.id}: ${response.status} ${await response.text()}`);
}

let requests = [];
const counting = (url, init) => {
  requests.push(init.method ?? "GET");
  return fetch(url, init);
};
const terminology = terminologyServer({ url: base, version, fetch: counting, batchSize: 1000 });
const asked = () => {
  const said = requests.length === 0 ? "no request" : `${requests.length} request${requests.length > 1 ? "s" : ""} (${[...new Set(requests)].join(", ")})`;
  requests = [];
  return said;
};

const words = ({ result, display, reason }) => (result === undefined ? `Unknown: ${reason}` : `${result ? "In" : "Out"}${display ? `, ${display}` : ""}`);
const print = (what, said) => console.log(`${what.padEnd(52)}${said}`);

const questions = [
  ["a code in the value set, by the hierarchy", { valueSet: BIRDS, system: SPECIES, code: "owl" }],
  ["a code of the system, outside of the value set", { valueSet: BIRDS, system: SPECIES, code: "cat" }],
  ["a code that the system has not", { valueSet: BIRDS, system: SPECIES, code: "dog" }],
  ["a code of another system", { valueSet: BIRDS, system: ELSEWHERE, code: "owl" }],
  ["a code without a system, in the value set", { valueSet: BIRDS, code: "owl" }],
  ["a code without a system, outside of it", { valueSet: BIRDS, code: "cat" }],
  ["a value set that the server has not", { valueSet: "https://example.org/ValueSet/none", system: SPECIES, code: "owl" }],
  ["a version of the value set", { valueSet: `${BIRDS}|1`, system: SPECIES, code: "owl" }],
  ["a version of a value set that the server has not", { valueSet: `${BIRDS}|9`, system: SPECIES, code: "owl" }],
  ["a value set of a system that the server has not", { valueSet: STRANGE, system: ELSEWHERE, code: "x" }],
  ["a code of a fragment", { valueSet: PARTS, system: PART, code: "wing" }],
  ["a code that a fragment lacks", { valueSet: PARTS, system: PART, code: "tail" }],
  ["no value set: a code that the system has", { system: SPECIES, code: "cat" }],
  ["no value set: a code that the system has not", { system: SPECIES, code: "dog" }],
  ["no value set: a system that the server has not", { system: ELSEWHERE, code: "x" }],
];
const answers = await terminology.validateCodes(questions.map(([, question]) => question));
print(`${questions.length} questions`, asked());
questions.forEach(([what], at) => print(`  ${what}`, words(answers[at])));
for (const [at, [what, question]] of questions.entries()) {
  const [alone] = await terminology.validateCodes([question]);
  if (words(alone) !== words(answers[at])) print(`  ${what}, alone`, words(alone));
}
print("the same one by one: what is not listed is the same", asked());

// A profile that binds an Observation's code to the value set, which nothing that is loaded has.
const profile = {
  resourceType: "StructureDefinition",
  url: "https://example.org/sighting",
  name: "Sighting",
  status: "draft",
  kind: "resource",
  abstract: false,
  type: "Observation",
  baseDefinition: "http://hl7.org/fhir/StructureDefinition/Observation",
  derivation: "constraint",
  differential: {
    element: [
      { id: "Observation", path: "Observation" },
      { id: "Observation.code", path: "Observation.code", binding: { strength: "required", valueSetReference: { reference: BIRDS } } },
    ],
  },
};
const careconnect = await load({ packs: ["stu3"], definitions: [profile] });
const sighting = (...coding) => ({ resourceType: "Observation", status: "final", meta: { profile: [profile.url] }, code: { coding } });
const bundle = (...resources) => ({ resourceType: "Bundle", type: "collection", entry: resources.map((resource) => ({ resource })) });
const found = ({ issues, unchecked }) => {
  const rules = issues.filter(({ rule }) => /^(code|coding|display)-/.test(rule) && rule !== "code-unchecked").map(({ rule, severity }) => `${severity} ${rule}`);
  return `${rules.join(", ") || "no issue"}; ${unchecked.length} unchecked`;
};
const checked = async (what, resource, provider = terminology) => print(`check() of ${what}`, `${found(await careconnect.check(resource, { terminology: provider }))}; ${asked()}`);

print("validate() of a code in the value set", found(careconnect.validate(sighting({ system: SPECIES, code: "owl" }))));
await checked("a code in the value set", sighting({ system: SPECIES, code: "owl", display: "owl" }));
await checked("the same with another display", sighting({ system: SPECIES, code: "owl", display: "Pigeon" }));
await checked("a code outside of it", sighting({ system: SPECIES, code: "cat" }));
await checked("the same again", sighting({ system: SPECIES, code: "cat" }));
const all = bundle(...many.map(({ code }) => sighting({ system: SPECIES, code })), sighting({ system: SPECIES, code: "dog" }));
await checked(`${MANY + 1} codes, one of them wrong`, all);
await checked("the same again", all);
const nowhere = terminologyServer({ url: "http://127.0.0.1:1/fhir", version, fetch: counting });
await checked("a code where the server is not reached", sighting({ system: SPECIES, code: "owl" }), nowhere);
