// Jobs for threads that run careconnect: one at a time for each thread, in order, and none that is not wanted any more.

import { failure } from "./errors.js";

/**
 * What a page or a program keeps of its threads. A thread is an object with `post(message)`, `close()` and, where another
 * can take its place, `replace()`, which ends it; who made it reports what it says by `answered` and `lost`.
 */
export class Jobs {
  #idle = [];
  #waiting = [];
  /** What each busy thread works on. */
  #running = new Map();
  #ended;
  #last = 0;
  /** How many threads have taken the place of others. */
  replaced = 0;

  /** Why there are no threads any more; undefined while there are. */
  get ended() {
    return this.#ended;
  }

  add(thread) {
    if (this.#ended) return thread.close();
    this.#idle.push(thread);
    this.#next();
  }

  /**
   * A Promise of what a thread answers. Aborted, it rejects at once: a job that still waits is then never run, and a thread
   * that works on it is ended, and replaced, as it is one that takes more than `timeout` milliseconds.
   */
  run(message, { signal, timeout } = {}) {
    return new Promise((resolve, reject) => {
      if (this.#ended) throw failure("freed", this.#ended);
      signal?.throwIfAborted();
      const job = { message: { ...message, id: ++this.#last }, resolve, reject, timeout };
      if (signal) {
        const abort = () => this.#giveUp(job, signal.reason);
        signal.addEventListener("abort", abort, { once: true });
        job.settled = () => signal.removeEventListener("abort", abort);
      }
      this.#waiting.push(job);
      this.#next();
    });
  }

  #giveUp(job, reason) {
    this.#settled(job);
    job.reject(reason);
    const at = this.#waiting.indexOf(job);
    if (at >= 0) this.#waiting.splice(at, 1);
    for (const [thread, running] of this.#running) {
      if (running !== job || !thread.replace) continue;
      this.#running.delete(thread);
      thread.replace();
    }
  }

  #settled(job) {
    clearTimeout(job.timer);
    job.settled?.();
  }

  answered(thread, { id, result, error, code }) {
    const job = this.#running.get(thread);
    if (job?.message.id !== id) return;
    this.#running.delete(thread);
    this.#idle.push(thread);
    this.#settled(job);
    if (error === undefined) job.resolve(result);
    else job.reject(code === undefined ? new Error(error) : failure(code, error));
    this.#next();
  }

  /** A thread that will not answer any more. What it worked on is rejected. */
  lost(thread, reason) {
    const job = this.#running.get(thread);
    this.#running.delete(thread);
    this.#idle = this.#idle.filter((other) => other !== thread);
    if (!job) return;
    this.#settled(job);
    job.reject(failure("internal-error", reason));
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
      this.#settled(job);
      job.reject(failure("freed", reason));
    }
  }

  #next() {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const [thread, job] = [this.#idle.shift(), this.#waiting.shift()];
      try {
        thread.post(job.message);
        this.#running.set(thread, job);
        if (job.timeout !== undefined) job.timer = setTimeout(() => this.#giveUp(job, late(job)), job.timeout);
      } catch (error) {
        // What cannot be sent to a thread (a function, a Promise) is the caller's mistake.
        this.#idle.unshift(thread);
        this.#settled(job);
        job.reject(error);
      }
    }
  }
}

const late = ({ timeout }) => failure("timeout", `There was no answer within ${timeout} ms.`);
