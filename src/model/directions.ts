import { walkType } from "./type-questions.js";
import { typeRewriter } from "./type-rewriter.js";
import { type Model, noDocs, type Property, type Type } from "./types.js";

/** Models of which something travels in one direction only, and what their request shapes are made of. */
export interface Directions {
  /** Models that have two shapes, with the names under which they are sent. */
  readonly split: ReadonlyMap<string, string>;
  /** As clients send it: without what is `@readOnly`, models under the names of their request shapes. */
  sent(type: Type): Type;
  /** As it is answered: without what is `@writeOnly`. */
  answered(type: Type): Type;
}

/** Name of the shape of a model in which it is sent, where nothing else has it. */
export function requestName(model: string): string {
  return `${model}Request`;
}

/** @returns undefined where nothing is `@readOnly` or `@writeOnly` */
export function directionsOf(models: readonly Model[], types: readonly Type[]): Directions | undefined {
  const own = new Set(models.filter(({ type }) => hasDirections(type)).map(({ name }) => name));
  if (own.size === 0 && !types.some(hasDirections)) return undefined;
  const split = shapeNames(models, reaching(models, own));
  const unsent = withoutProperties(({ readOnly }) => readOnly);
  return {
    split,
    sent: rewriting((type) => {
      if (type.kind !== "reference") return unsent(type);
      const name = split.get(type.model);
      return name === undefined ? type : { ...type, model: name };
    }),
    answered: rewriting(withoutProperties(({ writeOnly }) => writeOnly === true)),
  };
}

function hasDirections(type: Type): boolean {
  let found = false;
  walkType(type, (part) => {
    if (part.kind === "object") found ||= part.properties.some(({ readOnly, writeOnly }) => readOnly || writeOnly);
  });
  return found;
}

/** The choice depends on the names that are taken, never on a count. */
function shapeNames(models: readonly Model[], split: ReadonlySet<string>): ReadonlyMap<string, string> {
  const taken = new Set(models.map(({ name }) => name));
  return new Map(
    [...split].map((model) => {
      let name = requestName(model);
      if (taken.has(name)) name += "Body";
      while (taken.has(name)) name += "_";
      taken.add(name);
      return [model, name];
    }),
  );
}

/** The models, and those that refer to them by whatever way. */
function reaching(models: readonly Model[], own: ReadonlySet<string>): ReadonlySet<string> {
  const users = new Map<string, string[]>();
  for (const { name, type } of models) {
    walkType(type, (part) => {
      if (part.kind === "reference") users.set(part.model, [...(users.get(part.model) ?? []), name]);
    });
  }
  const reached = new Set(own);
  // A set goes on over what is added while it is walked through.
  for (const name of reached) for (const user of users.get(name) ?? []) reached.add(user);
  return reached;
}

function withoutProperties(isLeftOut: (property: Property) => boolean) {
  return (type: Type): Type => {
    if (type.kind !== "object" || !type.properties.some(isLeftOut)) return type;
    return { ...type, properties: type.properties.filter((property) => !isLeftOut(property)) };
  };
}

/** An example of the whole may show what is left out, and goes with it. */
function rewriting(change: (type: Type) => Type): (type: Type) => Type {
  const rewrite = typeRewriter(change);
  return (type) => {
    const changed = rewrite(type);
    if (changed === type || changed.docs === noDocs) return changed;
    return { ...changed, docs: { ...changed.docs, default: undefined, examples: [] } };
  };
}
