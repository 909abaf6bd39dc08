// Whose turn it is: as many requests are worked on as there are threads, some wait in order, and what is more is refused.

export class Turns {
  #free;
  #longest;
  #waiting = new Set();
  #running = 0;

  /** `size` requests run at once, and at most `queue` wait. */
  constructor({ size, queue }) {
    this.#free = size;
    this.#longest = queue;
  }

  get waiting() {
    return this.#waiting.size;
  }

  get running() {
    return this.#running;
  }

  get isFull() {
    return this.#free === 0 && this.#waiting.size >= this.#longest;
  }

  /**
   * A Promise of a turn: a function that gives it back, to be called once. It is undefined where the signal was aborted first.
   * Whoever asks has seen that it is not full.
   */
  take(signal) {
    if (signal.aborted) return Promise.resolve(undefined);
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve(this.#turn());
    }
    return new Promise((resolve) => {
      const next = () => {
        signal.removeEventListener("abort", leave);
        resolve(this.#turn());
      };
      const leave = () => {
        this.#waiting.delete(next);
        resolve(undefined);
      };
      this.#waiting.add(next);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  #turn() {
    this.#running += 1;
    return () => {
      this.#running -= 1;
      const [next] = this.#waiting;
      if (!next) this.#free += 1;
      else {
        this.#waiting.delete(next);
        next();
      }
    };
  }
}
