// SARIF 2.1.0 (OASIS), which code hosts show beside the source.

import { createHash } from "node:crypto";
import { about, json } from "../output.js";
import { rules } from "../rules.js";
import { region, uriOf } from "./place.js";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
const LEVELS = { fatal: "error", error: "error", warning: "warning", information: "note" };

/** What the rules are that are the command line's own. */
const OWN = {
  "unreadable-file": "A file could not be read, so nothing in it was checked.",
  "internal-error": "The check failed on a file, which is a fault of careconnect's own.",
};

/** Results are printed as they come; the tool, with the rules that they name, comes last. */
export function sarifPrinter() {
  const used = new Map();
  const seen = new Map();
  let before = "";
  return {
    begin: () => `{"$schema":${json(SCHEMA)},"version":"2.1.0","runs":[{"columnKind":"unicodeCodePoints","results":[`,
    file: (result) => {
      let text = "";
      for (const issue of result.issues) {
        if (!used.has(issue.rule)) used.set(issue.rule, used.size);
        text += `${before}\n${json(resultOf(result, issue, used.get(issue.rule), seen))}`;
        before = ",";
      }
      return text;
    },
    end: () => `],\n"tool":${json({ driver: driver([...used.keys()]) })}}]}\n`,
  };
}

function driver(codes) {
  const known = new Map(rules().map((rule) => [rule.rule, rule]));
  const { name, version, homepage } = about();
  return {
    name: "careconnect",
    version,
    semanticVersion: version,
    // A package without a home page of its own has one where it is published.
    informationUri: homepage ?? `https://www.npmjs.com/package/${name}`,
    rules: codes.map((code) => {
      const { severity = "fatal", explanation = OWN[code] ?? code } = known.get(code) ?? {};
      const [first] = /^.*?[.](?=\s|$)/.exec(explanation) ?? [explanation];
      return {
        id: code,
        shortDescription: { text: first },
        fullDescription: { text: explanation },
        help: { text: explanation, markdown: explanation },
        ...(homepage && known.has(code) && { helpUri: `${homepage.replace(/#.*/, "")}/blob/main/docs/rules.md#${code}` }),
        defaultConfiguration: { level: LEVELS[severity] },
      };
    }),
  };
}

function resultOf(result, issue, ruleIndex, seen) {
  const { line, column, endLine, endColumn } = region(result, issue);
  const uri = uriOf(result.file);
  const location = {
    physicalLocation: {
      artifactLocation: { uri },
      region: { startLine: line, startColumn: column, endLine, endColumn },
    },
    ...(issue.expression && { logicalLocations: [{ fullyQualifiedName: issue.expression, kind: "element" }] }),
  };
  const { profile, definition } = issue;
  return {
    ruleId: issue.rule,
    ruleIndex,
    level: LEVELS[issue.severity],
    message: { text: issue.message },
    locations: [location],
    partialFingerprints: { "careconnectIssue/v1": fingerprint(uri, issue, seen) },
    properties: { severity: issue.severity, issueType: issue.code, ...(profile && { profile }), ...(definition && { definition }) },
  };
}

/** What stays when lines are inserted above: the file, the rule, the element and who asks for it, and which one of these. */
function fingerprint(uri, { rule, expression, profile = "", definition = "" }, seen) {
  const hash = createHash("sha256").update([uri, rule, expression, profile, definition].join("\n")).digest("hex").slice(0, 32);
  const nth = (seen.get(hash) ?? 0) + 1;
  seen.set(hash, nth);
  return `${hash}:${nth}`;
}
