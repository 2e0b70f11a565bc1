import type { Reference, Text } from "./expressions.js";

/** An authorizer that the file declares. `iam` and `none` are no entries here: see `Authorization`. */
export type Authorizer = CognitoAuthorizer | LambdaAuthorizer | JwtAuthorizer;

interface AuthorizerBase {
  readonly name: string;
  readonly description: string | undefined;
}

/** What the generated gateway is told about an issuer; AWS has neither. */
interface IssuerOptions {
  /** Asked for the keys in the issuer's place. */
  readonly issuerEndpoint: Text | undefined;
  /** How far `nbf` and `iat` may lie ahead. */
  readonly clockSkewSeconds: number;
}

/** Cognito user pools on a REST API. */
export interface CognitoAuthorizer extends AuthorizerBase, IssuerOptions {
  readonly kind: "cognito";
  readonly providerArns: readonly Text[];
  /** Header that carries the token; default `Authorization`. */
  readonly header: string;
  readonly ttlSeconds: number;
}

export interface LambdaAuthorizer extends AuthorizerBase {
  readonly kind: "lambda";
  readonly function: string;
  readonly type: "token" | "request";
  /** TOKEN: the one header. REQUEST: in order; the cache key. */
  readonly identity: readonly Reference[];
  /** Java regular expression that the token must match, TOKEN only. */
  readonly validation: string | undefined;
  /** 0–3600; 0: no cache. */
  readonly ttlSeconds: number;
  readonly payloadFormat: "1.0" | "2.0";
  readonly simpleResponses: boolean;
  /** Role that API Gateway calls the function with; undefined: the function's permission lets it. */
  readonly credentials?: Text | undefined;
  /** Declared context, name → type. */
  readonly context: readonly { readonly name: string; readonly type: "string" | "number" | "boolean" }[];
}

/** JWT authorizer of HTTP APIs. */
export interface JwtAuthorizer extends AuthorizerBase, IssuerOptions {
  readonly kind: "jwt";
  readonly issuer: Text;
  readonly audience: readonly Text[];
  readonly identity: Reference;
}

/** Who may call one route. */
export type Authorization =
  | { readonly kind: "none" }
  | { readonly kind: "iam" }
  | { readonly kind: "authorizer"; readonly name: string; readonly scopes: readonly string[] };
