import {
  type ExpressionText,
  type Place,
  parseExpression,
  parseText,
  parseValue,
} from "../mapping/expressions/index.js";
import { isExpression } from "../mapping/expressions/parse-text.js";
import type { ExpressionReader, FoundAt } from "../mapping/expressions/reader.js";
import type { Reference, Text, Value } from "../model/expressions.js";
import type { ParameterMapping } from "../model/integrations.js";
import type { Span } from "../source.js";
import type { NamedNode, Node } from "../syntax/gateway-syntax.js";
import type { MapEntry } from "../syntax/tree.js";
import type { Checking } from "./checking.js";

/**
 * What more is to be known of a reference than that it may stand where it stands. It may give another that stands for
 * it: a header in the spelling that is declared.
 */
export type OnReference = (reference: Reference, at: FoundAt) => Reference | undefined;

/** The expression that a text is. Undefined when it is wrong, which has been reported; the same holds below. */
export function readExpression(
  text: ExpressionText,
  place: Place,
  checking: Checking,
  found?: OnReference,
): Reference | undefined {
  return parseExpression(text, readerOf(place, checking, found));
}

/** A text with interpolations, or one that is wholly an expression. */
export function readText(
  text: ExpressionText,
  place: Place,
  checking: Checking,
  found?: OnReference,
): Text | undefined {
  return parseText(text, readerOf(place, checking, found));
}

/** The text of an endpoint: `{name}` is a path parameter. */
export function readEndpoint(
  text: ExpressionText,
  place: Place,
  checking: Checking,
  found: OnReference,
): Text | undefined {
  return parseText(text, readerOf(place, checking, found), { braces: true });
}

/** JSON that may hold expressions. */
export function readValue(node: Node, place: Place, checking: Checking, found?: OnReference): Value | undefined {
  return parseValue(node, readerOf(place, checking, found));
}

/** Named values of parameters: each a constant, a text or an expression. Null removes the parameter, on HTTP APIs only. */
export function readParameters(
  nodes: readonly NamedNode[],
  place: Place,
  checking: Checking,
  found?: OnReference,
): readonly ParameterMapping[] {
  return nodes.flatMap(({ name, value }) => {
    const added = appended(value);
    if (added) {
      if (checking.kind === "rest") {
        const instead = "use kind: http, or give the whole value";
        checking.report("not-on-rest-apis", added.name.span, { what: "values that are appended", instead });
        return [];
      }
      const read = readValue(added.value, place, checking, found);
      return read === undefined ? [] : [{ name: name.text, value: read, appends: true }];
    }
    if (value.kind !== "scalar") {
      checking.report("parameter-not-scalar", value.span, { name: name.text });
      return [];
    }
    if (value.value === null && checking.kind === "rest") {
      checking.report("parameter-without-value", name.span, { name: name.text });
      return [];
    }
    const read = readValue(value, place, checking, found);
    return read === undefined ? [] : [{ name: name.text, value: read }];
  });
}

/** `{ append: value }`, on HTTP APIs. */
function appended(node: Node): MapEntry | undefined {
  const [only] = node.kind === "map" && node.entries.length === 1 ? node.entries : [];
  return only?.name.text === "append" && only.value.kind === "scalar" ? only : undefined;
}

/** Refuses expressions in a text that must be fixed when the API is deployed. */
export function isFixed(text: ExpressionText, where: string, { report }: Checking): boolean {
  const written = /\$\{[^}]*\}?/.exec(text.text) ?? (isExpression(text.text) ? /^\$[\w.]+/.exec(text.text) : null);
  if (!written) return true;
  const span = text.spanMap.toFile({ start: written.index, end: written.index + written[0].length });
  report("expression-not-here", span, { expression: written[0], where, reads: "" });
  return false;
}

/** A text that lies inside another: from an offset on. */
export function textFrom(text: ExpressionText, start: number): ExpressionText {
  const toFile = (span: Span) => text.spanMap.toFile({ start: span.start + start, end: span.end + start });
  return {
    text: text.text.slice(start),
    span: toFile({ start: 0, end: text.text.length - start }),
    spanMap: { toFile },
  };
}

function readerOf(place: Place, { kind, report, variables }: Checking, found?: OnReference): ExpressionReader {
  return {
    // HTTP APIs have variables of their own, in all their mappings.
    place: kind === "http" && place.context === "mapping" ? { ...place, context: "http" } : place,
    report,
    found: (reference, at) => {
      if (reference.kind === "stageVariable") variables.add(reference.name, at.span);
      return found?.(reference, at);
    },
  };
}
