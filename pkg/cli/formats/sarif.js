// SARIF 2.1.0 (OASIS), which code hosts show beside the source.

import { createHash } from "node:crypto";
import { withRepeats } from "../../repeats.js";
import { isPlain } from "../inputs.js";
import { about, json } from "../output.js";
import { rules } from "../rules.js";
import { placesIn, region, uriOf } from "./place.js";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
const LEVELS = { fatal: "error", error: "error", warning: "warning", information: "note" };

/** How verdicts go together: the worst of a file's is said of it. */
const RANKS = { valid: 0, "not-fully-checked": 1, invalid: 2 };

/** What the rules are that are the command line's own. */
const OWN = {
  "unreadable-file": "A file could not be read, so nothing in it was checked.",
  "internal-error": "The check failed on a file, which is a fault of careconnect's own.",
};

/** Results are printed as they come; the tool, with the rules that they name, comes last. */
export function sarifPrinter() {
  const used = new Map();
  const seen = new Map();
  /** Of each file the worst of its verdicts: NDJSON has several. */
  const verdicts = new Map();
  let before = "";
  return {
    begin: () => `{"$schema":${json(SCHEMA)},"version":"2.1.0","runs":[{"columnKind":"unicodeCodePoints","results":[`,
    file: (result) => {
      let text = "";
      const uri = uriOf(result.file);
      const known = verdicts.get(uri);
      if (!known || RANKS[result.verdict] > RANKS[known.verdict]) verdicts.set(uri, { verdict: result.verdict, reason: result.reason });
      const fixesOf = fixer(result);
      for (const { issue, others } of withRepeats(result.issues)) {
        if (!used.has(issue.rule)) used.set(issue.rule, used.size);
        const said = { ...resultOf(result, issue, used.get(issue.rule), seen), ...repeated(result, others), ...fixesOf(issue, others) };
        text += `${before}\n${json(said)}`;
        before = ",";
      }
      return text;
    },
    end: () => {
      const artifacts = [...verdicts].map(([uri, properties]) => ({ location: { uri }, properties }));
      return `],\n"artifacts":${json(artifacts)},\n"tool":${json({ driver: driver([...used.keys()]) })}}]}\n`;
    },
  };
}

function driver(codes) {
  const known = new Map(rules().map((rule) => [rule.rule, rule]));
  const { name, version } = about();
  return {
    name: "careconnect",
    version,
    semanticVersion: version,
    // The project has no site of its own: the package's page is where it is published, and rules have their words here.
    informationUri: `https://www.npmjs.com/package/${name}`,
    rules: codes.map((code) => {
      const { severity = "fatal", explanation = OWN[code] ?? code, example } = known.get(code) ?? {};
      const first = firstSentence(explanation);
      return {
        id: code,
        shortDescription: { text: first },
        fullDescription: { text: explanation },
        help: helpOf(explanation, example),
        defaultConfiguration: { level: LEVELS[severity] },
      };
    }),
  };
}

/** A text up to the first full stop that ends a word. */
function firstSentence(text) {
  for (let at = text.indexOf("."); at >= 0; at = text.indexOf(".", at + 1)) {
    if (at + 1 === text.length || text[at + 1] === " " || text[at + 1] === "\n") return text.slice(0, at + 1);
  }
  return text;
}

/** What docs/rules.md says of a rule. */
function helpOf(explanation, example) {
  if (!example) return { text: explanation, markdown: explanation };
  const [input, issue] = [example.input.trimEnd(), example.issue.trimEnd()];
  // A fence that the text itself has not.
  const fence = "`".repeat(Math.max(3, ...(`${input}${issue}`.match(/`+/g) ?? []).map(({ length }) => length + 1)));
  const block = (text) => `${fence}\n${text}\n${fence}`;
  return {
    text: `${explanation}\n\nFor example\n\n${input}\n\ngives\n\n${issue}`,
    markdown: `${explanation}\n\nFor example\n\n${block(input)}\n\ngives\n\n${block(issue)}`,
  };
}

function locationOf(result, issue) {
  const { line, column, endLine, endColumn } = region(result, issue);
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(result.file) },
      region: { startLine: line, startColumn: column, endLine, endColumn },
    },
    ...(issue.expression && { logicalLocations: [{ fullyQualifiedName: issue.expression, kind: "element" }] }),
  };
}

/** How many further places of a fault are listed. */
const PLACES = 100;

/** How often the same is found, and where. */
function repeated(result, others) {
  if (others.length === 0) return {};
  return {
    occurrenceCount: others.length + 1,
    relatedLocations: others.slice(0, PLACES).map((issue, id) => ({ id: id + 1, ...locationOf(result, issue), message: { text: "The same here." } })),
  };
}

function resultOf(result, issue, ruleIndex, seen) {
  const { profile, definition } = issue;
  return {
    ruleId: issue.rule,
    ruleIndex,
    level: LEVELS[issue.severity],
    message: { text: issue.message },
    locations: [locationOf(result, issue)],
    partialFingerprints: { "careconnectIssue/v1": fingerprint(uriOf(result.file), issue, seen) },
    properties: { severity: issue.severity, issueType: issue.code, ...(profile && { profile }), ...(definition && { definition }) },
  };
}

/** What puts an issue right, as changes of its file. What is packed, or came through a pipe, cannot be changed in place. */
function fixer(result) {
  let placeOf;
  const at = (offset) => (placeOf ??= placesIn(result.text(), result.line))(offset);
  const replacement = ({ offset, length, text }) => {
    const [start, end] = [at(offset), at(offset + length)];
    return {
      deletedRegion: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
      insertedContent: { text },
    };
  };
  return ({ fixes }, others) => {
    if (!fixes || !isPlain(result.file)) return {};
    const artifactLocation = { uri: uriOf(result.file) };
    // The same fault is put right in all of its places, as far as each has as many ways.
    const fix = ({ title, edits }, at) => ({
      description: { text: title },
      artifactChanges: [
        { artifactLocation, replacements: [edits, ...others.map((other) => other.fixes?.[at]?.edits ?? [])].flat().map(replacement) },
      ],
    });
    return { fixes: fixes.map(fix) };
  };
}

/** What stays when lines are inserted above: the file, the rule, the element and who asks for it, and which one of these. */
function fingerprint(uri, { rule, expression, profile = "", definition = "" }, seen) {
  const hash = createHash("sha256").update([uri, rule, expression, profile, definition].join("\n")).digest("hex").slice(0, 32);
  const nth = (seen.get(hash) ?? 0) + 1;
  seen.set(hash, nth);
  return `${hash}:${nth}`;
}
