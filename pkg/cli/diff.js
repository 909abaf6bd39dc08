// What changes in a text, as a unified diff that patch and git apply take.

/** How many lines stand around a change. */
const AROUND = 3;

/** Where more lines than this are different, all between the first and the last of them is given as changed. */
const MOST = 1000;

/** The lines of a text, each with how it ends; the last may have no end. */
const linesOf = (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** The diff of two versions of a file; empty where they are the same. */
export function unified(name, before, after) {
  if (before === after) return "";
  const [a, b] = [linesOf(before), linesOf(after)];
  const hunks = grouped(changes(a, b));
  const parts = hunks.map((hunk) => written(hunk, a, b));
  return `--- ${quoted(`a/${name}`)}\n+++ ${quoted(`b/${name}`)}\n${parts.join("")}`;
}

/** A name as git quotes it where it would not stand on a line as it is. */
function quoted(name) {
  if (!/[\0-\x1f\x7f-\u009f"\\\u2028-\u202e\u2066-\u2069]/.test(name)) return name;
  const bytes = [...Buffer.from(name)].map((byte) => {
    if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
    return byte < 0x20 || byte > 0x7e ? `\\${byte.toString(8).padStart(3, "0")}` : String.fromCharCode(byte);
  });
  return `"${bytes.join("")}"`;
}

/** What is replaced by what: `{ a, removed, b, added }`, with where each begins and how many lines it has, in order. */
function changes(a, b) {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const [n, m] = [a.length - start - end, b.length - start - end];
  const path = shortest(a.slice(start, start + n), b.slice(start, start + m));
  if (!path) return [{ a: start, removed: n, b: start, added: m }];
  const found = [];
  for (const [x, y, isRemoved] of path) {
    const last = found.at(-1);
    const [at, to] = [start + x, start + y];
    if (last && last.a + last.removed === at && last.b + last.added === to) last[isRemoved ? "removed" : "added"] += 1;
    else found.push({ a: at, removed: isRemoved ? 1 : 0, b: to, added: isRemoved ? 0 : 1 });
  }
  return found;
}

/** The fewest lines to remove and add (Myers), each `[x, y, isRemoved]`; undefined where there are too many. */
function shortest(a, b) {
  const [n, m] = [a.length, b.length];
  const trace = [];
  const furthest = new Map([[1, 0]]);
  for (let d = 0; d <= Math.min(n + m, MOST); d++) {
    trace.push(new Map(furthest));
    for (let k = -d; k <= d; k += 2) {
      const isDown = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
      let x = isDown ? furthest.get(k + 1) : furthest.get(k - 1) + 1;
      let y = x - k;
      while (x < n && y < m && a[x] === b[y]) [x, y] = [x + 1, y + 1];
      furthest.set(k, x);
      if (x >= n && y >= m) return backwards(trace, n, m);
    }
  }
  return undefined;
}

function backwards(trace, n, m) {
  const path = [];
  let [x, y] = [n, m];
  for (let d = trace.length - 1; d > 0; d--) {
    const furthest = trace[d];
    const k = x - y;
    const isDown = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
    const before = isDown ? k + 1 : k - 1;
    const fromX = furthest.get(before);
    const fromY = fromX - before;
    path.unshift([fromX, fromY, !isDown]);
    [x, y] = [fromX, fromY];
  }
  return path;
}

/** Changes whose surroundings meet are shown together. */
function grouped(all) {
  const hunks = [];
  for (const change of all) {
    const last = hunks.at(-1)?.at(-1);
    if (last && change.a - (last.a + last.removed) <= AROUND * 2) hunks.at(-1).push(change);
    else hunks.push([change]);
  }
  return hunks;
}

function written(hunk, a, b) {
  const [first, last] = [hunk[0], hunk.at(-1)];
  const before = Math.min(first.a, AROUND);
  const after = Math.min(a.length - (last.a + last.removed), AROUND);
  const from = first.a - before;
  const to = last.a + last.removed + after;
  const lines = [];
  const put = (sign, line) => lines.push(line.endsWith("\n") ? `${sign}${line}` : `${sign}${line}\n\\ No newline at end of file\n`);
  let at = from;
  for (const { a: start, removed, b: other, added } of hunk) {
    for (; at < start; at++) put(" ", a[at]);
    for (; at < start + removed; at++) put("-", a[at]);
    for (let line = other; line < other + added; line++) put("+", b[line]);
  }
  for (; at < to; at++) put(" ", a[at]);
  const grown = hunk.reduce((sum, { added, removed }) => sum + added - removed, 0);
  const range = (start, count) => `${count === 0 ? start : start + 1}${count === 1 ? "" : `,${count}`}`;
  return `@@ -${range(from, to - from)} +${range(first.b - before, to - from + grown)} @@\n${lines.join("")}`;
}
