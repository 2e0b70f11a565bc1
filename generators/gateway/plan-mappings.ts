import { parsePath } from "../../runtime/mapping/jsonpath/parse-path.js";
import { invariant } from "../../src/invariant.js";
import { pathSource } from "../../src/mapping/vtl/index.js";
import type { PathStep, Reference, Text, Value } from "../../src/model/expressions.js";
import type { ParameterMapping } from "../../src/model/integrations.js";
import { pathTail } from "../emit/aws-text.js";
import { code, type Planned, stringLiteral } from "../emit/code-literal.js";

/**
 * Parameter mappings of a REST API as the runtime's sources. What parameter mapping has no expression for is set by a
 * template on AWS, and reads bodies as templates do (generators/openapi/aws-templates.ts; test/mapping/overrides.test.ts).
 */
export function planMappings(mappings: readonly ParameterMapping[]): readonly Planned[] {
  return mappings.map(({ name, value }) => ({ name, source: code(mappedSource(value)) }));
}

/** The source of a mapped parameter of a REST API. */
export function mappedSource(value: Value): string {
  switch (value.kind) {
    case "default":
      return `orElse(${bodyPart(value.reference, true)}, ${otherwiseSource(value.otherwise)})`;
    case "text":
      return value.text.parts.length === 1 ? valueSource(value) : textSource(value.text);
    default:
      return valueSource(value);
  }
}

/** A default, which a template makes too, whatever it is. */
function otherwiseSource(value: Value): string {
  if (value.kind === "reference") return bodyPart(value.reference, true);
  return value.kind === "text" ? textSource(value.text) : mappedSource(value);
}

function textSource({ parts }: Text): string {
  return `fromText([${parts.map((part) => (typeof part === "string" ? stringLiteral(part) : bodyPart(part, false))).join(", ")}])`;
}

/** A reference, where it is to a body as templates read it. */
function bodyPart(reference: Reference, isOptional: boolean): string {
  if (reference.kind !== "body" && reference.kind !== "responseBody") return referenceSource(reference);
  const reads = reference.kind === "body" ? "request body" : "response body";
  const path = pathSource(parsePath(`$${pathTail(reference.path)}`));
  return `fromBodyPart(${path}, ${stringLiteral(reads)}, ${isOptional})`;
}

/** Mappings of an HTTP API, each with what it does to the parameter (aws-behaviour.md section 28.2). */
export function planChanges(mappings: readonly ParameterMapping[]): readonly Planned[] {
  return mappings.map(({ name, value, appends }) => ({
    name,
    source: code(valueSource(value)),
    operation: appends ? "append" : value.kind === "constant" && value.value === null ? "remove" : "overwrite",
  }));
}

/** Code of a source: a call of the runtime that yields what reads the value. */
export function valueSource(value: Value): string {
  switch (value.kind) {
    case "constant":
      return value.value === null ? "nothing()" : `fromStatic(${stringLiteral(String(value.value))})`;
    case "reference":
      return referenceSource(value.reference);
    case "default":
      return `orElse(${referenceSource(value.reference)}, ${valueSource(value.otherwise)})`;
    case "text":
      return `fromText([${value.text.parts.map((part) => (typeof part === "string" ? stringLiteral(part) : referenceSource(part))).join(", ")}])`;
    default:
      throw new Error(`a parameter cannot be mapped to a value of kind ${value.kind}`);
  }
}

function referenceSource(reference: Reference): string {
  switch (reference.kind) {
    case "path":
      return `fromPath(${stringLiteral(reference.name)})`;
    case "querystring":
      return `fromQuery(${stringLiteral(reference.name)})`;
    case "header":
      return `fromHeader(${stringLiteral(reference.name)})`;
    case "multivaluequerystring":
      return `fromMultiQuery(${stringLiteral(reference.name)})`;
    case "multivalueheader":
      return `fromMultiHeader(${stringLiteral(reference.name)})`;
    case "requestPath":
      return "fromRequestPath()";
    case "body":
      return `fromBody(${stringLiteral(jsonPath(reference.path))})`;
    case "responseHeader":
      return `fromResponseHeader(${stringLiteral(reference.name)})`;
    case "responseMultiHeader":
      return `fromMultiResponseHeader(${stringLiteral(reference.name)})`;
    case "responseBody":
      return `fromResponseBody(${stringLiteral(jsonPath(reference.path))})`;
    case "context":
      return `fromContext(${stringLiteral(reference.path.join("."))})`;
    case "stageVariable":
      return `fromStageVariable(${stringLiteral(reference.name)})`;
    case "responseStatus":
      return "fromResponseStatus()";
    case "env":
      invariant(false, "a parameter is not mapped from the environment");
  }
}

/** `.a.b[0]`: what follows the `$` of a path; empty for the whole body. */
function jsonPath(path: readonly PathStep[]): string {
  return path.map(stepText).join("");
}

function stepText(step: PathStep): string {
  switch (step.kind) {
    case "member":
      return /^[A-Za-z_]\w*$/.test(step.name) ? `.${step.name}` : `[${JSON.stringify(step.name)}]`;
    case "index":
      return `[${step.index}]`;
    case "items":
      return "[*]";
  }
}
