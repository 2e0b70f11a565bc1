import { type Draft, DraftMap } from "../draft.js";
import { itemsOf, type MapTree, memberOf, textOf } from "../tree.js";
import { type Api, textIn } from "./api.js";
import { restExpression } from "./expressions.js";
import type { RouteDraft } from "./route-draft.js";

/** What `cacheKeyParameters` and `cacheNamespace` of an integration say. */
export interface CacheDraft {
  /** As API Gateway writes them: `method.request.querystring.status`. */
  readonly keys: readonly string[];
  readonly namespace: string | undefined;
}

export function readCache(integration: MapTree, route: RouteDraft, api: Api): void {
  const keys = itemsOf(memberOf(integration, "cacheKeyParameters")).flatMap((key) => textIn(key, api) ?? []);
  const namespace = textOf(memberOf(integration, "cacheNamespace"));
  if (keys.length === 0 && !namespace) return;
  if (api.kind === "rest") route.cached = { keys, namespace: namespace || undefined };
  else route.note(api.importing.leftOut(integration, "cache keys, which HTTP APIs do not have"));
}

/**
 * `cache:` of a route, once it is known who may call and what its stages keep. Who shares answers although the route has an authorizer says so; of
 * other methods than GET a stage caches nothing by itself, and what the grammar lacks stays under aws-options.
 *
 * @param auth  what is asked of callers, inherited or not
 */
export function settleCache(route: RouteDraft, auth: Draft | undefined, authorizers: DraftMap): void {
  const { cached, caching } = route;
  if (caching?.isOn === false && route.method === "GET") route.cache = false;
  if (cached === undefined) {
    if (caching?.isOn) route.cache = caching.ttl ?? (route.method === "GET" ? undefined : true);
    return;
  }
  const declared = declaredParameters(route);
  const keys = cached.keys.map(restExpression);
  const isCached = caching?.isOn ?? route.method === "GET";
  const isUsable = isCached && keys.every((key) => key !== undefined && declared.includes(key));
  if (!isUsable) {
    route.integrationOptions.setFull("cacheKeyParameters", cached.keys);
    route.integrationOptions.set("cacheNamespace", cached.namespace);
    return;
  }
  const named = keys as readonly string[];
  const identity = identityOf(auth, authorizers);
  const isShared = identity !== undefined && !(identity.length > 0 && identity.every((key) => named.includes(key)));
  const form = new DraftMap().set("ttl", caching?.ttl);
  form.set("keys", named.join() === declared.join() ? undefined : named);
  form.set("namespace", cached.namespace).set("shared", isShared ? true : undefined);
  route.cache = form.isEmpty ? true : form;
}

/** All that the route declares, in the order in which the language has it: path, query, headers. */
function declaredParameters(route: RouteDraft): readonly string[] {
  const path = [...route.path.matchAll(/\{([^{}+]+)\+?\}/g)].map(([, name]) => `path.${name}`);
  const named = (place: string, map: DraftMap) => map.entries.map(({ name }) => `${place}.${name.replace(/\?$/, "")}`);
  const all = [...path, ...named("querystring", route.query), ...named("header", route.headers)];
  return all.map((each) => restExpression(`method.request.${each}`) ?? "");
}

/** The parameters by which callers are told apart; undefined where nobody is. */
function identityOf(auth: Draft | undefined, authorizers: DraftMap): readonly string[] | undefined {
  const name = auth instanceof DraftMap ? auth.get("name") : auth;
  if (name === undefined || name === "none") return undefined;
  if (name === "iam") return ["$request.header.Authorization"];
  const authorizer = authorizers.get(String(name));
  if (!(authorizer instanceof DraftMap)) return [];
  const header = authorizer.get("header");
  if (authorizer.has("cognito")) return [`$request.header.${typeof header === "string" ? header : "Authorization"}`];
  const identity = authorizer.get("identity") ?? ["$request.header.Authorization"];
  return (Array.isArray(identity) ? (identity as readonly Draft[]) : [])
    .map(String)
    .filter((source) => /^\$request\.(?:header|querystring)\b/.test(source));
}
