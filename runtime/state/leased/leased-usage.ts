import { dayOf } from "../quota-period.js";
import type { PlanClient, Usage } from "../state.js";
import type { LeasePump, UsageReporter } from "./lease-pump.js";
import type { UsageRequest } from "./lease-store.js";

/** Counts here what the store counts for all. */
export class LeasedUsage implements Usage, UsageReporter {
  #requests = 0;
  #isWaiting = false;

  constructor(
    private readonly client: PlanClient,
    private readonly pump: LeasePump,
  ) {}

  add(_nowMs: number, count: number): void {
    this.#requests += count;
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.pump.addMeter(this);
  }

  report(nowMs: number): UsageRequest {
    const requests = this.#requests;
    this.#requests = 0;
    this.#isWaiting = false;
    return { ...this.client, day: dayOf(nowMs), requests };
  }

  failed({ requests }: UsageRequest): void {
    this.add(0, requests);
  }
}
