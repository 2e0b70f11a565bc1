import type { FoundAt } from "../mapping/expressions/reader.js";
import type { PathStep } from "../model/expressions.js";
import { membersOf, resolved } from "../model/type-questions.js";
import type { Type } from "../model/types.js";
import { nearest } from "../nearest.js";
import type { Checking } from "./checking.js";

/** A rule reads what the declared type of the body has: a field that it lacks is reported at the step. */
export function checkBodyPath(path: readonly PathStep[], at: FoundAt, type: Type, { report, types }: Checking): void {
  let current = type;
  for (const [index, step] of path.entries()) {
    const next = stepInto(current, step, types.lookup);
    if (next === undefined) return;
    if (next === "missing") {
      const known = [...(membersOf(current, types.lookup)?.properties.keys() ?? [])];
      const name = nameOf(step);
      const where = index === 0 ? "the body" : "this part of the body";
      report("path-not-in-model", at.names[index] ?? at.span, { name, where, near: nearest(name, known) });
      return;
    }
    current = next;
  }
}

/** Undefined where the type says nothing. A type that lists its properties is taken at its word. */
function stepInto(type: Type, step: PathStep, lookup: Checking["types"]["lookup"]): Type | undefined | "missing" {
  const target = resolved(type, lookup);
  if (step.kind !== "member") {
    if (target.kind === "array") return target.items;
    if (target.kind === "tuple") return step.kind === "index" ? (target.items[step.index] ?? target.rest) : undefined;
    return target.kind === "object" ? "missing" : undefined;
  }
  if (target.kind === "array") return "missing";
  const members = membersOf(target, lookup);
  if (members === undefined) return undefined;
  const property = members.properties.get(step.name);
  if (property) return property.type;
  if (typeof members.additional !== "boolean") return members.additional;
  return members.properties.size > 0 ? "missing" : undefined;
}

function nameOf(step: PathStep): string {
  switch (step.kind) {
    case "member":
      return step.name;
    case "index":
      return `[${step.index}]`;
    case "items":
      return "[*]";
  }
}
