import type { Clock } from "../../clock.js";
import { inTime } from "../in-time.js";
import type { CountRequest, Grant, LeaseStore, TokenRequest, UsageRequest } from "./lease-store.js";

/** A bucket or quota as the pump sees it. */
export interface Leaser<Request> {
  /** What to report and ask for now; undefined: nothing. What it reports is on its way until an answer or a failure. */
  request(nowMs: number): Request | undefined;
  granted(grant: Grant): void;
  /** The answer is late: whoever waits is not to wait for it any more. It may come yet. */
  late(): void;
  /** The batch failed: nobody knows whether it was carried out. */
  failed(): void;
  /** The store went away: what was leased is not to be spent any more. */
  storeLost(): void;
  /** Gives back what a lease that has run out did not use. */
  sweep(nowMs: number): void;
}

export type TokenLeaser = Leaser<TokenRequest>;
export type CountLeaser = Leaser<CountRequest>;

/** What was counted and not yet reported of one client. */
export interface UsageReporter {
  /** What to report; it is on its way then. */
  report(nowMs: number): UsageRequest;
  failed(request: UsageRequest): void;
}

export interface PumpOptions {
  readonly store: LeaseStore;
  readonly clock: Clock;
  /** A batch that takes longer is late: nobody waits for it any more. */
  readonly lateMs: number;
  /** One that takes so long has failed: the store is away. */
  readonly timeoutMs: number;
  /** Told once a change. */
  readonly onUp: () => void;
  readonly onDown: (reason: string) => void;
  /** How soon after a failure the store is asked again, ms. */
  readonly retryMs: number;
}

/** Most entries of one batch. */
const maxBatch = 500;
const sweepMs = 250;

/**
 * Gathers what buckets, quotas and meters of this process report and ask for into batches, at most one for each turn of
 * the event loop, and notices when the store goes away and comes back. Requests never wait for it.
 */
export class LeasePump {
  readonly #tokens = new Set<TokenLeaser>();
  readonly #counts = new Set<CountLeaser>();
  /** Those that hold a lease or have spent on credit. */
  readonly #active = new Set<TokenLeaser | CountLeaser>();
  readonly #meters = new Set<UsageReporter>();
  #isUp = true;
  /** Batches whose answer is late. */
  #late = 0;
  #isScheduled = false;
  #isClosed = false;
  #isClosing = false;
  #retry: NodeJS.Timeout | undefined = undefined;
  readonly #sweeper: NodeJS.Timeout;

  constructor(private readonly options: PumpOptions) {
    this.#sweeper = setInterval(() => this.#sweep(), sweepMs).unref();
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** False while the store is away, or late with an answer: nobody is to wait for it. */
  get isAnswering(): boolean {
    return this.#isUp && this.#late === 0;
  }

  /** Nothing is leased ahead of need any more. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  askTokens(leaser: TokenLeaser): void {
    this.#tokens.add(leaser);
    this.#active.add(leaser);
    this.#schedule();
  }

  askCounts(leaser: CountLeaser): void {
    this.#counts.add(leaser);
    this.#active.add(leaser);
    this.#schedule();
  }

  /** Reported with the next batch, at the latest after the next sweep. */
  addMeter(meter: UsageReporter): void {
    this.#meters.add(meter);
  }

  /** Reports everything that is known here and nowhere else. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#sweeper);
    clearTimeout(this.#retry);
    for (const leaser of this.#active) {
      leaser.storeLost();
      leaser.sweep(this.options.clock.monotonic());
    }
    for (let tries = 0; tries < 3 && this.#isUp; tries++) {
      await this.#flush();
      if (this.#tokens.size + this.#counts.size + this.#meters.size === 0) break;
    }
    this.#isClosed = true;
  }

  /** The connection is lost: sooner known than by a batch that fails. */
  lost(reason: string): void {
    if (this.#isUp && !this.#isClosed) this.#goDown(reason);
  }

  #schedule(): void {
    if (this.#isScheduled || !this.#isUp || this.#isClosed) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (this.#isUp) void this.#flush();
    });
  }

  #sweep(): void {
    const now = this.options.clock.monotonic();
    for (const leaser of this.#active) leaser.sweep(now);
    if (this.#meters.size > 0) this.#schedule();
  }

  /** A leaser that holds nothing and owes nothing is looked at no more until it asks again. */
  rest(leaser: TokenLeaser | CountLeaser): void {
    this.#active.delete(leaser);
  }

  async #flush(): Promise<void> {
    const now = this.options.clock.now();
    const tokens = taken(this.#tokens, now);
    const counts = taken(this.#counts, now);
    const usage = this.#reports(now);
    if (tokens.length + counts.length + usage.length === 0) return;
    if (this.#tokens.size + this.#counts.size + this.#meters.size > 0) this.#schedule();
    let isLate = false;
    const onLate = () => {
      isLate = true;
      this.#late++;
      for (const { leaser } of [...tokens, ...counts]) leaser.late();
    };
    try {
      const exchanged = this.options.store.exchange({
        tokens: tokens.map(({ request }) => request),
        counts: counts.map(({ request }) => request),
        usage: usage.map(({ request }) => request),
      });
      const { lateMs, timeoutMs } = this.options;
      const reply = await inTime(exchanged, { timeoutMs, lateMs, onLate });
      tokens.forEach(({ leaser }, index) => void leaser.granted(grantOf(reply.tokens[index])));
      counts.forEach(({ leaser }, index) => void leaser.granted(grantOf(reply.counts[index])));
      this.#comeUp();
    } catch (error) {
      this.#goDown(error instanceof Error ? error.message : String(error));
      for (const { leaser } of tokens) leaser.failed();
      for (const { leaser } of counts) leaser.failed();
      for (const { meter, request } of usage) meter.failed(request);
    } finally {
      if (isLate) this.#late--;
    }
  }

  #reports(nowMs: number): readonly { readonly meter: UsageReporter; readonly request: UsageRequest }[] {
    const reports: { meter: UsageReporter; request: UsageRequest }[] = [];
    for (const meter of this.#meters) {
      if (reports.length >= maxBatch) break;
      this.#meters.delete(meter);
      reports.push({ meter, request: meter.report(nowMs) });
    }
    return reports;
  }

  #comeUp(): void {
    if (this.#isUp || this.#isClosed) return;
    this.#isUp = true;
    this.options.onUp();
    for (const leaser of this.#active) leaser.sweep(this.options.clock.monotonic());
  }

  #goDown(reason: string): void {
    if (this.#isClosed) return;
    if (this.#isUp) {
      this.#isUp = false;
      for (const leaser of this.#active) leaser.storeLost();
      this.options.onDown(reason);
    }
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#probe(), this.options.retryMs).unref();
  }

  /** An empty batch: does the store answer? */
  async #probe(): Promise<void> {
    if (this.#isUp || this.#isClosed) return;
    try {
      const exchanged = this.options.store.exchange({ tokens: [], counts: [], usage: [] });
      await inTime(exchanged, { timeoutMs: this.options.lateMs });
      this.#comeUp();
      this.#schedule();
    } catch (error) {
      this.#goDown(error instanceof Error ? error.message : String(error));
    }
  }
}

interface Taken<Request> {
  readonly leaser: Leaser<Request>;
  readonly request: Request;
}

function taken<Request>(asking: Set<Leaser<Request>>, nowMs: number): readonly Taken<Request>[] {
  const batch: Taken<Request>[] = [];
  for (const leaser of asking) {
    if (batch.length >= maxBatch) break;
    asking.delete(leaser);
    const request = leaser.request(nowMs);
    if (request !== undefined) batch.push({ leaser, request });
  }
  return batch;
}

/** What a store has sent is not trusted to be well formed. @throws Error */
function grantOf(grant: Grant | undefined): Grant {
  if (grant === undefined || !Number.isFinite(grant.granted) || !Number.isFinite(grant.left)) {
    throw new Error("the store's answer is no answer");
  }
  return grant;
}
