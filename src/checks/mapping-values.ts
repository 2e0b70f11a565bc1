import { parseText, parseValue, type TextSource } from "../mapping/expressions/parse-text.js";
import type { Reference, Text, Value } from "../model/expressions.js";
import type { Span } from "../source.js";
import type { NamedNode } from "../syntax/gateway-syntax.js";
import type { Node } from "../syntax/tree.js";
import type { Checking } from "./checking.js";

/** Where a value stands, and so what it may refer to. */
export type ValuePlace = "request" | "response" | "gatewayResponse" | "config";

/** Kinds of references that a place allows, and what the message calls the place. */
const places: Readonly<Record<ValuePlace, { readonly kinds: ReadonlySet<Reference["kind"]>; readonly name: string }>> =
  {
    request: {
      kinds: new Set(["path", "querystring", "header", "body", "context", "stageVariable"]),
      name: "the mapping of a request",
    },
    response: {
      kinds: new Set([
        "path",
        "querystring",
        "header",
        "responseHeader",
        "responseBody",
        "responseStatus",
        "context",
        "stageVariable",
      ]),
      name: "the mapping of a response",
    },
    gatewayResponse: {
      kinds: new Set(["path", "querystring", "header", "context", "stageVariable"]),
      name: "a gateway response",
    },
    config: { kinds: new Set(["stageVariable", "env"]), name: "this value" },
  };

/** JSON with expressions, such as a mapping rule. Undefined when something in it is wrong, which has been reported. */
export function checkValue(node: Node, place: ValuePlace, checking: Checking): Value | undefined {
  switch (node.kind) {
    case "scalar":
      return typeof node.value === "string"
        ? parseValue(node, options(place, checking))
        : { kind: "constant", value: node.value };
    case "list": {
      const items = node.items.map((item) => checkValue(item, place, checking));
      return items.every((item) => item !== undefined) ? { kind: "list", items } : undefined;
    }
    case "map": {
      const members = node.entries.map(({ name, value }) => ({
        name: name.text,
        value: checkValue(value, place, checking),
      }));
      return members.every(hasValue) ? { kind: "object", members } : undefined;
    }
  }
}

function hasValue<T extends { readonly value: Value | undefined }>(member: T): member is T & { readonly value: Value } {
  return member.value !== undefined;
}

/** A text of the file's configuration: stage variables and environment only. */
export function checkConfigText(source: TextSource, checking: Checking): Text | undefined {
  return parseText(source, options("config", checking));
}

/** Text of an address: stage variables, environment and path parameters as `{name}`. */
export function checkAddress(
  source: TextSource,
  checking: Checking,
  onParameter: (name: string, span: Span) => void,
): Text | undefined {
  return parseText(source, {
    report: checking.report,
    pathParameters: true,
    onReference: (reference, span) => {
      checking.variables.note(reference, span);
      if (reference.kind === "path") onParameter(reference.name, span);
      else if (reference.kind !== "stageVariable" && reference.kind !== "env")
        refuse(reference, span, "config", checking);
    },
  });
}

/** Named values, such as mapped headers. Objects and lists are no values of a parameter. */
export function checkParameters(nodes: readonly NamedNode[], place: ValuePlace, checking: Checking) {
  return nodes.flatMap(({ name, value }) => {
    if (value.kind !== "scalar") {
      checking.report("parameter-not-scalar", value.span, { name: name.text });
      return [];
    }
    const checked = checkValue(value, place, checking);
    return checked === undefined ? [] : [{ name: name.text, value: checked }];
  });
}

function options(place: ValuePlace, checking: Checking) {
  return {
    report: checking.report,
    onReference: (reference: Reference, span: Span) => {
      checking.variables.note(reference, span);
      if (!places[place].kinds.has(reference.kind)) refuse(reference, span, place, checking);
    },
  };
}

function refuse(reference: Reference, span: Span, place: ValuePlace, { report }: Checking): void {
  report("reference-not-here", span, { reference: rootOf(reference), place: places[place].name });
}

function rootOf({ kind }: Reference): string {
  switch (kind) {
    case "path":
    case "querystring":
    case "header":
    case "body":
      return `$request.${kind}`;
    case "responseHeader":
      return "$response.header";
    case "responseBody":
      return "$response.body";
    case "responseStatus":
      return "$response.status";
    case "context":
      return "$context";
    case "stageVariable":
      return "$stageVariables";
    case "env":
      return "${env.…}";
  }
}
