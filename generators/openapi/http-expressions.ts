import { assertNever } from "../../src/invariant.js";
import { constantText, type Value } from "../../src/model/expressions.js";
import { referenceText } from "../emit/aws-text.js";

/**
 * A value as the right side of a parameter mapping of HTTP APIs: `$request.header.x`, text with `${request.path.x}` in
 * it, or static text (aws-behaviour.md section 28.2). Undefined for null, which removes the parameter, and for made-up
 * objects, which HTTP APIs do not have.
 */
export function httpExpression(value: Value): string | undefined {
  switch (value.kind) {
    case "constant":
      return value.value === null ? undefined : String(value.value);
    case "reference":
      return `$${referenceText(value.reference)}`;
    case "text":
      return (
        constantText(value.text) ??
        value.text.parts.map((part) => (typeof part === "string" ? part : `\${${referenceText(part)}}`)).join("")
      );
    case "default":
    case "encoded":
    case "object":
    case "list":
      return undefined;
    default:
      return assertNever(value);
  }
}
