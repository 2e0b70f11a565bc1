import { type ModelLookup, membersOf } from "./type-questions.js";
import type { Property, Type, UnionType } from "./types.js";

/**
 * The first required property that is a different string literal in each member of a union; undefined when there is
 * none, or when a member is no object.
 */
export function discriminatorOf(members: readonly Type[], lookup: ModelLookup): UnionType["discriminator"] {
  const [first, ...others] = members.map((member) => membersOf(member, lookup)?.properties);
  if (!first || others.length === 0) return undefined;
  for (const [property, tag] of first) {
    const values = [tag, ...others.map((properties) => properties?.get(property))].map(literalOf);
    if (values.includes(undefined) || new Set(values).size < values.length) continue;
    return { property, values: values.filter((value) => value !== undefined) };
  }
  return undefined;
}

function literalOf(property: Property | undefined): string | undefined {
  if (!property || property.optional || property.type.kind !== "literal") return undefined;
  return typeof property.type.value === "string" ? property.type.value : undefined;
}

/** The type with the discriminators of its unions found. */
export function withDiscriminators(type: Type, lookup: ModelLookup): Type {
  const inner = (part: Type) => withDiscriminators(part, lookup);
  switch (type.kind) {
    case "array":
      return { ...type, items: inner(type.items) };
    case "tuple":
      return { ...type, items: type.items.map(inner), rest: type.rest && inner(type.rest) };
    case "object":
      return {
        ...type,
        properties: type.properties.map((property) => ({ ...property, type: inner(property.type) })),
        additional: typeof type.additional === "boolean" ? type.additional : inner(type.additional),
      };
    case "intersection":
      return { ...type, members: type.members.map(inner) };
    case "union": {
      const members = type.members.map(inner);
      return { ...type, members, discriminator: type.discriminator ?? discriminatorOf(members, lookup) };
    }
    default:
      return type;
  }
}
