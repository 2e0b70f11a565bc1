import type { Type } from "../../src/model/types.js";

/** How a parameter's text becomes a value of its declared type. */
export interface Coercion {
  readonly type: "string" | "number" | "integer" | "boolean";
  readonly isList: boolean;
}

/** @param lookup type of a model by its name */
export function coercionOf(type: Type, lookup: (model: string) => Type | undefined, depth = 0): Coercion {
  const text: Coercion = { type: "string", isList: false };
  if (depth > 16) return text;
  switch (type.kind) {
    case "primitive":
      return type.name === "number" || type.name === "integer" || type.name === "boolean"
        ? { type: type.name, isList: false }
        : text;
    case "literal":
      return {
        type: typeof type.value === "boolean" ? "boolean" : typeof type.value === "number" ? "number" : "string",
        isList: false,
      };
    case "enum":
      return { type: type.base, isList: false };
    case "array":
      return { ...coercionOf(type.items, lookup, depth + 1), isList: true };
    case "reference": {
      const target = lookup(type.model);
      return target ? coercionOf(target, lookup, depth + 1) : text;
    }
    case "union": {
      const members = type.members.map((member) => coercionOf(member, lookup, depth + 1));
      const [first = text] = members;
      return members.every((member) => member.type === first.type && member.isList === first.isList) ? first : text;
    }
    default:
      return text;
  }
}
