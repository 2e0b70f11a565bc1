import { assertNever, invariant } from "../../src/invariant.js";
import type { Reference, Text, Value } from "../../src/model/expressions.js";
import { pathTail } from "./aws-text.js";
import { vtlText } from "./vtl-text.js";

/**
 * A mapping rule as the Velocity template that makes the same JSON on API Gateway. Bodies are read by `$input.json`,
 * everything else is a string.
 */
export function ruleTemplate(rule: Value): string {
  switch (rule.kind) {
    case "constant":
      return vtlText(JSON.stringify(rule.value));
    case "reference":
      return isBody(rule.reference) ? jsonOf(rule.reference) : `"${escapedString(textOf(rule.reference))}"`;
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

/** A value as plain text, for a header or a form field: no quotes around strings. */
export function plainTemplate(value: Value): string {
  switch (value.kind) {
    case "constant":
      return value.value === null ? "" : vtlText(String(value.value));
    case "reference":
      return textOf(value.reference);
    case "text":
      return value.text.parts.map((part) => (typeof part === "string" ? vtlText(part) : textOf(part))).join("");
    default:
      return ruleTemplate(value);
  }
}

/** The inside of a JSON string. */
function textTemplate(text: Text): string {
  return text.parts
    .map((part) =>
      typeof part === "string" ? vtlText(JSON.stringify(part).slice(1, -1)) : escapedString(textOf(part)),
    )
    .join("");
}

/** `escapeJavaScript` writes `\'`, which is no JSON: the documentation's own remedy. */
function escapedString(reference: string): string {
  return `$util.escapeJavaScript(${reference}).replaceAll("\\\\'","'")`;
}

function isBody(reference: Reference): reference is Extract<Reference, { kind: "body" | "responseBody" }> {
  return reference.kind === "body" || reference.kind === "responseBody";
}

function jsonOf(reference: Extract<Reference, { kind: "body" | "responseBody" }>): string {
  return `$input.json(${pathLiteral(reference)})`;
}

function pathLiteral(reference: Extract<Reference, { kind: "body" | "responseBody" }>): string {
  const tail = pathTail(reference.path);
  invariant(!/["$]/.test(tail), "members of a body that a rule reads hold neither quotes nor dollars");
  return tail.includes("'") ? `"$${tail}"` : `'$${tail}'`;
}

/** A reference as Velocity reads it, without JSON around it. */
function textOf(reference: Reference): string {
  switch (reference.kind) {
    case "path":
    case "querystring":
    case "header":
      return `$input.params().${reference.kind}.get('${quotable(reference.name)}')`;
    case "body":
    case "responseBody":
      return `$input.path(${pathLiteral(reference)})`;
    case "context":
      return `$context.${reference.path.join(".")}`;
    case "stageVariable":
      return `$stageVariables.${reference.name}`;
    default:
      throw new Error(`API Gateway's templates cannot read ${reference.kind}`);
  }
}

function quotable(name: string): string {
  invariant(!name.includes("'"), "names of parameters that a rule reads hold no quote");
  return name;
}
