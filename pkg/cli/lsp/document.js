// A document as an editor has it: its text, kept by changes, and its places. Positions count UTF-16 code units, as offsets do.

/** How far a document is looked into for what makes it a resource. */
const FAR = 1 << 22;

export class Document {
  #starts;

  constructor({ uri, version, text }) {
    this.uri = uri;
    this.version = version;
    this.text = text;
  }

  /** Applies an editor's changes, one after the other; what they say of places is held to the text. */
  change(version, changes) {
    for (const { range, text } of changes) {
      if (typeof text !== "string") continue;
      if (!range) this.text = text;
      else {
        const [from, to] = [this.offsetAt(range.start), this.offsetAt(range.end)].sort((a, b) => a - b);
        this.text = this.text.slice(0, from) + text + this.text.slice(to);
      }
      this.#starts = undefined;
    }
    this.version = version;
  }

  get starts() {
    if (!this.#starts) {
      const starts = [0];
      const { text } = this;
      for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
      }
      this.#starts = starts;
    }
    return this.#starts;
  }

  /** The index of a position; past the end of a line it is that end. */
  offsetAt({ line, character } = {}) {
    const { starts, text } = this;
    if (!Number.isInteger(line) || line < 0) return 0;
    if (line >= starts.length) return text.length;
    let end = line + 1 < starts.length ? starts[line + 1] : text.length;
    while (end > starts[line] && (text[end - 1] === "\n" || text[end - 1] === "\r")) end -= 1;
    return Math.min(starts[line] + Math.max(0, Number.isInteger(character) ? character : 0), end);
  }

  positionAt(offset) {
    const { starts } = this;
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle;
    }
    return { line: low, character: offset - starts[low] };
  }

  rangeOf({ offset, length }) {
    return { start: this.positionAt(offset), end: this.positionAt(offset + length) };
  }

  /** A copy that stays as it is when this one changes. */
  copy() {
    const copy = new Document(this);
    copy.#starts = this.#starts;
    return copy;
  }

  /** Whether it is a FHIR resource: a JSON object with a `resourceType`, or XML of FHIR's namespace. */
  get isResource() {
    const start = /^\uFEFF?\s*/.exec(this.text)[0].length;
    if (this.text[start] === "{") return hasType(this.text, start);
    return this.text[start] === "<" && isFhirXml(this.text.slice(start, start + (1 << 16)));
  }

  get isXml() {
    return /^\uFEFF?\s*</.test(this.text);
  }
}

/** Whether an object has the property `resourceType` of its own, as far as can be told while it is being typed. */
function hasType(text, start) {
  let depth = 0;
  const end = Math.min(text.length, FAR);
  for (let at = start; at < end; at++) {
    const character = text[at];
    if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    else if (character === '"') {
      const from = at;
      for (at += 1; at < end && text[at] !== '"' && text[at] !== "\n"; at++) if (text[at] === "\\") at += 1;
      if (depth === 1 && text.slice(from, at + 1) === '"resourceType"') return true;
    }
  }
  return false;
}

/** Whether the first element of a text names FHIR's namespace. */
function isFhirXml(text) {
  let at = 0;
  for (;;) {
    const open = text.indexOf("<", at);
    if (open < 0) return false;
    const [begin, end] = text.startsWith("<!--", open) ? [open + 4, "-->"] : text[open + 1] === "?" ? [open + 2, "?>"] : [open + 1, ">"];
    const close = text.indexOf(end, begin);
    if (end === ">" && text[open + 1] !== "!") {
      const tag = text.slice(open, close < 0 ? undefined : close);
      return /\sxmlns(:[\w.-]+)?\s*=\s*["']http:\/\/hl7\.org\/fhir["']/.test(tag);
    }
    if (close < 0) return false;
    at = close + end.length;
  }
}
