// A provider for check() that asks a FHIR terminology server, STU3 or R4. Of a resource nothing leaves but codes, with the
// URLs of their code systems and value sets. careconnect.d.ts documents it.

const JSON_TYPE = "application/fhir+json";

/** What may be said not to be known: a code is none of these. */
const NOUNS = ["code system", "codesystem", "value set", "valueset", "system"];

/** What a server says where it does not know, rather than that a code is wrong: how it begins, and how it goes on. */
const NOT_KNOWN = [
  [/unknown (?:or \w+ )?/g, NOUNS],
  [/(?:unable|failed) to /g, ["provide", "find", "expand", "resolve", "determine", "load"]],
  [/(?:can|could) ?not (?:be )?/g, ["find", "found", "expand", "resolve", "determine", "provide"]],
  [/can't be /g, ["found", "expanded", "resolved", "validated"]],
  [/(?:too|not) /g, ["costly", "supported"]],
];

/** What it says after the name of such a thing. */
const ABSENT = [
  [/\bunknown/g, [""]],
  [/\bnot (?:be )?/g, ["found", "known", "supported", "available", "resolved", "present", "loaded"]],
];

/** Addresses and codes, which a message may quote, say nothing: many a URL has "CodeSystem" in it. */
const QUOTED = [/(?:https?:\/\/|urn:)\S+/g, /'[^'\s]*'/g, /"[^"\s]*"/g];

/** The longest message of a server that is looked into. */
const LONGEST = 10_000;

/** Whether a message says that the server does not know. */
function saysNotKnown(message) {
  const text = QUOTED.reduce((text, quoted) => text.replace(quoted, ""), message.slice(0, LONGEST).toLowerCase());
  return text.split("\n").some((line) => {
    if (has(line, NOT_KNOWN)) return true;
    const ends = NOUNS.map((noun) => endOf(line, noun)).filter((end) => end >= 0);
    return ends.length > 0 && has(line.slice(Math.min(...ends)), ABSENT);
  });
}

/** Whether one of these beginnings goes on as it may. */
const has = (line, sayings) =>
  sayings.some(([start, rest]) => [...line.matchAll(start)].some(({ index, 0: found }) => rest.some((word) => line.startsWith(word, index + found.length))));

/** Where a noun ends that is no part of a longer word, the first time; -1 where there is none. */
function endOf(line, noun) {
  for (let at = line.indexOf(noun); at >= 0; at = line.indexOf(noun, at + 1)) {
    const end = at + noun.length;
    if (!/^\w/.test(line.slice(end, end + 1))) return end;
  }
  return -1;
}

export function terminologyServer(options) {
  const { url, version = "r4", headers = {}, timeout = 30_000, batchSize = 200, fetch = globalThis.fetch, ...other } = options ?? {};
  const [unknown] = Object.keys(other);
  if (unknown) {
    throw new Error(`There is no option '${unknown}' here. The options are: url, version, headers, timeout, batchSize, fetch.`);
  }
  if (version !== "stu3" && version !== "r4") throw new Error(`The option 'version' is "stu3" or "r4"; this is ${JSON.stringify(version)}.`);
  if (!(typeof url === "string" || url instanceof URL) || !URL.canParse(String(url))) {
    throw new Error("The option 'url' is the address of the server's FHIR API, for example \"https://tx.example.org/r4\".");
  }
  if (!(timeout > 0)) throw new Error("The option 'timeout' is a number of milliseconds.");
  if (!Number.isInteger(batchSize) || batchSize < 1) throw new Error("The option 'batchSize' is a whole number from 1.");
  const server = new Server({ base: withoutSlashes(String(url)), version, headers, timeout, batchSize, fetch });
  return { validateCodes: (questions) => server.validateCodes(questions) };
}

const NO_SYSTEM = { reason: "The terminology server does not have the code without a code system, and none is stated here." };

class Server {
  #options;
  /** Whether the server takes a batch; found out with the first. */
  #takesBatches = true;

  constructor(options) {
    this.#options = options;
  }

  async validateCodes(questions) {
    const answers = [];
    for (let at = 0; at < questions.length; at += this.#options.batchSize) {
      const some = questions.slice(at, at + this.#options.batchSize);
      answers.push(...(some.length > 1 && this.#takesBatches ? await this.#batch(some) : await this.#singly(some)));
    }
    // Not every server looks for the system itself, and one that does not finds no code at all.
    return answers.map((answer, at) => (answer.result === false && questions[at].system === undefined ? NO_SYSTEM : answer));
  }

  /** All questions in one request, a Bundle of the type batch. */
  async #batch(questions) {
    const entry = questions.map((question) => ({ request: { method: "GET", url: this.#path(question) } }));
    let response;
    try {
      response = await this.#request("", {
        method: "POST",
        headers: { "content-type": JSON_TYPE },
        body: JSON.stringify({ resourceType: "Bundle", type: "batch", entry }),
      });
    } catch (error) {
      return questions.map(() => ({ reason: this.#failure(error) }));
    }
    const { status, body } = response;
    if ([400, 404, 405, 415, 501].includes(status)) {
      this.#takesBatches = false;
      return this.#singly(questions);
    }
    if (status >= 300 || body?.resourceType !== "Bundle" || body.entry?.length !== questions.length) {
      const what = status >= 300 ? `answered ${status}` : "did not answer with a Bundle of as many entries";
      return questions.map(() => ({ reason: `The terminology server ${what}.` }));
    }
    return body.entry.map(({ response, resource }) =>
      this.#answer(Number.parseInt(response?.status ?? "200", 10), resource ?? response?.outcome),
    );
  }

  /** One request a question, some at a time. */
  async #singly(questions) {
    const answers = [];
    let next = 0;
    const work = async () => {
      while (next < questions.length) {
        const at = next++;
        try {
          const { status, body } = await this.#request(`/${this.#path(questions[at])}`, {});
          answers[at] = this.#answer(status, body);
        } catch (error) {
          answers[at] = { reason: this.#failure(error) };
        }
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));
    return answers;
  }

  /** The operation that answers a question: of the value set, or of the code system where none is asked about. */
  #path({ valueSet, system, code }) {
    const canonical = valueSet ?? system;
    const [url, version] = canonical.split("|");
    if (valueSet === undefined) return `CodeSystem/$validate-code?${new URLSearchParams({ url, code })}`;
    // STU3 has no parameter for the version: a server that cannot read it in the URL knows no such value set, which is safe.
    const isR4 = this.#options.version === "r4";
    const parameters = new URLSearchParams({ url: isR4 ? url : canonical });
    if (version && isR4) parameters.set("valueSetVersion", version);
    parameters.set("code", code);
    if (system !== undefined) parameters.set("system", system);
    // An element of type code has no system; that the server may look for it is said from R4 on.
    else if (isR4) parameters.set("inferSystem", "true");
    return `ValueSet/$validate-code?${parameters}`;
  }

  async #request(path, init) {
    const { base, headers, timeout, fetch } = this.#options;
    const response = await fetch(`${base}${path}`, {
      ...init,
      headers: { accept: JSON_TYPE, ...headers, ...init.headers },
      signal: AbortSignal.timeout(timeout),
      redirect: "error",
    });
    const text = await response.text();
    let body;
    try {
      body = JSON.parse(text);
    } catch {
      if (response.ok) throw new Error("its answer is not JSON");
    }
    return { status: response.status, body };
  }

  #failure(error) {
    if (error?.name === "TimeoutError") return `The terminology server did not answer within ${this.#options.timeout} ms.`;
    return `The terminology server could not be asked: ${error?.message ?? error}.`;
  }

  /** An answer from Parameters; anything else says why there is none. A code is wrong only if the server says just that. */
  #answer(status, body) {
    if (body?.resourceType === "OperationOutcome" || status >= 300) {
      const issue = body?.issue?.find(({ severity }) => severity === "error" || severity === "fatal") ?? body?.issue?.[0];
      const words = issue?.details?.text ?? issue?.diagnostics;
      return { reason: `The terminology server answered ${status}${words ? `: ${shorten(words)}` : ""}.` };
    }
    if (body?.resourceType !== "Parameters") return { reason: "The terminology server did not answer with Parameters." };
    const named = (name) => body.parameter?.find((parameter) => parameter.name === name);
    const result = named("result")?.valueBoolean;
    const message = named("message")?.valueString;
    if (typeof result !== "boolean") return { reason: "The terminology server's answer has no result." };
    // Some servers call a code right that they could not check, and say so in the message alone.
    if ((!result && this.#saysUnknown(named)) || (typeof message === "string" && saysNotKnown(message))) {
      return { reason: `The terminology server cannot say${message ? `: ${shorten(message)}` : ""}.` };
    }
    const display = named("display")?.valueString;
    const inactive = named("inactive")?.valueBoolean === true;
    return { result, ...(display !== undefined && { display }), ...(inactive && { inactive }) };
  }

  /** Whether the answer says in a parameter that a code system or value set is not known. */
  #saysUnknown(named) {
    if (named("x-unknown-system") || named("x-caused-by-unknown-system")) return true;
    const issues = named("issues")?.resource?.issue ?? [];
    return issues.some(({ code }) => ["not-found", "not-supported", "too-costly", "exception"].includes(code));
  }
}

/** An address without the slashes that it ends with. */
function withoutSlashes(address) {
  let end = address.length;
  while (address[end - 1] === "/") end -= 1;
  return address.slice(0, end);
}

function shorten(text) {
  const line = String(text).slice(0, 2000).replace(/\s+/g, " ").trim().replace(/\.$/, "");
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
