import type { Reference, Value } from "../model/expressions.js";
import { type GatewayResponse, type GatewayResponseType, gatewayResponseTypes } from "../model/gateway-model.js";
import { nearest } from "../nearest.js";
import type { ErrorSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { isInRange } from "./limits.js";
import { checkParameters, checkValue } from "./mapping-values.js";

/** `errors:` of the file: one entry a gateway response type. */
export function checkGatewayResponses(checking: Checking): readonly GatewayResponse[] {
  return checking.syntax.errors.flatMap((error) => {
    const type = error.name.text;
    if (!isType(type)) {
      checking.report("unknown-error-type", error.name.span, { name: type, near: nearest(type, gatewayResponseTypes) });
      return [];
    }
    if (error.status)
      isInRange(error.status, { least: 100, most: 599, what: "a gateway response's status" }, checking.report);
    return [
      {
        type,
        status: error.status?.value,
        headers: checkParameters(error.headers, "gatewayResponse", checking),
        templates: templatesOf(error, checking),
      },
    ];
  });
}

function isType(name: string): name is GatewayResponseType {
  return (gatewayResponseTypes as readonly string[]).includes(name);
}

function templatesOf(error: ErrorSyntax, checking: Checking): GatewayResponse["templates"] {
  const rule = error.map && checkValue(error.map, "gatewayResponse", checking);
  const mapped = rule ? [{ mediaType: "application/json", template: printRule(rule) }] : [];
  return [
    ...mapped,
    ...error.templates.map(({ mediaType, text }) => ({
      mediaType: mediaType?.text ?? "application/json",
      template: text.text,
    })),
  ];
}

/** A rule as a template of gateway responses: JSON with references in it, and nothing but substitution. */
function printRule(value: Value): string {
  switch (value.kind) {
    case "constant":
      return JSON.stringify(value.value);
    case "reference":
      return isMessage(value.reference) ? "$context.error.messageString" : `"${printReference(value.reference)}"`;
    case "text":
      return `"${value.text.parts.map((part) => (typeof part === "string" ? JSON.stringify(part).slice(1, -1) : printReference(part))).join("")}"`;
    case "list":
      return `[${value.items.map(printRule).join(",")}]`;
    case "object":
      return `{${value.members.map((member) => `${JSON.stringify(member.name)}:${printRule(member.value)}`).join(",")}}`;
  }
}

/** The message as a JSON string, quotes included: the only form that is escaped (aws-behaviour.md section 16). */
function isMessage(reference: Reference): boolean {
  return reference.kind === "context" && /^error\.message(String)?$/.test(reference.path.join("."));
}

function printReference(reference: Reference): string {
  switch (reference.kind) {
    case "context":
      return `$context.${reference.path.join(".")}`;
    case "stageVariable":
      return `$stageVariables.${reference.name}`;
    case "path":
    case "querystring":
    case "header":
      return `$method.request.${reference.kind}.${reference.name}`;
    default:
      return "";
  }
}
