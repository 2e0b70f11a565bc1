import type ts from "typescript";
import { tuple } from "../../model/type-builders.js";
import type { Type } from "../../model/types.js";
import { broken, brokenType } from "./broken.js";
import { rangeOf } from "./frame.js";
import { resolveNode } from "./resolve.js";
import type { Place } from "./table.js";

interface Item {
  readonly node: ts.TypeNode;
  readonly type: ts.TypeNode;
  readonly kind: "required" | "optional" | "rest";
}

/** `[A, b: B, C?, ...D[]]`. */
export function resolveTuple(node: ts.TupleTypeNode, place: Place): Type {
  const { source } = place;
  const items = node.elements.map((element) => itemOf(element, source.ts));
  const rest = items.find((item) => item.kind === "rest");
  for (const [index, item] of items.entries()) {
    const before = items[index - 1];
    if (before?.kind === "rest") return misshapen(item, "the rest item of a tuple stands at its end", place);
    if (before?.kind === "optional" && item.kind === "required") {
      return misshapen(item, "a required item cannot follow an optional one", place);
    }
  }
  source.frame.report("aws-tuple", source.frame.span(rangeOf(node, source.file)), undefined);
  const fixed = items.filter((item) => item.kind !== "rest");
  const types = fixed.map((item) => resolveNode(item.type, place));
  const required = fixed.filter((item) => item.kind === "required").length;
  const restType = rest && resolveRest(rest, place);
  return [...types, restType].includes(brokenType) ? brokenType : tuple(types, required, restType);
}

function misshapen(item: Item, detail: string, { source }: Place): Type {
  return broken(source, item.node, "tuple-shape", { detail });
}

function itemOf(node: ts.TypeNode | ts.NamedTupleMember, ts: Place["source"]["ts"]): Item {
  if (ts.isNamedTupleMember(node)) {
    const kind = node.dotDotDotToken ? "rest" : node.questionToken ? "optional" : "required";
    return { node, type: node.type, kind };
  }
  if (ts.isRestTypeNode(node)) return { node, type: node.type, kind: "rest" };
  if (ts.isOptionalTypeNode(node)) return { node, type: node.type, kind: "optional" };
  return { node, type: node, kind: "required" };
}

/** The element type of `...T[]`. */
function resolveRest(item: Item, place: Place): Type {
  const type = resolveNode(item.type, place);
  if (type.kind === "array") return type.items;
  return type === brokenType ? type : misshapen(item, "a rest item is an array: `...T[]`", place);
}
