import type { Reference } from "../../src/model/expressions.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Route } from "../../src/model/routes.js";
import { requestExpression } from "./rest-expressions.js";

/**
 * `cacheKeyParameters` of a cached route: the keys that the file names, and what identifies the caller unless the cache
 * is shared. With IAM that is the signature, which differs with each request: no answer ever reaches another caller, and
 * none is reused either.
 */
export function cacheKeysOf(route: Route, model: GatewayModel): readonly string[] {
  return [...new Set(cacheReferences(route, model).flatMap(asExpression))];
}

/** The request parameters that are cache keys; API Gateway wants them declared on the method. */
export function cacheReferences({ cache, authorization }: Route, model: GatewayModel): readonly Reference[] {
  if (!cache) return [];
  const named = cache.keys.map(
    (key): Reference => ({ kind: key.in === "query" ? "querystring" : key.in, name: key.name }),
  );
  if (cache.shared || authorization.kind === "none") return named;
  if (authorization.kind === "iam") return [...named, { kind: "header", name: "Authorization" }];
  const authorizer = model.authorizers.find(({ name }) => name === authorization.name);
  if (authorizer?.kind === "cognito") return [...named, { kind: "header", name: authorizer.header }];
  const identity = authorizer?.kind === "lambda" ? authorizer.identity : [];
  return [...named, ...identity.filter(({ kind }) => kind === "header" || kind === "querystring")];
}

function asExpression(reference: Reference): readonly string[] {
  const expression = requestExpression({ kind: "reference", reference });
  return expression === undefined ? [] : [expression];
}
