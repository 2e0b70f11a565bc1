import type ts from "typescript";
import { isAssignable } from "../../model/type-assignable.js";
import { reference, withDocs } from "../../model/type-builders.js";
import type { Model, Type } from "../../model/types.js";
import { noDocs } from "../../model/types.js";
import { nearest } from "../../nearest.js";
import { annotate } from "./annotate.js";
import { broken, brokenType } from "./broken.js";
import { enumType } from "./enums.js";
import { rangeOf } from "./frame.js";
import { limits } from "./limits.js";
import { shapeOfDeclaration, shapeOfNode, shapeOfPlain } from "./members.js";
import { builtinTypes, constraintTypes, foreignTypes, utilityTypes } from "./names.js";
import { resolveNode } from "./resolve.js";
import { lazy, typeOfShape } from "./shape.js";
import { sizeOf } from "./size.js";
import { annotationsOf } from "./source-text.js";
import type { Argument, Declaration, Instance, Place, Source, Table } from "./table.js";
import { resolveUtility } from "./utilities.js";

/** A use of a named type: `Order`, `Page<Order>`, `Color.Red`. */
export interface NamedUse {
  readonly node: ts.Node;
  readonly name: ts.EntityName | ts.Expression;
  readonly typeArguments: readonly ts.TypeNode[];
}

/** What a name stands for: a type parameter, a built-in type, a utility, a model or an instance of a generic type. */
export function resolveNamed(use: NamedUse, place: Place): Type {
  const { ts } = place.source;
  if (!ts.isIdentifier(use.name)) return resolveQualified(use, place);
  const name = use.name.text;
  const parameter = place.args.get(name);
  const builtin = parameter?.type ?? builtinTypes.get(name);
  if (builtin) return use.typeArguments.length > 0 ? wrongArguments(use, name, "no type arguments", place) : builtin;
  const declaration = place.table.declarations.get(name);
  if (declaration) return resolveDeclared(declaration, use, place);
  if (utilityTypes.has(name)) return resolveUtility(name, use, place);
  if (place.table.given.has(name)) {
    return use.typeArguments.length > 0 ? wrongArguments(use, name, "no type arguments", place) : reference(name);
  }
  return unknownName(name, use, place);
}

function resolveDeclared(declaration: Declaration, use: NamedUse, place: Place): Type {
  if (declaration.parameters.length > 0) return instantiate(declaration, use, place);
  if (use.typeArguments.length === 0) return reference(declaration.name);
  return wrongArguments(use, declaration.name, "no type arguments", place);
}

/** `Color.Red`: one member of an enum. */
function resolveQualified(use: NamedUse, place: Place): Type {
  const { ts, file } = place.source;
  const text = use.name.getText(file);
  if (ts.isQualifiedName(use.name) && ts.isIdentifier(use.name.left)) {
    const declaration = place.table.declarations.get(use.name.left.text);
    if (declaration && ts.isEnumDeclaration(declaration.node)) {
      const member = enumType(declaration, declaration.node).members.get(use.name.right.text);
      if (member) return member;
    }
  }
  return broken(place.source, use.name, "unknown-type", { name: text, near: undefined });
}

export function wrongArguments(use: NamedUse, name: string, wanted: string, place: Place): Type {
  return broken(place.source, use.node, "type-arguments", { name, wanted, given: use.typeArguments.length });
}

function unknownName(name: string, use: NamedUse, place: Place): Type {
  const { source, table } = place;
  const instead = foreignTypes.get(name);
  if (instead !== undefined) return broken(source, use.name, "foreign-type", { name, instead });
  if (constraintTypes.has(name)) {
    const what = `constraints on their own ("${name}")`;
    return broken(source, use.node, "unsupported-type", { what, instead: `write \`T & ${name}<…>\`` });
  }
  const near = nearestTypeName(name, table, place.args.keys());
  const fix = near === undefined ? undefined : { span: source.frame.span(rangeOf(use.name, source.file)), text: near };
  return broken(source, use.name, "unknown-type", { name, near }, { fix });
}

export function nearestTypeName(name: string, table: Table, more: Iterable<string> = []): string | undefined {
  return nearest(name, [...more, ...table.declarations.keys(), ...table.given, ...builtinTypes.keys()]);
}

/** The type of a model by name, resolved on demand; undefined for unknown names and within a cycle. */
export function lookupModel(name: string, table: Table): Type | undefined {
  const finished = table.models.get(name);
  if (finished) return finished.type;
  const declaration = table.declarations.get(name);
  if (!declaration || declaration.parameters.length > 0 || declaration.isResolving) return undefined;
  return modelOf(declaration, table).type;
}

/** The model of a declaration without parameters. */
export function modelOf(declaration: Declaration, table: Table): Model {
  const finished = table.models.get(declaration.name);
  if (finished) return finished;
  declaration.isResolving = true;
  const { type, docs } = typeOfDeclaration(declaration, { table, source: declaration.source, args: new Map() });
  declaration.isResolving = false;
  const model: Model = { name: declaration.name, type, docs, recursive: false };
  table.models.set(declaration.name, model);
  checkTotal(type, declaration.node.name, declaration.source, table);
  return model;
}

/** The type of a declaration with its comment applied. */
export function typeOfDeclaration(declaration: Declaration, place: Place): { type: Type; docs: Model["docs"] } {
  const type = bareType(declaration, place);
  const annotations = annotationsOf(declaration.comment, declaration.source);
  return annotations ? annotate(type, annotations, declaration.source.frame, place.table) : { type, docs: noDocs };
}

function bareType(declaration: Declaration, place: Place): Type {
  const { node, source } = declaration;
  const { ts } = source;
  if (ts.isEnumDeclaration(node)) return enumType(declaration, node).type;
  if (ts.isTypeAliasDeclaration(node)) return resolveNode(node.type, place);
  const shape =
    declaration.parameters.length === 0
      ? shapeOfPlain(declaration, node.name, place)
      : shapeOfDeclaration(declaration, place);
  return shape ? typeOfShape(shape) : brokenType;
}

/** Reports a type that is too large or too deep when it is written out. */
export function checkSize(type: Type, node: ts.Node, source: Source, table: Table): boolean {
  const { parts, depth } = sizeOf(type, table.sizes);
  if (parts > limits.typeSize) broken(source, node, "type-too-large", { limit: limits.typeSize });
  else if (depth > limits.depth) broken(source, node, "type-too-deep", { limit: limits.depth });
  else return true;
  return false;
}

/** The same for a model or a whole expression, which also count towards what the file may have in all. */
export function checkTotal(type: Type, node: ts.Node, source: Source, table: Table): boolean {
  if (!checkSize(type, node, source, table)) return false;
  table.budget.parts += sizeOf(type, table.sizes).parts;
  if (table.budget.parts <= limits.totalSize) return true;
  broken(source, node, "types-too-large", { limit: limits.totalSize });
  return false;
}

/**
 * A generic type with its arguments put in. Instances are written out where they are used, so `Page<Order>` is an object
 * type; one that refers to itself (`Tree<string>`) becomes a model, named after its arguments: `TreeOfString`.
 */
function instantiate(declaration: Declaration, use: NamedUse, place: Place): Type {
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

/** A declaration with parameters, resolved once with nothing put in, so that mistakes in unused ones are found too. */
export function checkGeneric(declaration: Declaration, table: Table): void {
  const args = new Map<string, Argument>();
  for (const parameter of declaration.parameters) {
    const name = parameter.name.text;
    if (args.has(name)) broken(declaration.source, parameter.name, "type-parameter-duplicate", { name });
    args.set(name, { type: brokenType, shape: () => undefined });
  }
  const place: Place = { table, source: declaration.source, args };
  for (const parameter of declaration.parameters) {
    if (parameter.constraint) resolveNode(parameter.constraint, place);
    if (parameter.default) resolveNode(parameter.default, place);
  }
  typeOfDeclaration(declaration, place);
}
