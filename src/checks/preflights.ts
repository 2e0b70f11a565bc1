import { isDeepStrictEqual } from "node:util";
import type { Route } from "../model/routes.js";
import type { RouteSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";

export interface CheckedRoute {
  readonly route: Route;
  readonly syntax: RouteSyntax;
}

/**
 * A browser asks once for a path what its methods allow: the first route with CORS answers for all of them
 * (`planPreflights` of the gateway, and the OPTIONS method of the OpenAPI document). What another one says of origins
 * or headers would be heard by nobody.
 */
export function checkPreflights(checked: readonly CheckedRoute[], { report }: Checking): void {
  const answering = new Map<string, Route>();
  for (const { route } of checked) {
    const known = answering.get(route.path.text);
    if (route.method === "OPTIONS" || (known === undefined && route.cors)) answering.set(route.path.text, route);
  }
  for (const { route, syntax } of checked) {
    const first = answering.get(route.path.text);
    if (first === undefined || first.method === "OPTIONS" || !syntax.cors || !route.cors) continue;
    if (isDeepStrictEqual(first.cors, route.cors)) continue;
    report("preflight-of-another-route", syntax.cors.span, { key: route.key, first: first.key, path: route.path.text });
  }
}
