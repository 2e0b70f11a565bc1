import type { UsageDay } from "../state.js";
import { RecordLog } from "./record-log.js";

/** Counts of a quota in one period, as they are kept. */
export interface KeptQuota {
  readonly key: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly used: number;
}

export interface KeptCounts {
  readonly quotas: readonly KeptQuota[];
  readonly usage: readonly UsageDay[];
}

/** What changes is written after at most this long, ms: so much is lost when the process is killed. */
export const flushMs = 200;
/** How often what was written is handed on to the disk, ms: so much is lost with the power. */
const syncMs = 1000;
/** A file that has grown beyond this, and beyond four times what counts in it, is written anew. */
const rewriteBytes = 4 * 1024 * 1024;

/** The counts of quotas and meters in a file; each record has the whole count, so that none is counted twice. */
export class CountLog {
  readonly #log: RecordLog;
  readonly #changed = new Map<string, () => readonly unknown[]>();
  readonly #flusher: NodeJS.Timeout;
  readonly #syncer: NodeJS.Timeout;
  #snapshotBytes = 0;
  #hasFailed = false;

  constructor(
    path: string,
    /** Everything that counts now. */
    private readonly snapshot: () => KeptCounts,
    /** Told once when writing fails, and once when it works again. */
    private readonly onTrouble: (problem: string | undefined) => void,
  ) {
    this.#log = new RecordLog(path);
    this.#flusher = setInterval(() => this.flush(), flushMs).unref();
    this.#syncer = setInterval(() => this.#log.sync(), syncMs).unref();
  }

  /** @throws Node's error when the file is there and cannot be read */
  static read(path: string): KeptCounts {
    const quotas = new Map<string, KeptQuota>();
    const usage = new Map<string, UsageDay>();
    for (const record of new RecordLog(path).read()) {
      if (!Array.isArray(record)) continue;
      const [kind, ...values] = record as readonly unknown[];
      if (kind === "quota") {
        const [key, startMs, endMs, used] = values;
        if (typeof key === "string" && isCount(startMs) && isCount(endMs) && isCount(used)) {
          quotas.set(key, { key, startMs, endMs, used });
        }
      } else if (kind === "usage") {
        const [plan, keyId, day, requests] = values;
        if (typeof plan === "string" && typeof keyId === "string" && typeof day === "string" && isCount(requests)) {
          usage.set(JSON.stringify([plan, keyId, day]), { plan, keyId, day, requests });
        }
      }
    }
    return { quotas: [...quotas.values()], usage: [...usage.values()] };
  }

  quotaChanged(key: string, current: () => KeptQuota): void {
    if (!this.#changed.has(key)) this.#changed.set(key, () => quotaRecord(current()));
  }

  usageChanged(key: string, current: () => UsageDay): void {
    const name = `usage ${key}`;
    if (!this.#changed.has(name)) this.#changed.set(name, () => usageRecord(current()));
  }

  /** Writes what has changed; where that fails, what is to be written stays so until the next time. */
  flush(): void {
    if (this.#changed.size === 0) return;
    try {
      this.#log.append([...this.#changed.values()].map((record) => record()));
      this.#changed.clear();
      if (this.#log.bytes > Math.max(rewriteBytes, 4 * this.#snapshotBytes)) this.rewrite();
      this.#tell(undefined);
    } catch (error) {
      this.#tell(error instanceof Error ? error.message : String(error));
    }
  }

  /** Puts only what counts into a new file. @throws Node's error */
  rewrite(): void {
    const { quotas, usage } = this.snapshot();
    this.#log.rewrite([...quotas.map(quotaRecord), ...usage.map(usageRecord)]);
    this.#snapshotBytes = this.#log.bytes;
  }

  close(): void {
    clearInterval(this.#flusher);
    clearInterval(this.#syncer);
    this.flush();
    this.#log.close();
  }

  #tell(problem: string | undefined): void {
    if ((problem !== undefined) === this.#hasFailed) return;
    this.#hasFailed = problem !== undefined;
    this.onTrouble(problem);
  }
}

function quotaRecord({ key, startMs, endMs, used }: KeptQuota): readonly unknown[] {
  return ["quota", key, startMs, endMs, used];
}

function usageRecord({ plan, keyId, day, requests }: UsageDay): readonly unknown[] {
  return ["usage", plan, keyId, day, requests];
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
