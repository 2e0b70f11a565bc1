import { assertNever } from "../../src/invariant.js";
import type { PathStep, Reference, Text } from "../../src/model/expressions.js";

/**
 * A text as AWS has it in URIs, ARNs and names: stage variables as `${stageVariables.x}`, path parameters as `{x}`
 * (aws-behaviour.md section 6.7). Other references keep the language's own form.
 */
export function awsText(text: Text): string {
  return text.parts.map((part) => (typeof part === "string" ? part : awsPart(part))).join("");
}

function awsPart(reference: Reference): string {
  return reference.kind === "path" ? `{${reference.name}}` : `\${${referenceText(reference)}}`;
}

/** The language's own text of a reference, without its `$`: `request.header.X`, `stageVariables.x`. */
export function referenceText(reference: Reference): string {
  switch (reference.kind) {
    case "path":
    case "querystring":
    case "header":
    case "multivaluequerystring":
    case "multivalueheader":
      return `request.${reference.kind}.${reference.name}`;
    case "requestPath":
      return "request.path";
    case "body":
      return `request.body${pathTail(reference.path)}`;
    case "responseHeader":
      return `response.header.${reference.name}`;
    case "responseMultiHeader":
      return `response.multivalueheader.${reference.name}`;
    case "responseBody":
      return `response.body${pathTail(reference.path)}`;
    case "responseStatus":
      return "response.status";
    case "context":
      return `context.${reference.path.join(".")}`;
    case "stageVariable":
      return `stageVariables.${reference.name}`;
    case "env":
      return `env.${reference.name}`;
    default:
      return assertNever(reference);
  }
}

/** Steps into a body as the tail of a JSONPath: `.items[0].sku`, `['a b']`, `[*]`. */
export function pathTail(path: readonly PathStep[]): string {
  return path.map(stepText).join("");
}

function stepText(step: PathStep): string {
  switch (step.kind) {
    case "member":
      return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(step.name) ? `.${step.name}` : `['${escapedMember(step.name)}']`;
    case "index":
      return `[${step.index}]`;
    case "items":
      return "[*]";
  }
}

function escapedMember(name: string): string {
  return name.replace(/[\\']/g, "\\$&");
}
