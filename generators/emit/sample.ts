import type { JsonValue, Type } from "../../src/model/types.js";
import { printPlanned } from "./code-literal.js";

/** A value of a type, as a stub's first answer: defaults and examples where there are any, the smallest value otherwise. */
export function sampleText(type: Type, lookup: (model: string) => Type | undefined): string {
  if (type.kind === "primitive" && type.name === "binary") return "new Uint8Array()";
  return printPlanned(sampleOf(type, lookup, []), "  ");
}

/** The same as JSON; bytes are an empty text. */
export function sampleValue(type: Type, lookup: (model: string) => Type | undefined): JsonValue {
  return sampleOf(type, lookup, []);
}

/** A value of a parameter: never an empty text or list, which on the wire is none. A text without one of its own is its name. */
export function parameterSample(type: Type, name: string, lookup: (model: string) => Type | undefined): JsonValue {
  const value = sampleOf(type, lookup, []);
  if (value === "") return name;
  if (!Array.isArray(value) || Object.keys(value).length > 0) return value;
  const target = type.kind === "reference" ? lookup(type.model) : type;
  return target?.kind === "array" ? [parameterSample(target.items, name, lookup)] : value;
}

/** Models inside of each other. */
const deepest = 8;

function sampleOf(type: Type, lookup: (model: string) => Type | undefined, within: readonly string[]): JsonValue {
  const { docs, constraints } = type;
  if (docs.default !== undefined) return docs.default;
  if (docs.examples[0] !== undefined) return docs.examples[0];
  switch (type.kind) {
    case "primitive":
      return primitiveSample(type.name, type.format, constraints.minimum);
    case "literal":
      return type.value;
    case "enum":
      return type.values[0] ?? null;
    case "array":
      return Array.from({ length: within.length > deepest ? 0 : (constraints.minItems ?? 0) }, () =>
        sampleOf(type.items, lookup, within),
      );
    case "tuple":
      return type.items.slice(0, type.required).map((item) => sampleOf(item, lookup, within));
    case "object":
      return objectSample(type, lookup, within);
    case "reference": {
      const target = lookup(type.model);
      const isTooDeep = within.length > deepest;
      return target === undefined || isTooDeep ? null : sampleOf(target, lookup, [...within, type.model]);
    }
    case "union":
      return unionSample(type.members, lookup, within);
    case "intersection":
      return Object.assign({}, ...type.members.map((member) => sampleOf(member, lookup, within)));
  }
}

/** The first member that is not what the value is part of already: one node of a chain is enough. */
function unionSample(
  members: readonly Type[],
  lookup: (model: string) => Type | undefined,
  within: readonly string[],
): JsonValue {
  const shown = members.find((member) => member.kind !== "reference" || !within.includes(member.model)) ?? members[0];
  return shown ? sampleOf(shown, lookup, within) : null;
}

function objectSample(
  type: Extract<Type, { kind: "object" }>,
  lookup: (model: string) => Type | undefined,
  within: readonly string[],
): JsonValue {
  const required = type.properties.filter((property) => !property.optional);
  return Object.fromEntries(
    required.map((property) => [
      property.name,
      property.docs.default ?? property.docs.examples[0] ?? sampleOf(property.type, lookup, within),
    ]),
  );
}

function primitiveSample(name: string, format: string | undefined, minimum: number | undefined): JsonValue {
  switch (name) {
    case "number":
    case "integer":
      return minimum ?? 0;
    case "boolean":
      return false;
    case "null":
    case "any":
      return null;
    default:
      return formatSamples.get(format ?? "") ?? "";
  }
}

const formatSamples: ReadonlyMap<string, string> = new Map([
  ["uuid", "00000000-0000-4000-8000-000000000000"],
  ["date", "2000-01-01"],
  ["date-time", "2000-01-01T00:00:00Z"],
  ["email", "ada@example.com"],
  ["uri", "https://example.com/"],
]);
