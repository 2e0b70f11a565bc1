import type { Report } from "../../diagnostics/diagnostic.js";
import { TypeKeys } from "../../model/type-keys.js";
import type { ModelLookup } from "../../model/type-questions.js";
import type { Model, Type } from "../../model/types.js";
import type { SpanMap } from "../../source.js";
import { loadTypeScript } from "../../typescript/load.js";
import { createPatternChecker } from "../patterns.js";
import { annotate } from "./annotate.js";
import { brokenType } from "./broken.js";
import { reportCircularModels, withRecursion } from "./cycles.js";
import { collectDeclarations, reportAwsNames, reportUnreadComments } from "./declarations.js";
import { type Frame, frameOf } from "./frame.js";
import { limits } from "./limits.js";
import { parseQuickType } from "./quick-type.js";
import { checkGeneric, checkTotal, lookupModel, modelOf } from "./references.js";
import { resolveNode } from "./resolve.js";
import { annotationsOf, commentOf, parseSource } from "./source-text.js";
import type { Place, Table } from "./table.js";

/** The models of one gateway.yaml, and the place where its type expressions get their meaning. */
export interface ModelScope {
  /**
   * In the order of the file. Recursive instances of generic types (`Tree<string>`) follow, also those that a type
   * expression brought about: read it after all expressions are resolved.
   */
  readonly models: readonly Model[];
  readonly lookup: ModelLookup;
  /** The type that an expression means; undefined when it is wrong, which has been reported then. */
  resolveType(text: string, spanMap: SpanMap, report: Report): Type | undefined;
}

/** Reads the model block: interfaces, type aliases and enums. All that is wrong is reported; the rest is usable. */
export async function parseModels(text: string, spanMap: SpanMap, report: Report): Promise<ModelScope> {
  const table = createTable();
  if (text.trim() === "") return scopeOf(table);
  const frame = frameOf(text, spanMap, report);
  const source = parseSource(text, frame, limits.blockLength, table.loadTypeScript);
  if (!source) return scopeOf(table, true);
  collectDeclarations(source, table);
  const declarations = [...table.declarations.values()];
  const generic = declarations.filter((declaration) => declaration.parameters.length > 0);
  for (const declaration of declarations) if (!generic.includes(declaration)) modelOf(declaration, table);
  checkGenerics(table);
  runDeferred(table);
  reportCircularModels(table, frame);
  reportUnreadComments(source);
  reportAwsNames(table);
  orderModels(table);
  return scopeOf(table);
}

/** A scope whose models were given as JSON Schema, or that has none. */
export function scopeOfModels(models: Iterable<Model>): ModelScope {
  return scopeOf(createTable([...models]));
}

function createTable(given: readonly Model[] = []): Table {
  return {
    keys: new TypeKeys(),
    declarations: new Map(),
    models: new Map(given.map((model) => [model.name, model])),
    given: new Set(given.map((model) => model.name)),
    instances: new Map(),
    deferred: [],
    sizes: new WeakMap(),
    circular: new Set(),
    loadTypeScript,
    checkPattern: createPatternChecker(),
    budget: { instantiations: 0, level: 0, parts: 0 },
  };
}

/** Mistakes inside generic types show although nobody uses them; what this check makes is thrown away. */
function checkGenerics(table: Table): void {
  const declarations = new Map([...table.declarations].map(([name, declaration]) => [name, { ...declaration }]));
  const sandbox: Table = { ...table, declarations, models: new Map(), instances: new Map(), deferred: [] };
  for (const declaration of declarations.values()) {
    declaration.shape = undefined;
    if (declaration.parameters.length > 0) checkGeneric(declaration, sandbox);
  }
}

/** Deferred checks may resolve more types and so bring about further ones. */
function runDeferred(table: Table): void {
  for (let check = table.deferred.shift(); check; check = table.deferred.shift()) check();
}

/** Declared models in the order of the file, whatever order they were resolved in. */
function orderModels(table: Table): void {
  const declared = [...table.declarations.keys()].flatMap((name) => table.models.get(name) ?? []);
  const others = [...table.models.values()].filter((model) => !table.declarations.has(model.name));
  table.models.clear();
  for (const model of [...declared, ...others]) table.models.set(model.name, model);
}

/** @param isBroken  the block could not be parsed: names in expressions are not judged then */
function scopeOf(table: Table, isBroken = false): ModelScope {
  const known = new Map<string, Type>();
  let models: readonly Model[] = [];
  return {
    get models() {
      if (models.length !== table.models.size) models = withRecursion([...table.models.values()]);
      return models;
    },
    lookup: (name) => lookupModel(name, table),
    resolveType(text, spanMap, report) {
      const resolvedBefore = known.get(text);
      if (resolvedBefore) return resolvedBefore;
      const frame = frameOf(text, spanMap, isBroken ? silenceNames(report) : report);
      const type = parseQuickType(text, frame, table) ?? parseExpression(text, frame, table);
      if (type === brokenType || frame.errorCount() > 0) return undefined;
      known.set(text, type);
      return type;
    },
  };
}

function silenceNames(report: Report): Report {
  return (code, span, params, extras) => {
    if (code !== "unknown-type") report(code, span, params, extras);
  };
}

const prefix = "type X = ";

/** An expression is parsed as an alias; its ranges are moved back by what stands before it. */
function parseExpression(text: string, outer: Frame, table: Table): Type {
  const frame: Frame = {
    ...outer,
    text: prefix + text,
    span: ({ start, end }) =>
      outer.span({ start: shift(start, text), end: Math.max(shift(start, text) + 1, shift(end, text)) }),
  };
  const source = parseSource(frame.text, frame, limits.expressionLength, table.loadTypeScript);
  const [statement, ...more] = source?.file.statements ?? [];
  if (!source || !statement) return brokenType;
  const extra = more.find((node) => !source.ts.isEmptyStatement(node));
  if (extra || !source.ts.isTypeAliasDeclaration(statement)) {
    const at = extra ?? statement;
    frame.report("model-syntax", frame.span({ start: at.getStart(source.file), end: at.end }), {
      detail: "one type is expected here",
    });
    return brokenType;
  }
  const place: Place = { table, source, args: new Map() };
  const bare = resolveNode(statement.type, place);
  const annotations = annotationsOf(commentOf(statement.type, source, true), source);
  const { type, docs } = annotations ? annotate(bare, annotations, frame, table) : { type: bare, docs: bare.docs };
  runDeferred(table);
  reportUnreadComments(source);
  if (type === brokenType || !checkTotal(type, statement.type, source, table)) return brokenType;
  return docs === type.docs ? type : { ...type, docs };
}

function shift(offset: number, text: string): number {
  return Math.min(Math.max(offset - prefix.length, 0), text.length);
}
