import type { Budget } from "../budget.js";
import { methodError } from "../template-error.js";
import {
  JavaArray,
  JavaCollection,
  type JavaEntry,
  JavaIterator,
  JavaList,
  JavaMap,
  JavaMapView,
} from "../values/collections.js";
import { equalValues, hashOf } from "../values/equality.js";
import { compareNumbers, isDouble, isNumber, type JavaNumber } from "../values/numbers.js";
import { JavaChar, type Value } from "../values/value.js";
import { int, type MethodTable, methodTable } from "./signature.js";

/** `java.util.Collection`: what lists, arrays and views of maps share. */
const collectionMethods = methodTable<JavaCollection>({
  "size()": (self) => self.items.length,
  "isEmpty()": (self) => self.items.length === 0,
  "contains(Object)": (self, [item], budget) => position(self, item ?? null, budget) >= 0,
  "containsAll(Collection)": (self, [other], budget) => items(other).every((item) => position(self, item, budget) >= 0),
  "iterator()": (self) => new JavaIterator(self),
  "toArray()": (self) => new JavaArray([...self.items], "Ljava.lang.Object;"),
  "toArray(Objects)": (self, args) => toArray(self, args),
  "remove(Object)": (self, [item], budget) => {
    const at = position(self, item ?? null, budget);
    if (at >= 0) self.removeAt(at);
    return at >= 0;
  },
  "removeAll(Collection)": (self, [other], budget) => {
    const others = items(other);
    return keepOnly(self, (item) => !holds(others, item, budget));
  },
  "retainAll(Collection)": (self, [other], budget) => {
    const others = items(other);
    return keepOnly(self, (item) => holds(others, item, budget));
  },
  "clear()": (self) => {
    keepOnly(self, () => false);
    return "";
  },
  "equals(Object)": (self, [other], budget) => {
    budget.step(self.items.length);
    return equalValues(self, other ?? null);
  },
  "hashCode()": (self, _args, budget) => hashOf(self, budget),
  "toString()": (self, _args, budget) => self.toText(budget, 0),
});

/** `java.util.ArrayList`. */
export const listMethods: MethodTable<JavaList> = methodTable<JavaList>(
  {
    "get(int)": (self, [index]) => self.get(int(index)),
    "set(int,Object)": (self, [index, value]) => {
      const before = self.get(int(index));
      self.items[int(index)] = value ?? null;
      return before;
    },
    "add(Object)": (self, [value], budget) => {
      insert(self, self.items.length, [value ?? null], budget);
      return true;
    },
    "add(int,Object)": (self, [index, value], budget) => {
      insert(self, int(index), [value ?? null], budget);
      return "";
    },
    "addAll(Collection)": (self, [other], budget) => insert(self, self.items.length, items(other), budget),
    "addAll(int,Collection)": (self, [index, other], budget) => insert(self, int(index), items(other), budget),
    "remove(int)": (self, [index], budget) => {
      budget.through(self.items.length);
      return self.removeAt(int(index));
    },
    "indexOf(Object)": (self, [item], budget) => position(self, item ?? null, budget),
    "lastIndexOf(Object)": (self, [item], budget) => {
      budget.step(self.items.length);
      for (let i = self.items.length - 1; i >= 0; i--) if (equalValues(self.items[i] ?? null, item ?? null)) return i;
      return -1;
    },
    "subList(int,int)": (self, [from, to], budget) => {
      if (int(from) < 0 || int(to) > self.items.length || int(from) > int(to))
        throw methodError(`subList(${from}, ${to})`);
      budget.through(int(to) - int(from));
      return new JavaList(self.items.slice(int(from), int(to)), false);
    },
    "listIterator()": (self) => new JavaIterator(self),
    "sort(Object)": (self, [comparator], budget) => (comparator === null ? sort(self.items, budget) : null),
    "ensureCapacity(int)": () => "",
    "trimToSize()": () => "",
    "clone()": (self) => new JavaList([...self.items], self.fromJson),
  },
  collectionMethods,
);

/** Methods that Velocity lends an array: those of a list that cannot grow. */
export const arrayMethods: MethodTable<JavaArray> = methodTable<JavaArray>(
  {
    "add(Object)": unsupported,
    "add(int,Object)": unsupported,
    "addAll(Collection)": (_self, [other]) => (items(other).length === 0 ? false : unsupported()),
    "addAll(int,Collection)": (_self, [, other]) => (items(other).length === 0 ? false : unsupported()),
    "remove(int)": unsupported,
    "remove(Object)": (self, [item], budget) => (position(self, item ?? null, budget) < 0 ? false : unsupported()),
    "clear()": (self) => (self.items.length === 0 ? "" : unsupported()),
  },
  listMethods,
);

/** Views of a map. */
export const viewMethods: MethodTable<JavaMapView> = methodTable<JavaMapView>(
  {
    "add(Object)": unsupported,
    "addAll(Collection)": (_self, [other]) => (items(other).length === 0 ? false : unsupported()),
  },
  collectionMethods,
);

/** `java.util.Map`. */
export const mapMethods: MethodTable<JavaMap> = methodTable<JavaMap>({
  "get(Object)": (self, [key]) => self.get(key ?? null),
  "getOrDefault(Object,Object)": (self, [key, other]) =>
    self.has(key ?? null) ? self.get(key ?? null) : (other ?? null),
  "put(Object,Object)": (self, [key, value], budget) => self.put(key ?? null, value ?? null, budget),
  "putIfAbsent(Object,Object)": (self, [key, value], budget) => {
    const before = self.get(key ?? null);
    if (before === null) self.put(key ?? null, value ?? null, budget);
    return before;
  },
  "putAll(Map)": (self, [other], budget) => {
    if (!(other instanceof JavaMap)) throw methodError("NullPointerException");
    budget.step(other.entries.size);
    for (const [key, value] of [...other.entries]) self.put(key, value, budget);
    return "";
  },
  "remove(Object)": (self, [key]) => self.remove(key ?? null),
  "remove(Object,Object)": (self, [key, value]) => {
    const same = self.has(key ?? null) && equalValues(self.get(key ?? null), value ?? null);
    if (same) self.remove(key ?? null);
    return same;
  },
  "replace(Object,Object)": (self, [key, value], budget) =>
    self.has(key ?? null) ? self.put(key ?? null, value ?? null, budget) : null,
  "replace(Object,Object,Object)": (self, [key, before, value], budget) => {
    const same = self.has(key ?? null) && equalValues(self.get(key ?? null), before ?? null);
    if (same) self.put(key ?? null, value ?? null, budget);
    return same;
  },
  "containsKey(Object)": (self, [key]) => self.has(key ?? null),
  "containsValue(Object)": (self, [value], budget) => {
    budget.step(self.entries.size);
    return [...self.entries.values()].some((item) => equalValues(item, value ?? null));
  },
  "size()": (self) => self.entries.size,
  "isEmpty()": (self) => self.entries.size === 0,
  "keySet()": (self) => new JavaMapView(self, "keys"),
  "values()": (self) => new JavaMapView(self, "values"),
  "entrySet()": (self) => new JavaMapView(self, "entries"),
  "clear()": (self) => {
    self.entries.clear();
    return "";
  },
  "clone()": (self) => new JavaMap(new Map(self.entries)),
  "equals(Object)": (self, [other], budget) => {
    budget.step(self.entries.size);
    return equalValues(self, other ?? null);
  },
  "hashCode()": (self, _args, budget) => hashOf(self, budget),
  "toString()": (self, _args, budget) => self.toText(budget, 0),
});

/** `java.util.Map.Entry`. */
export const entryMethods: MethodTable<JavaEntry> = methodTable<JavaEntry>({
  "getKey()": (self) => self.key,
  "getValue()": (self) => self.value,
  "setValue(Object)": (self, [value], budget) => self.map.put(self.key, value ?? null, budget),
  "equals(Object)": (self, [other]) => equalValues(self, other ?? null),
  "hashCode()": (self, _args, budget) => hashOf(self, budget),
  "toString()": (self, _args, budget) => self.toText(budget, 0),
});

/** `java.util.Iterator`. */
export const iteratorMethods: MethodTable<JavaIterator> = methodTable<JavaIterator>({
  "hasNext()": (self) => self.hasNext(),
  "next()": (self, _args, budget) => {
    budget.through(self.collection.count() ?? 0);
    return self.next();
  },
});

/** `toArray(T[])`: the array that is given, or those that Velocity makes of the arguments, keeps what the items leave. */
function toArray({ items }: JavaCollection, args: readonly Value[]): Value {
  const [first = null] = args;
  if (args.length === 1 && first === null) throw methodError("NullPointerException");
  const given = args.length === 1 && first instanceof JavaArray ? first.items : args;
  const rest = given.length > items.length ? [null, ...given.slice(items.length + 1)] : [];
  return new JavaArray([...items, ...rest], "Ljava.lang.Object;");
}

/** `sort(null)`: the natural order, which values of one class have. */
function sort(items: Value[], budget: Budget): Value {
  budget.step(items.length * 16);
  items.sort(naturalOrder);
  return "";
}

function naturalOrder(left: Value, right: Value): number {
  if (isNumber(left) && isNumber(right) && kindOf(left) === kindOf(right)) return compareNumbers(left, right);
  if (typeof left === "string" && typeof right === "string") return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === "boolean" && typeof right === "boolean") return Number(left) - Number(right);
  if (left instanceof JavaChar && right instanceof JavaChar) return left.value < right.value ? -1 : 1;
  throw methodError("ClassCastException");
}

/** Integer and Double are told apart by what they hold. */
function kindOf(value: JavaNumber): unknown {
  if (isDouble(value)) return "Double";
  return typeof value === "number" ? "Integer" : value.constructor;
}

function unsupported(): never {
  throw methodError("UnsupportedOperationException");
}

function items(value: Value | undefined): readonly Value[] {
  if (value instanceof JavaCollection) return value.items;
  throw methodError("NullPointerException");
}

function position(self: JavaCollection, item: Value, budget: Budget): number {
  budget.step(self.items.length);
  return self.items.findIndex((candidate) => equalValues(candidate, item));
}

function holds(list: readonly Value[], item: Value, budget: Budget): boolean {
  budget.step(list.length);
  return list.some((candidate) => equalValues(candidate, item));
}

function insert(self: JavaList, index: number, values: readonly Value[], budget: Budget): boolean {
  if (index < 0 || index > self.items.length) throw methodError(`Index: ${index}, Size: ${self.items.length}`);
  budget.items(self.items.length + values.length);
  budget.step(values.length);
  if (index === self.items.length) for (const value of [...values]) self.items.push(value);
  else self.items.splice(index, 0, ...[...values]);
  return values.length > 0;
}

function keepOnly(self: JavaCollection, keep: (item: Value) => boolean): boolean {
  const doomed = self.items.map((item, index) => (keep(item) ? -1 : index)).filter((index) => index >= 0);
  for (const index of doomed.reverse()) self.removeAt(index);
  return doomed.length > 0;
}
