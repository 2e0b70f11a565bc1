import type { Route } from "../../src/model/routes.js";

/** Routes by the text of their path, paths and routes in the order of the file. */
export function routesByPath(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const paths = new Map<string, Route[]>();
  for (const route of routes) {
    const known = paths.get(route.path.text);
    if (known) known.push(route);
    else paths.set(route.path.text, [route]);
  }
  return paths;
}
