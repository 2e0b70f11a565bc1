import { membersOf, resolved } from "../model/type-questions.js";
import type { Type } from "../model/types.js";
import { nearest } from "../nearest.js";
import type { Node, ScalarNode } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";

type MapNode = Extract<Node, { readonly kind: "map" }>;

/**
 * A rule makes what its response declares: the members of the type, and constants of its kinds. What expressions give is
 * not known here.
 */
export function checkRuleShape(node: Node, type: Type, checking: Checking): void {
  switch (node.kind) {
    case "map":
      checkMembers(node, type, checking);
      return;
    case "list": {
      const target = resolved(type, checking.types.lookup);
      if (target.kind === "array") for (const item of node.items) checkRuleShape(item, target.items, checking);
      return;
    }
    case "scalar":
      checkConstant(node, type, checking);
      return;
  }
}

function checkMembers(node: MapNode, type: Type, checking: Checking): void {
  const members = membersOf(type, checking.types.lookup);
  if (members === undefined) return;
  const { additional } = members;
  // What is `@writeOnly` is never answered.
  const properties = new Map([...members.properties].filter(([, { writeOnly }]) => !writeOnly));
  const given = new Set(node.entries.map(({ name }) => name.text));
  for (const { name, value } of node.entries) {
    const property = properties.get(name.text);
    if (property !== undefined) checkRuleShape(value, property.type, checking);
    else if (properties.size > 0 && typeof additional === "boolean") {
      const near = nearest(name.text, [...properties.keys()]);
      checking.report("rule-member-unknown", name.span, { name: name.text, near });
    }
  }
  const missing = [...properties.values()].filter(({ name, optional }) => !optional && !given.has(name));
  if (missing.length > 0) {
    checking.report("rule-member-missing", node.span, { names: missing.map(({ name }) => name).join(", ") });
  }
}

function checkConstant(node: ScalarNode, type: Type, checking: Checking): void {
  const target = resolved(type, checking.types.lookup);
  if (
    target.kind !== "primitive" ||
    node.value === null ||
    (typeof node.value === "string" && node.value.includes("$"))
  )
    return;
  const wanted = kinds.get(target.name);
  if (wanted === undefined || typeof node.value === wanted) return;
  checking.report("rule-type-mismatch", node.span, { given: typeof node.value, wanted: target.name });
}

const kinds: ReadonlyMap<string, "string" | "number" | "boolean"> = new Map([
  ["string", "string"],
  ["number", "number"],
  ["integer", "number"],
  ["boolean", "boolean"],
]);
