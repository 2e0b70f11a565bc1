import type { Budget } from "../budget.js";
import { JavaCollection, JavaList, JavaMap } from "../values/collections.js";
import type { Value } from "../values/value.js";
import { acceptFilter } from "./filter.js";
import { applyFunction } from "./functions.js";
import type { JsonPath, Step } from "./path.js";

/** Whole-text match of a Java pattern; absent where no path of the gateway needs one. */
export type PatternMatch = (source: string, flags: string, text: string, budget: Budget) => boolean;

export interface PathContext {
  readonly root: Value;
  readonly budget: Budget;
  readonly matches: PatternMatch | undefined;
}

/** Thrown inside an evaluation where Jayway throws PathNotFoundException; never leaves this room. */
export class PathNotFound extends Error {}

/** Thrown where a function refuses what it is given: unlike what is not found, it ends the whole path. */
export class FunctionRefused extends Error {}

/**
 * Value of a path, as Jayway's `read` gives it: a definite path the value itself, any other the list of matches.
 *
 * @returns undefined where Jayway finds nothing (PathNotFoundException)
 */
export function readPath(path: JsonPath, model: Value, context: PathContext): Value | undefined {
  const { steps } = path;
  if (path.definite && steps.every((step) => step.kind !== "function"))
    return readDefinite(steps, model, context.budget);
  const found: Value[] = [];
  try {
    walk(steps, 0, model, true, found, context);
  } catch (error) {
    if (error instanceof PathNotFound || error instanceof FunctionRefused) return undefined;
    throw error;
  }
  return path.definite ? found[found.length - 1] : new JavaList(found, true);
}

/** A path of names and indexes only. */
function readDefinite(steps: readonly Step[], model: Value, budget: Budget): Value | undefined {
  let value: Value | undefined = model;
  for (const step of steps) {
    budget.step();
    if (step.kind === "names") {
      if (!(value instanceof JavaMap)) return undefined;
      value = step.names.length === 1 ? value.member(step.names[0] ?? "") : pick(value, step.names);
    } else {
      if (step.kind !== "indexes" || !(value instanceof JavaCollection)) return undefined;
      value = itemAt(value, step.indexes[0] ?? 0);
    }
    if (value === undefined) return undefined;
  }
  return value;
}

function pick(map: JavaMap, names: readonly string[]): JavaMap {
  const picked = new JavaMap();
  for (const name of names) {
    const value = map.member(name);
    if (value !== undefined) picked.entries.set(name, value);
  }
  return picked;
}

function itemAt(list: JavaCollection, index: number): Value | undefined {
  return list.items[index < 0 ? list.items.length + index : index];
}

/** Steps from `at` on, applied to a value. `certain`: no step before could match several values. */
function walk(
  steps: readonly Step[],
  at: number,
  model: Value,
  certain: boolean,
  found: Value[],
  context: PathContext,
): void {
  context.budget.step();
  const step = steps[at];
  if (step === undefined) {
    context.budget.items(found.length + 1);
    found.push(model);
    return;
  }
  const goOn = (value: Value, stillCertain: boolean) => walk(steps, at + 1, value, stillCertain, found, context);
  switch (step.kind) {
    case "names":
      walkNames(step.names, model, certain, at === steps.length - 1, goOn);
      return;
    case "indexes":
    case "slice":
      if (model instanceof JavaCollection) {
        for (const index of positions(step, model.items.length)) {
          const item = itemAt(model, index);
          if (item !== undefined) goOn(item, certain && step.kind === "indexes" && step.indexes.length === 1);
        }
      } else if (certain) throw new PathNotFound();
      return;
    case "wildcard":
      for (const child of childrenOf(model, context.budget)) tolerant(() => goOn(child, false));
      return;
    case "scan":
      scan(steps, at + 1, model, found, context, 0);
      return;
    case "filter":
      if (model instanceof JavaCollection) {
        for (const item of model.items) if (acceptFilter(step.test, item, context)) goOn(item, false);
      } else if (model instanceof JavaMap) {
        if (acceptFilter(step.test, model, context)) goOn(model, false);
      } else if (certain) throw new PathNotFound();
      return;
    case "function":
      goOn(applyFunction(step.name, step.args, model, context), certain);
      return;
  }
}

function walkNames(
  names: readonly string[],
  model: Value,
  certain: boolean,
  last: boolean,
  goOn: (value: Value, certain: boolean) => void,
): void {
  if (!(model instanceof JavaMap)) {
    if (certain) throw new PathNotFound();
    return;
  }
  if (names.length > 1 && last) {
    goOn(pick(model, names), certain);
    return;
  }
  for (const name of names) {
    const value = model.member(name);
    if (value !== undefined) goOn(value, certain && names.length === 1);
    else if (certain && names.length === 1 && !last) throw new PathNotFound();
  }
}

/** A wildcard passes over children that do not have what follows. */
function tolerant(visit: () => void): void {
  try {
    visit();
  } catch (error) {
    if (!(error instanceof PathNotFound)) throw error;
  }
}

/** `..`: the rest of the path on this value, then on everything below, parents first. */
function scan(
  steps: readonly Step[],
  at: number,
  model: Value,
  found: Value[],
  context: PathContext,
  depth: number,
): void {
  if (!(model instanceof JavaMap) && !(model instanceof JavaCollection)) return;
  context.budget.depth(depth);
  if (fitsScan(steps[at], model, context)) walk(steps, at, model, false, found, context);
  for (const child of childrenOf(model, context.budget)) scan(steps, at, child, found, context, depth + 1);
}

/** ScanPathToken's predicates. A filter is tried on the value itself, so an array passes its items one by one. */
function fitsScan(step: Step | undefined, model: Value, context: PathContext): boolean {
  switch (step?.kind) {
    case "names":
      return model instanceof JavaMap && (step.names.length > 1 || model.entries.has(step.names[0] ?? ""));
    case "indexes":
    case "slice":
      return model instanceof JavaCollection;
    case "wildcard":
      return true;
    case "filter":
      return model instanceof JavaCollection ? false : acceptFilter(step.test, model, context);
    default:
      return false;
  }
}

function childrenOf(model: Value, budget: Budget): readonly Value[] {
  if (model instanceof JavaMap) {
    budget.step(model.entries.size);
    return [...model.entries.values()];
  }
  if (!(model instanceof JavaCollection)) return [];
  budget.step(model.items.length);
  return model.items;
}

/** ArraySliceToken and ArrayIndexToken. */
function positions(step: Extract<Step, { kind: "indexes" | "slice" }>, length: number): readonly number[] {
  if (step.kind === "indexes") return step.indexes;
  const { from, to } = step;
  if (length === 0) return [];
  if (from !== null && to !== null) return range(from, Math.min(length, to));
  if (from !== null) return range(Math.max(0, from < 0 ? length + from : from), length);
  return range(0, Math.min(length, (to ?? 0) < 0 ? length + (to ?? 0) : (to ?? 0)));
}

function range(from: number, to: number): number[] {
  const start = Math.max(from, to - 2_000_000);
  return to > start ? Array.from({ length: to - start }, (_, index) => start + index) : [];
}
