import { isAssignable } from "../model/type-assignable.js";
import { type ModelLookup, membersOf, resolved } from "../model/type-questions.js";
import type { Constraints, Property, ReferenceType, Type } from "../model/types.js";
import type { Changes } from "./change.js";

/** `request`: clients send it, so all that was right has to stay right. `response`: clients read it. */
export type Direction = "request" | "response";

/** Where a comparison stands. */
export interface TypePlace {
  readonly where: string;
  readonly path: string;
}

/**
 * Compares types of two contracts. Both sides' models are seen through one lookup, under names that tell them apart
 * (`oldName`, `newName`), so that types of both can be compared as TypeScript does.
 */
export class TypeComparison {
  readonly #lookup: ModelLookup;
  readonly #open = new Set<string>();

  constructor(
    older: Readonly<Record<string, Type>>,
    newer: Readonly<Record<string, Type>>,
    readonly changes: Changes,
  ) {
    const models = new Map<string, Type>();
    for (const [name, type] of Object.entries(older)) models.set(oldName(name), renamed(type, oldName));
    for (const [name, type] of Object.entries(newer)) models.set(newName(name), renamed(type, newName));
    this.#lookup = (name) => models.get(name);
  }

  compare(older: Type, newer: Type, direction: Direction, place: TypePlace): void {
    this.#compare(renamed(older, oldName), renamed(newer, newName), direction, place);
  }

  #compare(older: Type, newer: Type, direction: Direction, place: TypePlace): void {
    if (older.kind === "reference" && newer.kind === "reference") this.#references(older, newer, direction, place);
    else this.#shapes(older, newer, direction, place);
  }

  /** A model is compared once in each direction, wherever it is used. */
  #references(older: ReferenceType, newer: ReferenceType, direction: Direction, place: TypePlace): void {
    const pair = `${direction} ${older.model} ${newer.model}`;
    if (this.#open.has(pair)) return;
    this.#open.add(pair);
    const [model, other] = [older.model.slice(1), newer.model.slice(1)];
    const inside = model === other ? { where: `model ${model}`, path: "" } : place;
    this.#shapes(resolved(older, this.#lookup), resolved(newer, this.#lookup), direction, inside);
  }

  #shapes(older: Type, newer: Type, direction: Direction, place: TypePlace): void {
    const [a, b] = [resolved(older, this.#lookup), resolved(newer, this.#lookup)];
    this.#constraints(older, newer, direction, place);
    const [inner, other] = [nullableOf(a), nullableOf(b)];
    const [left, right] = [membersOf(a, this.#lookup), membersOf(b, this.#lookup)];
    const [values, now] = [valuesOf(a), valuesOf(b)];
    if (inner && other) this.#compare(inner, other, direction, place);
    else if (a.kind === "array" && b.kind === "array")
      this.#compare(a.items, b.items, direction, { ...place, path: `${place.path}[]` });
    else if (isShape(a) && isShape(b) && left && right)
      this.#members(left.properties, right.properties, direction, place);
    else if (values && now) this.#values(values, now, direction, place);
    else this.#whole(a, b, direction, place);
  }

  /** Types that are not taken apart: which of the two covers the other. */
  #whole(a: Type, b: Type, direction: Direction, { where, path }: TypePlace): void {
    const [forth, back] = [isAssignable(a, b, this.#lookup), isAssignable(b, a, this.#lookup)];
    if (forth && back) return;
    const fits = direction === "request" ? forth : back;
    const code = fits ? (direction === "request" ? "type-widened" : "type-narrowed") : "type-changed";
    const words = fits
      ? direction === "request"
        ? "takes more than before"
        : "is narrower than before"
      : "is another type than before";
    this.changes.add(fits ? "compatible" : "breaking", code, where, path, words);
  }

  #members(
    older: ReadonlyMap<string, Property>,
    newer: ReadonlyMap<string, Property>,
    direction: Direction,
    { where, path }: TypePlace,
  ): void {
    const { changes } = this;
    const at = (name: string) => (path === "" ? name : `${path}.${name}`);
    for (const [name, property] of older) {
      const now = newer.get(name);
      if (now === undefined) {
        changes.add(
          "breaking",
          "property-removed",
          where,
          at(name),
          direction === "request" ? "is no longer taken" : "is no longer answered",
        );
        continue;
      }
      if (property.optional && !now.optional)
        changes.add(
          direction === "request" ? "breaking" : "compatible",
          "property-required",
          where,
          at(name),
          "is required now",
        );
      if (!property.optional && now.optional)
        changes.add(
          direction === "request" ? "compatible" : "breaking",
          "property-optional",
          where,
          at(name),
          "may be left out now",
        );
      this.#compare(property.type, now.type, direction, { where, path: at(name) });
    }
    for (const [name, property] of newer) {
      if (older.has(name)) continue;
      const breaks = direction === "request" && !property.optional;
      changes.add(
        breaks ? "breaking" : "compatible",
        "property-added",
        where,
        at(name),
        breaks ? "is new and required" : "is new",
      );
    }
  }

  #values(
    older: readonly unknown[],
    newer: readonly unknown[],
    direction: Direction,
    { where, path }: TypePlace,
  ): void {
    const added = newer.filter((value) => !older.includes(value)).map((value) => JSON.stringify(value));
    const removed = older.filter((value) => !newer.includes(value)).map((value) => JSON.stringify(value));
    const { changes } = this;
    if (added.length > 0)
      changes.add(
        direction === "request" ? "compatible" : "breaking",
        "value-added",
        where,
        path,
        `may also be ${added.join(", ")}`,
      );
    if (removed.length > 0)
      changes.add(
        direction === "request" ? "breaking" : "compatible",
        "value-removed",
        where,
        path,
        `is no longer ${removed.join(", ")}`,
      );
  }

  #constraints(older: Type, newer: Type, direction: Direction, { where, path }: TypePlace): void {
    for (const keyword of new Set([...Object.keys(older.constraints), ...Object.keys(newer.constraints)])) {
      const [before, now] = [
        older.constraints[keyword as keyof Constraints],
        newer.constraints[keyword as keyof Constraints],
      ];
      if (before === now) continue;
      const tighter = isTighter(keyword, before, now);
      const breaks = direction === "request" ? tighter !== false : tighter === false || tighter === undefined;
      const words =
        before === undefined
          ? `has ${keyword} ${now} now`
          : now === undefined
            ? `has no ${keyword} any more (was ${before})`
            : `has ${keyword} ${now} now (was ${before})`;
      this.changes.add(breaks ? "breaking" : "compatible", "constraint-changed", where, path, words);
    }
  }
}

function isShape(type: Type): boolean {
  return type.kind === "object" || type.kind === "intersection";
}

/** The type that may also be null. */
function nullableOf(type: Type): Type | undefined {
  if (type.kind !== "union" || type.members.length !== 2) return undefined;
  const others = type.members.filter((member) => !(member.kind === "primitive" && member.name === "null"));
  return others.length === 1 ? others[0] : undefined;
}

/** Undefined: neither. */
function isTighter(keyword: string, before: unknown, now: unknown): boolean | undefined {
  if (before === undefined) return true;
  if (now === undefined) return false;
  if (typeof before === "boolean" || typeof now === "boolean") return now === true;
  if (typeof before !== "number" || typeof now !== "number") return undefined;
  if (/^min/.test(keyword)) return now > before;
  return /^max/.test(keyword) ? now < before : undefined;
}

function valuesOf(type: Type): readonly unknown[] | undefined {
  if (type.kind === "enum") return type.values;
  return type.kind === "literal" ? [type.value] : undefined;
}

const oldName = (name: string) => `<${name}`;
const newName = (name: string) => `>${name}`;

/** The type with its references renamed. */
function renamed(type: Type, name: (model: string) => string): Type {
  const inner = (part: Type) => renamed(part, name);
  switch (type.kind) {
    case "reference":
      return { ...type, model: name(type.model) };
    case "array":
      return { ...type, items: inner(type.items) };
    case "tuple":
      return { ...type, items: type.items.map(inner), rest: type.rest && inner(type.rest) };
    case "union":
    case "intersection":
      return { ...type, members: type.members.map(inner) };
    case "object":
      return {
        ...type,
        properties: type.properties.map((property) => ({ ...property, type: inner(property.type) })),
        additional: typeof type.additional === "boolean" ? type.additional : inner(type.additional),
      };
    default:
      return type;
  }
}
