import type { JsonValue } from "../model/types.js";

/** What is to be written: JSON, or maps whose entries carry comments. */
export type Draft = string | number | boolean | null | readonly Draft[] | DraftMap;

export interface DraftEntry {
  readonly name: string;
  readonly value: Draft;
  /** Lines above the entry. */
  readonly comments: readonly string[];
}

/** A map under construction, in the order in which its entries are set. */
export class DraftMap {
  readonly entries: DraftEntry[] = [];
  readonly #places = new Map<string, number>();
  /** Lines below the entries: what could not be carried. */
  readonly notes: string[] = [];

  /** Adds an entry, or replaces the one of that name; an undefined value is no entry. */
  set(name: string, value: Draft | undefined, ...comments: readonly string[]): this {
    if (value === undefined) return this.note(...comments);
    const at = this.#places.get(name);
    if (at !== undefined) this.entries[at] = { name, value, comments };
    else this.#places.set(name, this.entries.push({ name, value, comments }) - 1);
    return this;
  }

  /** Takes an entry out; the places of those behind it follow. */
  remove(name: string): void {
    const at = this.entries.findIndex((entry) => entry.name === name);
    if (at < 0) return;
    this.entries.splice(at, 1);
    this.#places.clear();
    for (const [place, entry] of this.entries.entries()) this.#places.set(entry.name, place);
  }

  /** Adds an entry unless the value is an empty map or list. */
  setFull(name: string, value: DraftMap | readonly Draft[], ...comments: readonly string[]): this {
    const isEmpty = value instanceof DraftMap ? value.isEmpty : value.length === 0;
    return isEmpty ? this : this.set(name, value, ...comments);
  }

  note(...lines: readonly string[]): this {
    for (const line of lines) if (!this.notes.includes(line)) this.notes.push(line);
    return this;
  }

  get(name: string): Draft | undefined {
    return this.entries.find((entry) => entry.name === name)?.value;
  }

  has(name: string): boolean {
    return this.entries.some((entry) => entry.name === name);
  }

  get isEmpty(): boolean {
    return this.entries.length === 0 && this.notes.length === 0;
  }
}

export function draftOf(value: JsonValue): Draft {
  if (Array.isArray(value)) return value.map(draftOf);
  if (typeof value !== "object" || value === null) return value as string | number | boolean | null;
  const map = new DraftMap();
  for (const [name, member] of Object.entries(value)) map.set(name, draftOf(member as JsonValue));
  return map;
}
