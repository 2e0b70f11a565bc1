import type { Authorizer, LambdaAuthorizer } from "../../src/model/authorizers.js";
import { byName } from "../../src/model/by-name.js";
import type { Reference } from "../../src/model/expressions.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Route } from "../../src/model/routes.js";
import type { WebSocketApi } from "../../src/model/websocket.js";
import { camelName } from "../emit/names.js";

/** Where a request carries a credential, and under which name a client is given it. */
export interface CredentialPlan {
  /** `bearer`, `apiKey`, or a name made of the header or parameter. */
  readonly name: string;
  readonly place: "header" | "query";
  /** Header or query parameter. */
  readonly key: string;
  /** Who reads it; undefined for the API key. */
  readonly authorizer: string | undefined;
}

/** Credentials that a route needs, in the order they are set. Nothing for public routes. */
export function credentialsOf(route: Route, model: GatewayModel): readonly CredentialPlan[] {
  return neededFor(route, model, route.apiKeyRequired && model.apiKeySource === "HEADER");
}

/** Credentials that the handshake of a WebSocket API needs; a key that the authorizer names is none of them. */
export function socketCredentials(websocket: WebSocketApi, model: GatewayModel): readonly CredentialPlan[] {
  return neededFor(websocket, model, websocket.apiKeyRequired && model.apiKeySource === "HEADER");
}

function neededFor(
  { authorization }: Pick<Route, "authorization">,
  model: GatewayModel,
  needsKey: boolean,
): readonly CredentialPlan[] {
  const name = authorization.kind === "authorizer" ? authorization.name : undefined;
  const authorizer = byName(model.authorizers).get(name ?? "");
  return [
    ...(authorizer ? authorizerCredentials(authorizer) : []),
    ...(needsKey ? [{ name: "apiKey", place: "header", key: "x-api-key", authorizer: undefined } as const] : []),
  ];
}

function authorizerCredentials(authorizer: Authorizer): readonly CredentialPlan[] {
  switch (authorizer.kind) {
    case "cognito":
      return [{ name: "bearer", place: "header", key: authorizer.header, authorizer: authorizer.name }];
    case "jwt":
      return fromReferences([authorizer.identity], authorizer.name, () => true);
    case "lambda":
      return fromReferences(authorizer.identity, authorizer.name, (key) => isToken(authorizer, key));
  }
}

/** A TOKEN authorizer's one header is a token, and so is whatever stands in Authorization. */
function isToken(authorizer: LambdaAuthorizer, key: string): boolean {
  return authorizer.type === "token" || key.toLowerCase() === "authorization";
}

/** Identity sources that the client sends; context and stage variables are the gateway's own. */
function fromReferences(
  references: readonly Reference[],
  authorizer: string,
  isBearer: (key: string) => boolean,
): readonly CredentialPlan[] {
  return references.flatMap((reference): CredentialPlan[] => {
    if (reference.kind !== "header" && reference.kind !== "querystring") return [];
    const { name: key } = reference;
    const place = reference.kind === "header" ? "header" : "query";
    return [{ name: isBearer(key) ? "bearer" : identityName(key), place, key, authorizer }];
  });
}

/** `X-Partner` → `xPartner`; never one of the names with a meaning of their own. */
function identityName(key: string): string {
  const name = camelName(key);
  return ["bearer", "apiKey", "iam"].includes(name) ? `${name}Value` : name;
}
