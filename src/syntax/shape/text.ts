import type { Name, Node, ScalarNode } from "../tree.js";
import type { TextValue } from "../values-syntax.js";
import { quoted } from "../yaml/repair.js";
import { found, type Place, reportWrongType, type Shape } from "./shape.js";

interface TextOptions {
  /** What the whole text must match. */
  readonly pattern?: RegExp;
  readonly mayBeEmpty?: boolean;
}

/** A text. Numbers and booleans are not taken for one: their quotes were forgotten. */
export function text(expected = "a text", { pattern, mayBeEmpty = false }: TextOptions = {}): Shape<TextValue> {
  return {
    expected,
    schema: () => ({
      type: "string",
      ...(mayBeEmpty ? {} : { minLength: 1 }),
      ...(pattern ? { pattern: pattern.source } : {}),
    }),
    read(node, place) {
      if (node.kind !== "scalar" || typeof node.value !== "string") {
        const help = node.kind === "scalar" && node.value !== null ? `write ${quoted(node.text)} in quotes` : undefined;
        reportWrongType(node, expected, place, help);
        return undefined;
      }
      if (node.text === "" && !mayBeEmpty) {
        place.report("empty-text", node.span, { expected });
        return undefined;
      }
      return matching(node, expected, pattern, place);
    },
  };
}

function matching(
  node: ScalarNode,
  expected: string,
  pattern: RegExp | undefined,
  place: Place,
): TextValue | undefined {
  if (!pattern || pattern.test(node.text)) return textOf(node);
  place.report("wrong-text", node.span, { text: node.text, wanted: expected });
  return undefined;
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
export function written(expected = "a text"): Shape<TextValue> {
  return {
    expected,
    schema: () => ({ type: ["string", "number", "boolean"] }),
    read(node, place) {
      if (node.kind === "scalar" && node.value !== null) return textOf(node);
      reportWrongType(node, expected, place);
      return undefined;
    },
  };
}

/** Twelve digits, in quotes or not: as a number some of them would lose their zeros. */
export function accountNumber(): Shape<TextValue> {
  const expected = "an account number of twelve digits";
  const digits = /^\d{12}$/;
  return {
    expected,
    schema: () => ({
      anyOf: [
        { type: "string", pattern: digits.source },
        { type: "integer", minimum: 100_000_000_000, maximum: 999_999_999_999 },
      ],
    }),
    read(node, place) {
      if (node.kind === "scalar" && node.value !== null) return matching(node, expected, digits, place);
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
    schema: () => ({ type: ["string", "number", "boolean"], pattern: "\\S" }),
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
