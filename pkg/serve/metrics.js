// Counts and times of the service, as Prometheus reads them (text format 0.0.4). They hold nothing of a resource.

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export class Metrics {
  #requests = new Map();
  #times = new Map();
  #verdicts = new Map([["valid", 0], ["invalid", 0], ["not-fully-checked", 0]]);
  #retried = 0;
  #dropped = 0;

  /** A request that was answered, or whose sender went away (`aborted`). Routes are those of the service, not addresses. */
  answered({ route, status, seconds, verdict }) {
    const key = `route="${route}",status="${status}"`;
    this.#requests.set(key, (this.#requests.get(key) ?? 0) + 1);
    const times = this.#times.get(route) ?? { counts: BUCKETS.map(() => 0), sum: 0, count: 0 };
    this.#times.set(route, times);
    BUCKETS.forEach((most, at) => (times.counts[at] += seconds <= most ? 1 : 0));
    times.sum += seconds;
    times.count += 1;
    if (verdict) this.#verdicts.set(verdict, this.#verdicts.get(verdict) + 1);
  }

  retried() {
    this.#retried += 1;
  }

  dropped() {
    this.#dropped += 1;
  }

  /** The text; `now` has what is so at this moment. */
  text({ waiting, running, held, threads, replaced, isReady }) {
    const one = (name, type, help, value) => `# HELP careconnect_${name} ${help}\n# TYPE careconnect_${name} ${type}\ncareconnect_${name} ${value}\n`;
    const many = (name, type, help, lines) => `# HELP careconnect_${name} ${help}\n# TYPE careconnect_${name} ${type}\n${lines.join("")}`;
    const times = [...this.#times].flatMap(([route, { counts, sum, count }]) => {
      const name = "careconnect_request_duration_seconds";
      const bucket = (most, number) => `${name}_bucket{route="${route}",le="${most}"} ${number}\n`;
      return [...BUCKETS.map((most, at) => bucket(most, counts[at])), bucket("+Inf", count), `${name}_sum{route="${route}"} ${sum}\n`, `${name}_count{route="${route}"} ${count}\n`];
    });
    return [
      many("requests_total", "counter", "Requests by route and status; the status is aborted where the sender went away.", [...this.#requests].map(([key, count]) => `careconnect_requests_total{${key}} ${count}\n`)),
      many("request_duration_seconds", "histogram", "From the head of a request to the end of its answer.", times),
      many("verdicts_total", "counter", "Verdicts of validations.", [...this.#verdicts].map(([verdict, count]) => `careconnect_verdicts_total{verdict="${verdict}"} ${count}\n`)),
      one("queue_length", "gauge", "Requests that wait for a thread.", waiting),
      one("requests_running", "gauge", "Requests that threads work on.", running),
      one("held_bytes", "gauge", "Bytes of bodies in memory.", held),
      one("threads", "gauge", "Threads that do the work.", threads),
      one("threads_replaced_total", "counter", "Threads that ended and were replaced.", replaced),
      one("requests_retried_total", "counter", "Requests done once more, as the thread that worked on them ended.", this.#retried),
      one("connections_dropped_total", "counter", "Connections refused since there were too many.", this.#dropped),
      one("ready", "gauge", "Whether requests are taken.", isReady ? 1 : 0),
      one("resident_memory_bytes", "gauge", "Memory of the process.", process.memoryUsage.rss()),
    ].join("");
  }
}
