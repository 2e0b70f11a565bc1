import { emptyOverrides } from "./override-map.js";
import { JavaCollection, JavaList, JavaMap } from "./values/collections.js";
import { double, isNumber, JavaLong, numberText } from "./values/numbers.js";
import { ContextMap } from "./values/printed.js";
import type { Value } from "./values/value.js";

/** Plain data for `$context` and `$stageVariables`. Undefined members are left out. */
export type ContextData =
  | undefined
  | null
  | boolean
  | number
  | string
  | readonly ContextData[]
  | { readonly [name: string]: ContextData };

/** `$context` or `$stageVariables` from plain data; inner objects print nothing by themselves. */
export function contextMap(data: { readonly [name: string]: ContextData }): JavaMap {
  return new JavaMap(entries(data));
}

/**
 * `$context` of a request, with the empty maps that templates write overrides into (aws-behaviour 14.5). One such map
 * serves the request template and the response template: what the first sets, the second can read.
 */
export function templateContext(data: { readonly [name: string]: ContextData }): JavaMap {
  const context = contextMap(data);
  for (const [name, overrides] of emptyOverrides()) context.entries.set(name, overrides);
  return context;
}

function entries(data: { readonly [name: string]: ContextData }): Map<Value, Value> {
  const map = new Map<Value, Value>();
  for (const [name, value] of Object.entries(data)) if (value !== undefined) map.set(name, contextValue(value));
  return map;
}

function contextValue(data: Exclude<ContextData, undefined>): Value {
  if (data === null || typeof data === "string" || typeof data === "boolean") return data;
  if (typeof data === "number") return contextNumber(data);
  if (isList(data))
    return new JavaList(
      data.map((item) => (item === undefined ? null : contextValue(item))),
      true,
    );
  return new ContextMap(entries(data));
}

function isList(
  data: readonly ContextData[] | { readonly [name: string]: ContextData },
): data is readonly ContextData[] {
  return Array.isArray(data);
}

function contextNumber(value: number): Value {
  if (!Number.isInteger(value)) return value;
  if (Math.abs(value) <= 2147483647) return value + 0;
  return Number.isSafeInteger(value) ? new JavaLong(BigInt(value)) : double(value);
}

/** Values of one override by name; a list stands for several values. */
export type OverrideValues = ReadonlyMap<string, string | readonly string[]>;

/** What a template has set on `$context.requestOverride` and `$context.responseOverride` (aws-behaviour 12.3). */
export interface Overrides {
  readonly request: {
    readonly header: OverrideValues;
    readonly path: OverrideValues;
    readonly querystring: OverrideValues;
  };
  readonly response: { readonly header: OverrideValues; readonly status: number | undefined };
}

/** Reads the overrides after the templates have run. A status counts only as an integer from 100 to 599. */
export function readOverrides(context: JavaMap): Overrides {
  const request = child(context, "requestOverride");
  const response = child(context, "responseOverride");
  const status = response?.get("status") ?? null;
  const isStatus = typeof status === "number" && Number.isInteger(status) && status >= 100 && status <= 599;
  return {
    request: {
      header: valuesOf(request, "header"),
      path: valuesOf(request, "path"),
      querystring: valuesOf(request, "querystring"),
    },
    response: { header: valuesOf(response, "header"), status: isStatus ? status : undefined },
  };
}

function child(map: JavaMap, name: string): JavaMap | undefined {
  const value = map.get(name);
  return value instanceof JavaMap ? value : undefined;
}

function valuesOf(map: JavaMap | undefined, name: string): OverrideValues {
  const values = new Map<string, string | readonly string[]>();
  const given = map === undefined ? undefined : child(map, name);
  for (const [key, value] of given?.entries ?? []) {
    if (typeof key !== "string" || value === null) continue;
    values.set(key, value instanceof JavaCollection ? value.items.map(plainText) : plainText(value));
  }
  return values;
}

/** Text of a scalar; anything deeper has no place in a header or parameter. */
function plainText(value: Value): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return String(value);
  return isNumber(value) ? numberText(value) : "";
}
