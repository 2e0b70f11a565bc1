/**
 * Values by the bytes of their keys, for keys that stand in a message: none of them has to become a string first, which
 * would be made and hashed for each message (0.06 µs).
 */
export class RouteKeys<T> {
  /** By hash; a power of two, and no more than half full. */
  readonly #slots: (Slot<T> | undefined)[];
  readonly #mask: number;
  readonly #longest: number;

  constructor(entries: Iterable<readonly [key: string, value: T]>) {
    const all = [...entries].map(([key, value]) => ({ key: Buffer.from(key, "utf8"), value }));
    const size = 2 ** Math.ceil(Math.log2(2 * all.length + 2));
    this.#slots = Array.from({ length: size }, () => undefined);
    this.#mask = size - 1;
    this.#longest = Math.max(0, ...all.map(({ key }) => key.length));
    for (const { key, value } of all) {
      const at = hashOf(key, 0, key.length) & this.#mask;
      this.#slots[at] = { key, value, next: this.#slots[at] };
    }
  }

  /** The value whose key stands from `start` to `end` of `data`, in UTF-8. */
  find(data: Uint8Array, start: number, end: number): T | undefined {
    if (end - start > this.#longest) return undefined;
    for (let slot = this.#slots[hashOf(data, start, end) & this.#mask]; slot !== undefined; slot = slot.next) {
      if (isKey(data, start, end, slot.key)) return slot.value;
    }
    return undefined;
  }
}

interface Slot<T> {
  readonly key: Uint8Array;
  readonly value: T;
  readonly next: Slot<T> | undefined;
}

/** FNV-1a, 32 bits. Keys are the API's own: whom a client's value meets in a slot is settled when the API is loaded. */
function hashOf(data: Uint8Array, start: number, end: number): number {
  let hash = 0x811c_9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (data[at] as number), 0x0100_0193);
  return hash ^ (hash >>> 15);
}

function isKey(data: Uint8Array, start: number, end: number, key: Uint8Array): boolean {
  if (end - start !== key.length) return false;
  for (let at = 0; at < key.length; at++) if (data[start + at] !== key[at]) return false;
  return true;
}
