import type { Value } from "../../model/expressions.js";
import { constantText } from "../../model/expressions.js";
import type { JsonValue } from "../../model/types.js";
import type { Node, ScalarNode } from "../../syntax/tree.js";
import { hasDefault, parseDefault } from "./parse-default.js";
import { isExpression, parseExpression, parseText } from "./parse-text.js";
import type { ExpressionReader } from "./reader.js";

/**
 * Reads JSON that may hold expressions: a mapping rule, the value of a parameter, a mock's answer.
 *
 * @returns undefined when something in it is wrong, which has been reported
 */
export function parseValue(node: Node, reader: ExpressionReader): Value | undefined {
  switch (node.kind) {
    case "scalar":
      return parseScalar(node, reader);
    case "list": {
      const items = node.items.map((item) => parseValue(item, reader));
      return items.every((item) => item !== undefined) ? { kind: "list", items } : undefined;
    }
    case "map": {
      const members = node.entries.map(({ name, value }) => ({ name: name.text, value: parseValue(value, reader) }));
      return members.every(hasValue) ? { kind: "object", members } : undefined;
    }
  }
}

function hasValue(member: { name: string; value: Value | undefined }): member is { name: string; value: Value } {
  return member.value !== undefined;
}

function parseScalar(node: ScalarNode, reader: ExpressionReader): Value | undefined {
  if (typeof node.value !== "string") return { kind: "constant", value: node.value };
  if (hasDefault(node.text)) return parseDefault(node, reader);
  if (isExpression(node.text)) {
    const reference = parseExpression(node, reader);
    return reference && { kind: "reference", reference };
  }
  const text = parseText(node, reader);
  if (!text) return undefined;
  const constant = constantText(text);
  return constant === undefined ? { kind: "text", text } : { kind: "constant", value: constant };
}

/** The JSON that a value is when it holds no expression; undefined otherwise. */
export function constantJson(value: Value): JsonValue | undefined {
  switch (value.kind) {
    case "constant":
      return value.value;
    case "reference":
    case "default":
    case "encoded":
      return undefined;
    case "text":
      return constantText(value.text);
    case "list": {
      const items = value.items.map(constantJson);
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    case "object": {
      const members = value.members.map(({ name, value: of }) => [name, constantJson(of)] as const);
      if (members.some(([, of]) => of === undefined)) return undefined;
      return Object.fromEntries(members) as { readonly [name: string]: JsonValue };
    }
  }
}
