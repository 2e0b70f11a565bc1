import type { RouteSpec } from "./contract.template.js";
import { percentDecode } from "./decode.template.js";
import type { Incoming } from "./incoming.template.js";

/** The URL of a function, or a proxy in front of it, knows no routes: method and path decide, the most specific route first. */
export function calledByUrl(
  routes: readonly RouteSpec[],
  incoming: Incoming,
): { readonly route: RouteSpec; readonly incoming: Incoming } | undefined {
  const { event } = incoming;
  const called = event.requestContext.http?.method ?? event.httpMethod;
  const path = event.rawPath ?? event.path ?? "";
  let best: { readonly route: RouteSpec; readonly values: object; readonly rank: string } | undefined;
  for (const route of routes) {
    const { method, resource } = route;
    const values = method === called || method === "ANY" ? matched(resource, path) : undefined;
    const rank = resource.replace(/\{[^}]+\+\}/g, "\uffff").replace(/\{[^}]+\}/g, "\ufffe");
    if (values && (best === undefined || rank < best.rank)) best = { route, values, rank };
  }
  if (best === undefined) return undefined;
  const { route, values } = best;
  return { route, incoming: { ...incoming, event: { ...event, pathParameters: { ...values } } } };
}

/** Decoded path parameters; undefined where the path is another. */
function matched(template: string, path: string): object | undefined {
  const values: Record<string, string> = Object.create(null);
  const [wanted, given] = [template.split("/"), path.split("/")];
  for (const [at, part] of wanted.entries()) {
    const name = /^\{(.+?)(\+?)\}$/.exec(part);
    const rest = name?.[2] ? given.slice(at).join("/") : given[at];
    if (name?.[1] ? !rest : rest !== part) return undefined;
    if (name?.[1]) values[name[1]] = percentDecode(rest ?? "");
    if (name?.[2]) return values;
  }
  return wanted.length === given.length ? values : undefined;
}
