import type { CorsEntry } from "../program.js";
import type { Exchange } from "./exchange.js";

/**
 * Step: the OPTIONS method of a REST resource with CORS, as the MOCK method on AWS answers it: 200 and the three
 * headers (aws-behaviour.md section 25). With several origins, the caller's when it is one of them; a stranger's
 * gets no Allow-Origin, the other headers all the same, as the template that the build writes for AWS has it.
 */
export function corsPreflight(x: Exchange): boolean {
  const cors = x.route.cors;
  const headers = ["Content-Type", "application/json"];
  if (cors !== undefined) addRestPreflight(headers, cors, x.header("origin"));
  return x.answer(200, headers, "");
}

function addRestPreflight(headers: string[], cors: CorsEntry, origin: string | undefined): void {
  addRestOrigin(headers, cors, origin);
  addPreflight(headers, cors);
}

/** Step after a non-proxy integration of a REST API: the headers that AWS gets as mappings of the response. */
export function addCors(x: Exchange): true {
  const { cors } = x.route;
  if (cors === undefined) return true;
  addRestOrigin(x.responseHeaders, cors, x.header("origin"));
  if (cors.allowCredentials) x.responseHeaders.push("Access-Control-Allow-Credentials", "true");
  if (cors.exposeHeaders !== "") x.responseHeaders.push("Access-Control-Expose-Headers", cors.exposeHeaders);
  return true;
}

function addRestOrigin(headers: string[], cors: CorsEntry, origin: string | undefined): void {
  const [only] = cors.allowOrigins;
  const isFixed = cors.allowOrigins.length === 1 && only !== undefined && (only === "*" || !only.includes("*"));
  const allowed = isFixed || cors.allowOrigins.includes("*") ? (isFixed ? only : "*") : matchingOrigin(cors, origin);
  if (!isFixed) headers.push("Vary", "Origin");
  if (allowed !== undefined) headers.push("Access-Control-Allow-Origin", allowed);
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

function allowedOrigin(cors: CorsEntry, origin: string | undefined): string | undefined {
  if (cors.allowOrigins.includes("*")) return cors.allowCredentials ? origin : "*";
  return matchingOrigin(cors, origin);
}

/** Exact origins, and patterns with one `*`: `https://*`, `https://*.example.com`. */
function matchingOrigin(cors: CorsEntry, origin: string | undefined): string | undefined {
  return origin !== undefined && cors.allowOrigins.some((allowed) => isMatch(allowed, origin)) ? origin : undefined;
}

function isMatch(allowed: string, origin: string): boolean {
  const star = allowed.indexOf("*");
  if (star === -1) return origin === allowed;
  const tail = allowed.slice(star + 1);
  return origin.length >= star + tail.length && origin.startsWith(allowed.slice(0, star)) && origin.endsWith(tail);
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
