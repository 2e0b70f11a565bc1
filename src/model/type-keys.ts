import type { Constraints, JsonValue, Property, Type } from "./types.js";

/**
 * Gives equal numbers to types of equal structure (documentation aside). Types are immutable and shared, so each is
 * looked at once: the cost is linear even where the printed type would be exponential.
 */
export class TypeKeys {
  readonly #byIdentity = new WeakMap<Type, number>();
  readonly #byStructure = new Map<string, number>();

  idOf(type: Type): number {
    const known = this.#byIdentity.get(type);
    if (known !== undefined) return known;
    const structure = this.#structure(type);
    const id = this.#byStructure.get(structure) ?? this.#byStructure.size + 1;
    this.#byStructure.set(structure, id);
    this.#byIdentity.set(type, id);
    return id;
  }

  same(a: Type, b: Type): boolean {
    return a === b || this.idOf(a) === this.idOf(b);
  }

  #structure(type: Type): string {
    return JSON.stringify([type.kind, ...this.#parts(type), constraintsKey(type.constraints)]);
  }

  #parts(type: Type): readonly JsonValue[] {
    switch (type.kind) {
      case "primitive":
        return [type.name, type.format ?? null];
      case "literal":
        return [type.value];
      case "enum":
        return [type.values];
      case "array":
        return [this.idOf(type.items)];
      case "tuple":
        return [this.#ids(type.items), type.required, type.rest ? this.idOf(type.rest) : null];
      case "object":
        return [
          type.properties.map((property) => this.#propertyKey(property)),
          typeof type.additional === "boolean" ? type.additional : this.idOf(type.additional),
        ];
      case "reference":
        return [type.model];
      case "union":
      case "intersection":
        return [this.#ids(type.members)];
    }
  }

  #ids(types: readonly Type[]): readonly number[] {
    return types.map((type) => this.idOf(type));
  }

  #propertyKey(property: Property): JsonValue {
    return [property.name, this.idOf(property.type), property.optional, property.readOnly, property.writeOnly ?? false];
  }
}

function constraintsKey(constraints: Constraints): JsonValue {
  const entries = Object.entries(constraints).filter(([, value]) => value !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)) as JsonValue;
}
