import type { ParsedNode } from "yaml";
import type { Name } from "../tree.js";
import { spanOf, type TreeBuilder } from "./build-tree.js";
import { quoted } from "./repair.js";
import { scalarNode } from "./scalar-node.js";

/** The name that a key is; undefined, and reported, when it is a map, a list, an alias or nothing. */
export function keyName(key: ParsedNode | null, builder: TreeBuilder): Name | undefined {
  if (builder.yaml.isScalar(key)) {
    const { text, span, spanMap } = scalarNode(key, builder);
    if (text !== "" || span.end > span.start) return { text, span, spanMap };
    builder.report("yaml-key", widened(span, builder.repaired.text.length), { fixed: undefined });
    return undefined;
  }
  if (!key) return undefined;
  const span = spanOf(key, builder);
  const source = builder.repaired.text.slice(key.range[0], key.range[1]).trimEnd();
  const text = source.length <= 100 && !source.includes("\n") ? quoted(source) : undefined;
  const fix = text === undefined ? undefined : { span, text };
  builder.report("yaml-key", span, { fixed: text }, { fix });
  return undefined;
}

/** An empty key has no width: show the colon. */
function widened({ start, end }: Name["span"], length: number): Name["span"] {
  return { start, end: Math.min(length, Math.max(end, start + 1)) };
}
