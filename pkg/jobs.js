// Jobs for threads that run careconnect: one at a time for each thread, in order, and none that is not wanted any more.

/**
 * What a page or a program keeps of its threads. A thread is an object with `post(message)` and `close()`; who
 * made it reports what it says by `answered` and `lost`.
 */
export class Jobs {
  #idle = [];
  #waiting = [];
  /** What each busy thread works on. */
  #running = new Map();
  #ended;
  #last = 0;

  /** Why there are no threads any more; undefined while there are. */
  get ended() {
    return this.#ended;
  }

  add(thread) {
    if (this.#ended) return thread.close();
    this.#idle.push(thread);
    this.#next();
  }

  /** A Promise of what a thread answers. Aborted, it rejects at once; a job that still waits is then never run. */
  run(message, { signal } = {}) {
    return new Promise((resolve, reject) => {
      if (this.#ended) throw new Error(this.#ended);
      signal?.throwIfAborted();
      const job = { message: { ...message, id: ++this.#last }, resolve, reject };
      if (signal) {
        const abort = () => {
          const at = this.#waiting.indexOf(job);
          if (at >= 0) this.#waiting.splice(at, 1);
          reject(signal.reason);
        };
        signal.addEventListener("abort", abort, { once: true });
        job.settled = () => signal.removeEventListener("abort", abort);
      }
      this.#waiting.push(job);
      this.#next();
    });
  }

  answered(thread, { id, result, error }) {
    const job = this.#running.get(thread);
    if (job?.message.id !== id) return;
    this.#running.delete(thread);
    this.#idle.push(thread);
    job.settled?.();
    if (error === undefined) job.resolve(result);
    else job.reject(new Error(error));
    this.#next();
  }

  /** A thread that will not answer any more. What it worked on is rejected. */
  lost(thread, reason) {
    const job = this.#running.get(thread);
    this.#running.delete(thread);
    this.#idle = this.#idle.filter((other) => other !== thread);
    job?.settled?.();
    job?.reject(new Error(reason));
  }

  /** Ends every thread; what was not answered, and every later call, is rejected. */
  end(reason) {
    if (this.#ended) return;
    this.#ended = reason;
    const threads = [...this.#idle, ...this.#running.keys()];
    const jobs = [...this.#running.values(), ...this.#waiting];
    this.#idle = [];
    this.#waiting = [];
    this.#running.clear();
    for (const thread of threads) thread.close();
    for (const job of jobs) {
      job.settled?.();
      job.reject(new Error(reason));
    }
  }

  #next() {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const [thread, job] = [this.#idle.shift(), this.#waiting.shift()];
      try {
        thread.post(job.message);
        this.#running.set(thread, job);
      } catch (error) {
        // What cannot be sent to a thread (a function, a Promise) is the caller's mistake.
        this.#idle.unshift(thread);
        job.settled?.();
        job.reject(error);
      }
    }
  }
}

/** The options without `signal`, which cannot be sent, and the signal. */
export function withoutSignal(options) {
  if (options === null || typeof options !== "object" || !("signal" in options)) return { sent: options };
  const { signal, ...sent } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw new Error("The option 'signal' is an AbortSignal.");
  return { sent, signal };
}
