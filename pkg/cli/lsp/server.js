// The language server: what an editor asks, answered by threads that have the core, so that this one is always there to listen.

import { fileURLToPath } from "node:url";
import { open } from "../core.js";
import { about, counted } from "../output.js";
import { settle } from "../settings.js";
import { apart } from "../fixes.js";
import { ERRORS, Refused } from "./connection.js";
import { Document } from "./document.js";
import { codeActions, completions, diagnostics, hover, symbols } from "./features.js";
import { formatted } from "./format.js";

/** How long nothing must have been typed before a document is checked, in milliseconds. */
const SETTLED = 5;

/** One thread checks while the other answers what is asked meanwhile. */
const THREADS = 2;

/** How long answers that are still being worked out are waited for at the end, in milliseconds. */
const LAST = 1000;

/** How often it is looked whether the editor is still there, in milliseconds. */
const EVERY = 5000;

/** How deep the outline of a document goes: the longer it is, the less. */
const depthOf = ({ length }) => (length < 200_000 ? 12 : length < 2_000_000 ? 6 : 3);

export class Server {
  #connection;
  #values;
  #documents = new Map();
  #state = "new";
  #ready;
  #careconnect;
  #settings;
  #finished;
  #client = {};

  constructor(connection, values) {
    this.#connection = connection;
    this.#values = values;
    connection.request = (method, params, isCancelled) => this.#request(method, params, isCancelled);
    connection.notify = (method, params) => this.#notify(method, params);
  }

  /** Serves until the editor goes or says so; gives back the exit status. */
  async run() {
    const ended = new Promise((resolve) => (this.#finished = resolve));
    // Whoever goes without saying so has not shut it down.
    const listening = this.#connection.listen().then(() => this.#finished(this.#state === "shut down" ? 0 : 1));
    listening.catch((error) => {
      process.stderr.write(`careconnect: ${error.message}\n`);
      this.#finished(2);
    });
    const status = await ended;
    await this.#connection.settled(LAST);
    this.#careconnect?.free();
    // Threads and a standard input that is still open would keep the process.
    process.exit(status);
  }

  async #request(method, params, isCancelled) {
    if (method === "initialize") return this.#initialize(params);
    if (this.#state === "new") throw new Refused(ERRORS.notInitialized, "The server was not initialised.");
    if (this.#state === "shut down") throw new Refused(ERRORS.request, "The server was shut down.");
    if (method === "shutdown") {
      this.#state = "shut down";
      return null;
    }
    if (!Object.hasOwn(REQUESTS, method)) throw new Refused(ERRORS.method, `There is no '${method}' here.`);
    const document = this.#documents.get(params.textDocument?.uri);
    if (!document?.isResource) return null;
    await this.#ready;
    if (isCancelled()) return null;
    return this[REQUESTS[method]](document.copy(), params, document);
  }

  async #notify(method, params) {
    if (method === "exit") return this.#finished(this.#state === "shut down" ? 0 : 1);
    if (this.#state !== "running") return undefined;
    const uri = params.textDocument?.uri;
    const known = this.#documents.get(uri);
    if (method === "textDocument/didOpen" && typeof params.textDocument?.text === "string") {
      const document = new Document(params.textDocument);
      this.#documents.set(uri, document);
      this.#check(document, 0);
    } else if (method === "textDocument/didChange" && known && Array.isArray(params.contentChanges)) {
      known.change(params.textDocument.version, params.contentChanges);
      known.report = undefined;
      this.#check(known, SETTLED);
    } else if (method === "textDocument/didClose" && known) {
      clearTimeout(known.timer);
      this.#documents.delete(uri);
      this.#connection.send("textDocument/publishDiagnostics", { uri, diagnostics: [] });
    } else if (method === "workspace/didChangeWatchedFiles" || method === "workspace/didChangeConfiguration") {
      await this.#load();
      for (const document of this.#documents.values()) this.#check(document, 0);
    }
    return undefined;
  }

  async #initialize({ processId, rootUri, workspaceFolders, capabilities, initializationOptions }) {
    if (this.#state !== "new") throw new Refused(ERRORS.request, "The server was initialised before.");
    this.#state = "running";
    this.#client = { hierarchical: capabilities?.textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true };
    const root = workspaceFolders?.[0]?.uri ?? rootUri;
    try {
      // The configuration is that of the folder, and paths in it and on the command line are from there.
      if (root?.startsWith("file:")) process.chdir(fileURLToPath(root));
    } catch {
      // A folder that is not there has no configuration.
    }
    const given = initializationOptions?.packs;
    if (given !== undefined && this.#values.packs === undefined && Array.isArray(given)) this.#values.packs = given.join(",");
    if (Number.isInteger(processId)) watch(processId, () => this.#finished(1));
    this.#load();
    return {
      serverInfo: { name: "careconnect", version: about().version },
      capabilities: {
        positionEncoding: "utf-16",
        textDocumentSync: { openClose: true, change: 2 },
        hoverProvider: true,
        completionProvider: { triggerCharacters: ['"', "<", " ", ":", "/"] },
        codeActionProvider: { codeActionKinds: ["quickfix", "source.fixAll.careconnect"] },
        documentSymbolProvider: true,
        definitionProvider: true,
        documentFormattingProvider: true,
      },
    };
  }

  /** Reads the configuration and starts the threads, again where the configuration has changed. */
  #load() {
    const before = this.#ready;
    this.#ready = (async () => {
      await before;
      try {
        const settings = await settle(this.#values);
        const { careconnect, reports } = await open({ ...settings, jobs: THREADS });
        this.#careconnect?.free();
        this.#careconnect = careconnect;
        this.#settings = settings;
        const wrong = reports.filter(({ valid }) => !valid);
        if (wrong.length > 0) this.#say(`${counted(wrong.length, "definition")} of your own cannot be used as they are: careconnect validate --definitions says why.`);
      } catch (error) {
        this.#say(error.message);
        // What was there before stays in use.
        if (!this.#careconnect) {
          const settings = await settle({ "no-config": true });
          this.#careconnect = (await open({ ...settings, jobs: THREADS })).careconnect;
          this.#settings = settings;
        }
      }
    })();
    return this.#ready;
  }

  #say(message) {
    this.#connection.send("window/showMessage", { type: 2, message: `careconnect: ${message}` });
  }

  /** The options that apply to a document, and whether its file is left out. */
  #optionsOf({ uri }) {
    const file = fileOf(uri);
    return { file, options: this.#settings.sections.optionsFor(file), isOut: this.#settings.exclude.isOut(file) };
  }

  /** Has a document checked once it has settled; never twice at once, so that what is typed meanwhile is checked afterwards. */
  #check(document, delay) {
    clearTimeout(document.timer);
    document.again = document.isBusy;
    if (!document.isBusy) document.timer = setTimeout(() => this.#checkNow(document), delay);
  }

  async #checkNow(document) {
    document.isBusy = true;
    const { version, uri } = document;
    const copy = document.copy();
    let found;
    try {
      await this.#ready;
      found = copy.isResource ? await this.#reportOn(copy) : { issues: [] };
    } catch (error) {
      found = undefined;
      this.#connection.send("window/logMessage", { type: 1, message: `${uri}: ${error.message}` });
    }
    document.isBusy = false;
    // What has changed or gone meanwhile has no use for this; its places would be wrong.
    if (this.#documents.get(uri) !== document) return;
    if (found && document.version === version) {
      document.report = found;
      this.#connection.send("textDocument/publishDiagnostics", { uri, version, diagnostics: diagnostics(copy, found) });
    }
    if (document.again) {
      document.again = false;
      this.#check(document, 0);
    }
  }

  async #reportOn(document, more = {}) {
    const { file, options, isOut } = this.#optionsOf(document);
    if (isOut) return { issues: [] };
    const report = await this.#careconnect.validate(document.text, { ...options, ...more });
    const adjusted = await this.#settings.sections.adjust({ file, ...report }, (depth) => this.#careconnect.outline(document.text, { depth }));
    return { ...adjusted, issues: adjusted.issues.filter(({ severity }) => RANKS[severity] <= RANKS[this.#settings.severity]) };
  }

  async hover(document, { position }) {
    const element = await this.#careconnect.elementAt(document.text, document.offsetAt(position), this.#optionsOf(document).options);
    return hover(document, element);
  }

  async complete(document, { position }) {
    const offset = document.offsetAt(position);
    return completions(document, offset, await this.#careconnect.complete(document.text, offset, this.#optionsOf(document).options));
  }

  async codeActions(document, { range, context }, current) {
    const only = context?.only;
    // Fixes take a second look, which is had once for each version of a text.
    current.fixes ??= { version: document.version, report: this.#reportOn(document, { fixes: true }) };
    if (current.fixes.version !== document.version) current.fixes = { version: document.version, report: this.#reportOn(document, { fixes: true }) };
    const { issues } = await current.fixes.report;
    const [from, to] = [document.offsetAt(range?.start), document.offsetAt(range?.end)];
    return codeActions(document, issues, from, to, only, apart);
  }

  async symbols(document) {
    const outline = await this.#careconnect.outline(document.text, { depth: depthOf(document.text) });
    return symbols(document, outline, this.#client.hierarchical);
  }

  async definition(document, { position }) {
    const { target } = await this.#careconnect.elementAt(document.text, document.offsetAt(position), this.#optionsOf(document).options);
    return target ? { uri: document.uri, range: document.rangeOf(target) } : null;
  }

  async format(document, { options }) {
    const unit = options?.insertSpaces === false ? "\t" : " ".repeat(Math.min(Math.max(options?.tabSize ?? 2, 1), 16));
    const newline = document.text.includes("\r\n") ? "\r\n" : "\n";
    const edits = formatted(document.text, document.isXml, unit, newline);
    return edits?.map(({ text, ...place }) => ({ range: document.rangeOf(place), newText: text })) ?? null;
  }
}

const RANKS = { fatal: 0, error: 0, warning: 1, information: 2 };

const REQUESTS = {
  "textDocument/hover": "hover",
  "textDocument/completion": "complete",
  "textDocument/codeAction": "codeActions",
  "textDocument/documentSymbol": "symbols",
  "textDocument/definition": "definition",
  "textDocument/formatting": "format",
};

/** The file of a document; one that is not saved has a name that no pattern is for. */
function fileOf(uri) {
  try {
    return uri.startsWith("file:") ? fileURLToPath(uri) : "-";
  } catch {
    return "-";
  }
}

/** Ends with the editor, also where that ended without a word. */
function watch(processId, ended) {
  const timer = setInterval(() => {
    try {
      process.kill(processId, 0);
    } catch (error) {
      if (error.code === "ESRCH") ended();
    }
  }, EVERY);
  timer.unref();
}
