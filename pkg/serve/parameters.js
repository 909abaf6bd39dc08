// What an operation is given: in the address, and in a Parameters resource, or by the resource itself as the body.

import { Careconnect } from "../handle.js";
import { Refusal } from "../node/body.js";

/** What each operation may be given: by name whether it is a resource, and how often it may be given. */
const KNOWN = {
  validate: new Map([
    ["resource", { isResource: true }],
    ["profile", { many: true }],
    ["mode", {}],
  ]),
  render: new Map([
    ["resource", { isResource: true }],
    ["against", { isResource: true }],
    ...["as", "view", "trends", "audience", "mode", "language", "asOf"].map((name) => [name, {}]),
  ]),
};

/** Parameters of any FHIR request, which change nothing of what is found (STU3 2.21.0.6). */
const GENERAL = new Set(["_format", "_pretty", "_summary", "_elements"]);

/** The modes of $validate that need nothing but the resource. */
const MODES = new Set(["create", "update"]);

/** How deep of a Parameters resource its parameters and their values lie. */
const DEPTH = 3;

const refused = (status, code, text) => new Refusal(status, code, text);
const short = (text) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/**
 * What a request brings: the `resource` (and `against`) to work on, `parameters` by name, each a list, and `placed`, which puts the
 * places of an issue right; or a {@link Refusal}. What is not known is refused, since a profile that is misspelt and passed
 * over would give a verdict that looks like another.
 */
export function unpack(careconnect, { operation, bytes, given, type }) {
  const known = KNOWN[operation];
  const parameters = new Map();
  for (const [name, values] of given) {
    if (GENERAL.has(name)) continue;
    const kind = known.get(name);
    if (!kind || kind.isResource) return unknown(operation, known, "The address", name);
    parameters.set(name, values);
  }
  const body = mayBeParameters(bytes) ? fromParameters(careconnect, { operation, known, bytes, parameters }) : { resource: bytes };
  if (body.outcome) return body;
  for (const [name, values] of parameters) {
    if (values.length > 1 && !known.get(name).many) return refused(400, "invalid", `The parameter '${name}' is given more than once.`);
  }
  return modeRefused(operation, parameters) ?? typeRefused(careconnect, body.resource, type) ?? { parameters, placed: () => {}, ...body };
}

/** A cheap look, so that a resource that is no Parameters is read only once. */
const mayBeParameters = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes("Parameters");

function unknown(operation, known, where, name) {
  const names = [...known].filter(([, { isResource }]) => where !== "The address" || !isResource).map(([name]) => name);
  return refused(400, "not-supported", `${where} has a parameter '${short(name)}', which $${operation} does not know. It knows: ${names.join(", ")}.`);
}

function modeRefused(operation, parameters) {
  const [mode] = (operation === "validate" && parameters.get("mode")) || [];
  if (mode === undefined || MODES.has(mode)) return undefined;
  return refused(400, "not-supported", `The mode '${short(mode)}' is not known here: it is one of ${[...MODES].join(", ")}, or left out. Nothing is kept here that could be deleted.`);
}

function typeRefused(careconnect, resource, type) {
  if (type === undefined) return undefined;
  const own = outline(careconnect, resource, 0).type;
  if (own === undefined || own === type) return undefined;
  return refused(400, "invalid", `The address says ${type}, and the resource is of another type.`);
}

const outline = (careconnect, input, depth) => JSON.parse(Careconnect.text(careconnect, "outline", input, { depth }));

/** What is in the body, where that is a Parameters; else the body as the resource. */
function fromParameters(careconnect, { operation, known, bytes, parameters }) {
  const root = outline(careconnect, bytes, DEPTH);
  if (root.type !== "Parameters") return { resource: bytes };
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  // A byte order mark is no part of the text in which places are counted.
  const resources = new Map();
  for (const parameter of (root.children ?? []).filter(({ name }) => name === "parameter")) {
    const parts = parameter.children ?? [];
    const name = parts.find((part) => part.name === "name")?.text ?? "";
    const kind = known.get(name);
    if (!kind) return unknown(operation, known, "The body", name);
    if (kind.isResource) {
      const part = parts.find((part) => part.name === "resource");
      if (!part) return refused(400, "required", `The parameter '${name}' has no resource.`);
      if (resources.has(name)) return refused(400, "invalid", `The parameter '${name}' is given more than once.`);
      resources.set(name, { ...part, around: [root.offset, parameter.offset] });
    } else {
      const value = parts.find((part) => part.name.startsWith("value"))?.text;
      if (value === undefined) return refused(400, "required", `The parameter '${name}' has no value.`);
      parameters.set(name, [...(parameters.get(name) ?? []), value]);
    }
  }
  if (root.more > 0) return refused(400, "too-long", "The body has more parameters than are read.");
  const wrong = faultsOf(careconnect, bytes, [...resources.values()]);
  if (wrong) return wrong;
  if (!resources.has("resource")) {
    return refused(400, "required", `The body is a Parameters resource without a parameter 'resource': $${operation} needs it.`);
  }
  const taken = cut(text, resources.get("resource"));
  const against = resources.get("against");
  return { resource: taken.text, placed: taken.placed, ...(against && { against: cut(text, against).text }) };
}

/** What is wrong with the Parameters themselves, beside the resources in them: then who knows what was meant. */
function faultsOf(careconnect, bytes, resources) {
  const outcome = JSON.parse(Careconnect.text(careconnect, "outcome", bytes, {}));
  const isWithin = (path) => resources.some(({ expression }) => path === expression || path.startsWith(`${expression}.`));
  const issue = outcome.issue.filter(
    ({ severity, expression }) => severity === "fatal" || (severity === "error" && !(expression?.length > 0 && expression.every(isWithin))),
  );
  return issue.length > 0 ? Object.assign(refused(400, "invalid", ""), { outcome: { resourceType: "OperationOutcome", issue } }) : undefined;
}

/**
 * A resource cut out of the text around it, byte for byte. What stood before is blank, so that lines and columns are those of
 * the body. In XML it takes along the namespaces declared by the elements `around` it, and `placed` moves what then stands too
 * far right.
 */
function cut(text, { offset, length, around }) {
  const before = blank(text.slice(0, offset));
  const value = text.slice(offset, offset + length);
  if (text[offset] !== "<") return { text: before + value, placed: () => {} };
  // In XML the place is that of the element 'resource', whose child is meant.
  const opening = tagAt(text, offset);
  const inner = opening + /^(?:\s|<!--(?:[^-]|-(?!->))*-->)*/.exec(value.slice(opening.length))[0];
  const own = value.slice(inner.length, Math.max(inner.length, value.lastIndexOf("</")));
  const name = /^<[^\s/>]+/.exec(own)?.[0] ?? "";
  const declared = new Map([...around, offset].flatMap((at) => declarations(tagAt(text, at))));
  for (const [name] of declarations(tagAt(own, 0))) declared.delete(name);
  const added = [...declared].map(([name, uri]) => ` ${name}=${uri.replace(/\s/g, " ")}`).join("");
  const lead = before + blank(inner);
  const lines = lead.split(/\r\n|\r|\n/);
  const place = { line: lines.length, column: lines.at(-1).length + name.length, added: added.length };
  return { text: lead + name + added + own.slice(name.length), placed: (issue) => moveBack(issue, place) };
}

const blank = (text) => text.replace(/[^\r\n]/g, " ");

/** The tag that begins at a place of well-formed XML. */
function tagAt(text, at) {
  const tag = /<(?:"[^"]*"|'[^']*'|[^>"'])*>/y;
  tag.lastIndex = at;
  return tag.exec(text)?.[0] ?? "";
}

/** The namespaces that a tag declares: each attribute's name, with its value in quotes. */
function declarations(tag) {
  const found = [];
  let from = 0;
  for (;;) {
    const equals = tag.indexOf("=", from);
    if (equals < 0) return found;
    const name = tag.slice(from, equals).trim().split(/\s/).at(-1);
    const rest = tag.slice(equals + 1).trimStart();
    const end = rest.indexOf(rest[0], 1);
    if (end < 0) return found;
    if (name === "xmlns" || name.startsWith("xmlns:")) found.push([name, rest.slice(0, end + 1)]);
    from = tag.length - rest.length + end + 1;
  }
}

const LINE = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line";
const COLUMN = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col";

function moveBack(issue, { line, column, added }) {
  const of = (url) => issue.extension?.find((extension) => extension.url === url);
  const [at, from] = [of(LINE)?.valueInteger, of(COLUMN)];
  if (at !== line || !from || from.valueInteger <= column + added) return;
  const right = from.valueInteger - added;
  issue.diagnostics = issue.diagnostics?.replace(`Line ${at}, column ${from.valueInteger}.`, `Line ${at}, column ${right}.`);
  from.valueInteger = right;
}
