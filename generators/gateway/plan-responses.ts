import { invariant } from "../../src/invariant.js";
import { parseSubstitution, type SubstitutionPiece } from "../../src/mapping/substitution.js";
import { gatewayCors } from "../../src/model/cors.js";
import type { Value } from "../../src/model/expressions.js";
import type { Cors, GatewayModel, GatewayResponse } from "../../src/model/gateway-model.js";
import type { Template } from "../../src/model/integrations.js";
import { code, type Planned, stringLiteral } from "../emit/code-literal.js";
import { errorCorsHeaders } from "../emit/error-cors.js";
import { valueSource } from "./plan-mappings.js";

/** What the console of API Gateway puts there when nothing is said (aws-behaviour.md section 25). */
const consoleHeaders = ["Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token"];

/** CORS of one resource; `methods` are those that the resource has. */
export function planCors(cors: Cors, methods: readonly string[]): Planned {
  return {
    allowOrigins: cors.origins,
    allowMethods: (cors.methods ?? methods).join(","),
    allowHeaders: (cors.headers.length > 0 ? cors.headers : consoleHeaders).join(","),
    exposeHeaders: cors.exposeHeaders.join(","),
    allowCredentials: cors.credentials,
    maxAgeSeconds: cors.maxAgeSeconds ?? code("undefined"),
  };
}

/** Text of a template that is known at build time. */
export function constantBody(template: Template): string {
  invariant(template.source.kind === "constant", "templates that are not constant are refused before");
  return template.source.text;
}

/**
 * Customised gateway responses by type; with CORS, a type with an entry of its own inherits nothing, so each gets the
 * headers (aws-behaviour.md section 16).
 */
export function planGatewayResponses(
  model: GatewayModel,
): readonly { readonly type: string; readonly entry: Planned }[] {
  const cors = model.kind === "rest" ? gatewayCors(model) : undefined;
  const extra = cors ? errorCorsHeaders(cors) : [];
  const declared = model.gatewayResponses.map((response) => ({
    type: response.type,
    entry: planResponse(response, extra),
  }));
  const defaults = (["DEFAULT_4XX", "DEFAULT_5XX"] as const)
    .filter((type) => cors && !model.gatewayResponses.some((response) => response.type === type))
    .map((type) => ({ type, entry: planResponse({ type, status: undefined, headers: [], templates: [] }, extra) }));
  return [...declared, ...defaults];
}

function planResponse(response: GatewayResponse, extra: readonly (readonly [string, string])[]): Planned {
  const own = new Set(response.headers.map(({ name }) => name.toLowerCase()));
  const added = extra.filter(([name]) => !own.has(name.toLowerCase()));
  return {
    status: response.status ?? code("undefined"),
    headers: [
      ...response.headers.map(({ name, value }) => ({ name, value: headerText(value) })),
      ...added.map(([name, value]) => ({ name, value })),
    ],
    templates: response.templates.map(({ mediaType, template }) => ({ mediaType, body: templateText(template) })),
  };
}

function headerText(value: Value): Planned {
  if (value.kind === "constant") return String(value.value ?? "");
  return code(`substitution([${valueSource(value)}])`);
}

function templateText(template: string): Planned {
  const pieces = parseSubstitution(template);
  if (pieces.every((piece) => piece.kind === "text")) return template;
  return code(`substitution([${pieces.map(printPiece).join(", ")}])`);
}

function printPiece(piece: SubstitutionPiece): string {
  switch (piece.kind) {
    case "text":
      return stringLiteral(piece.text);
    case "context":
      return `fromContext(${stringLiteral(piece.name)})`;
    case "stageVariable":
      return `fromStageVariable(${stringLiteral(piece.name)})`;
    case "parameter":
      return `${{ header: "fromHeader", querystring: "fromQuery", path: "fromPath" }[piece.in]}(${stringLiteral(piece.name)})`;
  }
}
