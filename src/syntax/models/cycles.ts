import { referencesOf } from "../../model/type-questions.js";
import type { Model, Type } from "../../model/types.js";
import { type Frame, rangeOf } from "./frame.js";
import type { Table } from "./table.js";

/** Names that a type is, or may be, itself: not those inside its objects and arrays. */
function unguarded(type: Type): readonly string[] {
  if (type.kind === "reference") return [type.model];
  return type.kind === "union" || type.kind === "intersection" ? type.members.flatMap(unguarded) : [];
}

/** Reports models that are themselves, by way of aliases, unions and intersections only: `type A = B`, `type B = A`. */
export function reportCircularModels(table: Table, frame: Frame): void {
  const state = new Map<string, "open" | "done">();
  for (const start of table.models.keys()) {
    const path: { name: string; left: string[] }[] = [];
    const enter = (name: string) => {
      const model = table.models.get(name);
      state.set(name, "open");
      path.push({ name, left: model ? [...unguarded(model.type)] : [] });
    };
    if (!state.has(start)) enter(start);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const next = top.left.pop();
      if (next === undefined) {
        state.set(top.name, "done");
        path.pop();
      } else if (state.get(next) === "open") {
        const names = path.map(({ name }) => name);
        reportCircle(names.slice(names.indexOf(next)), table, frame);
      } else if (!state.has(next)) {
        enter(next);
      }
    }
  }
}

/** One diagnostic for a circle, at its first name in the file. */
function reportCircle(circle: readonly string[], table: Table, frame: Frame): void {
  const [name = ""] = circle;
  if (circle.some((member) => table.circular.has(member))) return;
  table.circular.add(name);
  const declaration = table.declarations.get(name);
  const range = declaration ? rangeOf(declaration.node.name, declaration.source.file) : { start: 0, end: 1 };
  (declaration?.source.frame ?? frame).report("circular-type", frame.span(range), { name });
}

/** Models with `recursive` set where they can reach themselves (Tarjan's strongly connected components, iterative). */
export function withRecursion(models: readonly Model[]): readonly Model[] {
  const edges = new Map(models.map((model) => [model.name, [...referencesOf(model.type)]]));
  const recursive = new Set<string>();
  for (const component of components(edges)) {
    const [only] = component;
    const isCycle = component.length > 1 || (only !== undefined && edges.get(only)?.includes(only));
    if (isCycle) for (const name of component) recursive.add(name);
  }
  return models.map((model) => ({ ...model, recursive: recursive.has(model.name) }));
}

function components(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const onStack = new Set<string>();
  const found: string[][] = [];
  for (const start of edges.keys()) {
    if (order.has(start)) continue;
    const path: { name: string; next: number }[] = [{ name: start, next: 0 }];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { name } = top;
      if (top.next === 0) {
        order.set(name, order.size);
        low.set(name, order.size - 1);
        stack.push(name);
        onStack.add(name);
      }
      const target = edges.get(name)?.[top.next++];
      if (target !== undefined) {
        if (!order.has(target)) path.push({ name: target, next: 0 });
        else if (onStack.has(target)) low.set(name, Math.min(low.get(name) ?? 0, order.get(target) ?? 0));
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent) low.set(parent.name, Math.min(low.get(parent.name) ?? 0, low.get(name) ?? 0));
      if (low.get(name) !== order.get(name)) continue;
      const component: string[] = [];
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        onStack.delete(member);
        component.push(member);
        if (member === name) break;
      }
      found.push(component);
    }
  }
  return found;
}
