import type { Budget } from "../budget.js";
import { methodError } from "../template-error.js";
import { equalValues } from "./equality.js";
import { jsonText } from "./json-text.js";
import { innerText, TextBuilder } from "./text.js";
import { JavaObject, type Value } from "./value.js";

/** What has items in an order: lists, views of maps, arrays. */
export abstract class JavaCollection extends JavaObject {
  /** The items, not to be changed. */
  abstract get items(): readonly Value[];

  /** Takes out the item at a position. */
  abstract removeAt(index: number): Value;

  override iterate(): Iterable<Value> {
    return this.items;
  }

  override count(): number {
    return this.items.length;
  }

  override property(name: string): Value {
    return name === "empty" || name === "Empty" ? this.items.length === 0 : null;
  }

  toText(budget: Budget, depth: number): string {
    budget.depth(depth);
    const out = new TextBuilder(budget);
    out.add("[");
    this.items.forEach((item, index) => {
      if (index > 0) out.add(", ");
      out.add(item === this ? "(this Collection)" : innerText(item, budget, depth + 1));
    });
    out.add("]");
    return out.text;
  }
}

/** `ArrayList`. A list that came out of JSON prints as JSON, one made by the template as Java prints it. */
export class JavaList extends JavaCollection {
  constructor(
    readonly items: Value[],
    readonly fromJson: boolean,
  ) {
    super();
  }

  /** Item at a position. Throws as `get(int)` does. */
  get(index: number): Value {
    const item = this.items[index];
    if (item === undefined) throw methodError(`Index ${index} out of bounds for length ${this.items.length}`);
    return item;
  }

  override at(index: Value): Value | undefined {
    return typeof index === "number" && Number.isInteger(index) ? this.get(index) : undefined;
  }

  override setAt(index: Value, value: Value): void {
    if (typeof index !== "number" || !Number.isInteger(index)) return;
    this.get(index);
    this.items[index] = value;
  }

  removeAt(index: number): Value {
    const item = this.get(index);
    this.items.splice(index, 1);
    return item;
  }

  override toText(budget: Budget, depth: number): string {
    return this.fromJson ? jsonText(this, budget, depth) : super.toText(budget, depth);
  }
}

/** An array: what `split` and `toArray` give. Velocity lends it the methods of a List. */
export class JavaArray extends JavaList {
  constructor(
    items: Value[],
    readonly type: "Ljava.lang.String;" | "Ljava.lang.Object;" | "C",
  ) {
    super(items, false);
  }

  override toText(): string {
    return `[${this.type}@0`;
  }

  override property(): Value {
    return null;
  }
}

/** Keys of a map as we store them: an equal key of Java is the same key of JavaScript's Map. */
type Key = Exclude<Value, undefined>;

/** `LinkedHashMap`. */
export class JavaMap extends JavaObject {
  /** The entries, once somebody has asked for them. Plain fields: private ones cost a fifth of a small rendering. */
  protected known: Map<Key, Value> | undefined;

  constructor(entries?: Map<Key, Value>) {
    super();
    this.known = entries;
  }

  /** Keys and values in the order of insertion. */
  get entries(): Map<Key, Value> {
    this.known ??= this.makeEntries();
    return this.known;
  }

  protected makeEntries(): Map<Key, Value> {
    return new Map();
  }

  /** The stored key that equals one; keys that are objects are compared one by one. */
  key(key: Value): Key {
    if (key === null || typeof key !== "object") return key;
    for (const candidate of this.entries.keys()) {
      if (candidate !== null && typeof candidate === "object" && equalValues(candidate, key)) return candidate;
    }
    return key;
  }

  /** The keys, in their order, as an array of the caller's. */
  keys(): readonly Value[] {
    return [...this.entries.keys()];
  }

  /** Value of a key that is text; undefined where the map does not have it. */
  member(name: string): Value | undefined {
    return this.entries.get(name);
  }

  get(key: Value): Value {
    return this.entries.get(this.key(key)) ?? null;
  }

  has(key: Value): boolean {
    return this.entries.has(this.key(key));
  }

  put(key: Value, value: Value, budget: Budget): Value {
    const stored = this.key(key);
    const before = this.entries.get(stored) ?? null;
    this.entries.set(stored, value);
    budget.items(this.entries.size);
    return before;
  }

  remove(key: Value): Value {
    const stored = this.key(key);
    const before = this.entries.get(stored) ?? null;
    this.entries.delete(stored);
    return before;
  }

  override property(name: string): Value {
    return this.entries.get(name) ?? null;
  }

  override at(index: Value): Value {
    return this.get(index);
  }

  override setProperty(name: string, value: Value, budget: Budget): void {
    this.put(name, value, budget);
  }

  override setAt(index: Value, value: Value, budget: Budget): void {
    this.put(index, value, budget);
  }

  override iterate(): Iterable<Value> {
    return [...this.entries.values()];
  }

  override count(): number {
    return this.entries.size;
  }

  toText(budget: Budget, depth: number): string | null {
    budget.depth(depth);
    const out = new TextBuilder(budget);
    out.add("{");
    let first = true;
    for (const [key, value] of this.entries) {
      if (!first) out.add(", ");
      first = false;
      out.add(key === this ? "(this Map)" : innerText(key, budget, depth + 1));
      out.add("=");
      out.add(value === this ? "(this Map)" : innerText(value, budget, depth + 1));
    }
    out.add("}");
    return out.text;
  }
}

/** A map whose entries belong to somebody else: they are copied before anything changes. */
export class LentMap extends JavaMap {
  constructor(private readonly lent: ReadonlyMap<string, string>) {
    super();
  }

  protected override makeEntries(): Map<Value, Value> {
    return new Map(this.lent);
  }

  override keys(): readonly Value[] {
    return this.known === undefined ? [...this.lent.keys()] : super.keys();
  }

  override member(name: string): Value | undefined {
    return this.known === undefined ? this.lent.get(name) : this.known.get(name);
  }

  override property(name: string): Value {
    return this.member(name) ?? null;
  }

  override get(key: Value): Value {
    return typeof key === "string" ? (this.member(key) ?? null) : super.get(key);
  }
}

/** `Map.Entry`. */
export class JavaEntry extends JavaObject {
  constructor(
    readonly map: JavaMap,
    readonly key: Value,
  ) {
    super();
  }

  get value(): Value {
    return this.map.get(this.key);
  }

  override property(name: string): Value {
    if (name === "key" || name === "Key") return this.key;
    return name === "value" || name === "Value" ? this.value : null;
  }

  toText(budget: Budget, depth: number): string {
    return `${innerText(this.key, budget, depth + 1)}=${innerText(this.value, budget, depth + 1)}`;
  }
}

/** `keySet()`, `values()` and `entrySet()`: they show the map as it is when they are read. */
export class JavaMapView extends JavaCollection {
  constructor(
    readonly map: JavaMap,
    readonly of: "keys" | "values" | "entries",
  ) {
    super();
  }

  get items(): readonly Value[] {
    if (this.of === "values") return [...this.map.entries.values()];
    const keys = [...this.map.entries.keys()];
    return this.of === "keys" ? keys : keys.map((key) => new JavaEntry(this.map, key));
  }

  override count(): number {
    return this.map.entries.size;
  }

  removeAt(index: number): Value {
    const removed = this.items[index] ?? null;
    this.map.remove([...this.map.entries.keys()][index] ?? null);
    return removed;
  }
}

/** `Iterator`. */
export class JavaIterator extends JavaObject {
  #next = 0;

  constructor(readonly collection: JavaCollection) {
    super();
  }

  hasNext(): boolean {
    return this.#next < this.collection.items.length;
  }

  next(): Value {
    if (!this.hasNext()) throw methodError("NoSuchElementException");
    return this.collection.items[this.#next++] ?? null;
  }

  override *iterate(): Iterable<Value> {
    while (this.hasNext()) yield this.next();
  }

  toText(): string {
    return "java.util.Iterator@0";
  }
}
