import type { Budget } from "../budget.js";
import { methodError } from "../template-error.js";
import { JavaArray, JavaEntry, JavaIterator, JavaList, JavaMap, JavaMapView } from "../values/collections.js";
import { JavaChar, JavaObject, type Value } from "../values/value.js";
import {
  arrayMethods,
  entryMethods,
  iteratorMethods,
  listMethods,
  mapMethods,
  viewMethods,
} from "./collection-methods.js";
import { booleanMethods, charMethods } from "./number-methods.js";
import { numberTable } from "./number-table.js";
import { callMethod, type MethodTable } from "./signature.js";
import { stringMethods } from "./string-methods.js";

/** An object of the gateway's own that templates call: `$input`, `$util`, the scope of a loop. */
export abstract class HostObject extends JavaObject {
  /** Result of a method; null where the object has none of that name and those arguments. */
  abstract call(name: string, args: readonly Value[], budget: Budget): Value;

  /** Java would print a class and a number that means nothing. */
  toText(): string | null {
    return null;
  }
}

/** The methods of String that take a regular expression; linked only where a template may need them. */
export type RegexMethods = MethodTable<string>;

/**
 * Calls a Java method on a value. Null where the class has no such method, as Velocity has it.
 *
 * @throws TemplateError where Java would throw
 */
export function callOn(
  self: Value,
  name: string,
  args: readonly Value[],
  budget: Budget,
  regex: RegexMethods | undefined,
): Value {
  budget.step();
  if (typeof self === "string") {
    if (regex?.has(name)) return callMethod(regex, self, name, args, budget);
    return callMethod(stringMethods, self, name, args, budget);
  }
  if (self === null) return null;
  if (typeof self === "boolean") return callMethod(booleanMethods, self, name, args, budget);
  if (!(self instanceof JavaObject)) return callMethod(numberTable(self), self, name, args, budget);
  if (self instanceof HostObject) return self.call(name, args, budget);
  const own = self.getter(name);
  if (own !== undefined) {
    if (args.length > 0) throw methodError("wrong number of arguments");
    return own;
  }
  const table = tables.get(self.constructor) ?? (self instanceof JavaMap ? mapMethods : undefined);
  return table === undefined ? null : callMethod(table as MethodTable<JavaObject>, self, name, args, budget);
}

/** Tables by class; a map of whatever kind has those of a map. */
const tables: ReadonlyMap<unknown, unknown> = new Map<unknown, unknown>([
  [JavaArray, arrayMethods],
  [JavaList, listMethods],
  [JavaMapView, viewMethods],
  [JavaEntry, entryMethods],
  [JavaChar, charMethods],
  [JavaIterator, iteratorMethods],
]);
