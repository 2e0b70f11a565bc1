import { isDeepStrictEqual } from "node:util";
import type { Cors } from "../model/gateway-model.js";
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

/**
 * HTTP APIs on AWS: OPTIONS is one of the methods of ANY and `$default`, so that their authorizer is asked for preflights too, CORS by
 * configuration or not; an OPTIONS route that everybody may call goes before them (developer guide, "Configure CORS for HTTP APIs").
 */
export function checkProtectedPreflights(
  checked: readonly CheckedRoute[],
  cors: Cors | undefined,
  { kind, targets, report }: Checking,
): void {
  if (kind !== "http" || cors === undefined || !targets.has("aws")) return;
  const open = checked.filter(({ route }) => route.method === "OPTIONS" && route.authorization.kind === "none");
  for (const { route, syntax } of checked) {
    const takesOptions = route.method === "ANY" || route.key === "$default";
    if (!takesOptions || route.authorization.kind === "none") continue;
    const path = route.key === "$default" ? "/{proxy+}" : route.path.text;
    if (!open.some((other) => covers(other.route.path.text, path)))
      report("protected-preflight", syntax.key.span, { key: route.key, path });
  }
}

function covers(open: string, path: string): boolean {
  const head = /^(.*\/)\{[^}]+\+\}$/.exec(open)?.[1];
  return open === path || (head !== undefined && path.startsWith(head));
}
