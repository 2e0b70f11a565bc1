import type { RouteSpec } from "./contract.template.js";
import { percentDecode } from "./decode.template.js";
import type { ProxyEvent } from "./incoming.template.js";

/** `{id}.lambda-url.{region}.on.aws`; its events look like those of an HTTP API's route `$default`. */
export function isFunctionUrl({ requestContext }: ProxyEvent): boolean {
  return /\.lambda-url\./.test(requestContext.domainName ?? "");
}

/** The URL of a function, or a proxy in front of it, knows no routes: method and path decide, the most specific route first. */
export function calledByUrl(
  routes: readonly RouteSpec[],
  event: ProxyEvent,
): { readonly route: RouteSpec; readonly event: ProxyEvent } | undefined {
  const { requestContext, version } = event;
  const called = requestContext.http?.method ?? event.httpMethod;
  const sent = event.rawPath ?? event.path ?? "";
  const stage = `/${requestContext.stage}/`;
  // HTTP APIs show the path with the name of its stage.
  const path = version && sent.startsWith(stage) ? sent.slice(stage.length - 1) : sent;
  const isUrl = isFunctionUrl(event);
  let best: { readonly route: RouteSpec; readonly pathParameters: Texts; readonly rank: string } | undefined;
  for (const route of routes) {
    const [method, resource = ""] = route.key.split(" ");
    const isAny = method === "ANY" || resource === "";
    const pathParameters = isAny || method === called ? matched(resource, path, isUrl) : undefined;
    // Fixed parts before parameters, before what takes all that is left; methods before ANY.
    const rank = resource.replace(/\{[^}+]+\}/g, "\ufffe").replace(/\{.*|^$/, "\uffff") + (isAny ? " " : "");
    if (pathParameters && (best === undefined || rank < best.rank)) best = { route, pathParameters, rank };
  }
  return best && { route: best.route, event: { ...event, pathParameters: best.pathParameters } };
}

type Texts = Readonly<Record<string, string>>;

/**
 * Path parameters as the kind of event has them; undefined where the path is another.
 *
 * @param template  empty for the route `$default`
 * @param isRaw  the path is as the client typed it, and parameters are expected decoded
 */
function matched(template: string, path: string, isRaw: boolean): Texts | undefined {
  if (template === "") return {};
  const names: string[] = [];
  const form = template.replace(/\{(.+?)(\+?)\}|[^\w/]/g, (part, name: string | undefined, isGreedy: string) => {
    if (name === undefined) return `\\${part}`;
    names.push(name);
    return isGreedy ? "([^]+)" : "([^/]+)";
  });
  const found = new RegExp(`^${form}$`).exec(path);
  const value = (at: number) => (isRaw ? percentDecode(found?.[at] ?? "") : (found?.[at] ?? ""));
  return found ? Object.fromEntries(names.map((name, at) => [name, value(at + 1)])) : undefined;
}
