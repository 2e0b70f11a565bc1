import { JavaMap } from "../values/collections.js";
import type { Value } from "../values/value.js";

/** `$foreach`: the state of a loop, and a map of its own that looks into the loop around it (ForeachScope). */
export class ForeachScope extends JavaMap {
  index = -1;
  hasNext = false;
  readonly parent: ForeachScope | null;
  readonly replaced: Value;

  constructor(previous: Value) {
    super();
    this.parent = previous instanceof ForeachScope ? previous : null;
    this.replaced = this.parent === null ? previous : this.parent.replaced;
  }

  get topmost(): ForeachScope {
    return this.parent === null ? this : this.parent.topmost;
  }

  /** Value of a getter; undefined where there is none of that name. */
  #getter(name: string): Value | undefined {
    switch (name) {
      case "index":
        return this.index;
      case "count":
        return this.index + 1;
      case "hasNext":
        return this.hasNext;
      case "first":
        return this.index < 1;
      case "last":
        return !this.hasNext;
      case "parent":
        return this.parent;
      case "topmost":
        return this.topmost;
      case "replaced":
        return this.replaced;
      default:
        return undefined;
    }
  }

  override get(key: Value): Value {
    return super.get(key) ?? (this.parent !== null && !this.has(key) ? this.parent.get(key) : null);
  }

  override property(name: string): Value {
    const own = this.#getter(name) ?? this.#getter(name.slice(0, 1).toLowerCase() + name.slice(1));
    return own === undefined ? this.get(name) : own;
  }

  override getter(name: string): Value | undefined {
    if (name === "hasNext") return this.hasNext;
    const match = /^(get|is)([A-Z]\w*)$/.exec(name);
    if (match === null) return undefined;
    const property = (match[2] ?? "").charAt(0).toLowerCase() + (match[2] ?? "").slice(1);
    if (match[1] === "is" && property !== "first" && property !== "last") return undefined;
    return this.#getter(property);
  }
}
