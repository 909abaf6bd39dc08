// The same fault in many places is said once, with how often it is there and where first. The data keep every one of them.

/** Issues that say the same of different places, in the order of the first of each: `{ issue, others }`. */
export function withRepeats(issues) {
  const groups = new Map();
  for (const issue of issues) {
    const { severity, rule, message, profile = "", definition = "" } = issue;
    const key = JSON.stringify([severity, rule, message, profile, definition]);
    const group = groups.get(key);
    if (group) group.others.push(issue);
    else groups.set(key, { issue, others: [] });
  }
  return [...groups.values()];
}
