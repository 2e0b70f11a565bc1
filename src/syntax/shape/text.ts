import type { Name, Node, ScalarNode } from "../tree.js";
import type { TextValue } from "../values-syntax.js";
import { quoted } from "../yaml/repair.js";
import { found, type JsonSchema, type Place, reportWrongType, type Shape } from "./shape.js";

interface TextOptions {
  /** JSON Schema keywords for editors; `pattern` and `wanted` are checked too. */
  readonly schema?: JsonSchema;
  readonly mayBeEmpty?: boolean;
}

/** A text. Numbers and booleans are not taken for one: their quotes were forgotten. */
export function text(expected = "a text", { schema = {}, mayBeEmpty = false }: TextOptions = {}): Shape<TextValue> {
  return {
    expected,
    schema: () => ({ type: "string", ...(mayBeEmpty ? {} : { minLength: 1 }), ...schema }),
    read(node, place) {
      if (node.kind !== "scalar" || typeof node.value !== "string") {
        const help = node.kind === "scalar" && node.value !== null ? `write ${quoted(node.text)} in quotes` : undefined;
        reportWrongType(node, expected, place, help);
        return undefined;
      }
      if (node.text === "" && !mayBeEmpty) {
        place.report("empty-name", node.span, { expected });
        return undefined;
      }
      return textOf(node);
    },
  };
}

/** A description or title: a text that is likely to hold a `#`. */
export function prose(): Shape<TextValue> {
  const shape = text("a text", { mayBeEmpty: true });
  return {
    ...shape,
    read(node, place) {
      if (node.kind === "scalar" && node.style === "plain") warnOfComment(node, place);
      return shape.read(node, place);
    },
  };
}

/** `description: Order #5` ends at "Order". A comment that is meant has a space after its `#`. */
function warnOfComment(node: ScalarNode, { report, source }: Place): void {
  const rest = /^[ \t]+(#[^\s#][^\r\n]*)/.exec(source.text.slice(node.span.end, node.span.end + 200));
  if (!rest?.[1]) return;
  const end = node.span.end + rest[0].length;
  const fix = { span: { start: node.span.start, end }, text: quoted(source.text.slice(node.span.start, end)) };
  report("text-cut-by-comment", { start: end - rest[1].length, end }, { rest: rest[1] }, { fix });
}

/** Any scalar, as it is written: `1.10`, `0123`, `true`, "text". For what is a text whatever it looks like. */
export function written(expected = "a text", schema: JsonSchema = {}): Shape<TextValue> {
  return {
    expected,
    schema: () => ({ type: ["string", "number", "boolean"], ...schema }),
    read(node, place) {
      if (node.kind === "scalar" && node.value !== null) return textOf(node);
      reportWrongType(node, expected, place);
      return undefined;
    },
  };
}

/** A TypeScript type expression. A map or list in its place is a type whose quotes were forgotten. */
export function typeText(): Shape<TextValue> {
  const expected = "a type";
  return {
    expected,
    schema: () => ({ type: ["string", "number", "boolean"], minLength: 1 }),
    read(node, place) {
      if (node.kind !== "scalar") {
        reportUnquotedType(node, place);
        return undefined;
      }
      if (node.value === null || node.text.trim() === "") {
        reportWrongType(node, expected, place);
        return undefined;
      }
      return textOf(node);
    },
  };
}

export function reportUnquotedType(node: Node, { report, source }: Place): void {
  const written = source.text.slice(node.span.start, node.span.end);
  const isFlow = /^[{[]/.test(written) && written.length < 500 && !written.includes("\n");
  const fix = isFlow ? { span: node.span, text: quoted(written) } : undefined;
  report("type-needs-quotes", node.span, { found: found(node), fixed: fix?.text }, { fix });
}

/** A scalar as a text with its place. */
export function textOf({ text, span, spanMap, style }: ScalarNode): TextValue {
  return { text, span, spanMap, style };
}

export function nameOf({ text, span, spanMap }: TextValue): Name {
  return { text, span, spanMap };
}
