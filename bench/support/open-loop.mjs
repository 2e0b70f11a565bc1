// Requests that are due at their time, whether or not others have been answered, over connections that are kept.
import { Agent, request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

export class OpenLoop {
  /** Answers and failures: `{ path, status | error, text, begin, ms }`, times of `performance.now()`. */
  results = [];
  /** Requests that could not be sent, as nobody listens any more. */
  refused = 0;
  sent = 0;
  #agent;
  #pending = new Set();
  #isOver = false;
  #turns;

  /**
   * @param requests  `{ path, method?, headers?, body? }`, taken in turn
   * @param rate      a second
   */
  constructor(url, requests, { rate, connections = 64 }) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
    this.#turns = this.#run(url, requests, rate);
  }

  get underWay() {
    return this.#pending.size;
  }

  /** Sends no more, and waits for what is under way. */
  async end() {
    this.#isOver = true;
    await this.#turns;
    await Promise.all(this.#pending);
    this.#agent.destroy();
    return this.results;
  }

  async #run(url, requests, rate) {
    const begin = performance.now();
    while (!this.#isOver) {
      const due = ((performance.now() - begin) * rate) / 1000;
      for (; this.sent < due && !this.#isOver; this.sent++) this.#ask(url, requests[this.sent % requests.length]);
      await wait(2);
    }
  }

  #ask(url, { path, method = "GET", headers = {}, body }) {
    const begin = performance.now();
    const asked = new Promise((resolve) => {
      const note = (result) => {
        this.results.push({ path, begin, ms: performance.now() - begin, ...result });
        resolve();
      };
      const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
      const sent = request(url + path, { agent: this.#agent, method, headers: { ...headers, ...length } }, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk) => {
          text += chunk;
        });
        answer.on("end", () => note({ status: answer.statusCode, text }));
        answer.on("error", (error) => note({ error: `cut: ${error.code ?? error.message}` }));
      });
      sent.on("error", (error) => {
        const what = `${error.code ?? error.message} on a ${sent.reusedSocket ? "kept" : "new"} connection`;
        if (error.code !== "ECONNREFUSED") return note({ error: what });
        this.refused++;
        resolve();
      });
      sent.end(body);
    }).finally(() => this.#pending.delete(asked));
    this.#pending.add(asked);
  }
}

/** @param share  0.99 for the 99th percentile; of nothing it is 0 */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** How often each occurs, as text. */
export function tally(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => `${count} x ${value}`).join(", ") || "none";
}
