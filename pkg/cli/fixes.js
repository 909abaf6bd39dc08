// Which fixes are made together.

/** The likeliest fix of each issue, as far as they leave each other alone: what meets another's edits waits for the next pass. */
export function apart(issues) {
  const taken = [];
  const chosen = [];
  for (const issue of issues) {
    const [fix] = issue.fixes ?? [];
    const edits = fix?.edits ?? [];
    const meets = ({ offset, length }) => taken.some((other) => offset <= other.offset + other.length && other.offset <= offset + length);
    if (edits.length === 0 || edits.some(meets)) continue;
    taken.push(...edits);
    chosen.push({ issue, fix });
  }
  return chosen;
}
