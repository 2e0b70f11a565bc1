import { anyType, object, primitive } from "../../model/type-builders.js";
import type { Type } from "../../model/types.js";

/** Built-in scalar names of the language (design.md section 2) and TypeScript's own, with the types they stand for. */
export const builtinTypes: ReadonlyMap<string, Type> = new Map<string, Type>([
  ["string", primitive("string")],
  ["number", primitive("number")],
  ["boolean", primitive("boolean")],
  ["integer", primitive("integer")],
  ["int64", primitive("integer", "int64")],
  ["uuid", primitive("string", "uuid")],
  ["date", primitive("string", "date")],
  ["datetime", primitive("string", "date-time")],
  ["email", primitive("string", "email")],
  ["uri", primitive("string", "uri")],
  ["binary", primitive("binary", "binary")],
  ["unknown", anyType],
  ["any", anyType],
  ["object", object([])],
  ["null", primitive("null")],
]);

/** Utility types that are resolved on the syntax tree, with the number of their type arguments. */
export const utilityTypes: ReadonlyMap<string, number> = new Map([
  ["Partial", 1],
  ["Required", 1],
  ["Readonly", 1],
  ["Pick", 2],
  ["Omit", 2],
  ["Record", 2],
  ["Array", 1],
  ["ReadonlyArray", 1],
  ["NonNullable", 1],
  ["Exclude", 2],
  ["Extract", 2],
]);

/** `integer & Minimum<1>`: constraints where no JSDoc can stand. Name of the type → name of the tag. */
export const constraintTypes: ReadonlyMap<string, string> = new Map([
  ["Minimum", "minimum"],
  ["Maximum", "maximum"],
  ["ExclusiveMinimum", "exclusiveMinimum"],
  ["ExclusiveMaximum", "exclusiveMaximum"],
  ["MultipleOf", "multipleOf"],
  ["MinLength", "minLength"],
  ["MaxLength", "maxLength"],
  ["Pattern", "pattern"],
  ["Format", "format"],
  ["MinItems", "minItems"],
  ["MaxItems", "maxItems"],
  ["UniqueItems", "uniqueItems"],
  ["MinProperties", "minProperties"],
  ["MaxProperties", "maxProperties"],
]);

/** Names that TypeScript users reach for and that have no JSON form, with what to write instead. */
export const foreignTypes: ReadonlyMap<string, string> = new Map([
  ["Date", "datetime (a string in RFC 3339), or date"],
  ["Map", "Record<string, T>"],
  ["WeakMap", "Record<string, T>"],
  ["Set", "T[] with @uniqueItems"],
  ["WeakSet", "T[] with @uniqueItems"],
  ["bigint", "int64, or string"],
  ["BigInt", "int64, or string"],
  ["symbol", "string"],
  ["void", "null, or leave the body out"],
  ["never", "the type that can occur"],
  ["Function", "the type of a value"],
  ["Promise", "the type that it resolves to"],
  ["Buffer", "binary"],
  ["Uint8Array", "binary, or string with base64"],
  ["ArrayBuffer", "binary"],
  ["Blob", "binary"],
  ["File", "binary"],
  ["URL", "uri"],
  ["RegExp", "string"],
  ["String", "string"],
  ["Number", "number"],
  ["Boolean", "boolean"],
  ["Object", "object"],
  ["int", "integer"],
  ["float", "number"],
  ["double", "number"],
  ["long", "int64"],
  ["Int32", "integer"],
  ["ReturnType", "the type itself"],
  ["Parameters", "the type itself"],
  ["Awaited", "the type itself"],
]);

export function isReservedName(name: string): boolean {
  return builtinTypes.has(name) || utilityTypes.has(name) || constraintTypes.has(name);
}
