// JSON-RPC 2.0 as the Language Server Protocol frames it: headers, an empty line, and as many bytes of JSON as they say.

/** The longest message, and the longest headers, in bytes; whoever sends more does not speak this protocol. */
const LONGEST = 1 << 29;
const LONGEST_HEADER = 1 << 13;

export const ERRORS = { parse: -32700, request: -32600, method: -32601, params: -32602, internal: -32603, notInitialized: -32002, cancelled: -32800 };

/** An error that is a request's answer. */
export class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

export class Connection {
  #output;
  #parts = [];
  #length = 0;
  /** How many bytes the message has that is being read; undefined while its headers are. */
  #wanted;
  #cancelled = new Set();
  /** The answers that are being worked out, by the ids of their requests. */
  #open = new Map();

  /** To be given before {@link listen}: what a request is answered with, and what a notification does. */
  request = async () => undefined;
  notify = () => {};

  constructor(input, output) {
    this.input = input;
    this.#output = output;
  }

  /** Reads messages until the input ends. */
  listen() {
    return new Promise((resolve, reject) => {
      this.input.on("data", (chunk) => {
        this.#parts.push(chunk);
        this.#length += chunk.length;
        try {
          while (this.#next());
        } catch (error) {
          reject(error);
        }
      });
      this.input.on("end", resolve).on("close", resolve).on("error", resolve);
    });
  }

  /** Sends a notification. */
  send(method, params) {
    this.#write({ jsonrpc: "2.0", method, params });
  }

  #write(message) {
    const body = Buffer.from(JSON.stringify(message));
    this.#output.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
  }

  /** Takes a header or a message off what was read; false where there is not enough. */
  #next() {
    // A long message comes in many chunks, which are joined once.
    if (this.#wanted !== undefined && this.#length < this.#wanted) return false;
    const bytes = this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts);
    this.#parts = [bytes];
    if (this.#wanted === undefined) {
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) {
        if (bytes.length > LONGEST_HEADER) throw new Error("What comes in is not the Language Server Protocol.");
        return false;
      }
      const length = /^content-length:[ \t]*(\d{1,10})[ \t]*$/im.exec(bytes.toString("latin1", 0, end).replaceAll("\r", ""));
      if (!length || Number(length[1]) > LONGEST) throw new Error("A message has no length, or is too long.");
      this.#wanted = Number(length[1]);
      this.#keep(bytes.subarray(end + 4));
      return true;
    }
    const body = bytes.subarray(0, this.#wanted);
    this.#wanted = undefined;
    this.#keep(bytes.subarray(body.length));
    this.#take(body);
    return this.#length > 0;
  }

  #keep(rest) {
    this.#parts = [rest];
    this.#length = rest.length;
  }

  #take(body) {
    let message;
    try {
      message = JSON.parse(body.toString("utf8"));
    } catch {
      return this.#write({ jsonrpc: "2.0", id: null, error: { code: ERRORS.parse, message: "The message is not JSON." } });
    }
    if (message === null || typeof message !== "object" || Array.isArray(message)) {
      return this.#write({ jsonrpc: "2.0", id: null, error: { code: ERRORS.request, message: "A message is an object." } });
    }
    const { id, method, params } = message;
    // An answer: nothing was asked.
    if (typeof method !== "string") return undefined;
    if (method === "$/cancelRequest") {
      // Of what is not being worked on there is nothing to remember.
      if (this.#open.has(params?.id)) this.#cancelled.add(params.id);
      return undefined;
    }
    if (id === undefined || id === null) return this.#run(() => this.notify(method, params ?? {}));
    // It begins at once, so that what comes next finds what it has done, and has not ended when it is set down here.
    this.#open.set(id, this.#answer(id, method, params ?? {}));
    return undefined;
  }

  /** Waits for the answers that are still being worked out, but not for long. */
  async settled(most) {
    let timer;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, most)));
    await Promise.race([Promise.all(this.#open.values()), late]);
    clearTimeout(timer);
  }

  async #run(act) {
    try {
      await act();
    } catch (error) {
      this.send("window/logMessage", { type: 1, message: String(error?.message ?? error) });
    }
  }

  async #answer(id, method, params) {
    let answer;
    try {
      const result = await this.request(method, params, () => this.#cancelled.has(id));
      answer = { result: result ?? null };
    } catch (error) {
      answer = { error: { code: error instanceof Refused ? error.code : ERRORS.internal, message: String(error?.message ?? error) } };
    }
    if (this.#cancelled.delete(id)) answer = { error: { code: ERRORS.cancelled, message: "The request was cancelled." } };
    this.#open.delete(id);
    this.#write({ jsonrpc: "2.0", id, ...answer });
  }
}
