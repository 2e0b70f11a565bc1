import type { Clock } from "../../clock.js";
import { parseAddress } from "../policy/addresses.js";

/** Slots that a window is divided into: a request counts for the window, give or take one slot. */
const slotCount = 10;
/** Addresses that are remembered; the one that has been quiet for longest goes first. */
const mostAddresses = 50_000;

interface Counts {
  readonly slots: Uint32Array;
  /** Number of the newest slot, counted since the clock began. */
  newest: number;
  sum: number;
}

/** Requests by address over a sliding window. Addresses of version 6 count by /64, which is what one caller has. */
export class AddressRates {
  readonly #byAddress = new Map<string, Counts>();
  readonly #slotMs: number;

  constructor(
    private readonly limit: number,
    windowSeconds: number,
    private readonly clock: Clock,
    private readonly most = mostAddresses,
  ) {
    this.#slotMs = (windowSeconds * 1_000) / slotCount;
  }

  /** Counts one request; true when the address has had more than its limit in the window, this one included. */
  isOver(address: string): boolean {
    const key = networkOf(address);
    const slot = Math.floor(this.clock.monotonic() / this.#slotMs);
    const counts = this.#byAddress.get(key) ?? this.#newcomer(slot);
    // Behind all others: who was quiet for longest stands in front.
    this.#byAddress.delete(key);
    this.#byAddress.set(key, counts);
    forget(counts, slot);
    counts.slots[slot % slotCount] = (counts.slots[slot % slotCount] as number) + 1;
    counts.sum++;
    return counts.sum > this.limit;
  }

  get size(): number {
    return this.#byAddress.size;
  }

  #newcomer(slot: number): Counts {
    if (this.#byAddress.size >= this.most) this.#byAddress.delete(this.#byAddress.keys().next().value as string);
    return { slots: new Uint32Array(slotCount), newest: slot, sum: 0 };
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

function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  return parseAddress(address)?.slice(0, 4).join(":") ?? address;
}
