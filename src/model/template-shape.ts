import { anyType, array, object, primitive, property } from "./type-builders.js";
import type { JsonValue, Type } from "./types.js";

/** Longer templates are not looked into. */
const longest = 20_000;

/**
 * Type of the JSON that the template of a gateway response yields, or undefined when it is no JSON. Such a template is
 * text with references and no directives (aws-behaviour.md section 16): one inside quotes is part of a string, one that
 * stands alone may be anything, but `$context.error.messageString` is a string with its quotes.
 */
export function templateShape(template: string): Type | undefined {
  const skeleton = jsonSkeleton(template);
  return skeleton === undefined ? undefined : typeOf(skeleton);
}

/** Its JSON, with null for what is known at run time only. */
export function jsonSkeleton(template: string): JsonValue | undefined {
  if (template.length > longest) return undefined;
  const text = template.replace(jsonPieces, (piece, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted;
    return piece === "$context.error.messageString" ? '""' : "null";
  });
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** A string as a whole, or a reference outside of strings. */
const jsonPieces = /("(?:[^"\\]|\\.)*")|\$[A-Za-z][\w.-]*|\$\{[^}]*\}/g;

function typeOf(value: JsonValue): Type {
  if (typeof value === "string") return primitive("string");
  if (typeof value === "number") return primitive("number");
  if (typeof value === "boolean") return primitive("boolean");
  if (value === null) return anyType;
  if (isArray(value)) return array(anyType);
  return object(Object.entries(value).map(([name, member]) => property(name, typeOf(member))));
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
