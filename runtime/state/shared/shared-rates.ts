import type { Clock } from "../../clock.js";
import type { Messages, Rate, RateRule } from "../state.js";
import { WindowCounts } from "../window-counts.js";

const topic = "rates";
/** How long requests are counted before the other processes hear of them: what a rate may be overshot by. */
const tellAfterMs = 200;
/** Names in one message. */
const mostTold = 5_000;
/** Rates that are kept; the longest unasked goes first. */
const mostRates = 1_000;
/** More than a process serves between two messages: what is over is none of ours. */
const mostRequests = 10_000_000;

interface Told {
  readonly from: string;
  readonly key: string;
  readonly counts: readonly (readonly [name: string, requests: number])[];
}

/** Where other processes count too: how to reach them, and the name of this one. */
export interface RatePeers {
  readonly messages: Messages;
  readonly nodeId: string;
}

/**
 * Rates over sliding windows. Each process counts in its own memory and tells the others what it has counted, so that a
 * request never waits; between two messages a rate can be overshot by what the other processes let through.
 */
export class SharedRates {
  readonly #rates = new Map<string, ToldRate>();
  readonly #unsubscribe: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly peers?: RatePeers,
  ) {
    this.#unsubscribe = peers?.messages.subscribe(topic, (message) => this.#hear(message));
  }

  /** The rate of a key. A known one goes on counting, unless its rule has changed. */
  of(key: string, rule: RateRule): Rate {
    const known = this.#rates.get(key);
    const isSame = known?.rule.limit === rule.limit && known.rule.windowSeconds === rule.windowSeconds;
    const rate = isSame && known ? known : new ToldRate(key, rule, this.clock, this.peers);
    if (rate !== known) known?.close();
    this.#rates.delete(key);
    this.#rates.set(key, rate);
    if (this.#rates.size > mostRates) this.#forgetOldest();
    return rate;
  }

  close(): void {
    this.#unsubscribe?.();
    for (const rate of this.#rates.values()) rate.close();
    this.#rates.clear();
  }

  #forgetOldest(): void {
    const [oldest] = this.#rates;
    if (oldest === undefined) return;
    oldest[1].close();
    this.#rates.delete(oldest[0]);
  }

  #hear(message: Buffer): void {
    const told = parseTold(message);
    if (told === undefined || told.from === this.peers?.nodeId) return;
    this.#rates.get(told.key)?.addOthers(told.counts);
  }
}

class ToldRate implements Rate {
  readonly #counts: WindowCounts;
  readonly #untold = new Set<string>();
  #timer: NodeJS.Timeout | undefined = undefined;

  constructor(
    private readonly key: string,
    readonly rule: RateRule,
    clock: Clock,
    private readonly peers: RatePeers | undefined,
  ) {
    this.#counts = new WindowCounts(rule, clock);
  }

  isOver(name: string): boolean {
    const requests = this.#counts.add(name);
    if (this.peers !== undefined) {
      this.#untold.add(name);
      this.#timer ??= setTimeout(() => this.#tell(), tellAfterMs).unref();
    }
    return requests > this.rule.limit;
  }

  addOthers(counts: Told["counts"]): void {
    for (const [name, requests] of counts) this.#counts.addOthers(name, requests);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #tell(): void {
    this.#timer = undefined;
    if (this.peers === undefined) return;
    const counts: (readonly [string, number])[] = [];
    for (const name of this.#untold) {
      if (counts.length === mostTold) break;
      const requests = this.#counts.takeUntold(name);
      if (requests > 0) counts.push([name, requests]);
    }
    this.#untold.clear();
    const { messages, nodeId } = this.peers;
    const told: Told = { from: nodeId, key: this.key, counts };
    if (counts.length > 0) messages.publish(topic, Buffer.from(JSON.stringify(told)));
  }
}

/** What stands in a message; undefined where it is none of ours. */
function parseTold(message: Buffer): Told | undefined {
  try {
    const told = JSON.parse(message.toString("utf8")) as Partial<Told> | null;
    if (typeof told?.from !== "string" || typeof told.key !== "string" || !Array.isArray(told.counts)) return undefined;
    return told.counts.length <= mostTold && told.counts.every(isCount) ? (told as Told) : undefined;
  } catch {
    return undefined;
  }
}

function isCount(count: unknown): boolean {
  if (!Array.isArray(count)) return false;
  const [name, requests] = count as readonly unknown[];
  return (
    typeof name === "string" && Number.isInteger(requests) && Number(requests) > 0 && Number(requests) <= mostRequests
  );
}
