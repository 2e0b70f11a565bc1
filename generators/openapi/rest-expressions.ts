import { assertNever } from "../../src/invariant.js";
import type { Reference, Value } from "../../src/model/expressions.js";
import { constantText } from "../../src/model/expressions.js";
import { pathTail } from "../emit/aws-text.js";

/**
 * A value as the right side of a request parameter mapping of REST APIs, such as `method.request.header.X` or `'text'`
 * (aws-behaviour.md section 12.1). Undefined when AWS has no expression for it: a text that mixes references, a made-up
 * object, a value of the response.
 */
export function requestExpression(value: Value): string | undefined {
  return expression(value, requestReference);
}

/** The same for response headers: `integration.response.header.X` … (section 12.2). */
export function responseExpression(value: Value): string | undefined {
  return expression(value, responseReference);
}

/** The same for headers of gateway responses: what is left of the request when it has failed (section 16). */
export function gatewayResponseExpression(value: Value): string | undefined {
  return expression(value, (reference) => (reference.kind === "body" ? undefined : requestReference(reference)));
}

/** A constant as AWS writes it, in single quotes. */
export function staticExpression(text: string): string {
  return `'${text}'`;
}

function expression(value: Value, referenced: (reference: Reference) => string | undefined): string | undefined {
  switch (value.kind) {
    case "constant":
      return value.value === null ? undefined : staticExpression(String(value.value));
    case "reference":
      return referenced(value.reference);
    case "text": {
      const constant = constantText(value.text);
      if (constant !== undefined) return staticExpression(constant);
      const [only] = value.text.parts;
      return value.text.parts.length === 1 && typeof only === "object" ? referenced(only) : undefined;
    }
    case "default":
    case "encoded":
    case "object":
    case "list":
      return undefined;
    default:
      return assertNever(value);
  }
}

function requestReference(reference: Reference): string | undefined {
  switch (reference.kind) {
    case "path":
    case "querystring":
    case "header":
    case "multivaluequerystring":
    case "multivalueheader":
      return `method.request.${reference.kind}.${reference.name}`;
    case "body":
      return `method.request.body${pathTail(reference.path)}`;
    default:
      return anywhere(reference);
  }
}

function responseReference(reference: Reference): string | undefined {
  switch (reference.kind) {
    case "responseHeader":
      return `integration.response.header.${reference.name}`;
    case "responseMultiHeader":
      return `integration.response.multivalueheader.${reference.name}`;
    case "responseBody":
      return `integration.response.body${pathTail(reference.path)}`;
    default:
      return anywhere(reference);
  }
}

function anywhere(reference: Reference): string | undefined {
  if (reference.kind === "context") return `context.${reference.path.join(".")}`;
  return reference.kind === "stageVariable" ? `stageVariables.${reference.name}` : undefined;
}
