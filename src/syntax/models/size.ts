import { partsOf } from "../../model/type-questions.js";
import type { Type } from "../../model/types.js";

export interface TypeSize {
  /** Nodes when the type is written out; parts that are shared count each time. */
  readonly parts: number;
  readonly depth: number;
}

export type TypeSizes = WeakMap<Type, TypeSize>;

/** Size of a type. Types are measured as they are built, so the recursion meets known parts soon. */
export function sizeOf(type: Type, known: TypeSizes): TypeSize {
  const measured = known.get(type);
  if (measured) return measured;
  const parts = partsOf(type).map((part) => sizeOf(part, known));
  const size = {
    parts: parts.reduce((sum, part) => sum + part.parts, 1),
    depth: parts.reduce((deepest, part) => Math.max(deepest, part.depth), 0) + 1,
  };
  known.set(type, size);
  return size;
}
