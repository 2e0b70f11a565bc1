import { anyType } from "../model/type-builders.js";
import { TypeKeys } from "../model/type-keys.js";
import { jsonKinds, type ModelLookup, membersOf, partsOf, resolved } from "../model/type-questions.js";
import { valueMismatch } from "../model/type-values.js";
import type { Constraints, JsonValue, Type } from "../model/types.js";
import { type Forms, OtherForms } from "./other-forms.js";

/** All constraints that a value of the type has to meet by itself: its own, those of the names that it goes by, of all it is at once. */
export function constraintsOf(type: Type, lookup: ModelLookup): Constraints {
  let all: Constraints = {};
  let current: Type | undefined = type;
  for (let hops = 0; current !== undefined && hops < 64; hops++) {
    all = tighter(all, current.constraints);
    if (current.kind === "intersection")
      for (const member of current.members) all = tighter(all, constraintsOf(member, lookup));
    current = current.kind === "reference" ? lookup(current.model) : undefined;
  }
  return all;
}

function tighter(a: Constraints, b: Constraints): Constraints {
  const result: Record<string, unknown> = { ...a };
  for (const [keyword, value] of Object.entries(b)) {
    if (value === undefined) continue;
    const other = result[keyword];
    const isLooser =
      typeof value === "number" &&
      typeof other === "number" &&
      (keyword.startsWith("min") ? value < other : value > other);
    if (!isLooser) result[keyword] = value;
  }
  return result as Constraints;
}

/** Models of two contracts, seen together. */
export interface InclusionOptions {
  readonly lookup: ModelLookup;
  /** Whether one model is the other's older or newer self, which is asked first. */
  readonly isSameModel: (model: string, other: string) => boolean;
  /** Leaves out of account what an open object does not list in unions, too. */
  readonly isLoose?: boolean;
}

/**
 * Which types are included in which: every JSON value of one type is a value of the other. Constraints, formats and patterns count, and
 * `unknown` fits into `unknown` only. What cannot be told is no. Members that an open object does not list are left out of account, as
 * everywhere in comparisons of contracts, but for those that another member of its union lists.
 */
export class Inclusion {
  readonly #keys = new TypeKeys();
  readonly #forms: OtherForms;
  /** Pairs that fit if those before them do, which are still looked at or fit themselves. */
  readonly #assumed = new Set<string>();
  readonly #order: string[] = [];
  readonly #refused = new Set<string>();

  constructor(private readonly options: InclusionOptions) {
    this.#forms = new OtherForms(options.lookup, this.#keys);
  }

  /** @param union  the members of the union that `from` stands in, with itself */
  includes(from: Type, to: Type, union: readonly Type[] = []): boolean {
    return this.#fits(from, to, this.#beside(this.#forms.none, union, from));
  }

  #beside(forms: Forms, union: readonly Type[], member: Type): Forms {
    return this.options.isLoose ? forms : this.#forms.beside(forms, union, member);
  }

  #fits(a: Type, b: Type, forms: Forms): boolean {
    if (this.#keys.same(a, b)) return true;
    const pair = `${this.#keys.idOf(a)}>${this.#keys.idOf(b)}/${forms.id}`;
    if (this.#assumed.has(pair)) return true;
    if (this.#refused.has(pair)) return false;
    this.#assumed.add(pair);
    this.#order.push(pair);
    const result = this.#compare(a, b, forms);
    if (!result) this.#refuse(pair);
    return result;
  }

  /** Whatever was found to fit in the meantime may have leant on this pair. */
  #refuse(pair: string): void {
    this.#refused.add(pair);
    for (let later = this.#order.pop(); later !== undefined; later = this.#order.pop()) {
      this.#assumed.delete(later);
      if (later === pair) return;
    }
  }

  #compare(a: Type, b: Type, forms: Forms): boolean {
    const [source, target] = [resolved(a, this.options.lookup), resolved(b, this.options.lookup)];
    const limits = constraintsOf(b, this.options.lookup);
    if (source.kind === "literal" || source.kind === "enum") {
      const values = source.kind === "enum" ? source.values : [source.value];
      return isTold(limits, target) && values.every((value) => this.#admits(b, value));
    }
    if (
      target.kind !== "union" &&
      target.kind !== "literal" &&
      target.kind !== "enum" &&
      !this.#keeps(a, source, limits)
    )
      return false;
    if (source.kind === "union")
      return (
        this.#keeps(a, source, limits) &&
        source.members.every((member) => this.#fits(member, b, this.#beside(forms, source.members, member)))
      );
    if (target.kind === "union") {
      if (!this.#keeps(a, source, limits)) return false;
      return (
        this.#likeliestFirst(a, target.members).some((member) => this.#fits(a, member, forms)) ||
        this.#bothBooleans(source, target.members)
      );
    }
    return this.#simple(a, source, target, forms);
  }

  #likeliestFirst(a: Type, members: readonly Type[]): readonly Type[] {
    if (a.kind !== "reference") return members;
    const isSame = (member: Type) => member.kind === "reference" && this.options.isSameModel(a.model, member.model);
    const same = members.find(isSame);
    return same ? [same, ...members.filter((member) => member !== same)] : members;
  }

  /** Patterns and multiples of constants are not computed: then no. */
  #admits(type: Type, value: JsonValue): boolean {
    const target = resolved(type, this.options.lookup);
    if (
      valueMismatch(type, value, this.options.lookup) !== undefined ||
      !isTold(constraintsOf(type, this.options.lookup), target)
    )
      return false;
    return target.kind !== "union" || target.members.some((member) => this.#admits(member, value));
  }

  #bothBooleans(source: Type, members: readonly Type[]): boolean {
    if (source.kind !== "primitive" || source.name !== "boolean") return false;
    return [true, false].every((value) => members.some((member) => this.#admits(member, value)));
  }

  /** Whether all values of a type meet constraints that speak of values of its kind. */
  #keeps(a: Type, source: Type, limits: Constraints): boolean {
    const own = constraintsOf(a, this.options.lookup);
    const kinds = jsonKinds(source, this.options.lookup);
    return Object.entries(limits).every(([keyword, limit]) => {
      if (limit === undefined || limit === false) return true;
      const speaksOf = kindsOf(keyword);
      if (!speaksOf.some((kind) => kinds.has(kind))) return true;
      return implies(keyword, own, limit, limits);
    });
  }

  #simple(a: Type, source: Type, target: Type, forms: Forms): boolean {
    if (source.kind === "intersection" && !membersOf(source, this.options.lookup))
      return source.members.some((member) => this.#fits(member, target, forms));
    switch (target.kind) {
      case "primitive":
        return this.#primitive(source, target);
      case "array":
        if (source.kind !== "array" && source.kind !== "tuple") return false;
        return partsOf(source).every((item) => this.#fits(item, target.items, this.#forms.inItems(forms)));
      case "tuple":
        return source.kind === "tuple" && this.#tuple(source, target, this.#forms.inItems(forms));
      case "object":
      case "intersection":
        return this.#object(a, target, forms);
      default:
        return false;
    }
  }

  #primitive(source: Type, target: Extract<Type, { kind: "primitive" }>): boolean {
    if (target.name === "any") return true;
    if (source.kind !== "primitive") return false;
    if (source.name !== target.name && !(source.name === "integer" && target.name === "number")) return false;
    const { format } = target;
    return format === undefined || format === source.format || (format === "int64" && source.format === "int32");
  }

  #tuple(a: Extract<Type, { kind: "tuple" }>, b: Extract<Type, { kind: "tuple" }>, forms: Forms): boolean {
    if (a.required < b.required) return false;
    if (!b.rest && (a.rest || a.items.length > b.items.length)) return false;
    const length = Math.max(a.items.length, b.items.length);
    for (let at = 0; at < length; at++) {
      const [item, slot] = [a.items[at] ?? a.rest, b.items[at] ?? b.rest];
      if (item !== undefined && (slot === undefined || !this.#fits(item, slot, forms))) return false;
    }
    return !a.rest || !b.rest || this.#fits(a.rest, b.rest, forms);
  }

  #object(a: Type, b: Type, forms: Forms): boolean {
    const [source, target] = [membersOf(a, this.options.lookup), membersOf(b, this.options.lookup)];
    if (!source || !target) return false;
    const others = this.#forms.of(forms, a, source);
    const fits = (type: Type, wanted: Type, name?: string) =>
      this.#fits(type, wanted, this.#forms.inMember(others, name));
    for (const wanted of target.properties.values()) {
      const given = source.properties.get(wanted.name);
      if (given === undefined) {
        if (!wanted.optional) return false;
        if (source.additional === true && this.#forms.mayHave(others, wanted.name) && !fits(anyType, wanted.type))
          return false;
        if (typeof source.additional !== "boolean" && !fits(source.additional, wanted.type)) return false;
      } else if ((given.optional && !wanted.optional) || !fits(given.type, wanted.type, given.name)) return false;
    }
    const { additional } = target;
    if (additional === true) return true;
    const extra = [...source.properties.values()].filter(({ name }) => !target.properties.has(name));
    if (additional === false) return source.additional === false && extra.length === 0;
    if (typeof source.additional === "boolean" ? source.additional : !fits(source.additional, additional)) return false;
    return extra.every(({ name, type }) => fits(type, additional, name));
  }
}

/** Whether valueMismatch looks at all that a value has to meet. */
function isTold({ pattern, multipleOf, format }: Constraints, target: Type): boolean {
  const own = target.kind === "primitive" && target.name === "string" ? target.format : undefined;
  return pattern === undefined && multipleOf === undefined && format === undefined && own === undefined;
}

function kindsOf(keyword: string): readonly ("integer" | "number" | "string" | "array" | "object")[] {
  if (/Items$/.test(keyword)) return ["array"];
  if (/Properties$/.test(keyword)) return ["object"];
  if (/Length$|^pattern$/.test(keyword)) return ["string"];
  return keyword === "format" ? ["string", "integer", "number"] : ["integer", "number"];
}

function implies(keyword: string, own: Constraints, limit: unknown, limits: Constraints): boolean {
  const value = own[keyword as keyof Constraints];
  if (keyword === "exclusiveMinimum") return isBeyond(own.minimum, limits.minimum) || value === true;
  if (keyword === "exclusiveMaximum") return isBeyond(limits.maximum, own.maximum) || value === true;
  if (value === limit) return true;
  if (typeof value !== "number" || typeof limit !== "number") return false;
  if (keyword === "multipleOf") return Number.isInteger(value / limit);
  return keyword.startsWith("min") ? value >= limit : value <= limit;
}

const isBeyond = (a: number | undefined, b: number | undefined) => a !== undefined && b !== undefined && a > b;
