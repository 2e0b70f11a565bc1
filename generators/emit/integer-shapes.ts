import {
  elementOf,
  type Members,
  type ModelLookup,
  memberOf,
  membersOf,
  reachableModels,
  resolved,
} from "../../src/model/type-questions.js";
import type { JsonValue, Model, Type } from "../../src/model/types.js";
import { code, type Planned } from "./code-literal.js";

/**
 * Where values have an `int64`, where that is exact (`sdk: typescript: int64`): in the TypeScript SDK and in typed handlers. Their code
 * follows a shape through parsed JSON: `true` is an int64, `"any"` what may be anything, an object tells of items or members, a function leads to the
 * shape of a model. A union of an int64 and a text has `isText`: digits in it that are sent may be either.
 */
export interface IntegerShapes {
  /** Undefined: there is no int64 in it. */
  shapeOf(type: Type): Planned;
  /** Constants of the models that have some, in order. */
  readonly constants: readonly { readonly name: string; readonly shape: Planned }[];
}

/**
 * @param constantOf  expression of a model's shape
 * @param areTexts  whether an int64 is a text of its digits
 */
export function integerShapes(
  models: readonly Model[],
  constantOf: (model: string) => string,
  areTexts = false,
): IntegerShapes {
  const types = new Map(models.map(({ name, type }) => [name, type]));
  const lookup: ModelLookup = (name) => types.get(name);
  const own = new Set(
    models.filter(({ type }) => shapeIn(type, { refer: () => undefined, lookup, areTexts })).map(({ name }) => name),
  );
  const having = new Set(
    models
      .filter(({ name, type }) => own.has(name) || intersects(reachableModels([type], lookup), own))
      .map(({ name }) => name),
  );
  const refer = (model: string) => (having.has(model) ? code(`() => ${constantOf(model)}`) : undefined);
  const walk: Walk = { refer, lookup, areTexts };
  return {
    shapeOf: (type) => shapeIn(type, walk),
    constants: models
      .filter(({ name }) => having.has(name))
      .map(({ name, type }) => ({ name: constantOf(name), shape: shapeIn(type, walk) })),
  };
}

function intersects(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const name of a) if (b.has(name)) return true;
  return false;
}

interface Walk {
  /** Leads to the shape of a model; undefined: it has none. */
  readonly refer: (model: string) => Planned;
  readonly lookup: ModelLookup;
  readonly areTexts: boolean;
}

function shapeIn(type: Type, walk: Walk): Planned {
  switch (type.kind) {
    case "primitive":
      return isInt64(type) ? true : type.name === "any" ? "any" : undefined;
    case "reference":
      return walk.refer(type.model);
    case "array": {
      const items = shapeIn(type.items, walk);
      return items && { items };
    }
    case "tuple": {
      const first = type.items.map((item) => shapeIn(item, walk) ?? false);
      const items = type.rest && shapeIn(type.rest, walk);
      return items || first.some(Boolean) ? { first, items } : undefined;
    }
    case "object":
      return membersShape(
        { properties: new Map(type.properties.map((p) => [p.name, p])), additional: type.additional },
        walk,
      );
    case "intersection": {
      const members = membersOf(type, walk.lookup);
      return members && membersShape(members, walk);
    }
    case "union":
      return unionShape(type.members, walk);
    default:
      return undefined;
  }
}

function isInt64(type: Type): boolean {
  return type.kind === "primitive" && type.name === "integer" && type.format === "int64";
}

function membersShape({ properties, additional }: Members, walk: Walk): Planned {
  const members = [...properties.values()].flatMap(({ name, type }): [string, Planned][] => {
    const shape = shapeIn(type, walk);
    return shape ? [[name, shape]] : [];
  });
  const others = typeof additional === "boolean" ? undefined : shapeIn(additional, walk);
  if (members.length === 0 && !others) return undefined;
  return { ...(members.length > 0 && { members: Object.fromEntries(members) }), others };
}

/** Of several objects the one is meant whose members of fixed values fit. */
function unionShape(all: readonly Type[], walk: Walk): Planned {
  const types = all.filter((member) => !(member.kind === "primitive" && member.name === "null"));
  const [only] = types;
  if (types.length === 1 && only) return shapeIn(only, walk);
  const isInteger =
    types.some(isInt64) && !types.some((type) => type.kind === "primitive" && type.name === "number" && !isInt64(type));
  const oneOf = types.flatMap((type): Planned[] => {
    const target = resolved(type, walk.lookup);
    const shape = target.kind === "primitive" ? undefined : shapeIn(target, walk);
    if (!shape || typeof shape !== "object") return [];
    const members = target.kind === "array" || target.kind === "tuple" ? undefined : membersOf(target, walk.lookup);
    return [members ? { when: fixedMembers(members, walk.lookup), ...shape } : shape];
  });
  const isText = walk.areTexts && isInteger && types.some((type) => isTextual(resolved(type, walk.lookup)));
  if (oneOf.length === 0 && !isText) return isInteger || undefined;
  return { ...(oneOf.length > 0 && { oneOf }), ...(isInteger && { isInteger }), ...(isText && { isText }) };
}

function isTextual(type: Type): boolean {
  if (type.kind === "primitive") return type.name === "string" || type.name === "binary";
  if (type.kind === "enum") return type.base === "string";
  return type.kind === "literal" && typeof type.value === "string";
}

function fixedMembers({ properties }: Members, lookup: ModelLookup): Planned {
  return Object.fromEntries(
    [...properties.values()].flatMap(({ name, type, optional }): [string, Planned][] => {
      const target = resolved(type, lookup);
      if (optional) return [];
      if (target.kind === "literal") return [[name, [target.value]]];
      return target.kind === "enum" ? [[name, target.values]] : [];
    }),
  );
}

/** A sample as code, with bigints where the type has an int64, or with texts of their digits. */
export function withBigints(value: JsonValue, type: Type, lookup: ModelLookup, areTexts = false): Planned {
  if (typeof value === "number") {
    if (!isInt64(resolved(type, lookup))) return value;
    const digits = `${BigInt(Math.trunc(value))}`;
    return areTexts ? digits : code(`${digits}n`);
  }
  if (value === null || typeof value !== "object") return value;
  const target = resolved(type, lookup);
  const fitting = target.kind === "union" && target.members.find((member) => fitsSample(value, member, lookup));
  if (fitting) return withBigints(value, fitting, lookup, areTexts);
  const exact = (item: JsonValue, of: Type) => withBigints(item, of, lookup, areTexts);
  if (isList(value)) return value.map((item, at) => exact(item, elementOf(type, at, lookup) ?? type));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const member = memberOf(type, name, lookup);
      return [name, member ? exact(item, member.type) : (item as Planned)];
    }),
  );
}

/** Whether a member of a union may be what a sample is of: by its kind, and by its members of one value. */
function fitsSample(value: object, type: Type, lookup: ModelLookup): boolean {
  const target = resolved(type, lookup);
  if (Array.isArray(value)) return target.kind === "array" || target.kind === "tuple";
  const members = membersOf(target, lookup);
  return (
    members !== undefined &&
    [...members.properties.values()].every(({ name, type: of, optional }) => {
      const fixed = resolved(of, lookup);
      const own = (value as Record<string, unknown>)[name];
      if (own === undefined) return optional;
      return fixed.kind !== "literal" || fixed.value === own;
    })
  );
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
