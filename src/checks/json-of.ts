import type { JsonValue } from "../model/types.js";
import type { MapNode, Node } from "../syntax/tree.js";

/** A node of the file as plain JSON; nothing in it is an expression. */
export function jsonOf(node: Node): JsonValue {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(jsonOf);
    case "map":
      return recordOf(node);
  }
}

/** Members of a map by name. `__proto__` becomes a member like any other: `fromEntries` defines, it does not assign. */
export function recordOf(node: MapNode | undefined): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries((node?.entries ?? []).map(({ name, value }) => [name.text, jsonOf(value)]));
}
