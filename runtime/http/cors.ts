import type { CorsEntry } from "../program.js";
import type { Exchange } from "./exchange.js";

/**
 * Step: the OPTIONS method of a REST resource with CORS, as the MOCK method on AWS answers it: 200 and the three
 * headers (aws-behaviour.md section 25). With several origins, the caller's when it is one of them.
 */
export function corsPreflight(x: Exchange): boolean {
  const cors = x.route.cors;
  const headers = ["Content-Type", "application/json"];
  if (cors !== undefined) addRestPreflight(headers, cors, x.header("origin"));
  return x.answer(200, headers, "");
}

function addRestPreflight(headers: string[], cors: CorsEntry, origin: string | undefined): void {
  const allowed = restOrigin(cors, origin);
  if (variesByOrigin(cors)) headers.push("Vary", "Origin");
  if (allowed === undefined) return;
  headers.push("Access-Control-Allow-Origin", allowed);
  addPreflight(headers, cors);
}

/** Step after a non-proxy integration of a REST API: the headers that AWS gets as response mappings. */
export function addCors(x: Exchange): true {
  const cors = x.route.cors;
  if (cors === undefined) return true;
  const origin = restOrigin(cors, x.header("origin"));
  if (variesByOrigin(cors)) x.responseHeaders.push("Vary", "Origin");
  if (origin === undefined) return true;
  x.responseHeaders.push("Access-Control-Allow-Origin", origin);
  if (cors.allowCredentials) x.responseHeaders.push("Access-Control-Allow-Credentials", "true");
  if (cors.exposeHeaders !== "") x.responseHeaders.push("Access-Control-Expose-Headers", cors.exposeHeaders);
  return true;
}

/** Value of `Access-Control-Allow-Origin` in gateway responses; empty, and so left out, for an origin not allowed. */
export function errorOrigin(cors: Pick<CorsEntry, "allowOrigins" | "allowCredentials">): (x: Exchange) => string {
  return (x) => restOrigin(cors, x.header("origin")) ?? "";
}

function restOrigin(cors: Pick<CorsEntry, "allowOrigins" | "allowCredentials">, origin: string | undefined) {
  return variesByOrigin(cors) ? allowedOrigin(cors, origin) : cors.allowOrigins[0];
}

function variesByOrigin({ allowOrigins: [only, ...more] }: Pick<CorsEntry, "allowOrigins">): boolean {
  return more.length > 0 || (only !== undefined && isScheme(only));
}

/** Whether an HTTP API with CORS answers the request itself (aws-behaviour.md section 25). */
export function isPreflight(x: Exchange): boolean {
  return (
    x.method === "OPTIONS" &&
    x.header("origin") !== undefined &&
    x.header("access-control-request-method") !== undefined
  );
}

/** HTTP APIs: the preflight is answered with 204, route or not; an origin that is not allowed gets no CORS headers. */
export function answerPreflight(x: Exchange, cors: CorsEntry): void {
  const headers: string[] = [];
  const allowed = allowedOrigin(cors, x.header("origin"));
  if (allowed !== undefined) addPreflight(headers, cors);
  x.answer(204, headers, "");
}

/** HTTP APIs: CORS headers of backends and handlers give way to those of the configuration; the list is changed. */
export function replaceCors(headers: string[], x: Exchange, cors: CorsEntry): void {
  const origin = x.header("origin");
  const answersPreflight = isPreflight(x);
  if (!answersPreflight) removeCors(headers);
  if (origin === undefined) return;
  if (!cors.allowOrigins.includes("*") || cors.allowCredentials) headers.push("Vary", "Origin");
  const allowed = allowedOrigin(cors, origin);
  if (allowed === undefined) return;
  headers.push("Access-Control-Allow-Origin", allowed);
  if (answersPreflight) return;
  if (cors.allowCredentials) headers.push("Access-Control-Allow-Credentials", "true");
  if (cors.exposeHeaders !== "") headers.push("Access-Control-Expose-Headers", cors.exposeHeaders);
}

/** `*`, exact origins, and `https://*` or `http://*` for all of a scheme. */
function allowedOrigin(
  cors: Pick<CorsEntry, "allowOrigins" | "allowCredentials">,
  origin: string | undefined,
): string | undefined {
  if (cors.allowOrigins.includes("*")) return cors.allowCredentials ? origin : "*";
  if (origin === undefined) return undefined;
  const isAllowed = cors.allowOrigins.some((allowed) =>
    isScheme(allowed) ? origin.startsWith(allowed.slice(0, -1)) : origin === allowed,
  );
  return isAllowed ? origin : undefined;
}

function isScheme(allowed: string): boolean {
  return allowed === "https://*" || allowed === "http://*";
}

function addPreflight(headers: string[], cors: CorsEntry): void {
  if (cors.allowMethods !== "") headers.push("Access-Control-Allow-Methods", cors.allowMethods);
  if (cors.allowHeaders !== "") headers.push("Access-Control-Allow-Headers", cors.allowHeaders);
  if (cors.allowCredentials) headers.push("Access-Control-Allow-Credentials", "true");
  if (cors.maxAgeSeconds !== undefined) headers.push("Access-Control-Max-Age", String(cors.maxAgeSeconds));
}

function removeCors(headers: string[]): void {
  for (let at = headers.length - 2; at >= 0; at -= 2) {
    if (headers[at]?.toLowerCase().startsWith("access-control-")) headers.splice(at, 2);
  }
}
