import { places } from "../mapping/expressions/index.js";
import type { Authorization } from "../model/authorizers.js";
import type { Parameter, RouteCache } from "../model/routes.js";
import { nearest } from "../nearest.js";
import type { RouteSyntax, TextValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { readExpression } from "./expressions.js";
import { numberOr, ttlRange } from "./limits.js";

type CacheKey = RouteCache["keys"][number];

/**
 * Cache of a route: of GET where a stage has one, unless the file says `cache: false`; of other methods where the file
 * asks for it (aws-behaviour.md section 18). Its keys are all declared parameters where nothing is said. With an authorizer, generators add the
 * caller's identity to the key unless the cache is `shared` (design.md section 2, "Safe where AWS is not").
 */
export function checkRouteCache(
  { cache, body }: RouteSyntax,
  method: string,
  parameters: readonly Parameter[],
  authorization: Authorization,
  checking: Checking,
): RouteCache | undefined {
  if (cache?.enabled?.value === false) return undefined;
  const declared = parameters.map((parameter) => ({ in: parameter.in, name: parameter.name }));
  const hasStage = checking.syntax.stages.some((stage) => stage.cache && stage.cache.enabled?.value !== false);
  if (cache === undefined) {
    const isCached = hasStage && method === "GET" && tellsCallersApart(authorization, checking);
    return isCached ? { ttlSeconds: undefined, keys: declared, shared: false } : undefined;
  }
  if (!hasStage) checking.report("cache-without-stage", cache.span, {});
  if (body !== undefined) checking.report("cache-ignores-body", cache.span, {});
  const shared = cache.shared?.value ?? false;
  if (!shared && !tellsCallersApart(authorization, checking)) {
    const { name } = authorization as { readonly name: string };
    checking.report("cache-without-identity", cache.span, { name });
  }
  const named = cache.keys?.flatMap((key) => cacheKey(key, declared, checking) ?? []);
  return {
    ttlSeconds: cache.ttl && numberOr(cache.ttl, 300, ttlRange("the cache's ttl"), checking.report),
    keys: named === undefined ? declared : withPath(named, declared),
    ...(cache.namespace ? { namespace: cache.namespace.text } : {}),
    shared,
  };
}

/** Values of path parameters are always part of the key: another path is another resource. */
function withPath(named: readonly CacheKey[], declared: readonly CacheKey[]): readonly CacheKey[] {
  return [...declared.filter((key) => key.in === "path"), ...named.filter((key) => key.in !== "path")];
}

/** A key of a cache is a parameter of the request: an identity that is none of them cannot be part of it. */
function tellsCallersApart(authorization: Authorization, { syntax }: Checking): boolean {
  if (authorization.kind !== "authorizer") return true;
  const authorizer = syntax.authorizers.find(({ name }) => name.text === authorization.name);
  if (authorizer?.kind !== "lambda" || authorizer.identity === undefined) return true;
  return authorizer.identity.some(({ text }) => /^\$\{?request\.(?:header|querystring)/.test(text));
}

/** An expression, or the name of a declared parameter. */
function cacheKey(key: TextValue, declared: readonly CacheKey[], checking: Checking): CacheKey | undefined {
  const wanted = key.text.startsWith("$") ? referencedKey(key, checking) : { in: undefined, name: key.text };
  if (wanted === undefined) return undefined;
  const found = declared.find((parameter) => isSame(parameter, wanted));
  if (found) return found;
  const names = declared.map(({ name }) => name);
  // `query.page`, as the parameter stands in the file.
  const plain = names.find((name) => wanted.name.endsWith(`.${name}`));
  checking.report("unknown-cache-key", key.span, { name: wanted.name, near: plain ?? nearest(wanted.name, names) });
  return undefined;
}

function referencedKey(key: TextValue, checking: Checking): { in: CacheKey["in"]; name: string } | undefined {
  const place = { ...places.identity, where: "a cache key", reads: ["path", "querystring", "header"] as const };
  const reference = readExpression(key, place, checking);
  if (reference?.kind === "querystring") return { in: "query", name: reference.name };
  if (reference?.kind === "path" || reference?.kind === "header") return { in: reference.kind, name: reference.name };
  return undefined;
}

function isSame(
  parameter: CacheKey,
  wanted: { readonly in: CacheKey["in"] | undefined; readonly name: string },
): boolean {
  if (wanted.in !== undefined && wanted.in !== parameter.in) return false;
  if (parameter.in !== "header") return parameter.name === wanted.name;
  return parameter.name.toLowerCase() === wanted.name.toLowerCase();
}
