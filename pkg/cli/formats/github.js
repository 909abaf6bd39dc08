// Workflow commands of GitHub Actions: what is printed in this form is shown beside the line, without an upload.

import { region } from "./place.js";

const LEVELS = { fatal: "error", error: "error", warning: "warning", information: "notice" };

// A line break would end the command, and what follows could be another.
const data = (text) => text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/[\0-\x1F\x7F-\x9F\u2028\u2029]/g, "\uFFFD");
const property = (text) => data(text).replace(/:/g, "%3A").replace(/,/g, "%2C");

export const githubPrinter = () => ({
  file: (result) => {
    const file = property(result.file.replaceAll("\\", "/"));
    const texts = result.issues.map((issue) => {
      const { line, column, endLine, endColumn } = region(result, issue);
      // Columns are shown only for what is within a line.
      const columns = endLine === line ? `,col=${column},endColumn=${Math.max(column, endColumn - 1)}` : "";
      const place = `file=${file},line=${line},endLine=${endLine}${columns},title=${property(issue.rule)}`;
      const where = issue.expression && ` (${issue.expression})`;
      return `::${LEVELS[issue.severity]} ${place}::${data(issue.message + where)}\n`;
    });
    if (result.verdict === "not-fully-checked") {
      texts.push(`::notice file=${file},line=${result.line ?? 1},title=not-fully-checked::${data(result.reason)}\n`);
    }
    return texts.join("");
  },
});
