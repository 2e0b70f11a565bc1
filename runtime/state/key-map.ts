import type { KeyStore, StoredKey } from "./state.js";

/** Keys in memory. */
export class KeyMap implements KeyStore {
  #version = 0;
  #keys: ReadonlyMap<string, StoredKey> = new Map();

  get version(): number {
    return this.#version;
  }

  all(): readonly StoredKey[] {
    return [...this.#keys.values()];
  }

  async put(key: StoredKey): Promise<void> {
    this.replace(new Map([...this.#keys, [key.id, key]]));
  }

  async remove(id: string): Promise<void> {
    this.replace(new Map([...this.#keys].filter(([known]) => known !== id)));
  }

  /** All keys anew, as another process has written them. */
  replace(keys: ReadonlyMap<string, StoredKey>): void {
    this.#keys = keys;
    this.#version++;
  }
}
