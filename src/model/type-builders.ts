import {
  type ArrayType,
  type Constraints,
  type Docs,
  type EnumType,
  type IntersectionType,
  type LiteralType,
  noDocs,
  type ObjectType,
  type PrimitiveType,
  type Property,
  type ReferenceType,
  type TupleType,
  type Type,
  type UnionType,
} from "./types.js";

/** Shared by all types without constraints, so that it can be compared by identity. */
export const noConstraints: Constraints = Object.freeze({});

const plain = { docs: noDocs, constraints: noConstraints } as const;

export function primitive(name: PrimitiveType["name"], format?: string): PrimitiveType {
  return { kind: "primitive", name, format, ...plain };
}

export const anyType: PrimitiveType = Object.freeze(primitive("any"));
export const nullType: PrimitiveType = Object.freeze(primitive("null"));

export function literal(value: LiteralType["value"]): LiteralType {
  return { kind: "literal", value, ...plain };
}

export function enumeration(values: EnumType["values"]): EnumType {
  return { kind: "enum", base: baseOf(values), values, ...plain };
}

/** The primitive that all values share; numbers without a fraction are integers. */
export function baseOf(values: EnumType["values"]): EnumType["base"] {
  const first = values[0];
  if (typeof first === "string") return "string";
  if (typeof first === "boolean") return "boolean";
  return values.every((value) => Number.isInteger(value)) ? "integer" : "number";
}

export function array(items: Type): ArrayType {
  return { kind: "array", items, ...plain };
}

export function tuple(items: readonly Type[], required: number, rest: Type | undefined): TupleType {
  return { kind: "tuple", items, required, rest, ...plain };
}

export function object(properties: readonly Property[], additional: Type | boolean = true): ObjectType {
  return { kind: "object", properties, additional, ...plain };
}

export function property(name: string, type: Type, extras: Partial<Omit<Property, "name" | "type">> = {}): Property {
  return { name, type, optional: false, readOnly: false, docs: noDocs, ...extras };
}

export function reference(model: string): ReferenceType {
  return { kind: "reference", model, ...plain };
}

export function union(members: readonly Type[], discriminator?: UnionType["discriminator"]): UnionType {
  return { kind: "union", members, discriminator, ...plain };
}

export function intersection(members: readonly Type[]): IntersectionType {
  return { kind: "intersection", members, ...plain };
}

/** The type with further constraints; later ones win. */
export function withConstraints<T extends Type>(type: T, more: Constraints): T {
  return Object.keys(more).length === 0 ? type : { ...type, constraints: { ...type.constraints, ...more } };
}

export function withDocs<T extends Type>(type: T, docs: Docs): T {
  return docs === noDocs ? type : { ...type, docs };
}
