import { JavaList, JavaMap } from "../values/collections.js";
import type { Value } from "../values/value.js";

/** What JSON.parse gives. */
export type Parsed = null | boolean | number | string | Parsed[] | { [name: string]: Parsed | Value };

/**
 * An object out of JSON.parse. A template that reads a few members pays for those only: the members become a map when
 * somebody needs them all or changes one. The plain object never leaves this class, and only its own members are read.
 */
export class JsonMap extends JavaMap {
  constructor(private readonly parsed: { [name: string]: Parsed | Value }) {
    super();
  }

  protected override makeEntries(): Map<Value, Value> {
    const entries = new Map<Value, Value>();
    for (const name of Object.keys(this.parsed)) entries.set(name, this.made(name, this.parsed[name]));
    return entries;
  }

  override member(name: string): Value | undefined {
    if (this.known !== undefined) return this.known.get(name);
    const value = this.parsed[name];
    // What every object of JavaScript seems to have is functions, which JSON has not, and `__proto__`: no look-up is needed.
    switch (typeof value) {
      case "string":
      case "number":
      case "boolean":
        return value;
      case "object":
        return name === "__proto__" && !Object.hasOwn(this.parsed, name) ? undefined : this.made(name, value);
      default:
        return undefined;
    }
  }

  override property(name: string): Value {
    return this.member(name) ?? null;
  }

  override get(key: Value): Value {
    return typeof key === "string" ? (this.member(key) ?? null) : super.get(key);
  }

  /** A member as a template's value; made once, so that changes to it stay. */
  private made(name: string, value: Parsed | Value | undefined): Value {
    if (typeof value !== "object" || value === null || value instanceof JavaMap || value instanceof JavaList) {
      return (value ?? null) as Value;
    }
    const made = valueOfParsed(value as Parsed);
    this.parsed[name] = made;
    return made;
  }
}

/** A template's value of something out of JSON.parse. */
export function valueOfParsed(parsed: Parsed): Value {
  if (typeof parsed !== "object" || parsed === null) return parsed;
  if (Array.isArray(parsed)) return new JavaList(parsed.map(valueOfParsed), true);
  return new JsonMap(parsed);
}
