import { isAssignable } from "../model/type-assignable.js";
import { anyType } from "../model/type-builders.js";
import { type Members, type ModelLookup, membersOf, resolved } from "../model/type-questions.js";
import type { Constraints, Docs, Property, ReferenceType, Type, UnionType } from "../model/types.js";
import type { Changes, Direction } from "./change.js";
import { ModelNames } from "./model-names.js";
import { constraintsOf, Inclusion } from "./type-inclusion.js";

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
  readonly #names: ModelNames;
  readonly #inclusion: Inclusion;
  readonly #looseInclusion: Inclusion;

  constructor(
    older: Readonly<Record<string, Type>>,
    newer: Readonly<Record<string, Type>>,
    readonly changes: Changes,
  ) {
    const models = new Map<string, Type>();
    for (const [name, type] of Object.entries(older)) models.set(oldName(name), renamed(type, oldName));
    for (const [name, type] of Object.entries(newer)) models.set(newName(name), renamed(type, newName));
    const lookup = (name: string) => models.get(name);
    const isSameModel = (model: string, other: string) => model.slice(1) === other.slice(1);
    this.#lookup = lookup;
    this.#inclusion = new Inclusion({ lookup, isSameModel });
    this.#looseInclusion = new Inclusion({ lookup, isSameModel, isLoose: true });
    const names = { older: Object.keys(older), newer: Object.keys(newer) };
    this.#names = new ModelNames(names, {
      likeness: (model, other) => this.#likeness(oldName(model), newName(other)),
      outline: (side, model) => this.#outline(side === "older" ? oldName(model) : newName(model)),
    });
  }

  /** Tells of models that have another name, or none any more; to be called when all that uses models is compared. */
  compareNames(): void {
    this.#names.tell(this.changes);
  }

  /** Whether the types are the same to programs; undefined: no body. */
  isSame(older: Type | undefined, newer: Type | undefined): boolean {
    if (older === undefined || newer === undefined) return older === newer;
    return this.#isLike(renamed(older, oldName), renamed(newer, newName));
  }

  #isLike(a: Type, b: Type): boolean {
    return isAssignable(a, b, this.#lookup) && isAssignable(b, a, this.#lookup);
  }

  /** Kind and names of members, by which models that cannot be the same are told apart fast. */
  #outline(name: string): string {
    const type = resolved(this.#lookup(name) ?? anyType, this.#lookup);
    return JSON.stringify([type.kind, [...(membersOf(type, this.#lookup)?.properties.keys() ?? [])].sort()]);
  }

  /** The same, or objects with half of the members in common: what a model that is renamed and changed at once looks like. */
  #likeness(older: string, newer: string): "same" | "alike" | undefined {
    const [a, b] = [older, newer].map((name) => this.#lookup(name) ?? anyType);
    if (a === undefined || b === undefined) return undefined;
    if (this.#isLike(a, b)) return "same";
    const [left, right] = [membersOf(a, this.#lookup), membersOf(b, this.#lookup)];
    if (!left || !right) return undefined;
    const shared = [...left.properties.keys()].filter((name) => right.properties.has(name)).length;
    return shared > 0 && shared * 2 >= Math.max(left.properties.size, right.properties.size) ? "alike" : undefined;
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
    const isSameModel = model === other || this.#names.isRenamed(model, other);
    const inside = isSameModel ? { where: `model ${other}`, path: "" } : place;
    this.#shapes(older, newer, direction, inside);
  }

  #shapes(older: Type, newer: Type, direction: Direction, place: TypePlace): void {
    const [a, b] = [resolved(older, this.#lookup), resolved(newer, this.#lookup)];
    this.#constraints(constraintsOf(older, this.#lookup), constraintsOf(newer, this.#lookup), direction, place);
    const [inner, other] = [nullableOf(a), nullableOf(b)];
    const [left, right] = [membersOf(a, this.#lookup), membersOf(b, this.#lookup)];
    const [values, now] = [valuesOf(a), valuesOf(b)];
    if (a.kind === "primitive" && b.kind === "primitive" && a.name === b.name)
      this.#format(a.format, b.format, direction, place);
    if (inner && other) this.#compare(inner, other, direction, place);
    else if (a.kind === "array" && b.kind === "array")
      this.#compare(a.items, b.items, direction, { ...place, path: `${place.path}[]` });
    else if (isShape(a) && isShape(b) && left && right) this.#members(left, right, direction, place);
    else if (values && now) this.#values(values, now, direction, place);
    else if (a.kind === "union" && b.kind === "union") this.#unions(a, b, direction, place);
    else this.#whole(a, b, direction, place);
  }

  /**
   * Models that both unions have are compared as such, and with what the other members may be; of the others, whether the other side
   * takes all that they are.
   */
  #unions(older: UnionType, newer: UnionType, direction: Direction, place: TypePlace): void {
    const [before, now] = [modelsOf(older.members), modelsOf(newer.members)];
    const paired = new Set<Type>();
    let isCrossing = false;
    for (const [model, member] of before) {
      const match = now.get(model) ?? [...now].find(([name]) => this.#names.isRenamed(model, name))?.[1];
      if (!match || paired.has(match)) continue;
      paired.add(member).add(match);
      this.#references(member, match, direction, place);
      isCrossing ||=
        direction === "request"
          ? this.#isCrossed(member, match, older.members)
          : this.#isCrossed(match, member, newer.members);
    }
    const isTaken = (members: readonly Type[], union: UnionType) => {
      const others = { ...union, members: union.members.filter((member) => !paired.has(member)), constraints: {} };
      return members.every((member) => paired.has(member) || this.#inclusion.includes(member, others, members));
    };
    const forth = isTaken(older.members, newer) && !(isCrossing && direction === "request");
    const back = isTaken(newer.members, older) && !(isCrossing && direction === "response");
    this.#told(forth, back, direction, place);
  }

  /**
   * Whether a type is included in another but for values that are rather of another member of its union: `A | B`, where `A` lists a
   * member more than before that `B` has had.
   */
  #isCrossed(from: Type, to: Type, union: readonly Type[]): boolean {
    return !this.#inclusion.includes(from, to, union) && this.#looseInclusion.includes(from, to);
  }

  /** Types that are not taken apart: which of the two covers the other. Constraints of the whole are told by themselves. */
  #whole(a: Type, b: Type, direction: Direction, place: TypePlace): void {
    if (a.kind === "primitive" && b.kind === "primitive" && a.name === b.name) return; // told by #format
    const [left, right] = [a, b].map((type) => ({ ...type, constraints: {} })) as [Type, Type];
    this.#told(this.#inclusion.includes(left, right), this.#inclusion.includes(right, left), direction, place);
  }

  /** `forth`: all that was is still right. `back`: all that is was right. */
  #told(forth: boolean, back: boolean, direction: Direction, { where, path }: TypePlace): void {
    if (forth && back) return;
    const fits = direction === "request" ? forth : back;
    const changed = direction === "request" ? "type-widened" : "type-narrowed";
    const width = forth ? "wider" : back ? "narrower" : "other";
    this.changes.add(
      fits ? "compatible" : "breaking",
      fits ? changed : "type-changed",
      where,
      path,
      widths[direction][width],
      direction,
    );
  }

  /** `string` is wider than each format, `int64` wider than `int32`; of two others neither is. */
  #format(
    older: string | undefined,
    newer: string | undefined,
    direction: Direction,
    { where, path }: TypePlace,
  ): void {
    if (older === newer) return;
    const isWider = (a: string | undefined, b: string | undefined) =>
      a === undefined || (a === "int64" && b === "int32");
    const fits = direction === "request" ? isWider(newer, older) : isWider(older, newer);
    const words =
      newer === undefined ? `has no format any more (was ${older})` : `has the format ${newer} now${was(older)}`;
    this.changes.add(fits ? "compatible" : "breaking", "format-changed", where, path, words, direction);
  }

  /** What may stand beside the properties that are listed. */
  #additional(older: Type | boolean, newer: Type | boolean, direction: Direction, { where, path }: TypePlace): void {
    if (typeof older !== "boolean" && typeof newer !== "boolean") {
      this.#compare(older, newer, direction, { where, path: path === "" ? "*" : `${path}.*` });
      return;
    }
    if (older === newer) return;
    const width = (additional: Type | boolean) => (typeof additional === "boolean" ? Number(additional) * 2 : 1);
    const isOpened = width(newer) > width(older);
    // Clients that read objects with known members do not look at others, but where the file says that there are none.
    const breaks = direction === "request" ? !isOpened : isOpened ? older !== true : false;
    this.changes.add(
      breaks ? "breaking" : "compatible",
      "other-members-changed",
      where,
      path,
      isOpened ? "may have more members than are listed" : "may have fewer members beside those that are listed",
      direction,
    );
  }

  #members(left: Members, right: Members, direction: Direction, place: TypePlace): void {
    const { where, path } = place;
    const [older, newer] = [left.properties, right.properties];
    const { changes } = this;
    this.#additional(left.additional, right.additional, direction, place);
    const at = (name: string) => (path === "" ? name : `${path}.${name}`);
    for (const [name, property] of older) {
      const now = newer.get(name);
      // Contracts from before requests had shapes of their own have them in what is sent, too.
      if (now === undefined && direction === "request" && property.readOnly) continue;
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
          direction,
        );
      if (!property.optional && now.optional)
        changes.add(
          direction === "request" ? "compatible" : "breaking",
          "property-optional",
          where,
          at(name),
          "may be left out now",
          direction,
        );
      this.#docs(property, now, direction, { where, path: at(name) });
      this.#compare(property.type, now.type, direction, { where, path: at(name) });
    }
    for (const [name, property] of newer) {
      if (older.has(name)) continue;
      const isClosed = direction === "response" && left.additional === false;
      const isRequired = direction === "request" && !property.optional;
      const words = isRequired ? "is new and required" : "is new";
      changes.add(
        isRequired || isClosed ? "breaking" : "compatible",
        "property-added",
        where,
        at(name),
        isClosed ? "is new, where nothing else was to follow" : words,
      );
      // Members of any name were of one type.
      const { additional } = left;
      if (typeof additional !== "boolean")
        this.#compare(additional, property.type, direction, { where, path: at(name) });
    }
  }

  /** A default is what a request that leaves the member out means. */
  #docs(older: Property, newer: Property, direction: Direction, { where, path }: TypePlace): void {
    if (older.docs.deprecated !== newer.docs.deprecated)
      this.changes.add(
        "compatible",
        "deprecated-changed",
        where,
        path,
        newer.docs.deprecated ? "is deprecated now" : "is no longer deprecated",
      );
    if (direction === "request") this.compareDefaults(older.docs, newer.docs, { where, path });
  }

  /** Contracts of older formats have no defaults of parameters: only another one is told. */
  compareDefaults(older: Docs, newer: Docs, { where, path }: TypePlace): void {
    const [before, now] = [older.default, newer.default];
    if (before === undefined || now === undefined || JSON.stringify(before) === JSON.stringify(now)) return;
    const message = `is ${JSON.stringify(now)} where it is left out now (was ${JSON.stringify(before)})`;
    this.changes.add("breaking", "default-changed", where, path, message);
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
        direction,
      );
    if (removed.length > 0)
      changes.add(
        direction === "request" ? "breaking" : "compatible",
        "value-removed",
        where,
        path,
        `is no longer ${removed.join(", ")}`,
        direction,
      );
  }

  #constraints(older: Constraints, newer: Constraints, direction: Direction, { where, path }: TypePlace): void {
    for (const keyword of new Set([...Object.keys(older), ...Object.keys(newer)])) {
      const [before, now] = [older[keyword as keyof Constraints], newer[keyword as keyof Constraints]];
      if (before === now) continue;
      const tighter = isTighter(keyword, before, now);
      const breaks = direction === "request" ? tighter !== false : tighter === false || tighter === undefined;
      const words =
        before === undefined
          ? `has ${keyword} ${now} now`
          : now === undefined
            ? `has no ${keyword} any more (was ${before})`
            : `has ${keyword} ${now} now (was ${before})`;
      this.changes.add(breaks ? "breaking" : "compatible", "constraint-changed", where, path, words, direction);
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
  if (keyword === "multipleOf") return isMultiple(now, before) ? true : isMultiple(before, now) ? false : undefined;
  if (/^min/.test(keyword)) return now > before;
  return /^max/.test(keyword) ? now < before : undefined;
}

const isMultiple = (value: number, of: number) => Number.isInteger(value / of);

/** In words, by what a type has become: `wider` than it was, `narrower`, or neither. */
const widths = {
  request: {
    wider: "takes more than before",
    narrower: "takes less than before",
    other: "is another type than before",
  },
  response: {
    wider: "may be more than before",
    narrower: "is narrower than before",
    other: "is another type than before",
  },
} as const;

const was = (before: string | undefined) => (before === undefined ? "" : ` (was ${before})`);

/** References of a union by the name of the model. */
function modelsOf(members: readonly Type[]): ReadonlyMap<string, ReferenceType> {
  return new Map(
    members.flatMap((member) => (member.kind === "reference" ? [[member.model.slice(1), member] as const] : [])),
  );
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
