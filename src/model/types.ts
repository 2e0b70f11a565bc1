/**
 * Types of the language, resolved: what `models:` and the type expressions of routes become. Generics, `extends`,
 * aliases of other names and utility types are already gone; a name is left only where it names a model.
 */
export type Type =
  | PrimitiveType
  | LiteralType
  | EnumType
  | ArrayType
  | TupleType
  | ObjectType
  | ReferenceType
  | UnionType
  | IntersectionType;

/** What JSDoc says of a type or property. Empty ones are shared, as `noDocs`, but in copies of a model. */
export interface Docs {
  readonly description: string | undefined;
  readonly default: JsonValue | undefined;
  readonly examples: readonly JsonValue[];
  readonly deprecated: boolean;
  readonly title: string | undefined;
}

export const noDocs: Docs = Object.freeze({
  description: undefined,
  default: undefined,
  examples: Object.freeze([]),
  deprecated: false,
  title: undefined,
});

export function isUndocumented({ description, default: value, examples, deprecated, title }: Docs): boolean {
  return (
    description === undefined && value === undefined && examples.length === 0 && !deprecated && title === undefined
  );
}

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** JSON Schema keywords of one type, in JSON Schema draft-04's meaning (`exclusiveMinimum` is a boolean there). */
export interface Constraints {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  /** Only on references and unions, where `format` cannot be set on the primitive itself. */
  readonly format?: string;
}

interface TypeBase {
  readonly docs: Docs;
  readonly constraints: Constraints;
}

/** `any` is TypeScript's `unknown`: every JSON value. `binary` is a payload that is not JSON. */
export interface PrimitiveType extends TypeBase {
  readonly kind: "primitive";
  readonly name: "string" | "number" | "integer" | "boolean" | "null" | "any" | "binary";
  /** JSON Schema `format`: uuid, date, date-time, email, uri, int32, int64 …, as written or from a built-in name. */
  readonly format: string | undefined;
}

export interface LiteralType extends TypeBase {
  readonly kind: "literal";
  readonly value: string | number | boolean;
}

/** A union of literals of one primitive type, in the order written. */
export interface EnumType extends TypeBase {
  readonly kind: "enum";
  readonly base: "string" | "number" | "integer" | "boolean";
  readonly values: readonly (string | number | boolean)[];
}

export interface ArrayType extends TypeBase {
  readonly kind: "array";
  readonly items: Type;
}

/** `[A, B?, ...C[]]`: `required` counts the leading items that must be there. */
export interface TupleType extends TypeBase {
  readonly kind: "tuple";
  readonly items: readonly Type[];
  readonly required: number;
  readonly rest: Type | undefined;
}

export interface Property {
  readonly name: string;
  readonly type: Type;
  readonly optional: boolean;
  /** Answered and never sent. */
  readonly readOnly: boolean;
  /** Sent and never answered. */
  readonly writeOnly?: boolean;
  readonly docs: Docs;
}

/** `additional`: the type of members that are not listed; true when anything may follow, false when nothing may. */
export interface ObjectType extends TypeBase {
  readonly kind: "object";
  readonly properties: readonly Property[];
  readonly additional: Type | boolean;
}

export interface ReferenceType extends TypeBase {
  readonly kind: "reference";
  /** Name of a model of the same gateway. */
  readonly model: string;
}

/** `T | null` is a union with the primitive `null`. A discriminated union names the property and each member's value. */
export interface UnionType extends TypeBase {
  readonly kind: "union";
  readonly members: readonly Type[];
  readonly discriminator: { readonly property: string; readonly values: readonly string[] } | undefined;
}

export interface IntersectionType extends TypeBase {
  readonly kind: "intersection";
  readonly members: readonly Type[];
}

/** A named type: `interface`, `type` or an entry of `models:` as a map. */
export interface Model {
  readonly name: string;
  readonly type: Type;
  readonly docs: Docs;
  /** True where the type refers to itself, by whatever way around. */
  readonly recursive: boolean;
}
