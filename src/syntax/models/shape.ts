import type ts from "typescript";
import { anyType } from "../../model/type-builders.js";
import { type ModelLookup, membersOf } from "../../model/type-questions.js";
import type { Property, Type } from "../../model/types.js";

/**
 * The members of an object type before their types are resolved. `extends`, intersections and utility types work on
 * shapes, so that a property may mention the type that it stands in.
 */
export interface Shape {
  readonly properties: ReadonlyMap<string, ShapeProperty>;
  /** As `ObjectType.additional`, not yet resolved. */
  readonly additional: (() => Type) | boolean;
}

export interface ShapeProperty {
  readonly name: string;
  readonly optional: boolean;
  /** Where its name is written, when that is in a declaration. */
  readonly nameNode: ts.Node | undefined;
  /** The string literal that is the property's type, where the syntax shows it. */
  readonly literal: string | undefined;
  readonly resolve: () => Property;
}

export const emptyShape: Shape = { properties: new Map(), additional: true };

/** Computes once. Asked again while it computes, it computes anew: the recursion ends at a named type or a limit. */
export function lazy<T>(compute: () => T): () => T {
  let done: { readonly value: T } | undefined;
  let running = false;
  return () => {
    if (done) return done.value;
    if (running) return compute();
    running = true;
    try {
      done = { value: compute() };
      return done.value;
    } finally {
      running = false;
    }
  };
}

/** The shape of a resolved type, where it is an object, an intersection or a reference to one. */
export function shapeOfType(type: Type, lookup: ModelLookup): Shape | undefined {
  if (type.kind === "union") return undefined;
  const members = membersOf(type, lookup);
  if (!members) return undefined;
  const { additional } = members;
  return {
    properties: new Map(
      [...members.properties.values()].map((property) => [
        property.name,
        {
          name: property.name,
          optional: property.optional,
          nameNode: undefined,
          literal: property.type.kind === "literal" ? String(property.type.value) : undefined,
          resolve: () => property,
        },
      ]),
    ),
    additional: typeof additional === "boolean" ? additional : () => additional,
  };
}

/** The object type of a shape, with its members resolved. */
export function typeOfShape(shape: Shape): Type {
  const properties = [...shape.properties.values()].map(({ resolve, optional }) => {
    const property = resolve();
    return property.optional === optional ? property : { ...property, optional };
  });
  const additional = typeof shape.additional === "boolean" ? shape.additional : shape.additional();
  return { kind: "object", properties, additional, docs: anyType.docs, constraints: anyType.constraints };
}

export function mapProperties(shape: Shape, change: (property: ShapeProperty) => ShapeProperty | undefined): Shape {
  const properties = new Map<string, ShapeProperty>();
  for (const property of shape.properties.values()) {
    const changed = change(property);
    if (changed) properties.set(changed.name, changed);
  }
  return { ...shape, properties };
}
