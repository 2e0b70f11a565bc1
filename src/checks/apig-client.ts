import { apigMethod, apigRoutes } from "../model/apig-methods.js";
import type { Route } from "../model/routes.js";
import type { Checking } from "./checking.js";

/** Each route has a method of its own in the client that is called as AWS's. */
export function checkApigClient(routes: readonly Route[], { syntax, report }: Checking): void {
  const wanted = syntax.sdk?.typescript?.apigClient;
  if (!wanted?.value) return;
  const named = apigRoutes(routes);
  for (const route of routes) {
    const name = apigMethod(route);
    const first = name === undefined ? undefined : named.get(name);
    if (name !== undefined && first !== undefined && first !== route)
      report("apig-client-same-name", wanted.span, { name, first: first.key, second: route.key });
  }
}
