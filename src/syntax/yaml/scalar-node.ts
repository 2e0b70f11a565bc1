import type { Scalar } from "yaml";
import type { Span } from "../../source.js";
import type { ScalarNode, ScalarStyle } from "../tree.js";
import type { TreeBuilder } from "./build-tree.js";
import { ScalarSpanMap } from "./span-map.js";

/** A value that is not there. */
export function nullAt(span: Span): ScalarNode {
  return { kind: "scalar", value: null, text: "", style: "plain", span, spanMap: { toFile: () => span } };
}

/** A value that could not be read, which has been reported. */
export function brokenAt(span: Span): ScalarNode {
  return { ...nullAt(span), isBroken: true };
}

export function scalarNode(scalar: Scalar.Parsed, { repaired }: TreeBuilder): ScalarNode {
  const [start, valueEnd] = scalar.range;
  const style = styleOf(scalar);
  const value = plainValue(scalar);
  const text = typeof value === "string" ? value : (scalar.source ?? "");
  let end = valueEnd;
  if (style === "literal" || style === "folded") while (end > start && /\s/.test(repaired.text[end - 1] ?? "")) end--;
  const from = repaired.toFile(start);
  const span = { start: from, end: Math.max(from, repaired.toFile(end)) };
  const spanMap = new ScalarSpanMap(repaired, start, end, style, text);
  return { kind: "scalar", value, text, style, span, spanMap };
}

function styleOf({ type }: Scalar.Parsed): ScalarStyle {
  switch (type) {
    case "QUOTE_DOUBLE":
      return "double";
    case "QUOTE_SINGLE":
      return "single";
    case "BLOCK_LITERAL":
      return "literal";
    case "BLOCK_FOLDED":
      return "folded";
    default:
      return "plain";
  }
}

/** By the core schema; what it gives beyond JSON's values cannot be. */
function plainValue({ value, source }: Scalar.Parsed): ScalarNode["value"] {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    default:
      return value === null || value === undefined ? null : (source ?? "");
  }
}
