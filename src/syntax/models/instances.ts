import type ts from "typescript";
import { isAssignable } from "../../model/type-assignable.js";
import { reference, withDocs } from "../../model/type-builders.js";
import { noDocs, type Type } from "../../model/types.js";
import { broken, brokenType } from "./broken.js";
import { limits } from "./limits.js";
import { shapeOfNode } from "./members.js";
import { checkSize, lookupModel, type NamedUse, typeOfDeclaration, wrongArguments } from "./references.js";
import { resolveNode } from "./resolve.js";
import { lazy } from "./shape.js";
import type { Argument, Declaration, Instance, Place, Table } from "./table.js";

/**
 * A generic type with its arguments put in. Instances are written out where they are used, so `Page<Order>` is an object
 * type; one that refers to itself (`Tree<string>`) becomes a model, named after its arguments: `TreeOfString`.
 */
export function instantiate(declaration: Declaration, use: NamedUse, place: Place): Type {
  const args = argumentsOf(declaration, use, place);
  if (!args) return brokenType;
  const key = [declaration.name, ...[...args.values()].map(({ type }) => place.table.keys.idOf(type))].join(" ");
  return instanceOf(key, use, place, {
    names: [declaration.name, ...[...args.values()].map(({ type }) => nameOfType(type))],
    build: () => {
      const inner: Place = { table: place.table, source: declaration.source, args };
      const { type, docs } = typeOfDeclaration(declaration, inner);
      return withDocs(type, docs);
    },
  });
}

interface InstancePlan {
  /** Generic name and argument names, for a model's name. */
  readonly names: readonly string[];
  readonly build: () => Type;
}

/** Builds an instance once for a key; an instance met again inside itself becomes a model. */
export function instanceOf(key: string, use: NamedUse, place: Place, plan: InstancePlan): Type {
  const { table, source } = place;
  const known = table.instances.get(key);
  if (known?.type) return known.type;
  if (known) {
    known.name ??= freeName(plan.names, table);
    return reference(known.name);
  }
  if (++table.budget.instantiations > limits.instantiations) {
    return broken(source, use.node, "too-many-instantiations", { limit: limits.instantiations });
  }
  const instance: Instance = { type: undefined, name: undefined };
  table.instances.set(key, instance);
  const built = plan.build();
  const type = checkSize(built, use.node, source, table) ? built : brokenType;
  instance.type = instance.name === undefined ? type : registerInstance(instance.name, type, table);
  return instance.type;
}

function registerInstance(name: string, type: Type, table: Table): Type {
  table.models.set(name, { name, type: { ...type, docs: noDocs }, docs: type.docs, recursive: true });
  return reference(name);
}

function freeName([generic = "", ...args]: readonly string[], table: Table): string {
  const base = `${generic}Of${args.join("And")}`.slice(0, 100);
  const taken = (name: string) =>
    table.declarations.has(name) ||
    table.models.has(name) ||
    [...table.instances.values()].some((instance) => instance.name === name);
  let name = base;
  for (let count = 2; taken(name); count++) name = `${base}${count}`;
  return name;
}

export function nameOfType(type: Type): string {
  switch (type.kind) {
    case "reference":
      return type.model;
    case "primitive":
      return capitalised((type.format ?? type.name).replace(/-/g, ""));
    case "array":
      return `${nameOfType(type.items)}List`;
    case "literal":
      return capitalised(String(type.value).replace(/[^A-Za-z0-9]/g, "")) || "Literal";
    default:
      return capitalised(type.kind);
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Type arguments by parameter, with defaults filled in and constraints checked. */
export function argumentsOf(
  declaration: Declaration,
  use: NamedUse,
  place: Place,
): ReadonlyMap<string, Argument> | undefined {
  const { parameters, source } = declaration;
  const least = parameters.findLastIndex((parameter) => !parameter.default) + 1;
  const given = use.typeArguments.length;
  if (given < least || given > parameters.length) {
    const wanted = least === parameters.length ? `${least}` : `${least} to ${parameters.length}`;
    wrongArguments(use, declaration.name, `${wanted} type argument${parameters.length === 1 ? "" : "s"}`, place);
    return undefined;
  }
  const args = new Map<string, Argument>();
  for (const [index, parameter] of parameters.entries()) {
    const node = use.typeArguments[index];
    const inner: Place = { table: place.table, source, args: new Map(args) };
    const wanted = node ?? parameter.default;
    if (!wanted) return undefined;
    const argument = argumentOf(wanted, node ? place : inner);
    args.set(parameter.name.text, argument);
    if (parameter.constraint && node) checkConstraint(declaration, index, node, argument, { ...inner, args }, place);
  }
  return args;
}

function argumentOf(node: ts.TypeNode, place: Place): Argument {
  return { type: resolveNode(node, place), shape: lazy(() => shapeOfNode(node, place)) };
}

function checkConstraint(
  declaration: Declaration,
  index: number,
  node: ts.TypeNode,
  argument: Argument,
  inner: Place,
  place: Place,
): void {
  const parameter = declaration.parameters[index];
  if (!parameter?.constraint || argument.type === brokenType) return;
  const constraint = resolveNode(parameter.constraint, inner);
  if (constraint === brokenType) return;
  place.table.deferred.push(() => {
    const fits = isAssignableLater(argument.type, constraint, place.table);
    const params = { name: declaration.name, parameter: parameter.name.text };
    if (!fits) broken(place.source, node, "type-argument-constraint", params);
  });
}

function isAssignableLater(from: Type, to: Type, table: Table): boolean {
  return isAssignable(from, to, (name) => lookupModel(name, table));
}
