import type ts from "typescript";
import { reference } from "../../model/type-builders.js";
import type { Model, Type } from "../../model/types.js";
import { noDocs } from "../../model/types.js";
import { nearest } from "../../nearest.js";
import { annotate } from "./annotate.js";
import { broken, brokenType } from "./broken.js";
import { enumType } from "./enums.js";
import { rangeOf } from "./frame.js";
import { instantiate } from "./instances.js";
import { limits } from "./limits.js";
import { shapeOfDeclaration, shapeOfPlain } from "./members.js";
import { builtinTypes, constraintTypes, foreignTypes, utilityTypes } from "./names.js";
import { resolveNode } from "./resolve.js";
import { typeOfShape } from "./shape.js";
import { sizeOf } from "./size.js";
import { annotationsOf } from "./source-text.js";
import type { Argument, Declaration, Place, Source, Table } from "./table.js";
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

function nearestTypeName(name: string, table: Table, more: Iterable<string> = []): string | undefined {
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
