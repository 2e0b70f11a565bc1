import { allowedHeaders, allowedMethods, gatewayCors } from "../../src/model/cors.js";
import type { Cors, GatewayModel } from "../../src/model/gateway-model.js";
import type { Route } from "../../src/model/routes.js";
import { type JsonObject, jsonObject, objectOf } from "../emit/stable-json.js";
import { vtlLiteral } from "../emit/vtl-text.js";
import { staticExpression } from "./rest-expressions.js";

/** `x-amazon-apigateway-cors` of an HTTP API, which answers preflight requests by itself. */
export function planHttpCors(model: GatewayModel): JsonObject | undefined {
  const cors = gatewayCors(model);
  if (!cors) return undefined;
  return jsonObject({
    allowOrigins: cors.origins,
    allowMethods: allowedMethods(cors, model.routes),
    allowHeaders: allowedHeaders(cors),
    exposeHeaders: cors.exposeHeaders.length > 0 ? cors.exposeHeaders : undefined,
    allowCredentials: cors.credentials ? true : undefined,
    maxAge: cors.maxAgeSeconds,
  });
}

/** CORS of one REST answer: headers with constant values, and VTL for an origin that is picked per request. */
export interface RestCors {
  /** Header name → value. */
  readonly headers: readonly (readonly [string, string])[];
  /** Put before response templates; empty with a single origin. */
  readonly prelude: string;
  /** Names of all headers that may come, for the method response. */
  readonly names: readonly string[];
}

const allowOrigin = "Access-Control-Allow-Origin";

/** The answer to a preflight request on one path. */
export function preflightCors(cors: Cors, routes: readonly Route[]): RestCors {
  return restCors(cors, [
    ["Access-Control-Allow-Headers", allowedHeaders(cors).join(",")],
    ["Access-Control-Allow-Methods", allowedMethods(cors, routes).join(",")],
    ...(cors.maxAgeSeconds === undefined ? [] : [["Access-Control-Max-Age", String(cors.maxAgeSeconds)] as const]),
  ]);
}

/** The answer to the request itself, where API Gateway makes it (not a proxy's). */
export function answerCors(cors: Cors): RestCors {
  const { exposeHeaders } = cors;
  return restCors(cors, exposeHeaders.length > 0 ? [["Access-Control-Expose-Headers", exposeHeaders.join(",")]] : []);
}

/**
 * Parameter mapping can send one origin only. With several, a template compares the request's `Origin` with the list and
 * overrides the header; a stranger's origin gets none (developer guide, "Enabling CORS for a REST API").
 */
function restCors(cors: Cors, more: readonly (readonly [string, string])[]): RestCors {
  const [only] = cors.origins;
  const isSingle = cors.origins.length === 1 && only !== undefined && (only === "*" || !only.includes("*"));
  const headers: (readonly [string, string])[] = [
    ...(isSingle ? [[allowOrigin, only] as const] : [["Vary", "Origin"] as const]),
    ...(cors.credentials ? [["Access-Control-Allow-Credentials", "true"] as const] : []),
    ...more,
  ];
  const names = [...new Set([allowOrigin, ...headers.map(([name]) => name)])];
  return { headers, prelude: isSingle ? "" : originTemplate(cors.origins), names };
}

/** Clients spell the header `Origin` or, over HTTP/2, `origin`. */
function originTemplate(origins: readonly string[]): string {
  if (origins.includes("*")) return `#set($context.responseOverride.header.${allowOrigin} = "*")\n`;
  return [
    `#set($origin = $input.params().header.get("Origin"))`,
    `#if(!$origin || $origin == "")#set($origin = $input.params().header.get("origin"))#end`,
    `#if($origin && (${origins.map(originTest).join(" || ")}))`,
    `#set($context.responseOverride.header.${allowOrigin} = $origin)`,
    "#end",
    "",
  ].join("\n");
}

function originTest(origin: string): string {
  const [head = "", ...rest] = origin.split("*");
  if (rest.length === 0) return `$origin == ${vtlLiteral(origin)}`;
  return `($origin.startsWith(${vtlLiteral(head)}) && $origin.endsWith(${vtlLiteral(rest.at(-1) ?? "")}))`;
}

/** `responseParameters` of an integration response. */
export function corsParameters(cors: RestCors): JsonObject {
  return objectOf(cors.headers.map(([name, value]) => [`method.response.header.${name}`, staticExpression(value)]));
}
