import { invariant } from "../../src/invariant.js";
import type { Cors, GatewayModel } from "../../src/model/gateway-model.js";
import type { Template } from "../../src/model/integrations.js";
import type { Planned } from "../emit/code-literal.js";

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
    maxAgeSeconds: cors.maxAgeSeconds,
  };
}

/** Text of a template that is known at build time. */
export function constantBody(template: Template): string {
  invariant(template.source.kind === "constant", "templates that are not constant are refused before");
  return template.source.text;
}

/** Customised gateway responses by type. */
export function planGatewayResponses(
  model: GatewayModel,
): readonly { readonly type: string; readonly entry: Planned }[] {
  return model.gatewayResponses.map((response) => ({ type: response.type, entry: { status: response.status } }));
}
