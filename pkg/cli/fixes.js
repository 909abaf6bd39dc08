// Which fixes are made together.

/** Rules whose fix is a choice of the author's: of two values nobody else knows which is meant. Offered one by one, never made for all. */
const CHOICES = new Set(["duplicate-key"]);

/** The likeliest fix of each issue, as far as they leave each other alone: what meets another's edits waits for the next pass. */
export function apart(issues) {
  const taken = [];
  const chosen = [];
  for (const issue of issues) {
    const [fix] = (!CHOICES.has(issue.rule) && issue.fixes) || [];
    const edits = fix?.edits ?? [];
    const meets = ({ offset, length }) => taken.some((other) => offset <= other.offset + other.length && other.offset <= offset + length);
    if (edits.length === 0 || edits.some(meets)) continue;
    taken.push(...edits);
    chosen.push({ issue, fix });
  }
  return chosen;
}
