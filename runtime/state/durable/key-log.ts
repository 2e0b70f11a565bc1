import { statSync } from "node:fs";
import { KeyMap } from "../key-map.js";
import type { KeyStore, StoredKey } from "../state.js";
import { RecordLog } from "./record-log.js";

/** How soon a key that another process has written is known here, ms. */
const followMs = 500;

/**
 * Keys in a file that the gateway and `gateway keys` both append to. Each process follows what the others write; a key's
 * newest record counts.
 */
export class KeyLog implements KeyStore {
  readonly #map = new KeyMap();
  readonly #log: RecordLog;
  #seen = "";
  #timer: NodeJS.Timeout | undefined = undefined;

  /** @throws Node's error when the file is there and cannot be read */
  constructor(path: string) {
    this.#log = new RecordLog(path);
    this.#read();
  }

  get version(): number {
    return this.#map.version;
  }

  all(): readonly StoredKey[] {
    return this.#map.all();
  }

  async put(key: StoredKey): Promise<void> {
    this.#append(["key", key]);
  }

  async remove(id: string): Promise<void> {
    this.#append(["removed", id]);
  }

  /** Takes up what other processes write from now on. */
  follow(): void {
    this.#timer ??= setInterval(() => {
      if (this.#stamp() === this.#seen) return;
      try {
        this.#read();
      } catch {
        // It cannot be read now; the keys that are known stay, and the next look tries again.
      }
    }, followMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#log.close();
  }

  #append(record: readonly unknown[]): void {
    this.#read();
    if (!this.#log.isCurrent()) this.#log.close();
    this.#log.append([record]);
    this.#read();
  }

  #read(): void {
    this.#seen = this.#stamp();
    const keys = new Map<string, StoredKey>();
    for (const record of this.#log.read()) {
      if (!Array.isArray(record)) continue;
      const [kind, value] = record as readonly unknown[];
      if (kind === "key" && isStoredKey(value)) keys.set(value.id, value);
      if (kind === "removed" && typeof value === "string") keys.delete(value);
    }
    this.#map.replace(keys);
  }

  #stamp(): string {
    const there = statSync(this.#log.path, { throwIfNoEntry: false });
    return there === undefined ? "" : `${there.ino}:${there.size}:${there.mtimeMs}`;
  }
}

/** Whether a value that was read from outside is a key. */
export function isStoredKey(value: unknown): value is StoredKey {
  if (typeof value !== "object" || value === null) return false;
  const key = value as Partial<Record<keyof StoredKey, unknown>>;
  return (
    typeof key.id === "string" &&
    typeof key.name === "string" &&
    typeof key.description === "string" &&
    typeof key.hash === "string" &&
    /^[0-9a-f]{64}$/.test(key.hash) &&
    typeof key.enabled === "boolean" &&
    Array.isArray(key.plans) &&
    key.plans.every((plan) => typeof plan === "string") &&
    Number.isFinite(key.createdAt) &&
    Number.isFinite(key.updatedAt)
  );
}
