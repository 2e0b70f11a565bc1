import type { Budget } from "./budget.js";
import { methodError } from "./template-error.js";
import { ContextMap } from "./values/printed.js";
import type { Value } from "./values/value.js";

/**
 * What templates override. A parameter is overridden once in a rendering: the second time is an error, as on AWS
 * (aws-behaviour 12.3), and the value is to be built in a variable first.
 */
export class OverrideMap extends ContextMap {
  #rendering: Budget | undefined = undefined;
  readonly #overridden = new Set<string>();

  /**
   * @param place  such as `requestOverride.header`, for the error
   * @param nameOf  the parameter that a key stands for, the same for all its spellings; undefined: no parameter
   */
  constructor(
    readonly place: string,
    private readonly nameOf: (key: string) => string | undefined,
    entries: Map<Value, Value> = new Map(),
  ) {
    super(entries);
  }

  override put(key: Value, value: Value, budget: Budget): Value {
    const name = typeof key === "string" ? this.nameOf(key) : undefined;
    if (name !== undefined) this.#once(name, budget);
    return super.put(key, value, budget);
  }

  /** Each rendering has a budget of its own. */
  #once(name: string, rendering: Budget): void {
    if (this.#rendering !== rendering) this.#overridden.clear();
    this.#rendering = rendering;
    if (this.#overridden.has(name)) {
      throw methodError(`$context.${this.place}.${name} is overridden twice; build its value in a variable first`);
    }
    this.#overridden.add(name);
  }
}

const same = (key: string) => key;
const lower = (key: string) => key.toLowerCase();
const statusAlone = (key: string) => (key === "status" ? key : undefined);

/** `$context.requestOverride` and `$context.responseOverride` before a template has set anything. */
export function emptyOverrides(): readonly (readonly [string, ContextMap])[] {
  const request = new Map<Value, Value>([
    ["path", new OverrideMap("requestOverride.path", same)],
    ["header", new OverrideMap("requestOverride.header", lower)],
    ["querystring", new OverrideMap("requestOverride.querystring", same)],
  ]);
  const response = new Map<Value, Value>([["header", new OverrideMap("responseOverride.header", lower)]]);
  return [
    ["requestOverride", new ContextMap(request)],
    ["responseOverride", new OverrideMap("responseOverride", statusAlone, response)],
  ];
}
