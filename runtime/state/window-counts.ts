import type { Clock } from "../clock.js";
import type { RateRule } from "./state.js";

/** Slots that a window is divided into: a request counts for the window, give or take one slot. */
const slotCount = 10;
/** Names that are remembered; the one that has been quiet for longest goes first. */
const mostNames = 50_000;

interface Counts {
  readonly slots: Uint32Array;
  /** Number of the newest slot, counted since the clock began. */
  newest: number;
  sum: number;
  /** What this process has counted and not told the others. */
  untold: number;
}

/** Requests by name over a sliding window. */
export class WindowCounts {
  readonly #byName = new Map<string, Counts>();
  readonly #slotMs: number;

  constructor(
    readonly rule: RateRule,
    private readonly clock: Clock,
    private readonly most = mostNames,
  ) {
    this.#slotMs = (rule.windowSeconds * 1_000) / slotCount;
  }

  /** Counts a request of this process. @returns requests of the name in the window, this one included */
  add(name: string): number {
    const counts = this.#touched(name, 1);
    counts.untold++;
    return counts.sum;
  }

  /** Requests that another process has counted. */
  addOthers(name: string, requests: number): void {
    this.#touched(name, requests);
  }

  /**
   * What this process has counted since it was last asked; then that is told.
   *
   * @returns 0 as long as the name has used little of its limit
   */
  takeUntold(name: string): number {
    const counts = this.#byName.get(name);
    if (counts === undefined || counts.sum * 100 < this.rule.limit) return 0;
    const { untold } = counts;
    counts.untold = 0;
    return untold;
  }

  get size(): number {
    return this.#byName.size;
  }

  #touched(name: string, requests: number): Counts {
    const slot = Math.floor(this.clock.monotonic() / this.#slotMs);
    const counts = this.#byName.get(name) ?? this.#newcomer(slot);
    // Behind all others: who was quiet for longest stands in front.
    this.#byName.delete(name);
    this.#byName.set(name, counts);
    forget(counts, slot);
    counts.slots[slot % slotCount] = (counts.slots[slot % slotCount] as number) + requests;
    counts.sum += requests;
    return counts;
  }

  #newcomer(slot: number): Counts {
    if (this.#byName.size >= this.most) this.#byName.delete(this.#byName.keys().next().value as string);
    return { slots: new Uint32Array(slotCount), newest: slot, sum: 0, untold: 0 };
  }
}

/** Empties the slots between the newest and now. */
function forget(counts: Counts, slot: number): void {
  const passed = Math.min(slot - counts.newest, slotCount);
  for (let step = 1; step <= passed; step++) {
    const at = (counts.newest + step) % slotCount;
    counts.sum -= counts.slots[at] as number;
    counts.slots[at] = 0;
  }
  counts.newest = slot;
}
