import { randomFillSync, randomUUID } from "node:crypto";
import type { IdSource } from "./live-program.js";

const poolBytes = 8192;

/** Ids from the system's random numbers, drawn a pool at a time. */
export class RandomIds implements IdSource {
  readonly #pool = Buffer.alloc(poolBytes);
  #at = poolBytes;

  requestId(): string {
    return randomUUID();
  }

  /** Eleven random bytes: fifteen characters and the `=` that AWS's ids end in. */
  extendedRequestId(): string {
    const from = this.#take(11);
    return `${this.#pool.toString("base64url", from, from + 11)}=`;
  }

  hex(digits: number): string {
    const bytes = (digits + 1) >> 1;
    const from = this.#take(bytes);
    return this.#pool.toString("hex", from, from + bytes).slice(0, digits);
  }

  #take(bytes: number): number {
    if (this.#at + bytes > poolBytes) {
      randomFillSync(this.#pool);
      this.#at = 0;
    }
    const from = this.#at;
    this.#at += bytes;
    return from;
  }
}
