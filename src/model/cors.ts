import type { Cors, GatewayModel } from "./gateway-model.js";
import { httpMethods, type Route } from "./routes.js";

/** What API Gateway's console allows when nothing is said (aws-behaviour.md section 25). */
const consoleHeaders = ["Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token"];

export function allowedHeaders(cors: Cors): readonly string[] {
  return cors.headers.length > 0 ? cors.headers : consoleHeaders;
}

/** Methods that a preflight answer names: those of the file, otherwise those that the routes have, in order. */
export function allowedMethods(cors: Cors, routes: readonly Route[]): readonly string[] {
  if (cors.methods) return cors.methods;
  const used = new Set(routes.flatMap((route) => (route.method === "ANY" ? httpMethods : [route.method])));
  return [...used, "OPTIONS"].filter((method, index, all) => all.indexOf(method) === index).sort();
}

/** CORS of what no route answers: the gateway's own, otherwise that of all routes together. */
export function gatewayCors(model: GatewayModel): Cors | undefined {
  if (model.cors) return model.cors;
  const all = model.routes.flatMap((route) => (route.cors ? [route.cors] : []));
  const [first] = all;
  if (!first) return undefined;
  return {
    ...first,
    origins: [...new Set(all.flatMap((cors) => cors.origins))],
    exposeHeaders: [...new Set(all.flatMap((cors) => cors.exposeHeaders))],
    credentials: all.every((cors) => cors.credentials),
  };
}
