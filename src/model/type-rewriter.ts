import { partsOf } from "./type-questions.js";
import type { Type } from "./types.js";

/**
 * A function that rebuilds types from their innermost parts outwards: each part whose own parts are done is given to `change`.
 * Where nothing changes the type stays the same object. References are not followed.
 */
export function typeRewriter(change: (type: Type) => Type): (type: Type) => Type {
  const done = new WeakMap<Type, Type>();
  const rewrite = (type: Type): Type => {
    const known = done.get(type);
    if (known) return known;
    const changed = change(partsOf(type).every((part) => rewrite(part) === part) ? type : rebuilt(type, rewrite));
    done.set(type, changed);
    return changed;
  };
  return rewrite;
}

function rebuilt(type: Type, inner: (part: Type) => Type): Type {
  switch (type.kind) {
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
