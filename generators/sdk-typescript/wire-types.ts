import { unionOf } from "../../src/model/type-unions.js";
import type { ObjectType, Property, Type } from "../../src/model/types.js";

/** The type as it travels inside JSON, where bytes are a (base64) string. */
export function wireType(type: Type): Type {
  switch (type.kind) {
    case "primitive":
      return type.name === "binary" ? { ...type, name: "string" } : type;
    case "array":
      return { ...type, items: wireType(type.items) };
    case "tuple":
      return { ...type, items: type.items.map(wireType), rest: type.rest && wireType(type.rest) };
    case "object":
      return wireObject(type);
    case "union":
    case "intersection":
      return { ...type, members: type.members.map(wireType) };
    default:
      return type;
  }
}

/** TypeScript wants every listed property to fit the index signature beside it. */
function wireObject(type: ObjectType): ObjectType {
  const properties = type.properties.map((property): Property => ({ ...property, type: wireType(property.type) }));
  const { additional } = type;
  if (typeof additional === "boolean") return { ...type, properties };
  const others = properties.map((property) => property.type);
  return {
    ...type,
    properties,
    additional: others.length === 0 ? wireType(additional) : unionOf([wireType(additional), ...others]),
  };
}
