import { assertNever } from "../../src/invariant.js";
import type { PathStep, Reference, Text, Value } from "../../src/model/expressions.js";
import { pathTail } from "./aws-text.js";
import { vtlLiteral, vtlText } from "./vtl-text.js";

/**
 * A mapping rule as the Velocity template that makes the same JSON on API Gateway. Bodies are read by `$input.json`,
 * everything else is a string.
 */
export function ruleTemplate(rule: Value): string {
  switch (rule.kind) {
    case "constant":
      return vtlText(JSON.stringify(rule.value));
    case "reference":
      return isBody(rule.reference) ? jsonOf(rule.reference.path) : `"${escapedString(rule.reference)}"`;
    case "text":
      return `"${textTemplate(rule.text)}"`;
    case "object": {
      const members = rule.members.map(({ name, value }) => `${vtlText(JSON.stringify(name))}:${ruleTemplate(value)}`);
      return `{${members.join(",")}}`;
    }
    case "list":
      return `[${rule.items.map(ruleTemplate).join(",")}]`;
    default:
      return assertNever(rule);
  }
}

/** A value as plain text, for a header or a form field: no quotes around strings, a whole body as its JSON. */
export function plainTemplate(value: Value): string {
  switch (value.kind) {
    case "constant":
      return value.value === null ? "" : vtlText(String(value.value));
    case "reference":
      return plainReference(value.reference);
    case "text":
      return value.text.parts.map((part) => (typeof part === "string" ? vtlText(part) : plainReference(part))).join("");
    default:
      return ruleTemplate(value);
  }
}

function plainReference(reference: Reference): string {
  if (isBody(reference) && reference.path.length === 0) return jsonOf(reference.path);
  return `\${${expressionOf(reference)}}`;
}

/** The inside of a JSON string. */
function textTemplate(text: Text): string {
  return text.parts
    .map((part) => (typeof part === "string" ? vtlText(JSON.stringify(part).slice(1, -1)) : escapedString(part)))
    .join("");
}

/** `escapeJavaScript` writes `\'`, which is no JSON: the documentation's own remedy. Braces end the reference. */
function escapedString(reference: Reference): string {
  return `\${util.escapeJavaScript($${expressionOf(reference)}).replaceAll("\\\\'","'")}`;
}

function isBody(reference: Reference): reference is Extract<Reference, { kind: "body" | "responseBody" }> {
  return reference.kind === "body" || reference.kind === "responseBody";
}

function jsonOf(path: readonly PathStep[]): string {
  return `$input.json(${vtlLiteral(`$${pathTail(path)}`)})`;
}

/** A reference as Velocity reads it, without its `$`. */
function expressionOf(reference: Reference): string {
  switch (reference.kind) {
    case "path":
    case "querystring":
    case "header":
      return `input.params().${reference.kind}.get(${vtlLiteral(reference.name)})`;
    case "body":
    case "responseBody":
      return `input.path(${vtlLiteral(`$${pathTail(reference.path)}`)})`;
    case "context":
      return `context${reference.path.map(memberAccess).join("")}`;
    case "stageVariable":
      return `stageVariables${memberAccess(reference.name)}`;
    default:
      throw new Error(`the templates of API Gateway cannot read ${reference.kind}`);
  }
}

function memberAccess(name: string): string {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(name) ? `.${name}` : `[${vtlLiteral(name)}]`;
}
