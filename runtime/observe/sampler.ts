import type { Clock } from "../clock.js";

/**
 * X-Ray's default rule: the first request of each second, and a twentieth of the others (aws-behaviour.md section 32).
 */
export class Sampler {
  #second = Number.NaN;

  constructor(
    private readonly clock: Clock,
    private readonly random: () => number = Math.random,
    private readonly share = 0.05,
  ) {}

  /** Whether a request without a decision of its client's is traced. */
  samples(): boolean {
    const second = Math.floor(this.clock.monotonic() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      return true;
    }
    return this.random() < this.share;
  }
}
