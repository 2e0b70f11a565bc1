import type { invokeRemote } from "../integrations/invoke-remote.js";
import type { LambdaTarget } from "../integrations/lambda-target.js";
import type { TargetText } from "../program.js";

/** An authorizer of the file as a constant of the Program; the routes that it guards share one entry. */
export type AuthorizerEntry = LambdaAuthorizerEntry | TokenAuthorizerEntry;

export interface LambdaAuthorizerEntry {
  readonly kind: "lambda";
  readonly name: string;
  readonly type: "token" | "request";
  readonly function: LambdaTarget;
  /** How a deployed function is called, so that only gateways that have one link it. */
  readonly invokeRemote?: typeof invokeRemote | undefined;
  /** Where the caller's identity comes from, in order; the key of the kept decisions. */
  readonly identity: readonly IdentitySource[];
  /** What a token has to match as a whole; TOKEN only. */
  readonly validation: TokenPattern | undefined;
  /** 0: no decision is kept. */
  readonly ttlSeconds: number;
  readonly payloadFormat: "1.0" | "2.0";
  /** HTTP APIs, format 2.0: the function answers `{ isAuthorized }` and not with a policy. */
  readonly simpleResponses: boolean;
}

/** Cognito user pools on REST APIs, JWTs on HTTP APIs. */
export interface TokenAuthorizerEntry {
  readonly kind: "cognito" | "jwt";
  readonly name: string;
  /** The one place that carries the token. */
  readonly identity: IdentitySource;
  /** Cognito: ARNs of user pools. JWT: the issuer. */
  readonly issuers: readonly TargetText[];
  /** JWT: one of them is `aud`, or `client_id`; Cognito asks for none. */
  readonly audience: readonly TargetText[];
  /** Where the keys of the issuers are asked for instead; for local issuers. */
  readonly issuerEndpoint: TargetText | undefined;
  /** Seconds that `nbf` and `iat` may lie ahead of our clock. */
  readonly clockSkewSeconds: number;
}

export interface IdentitySource {
  readonly in: "header" | "query" | "context" | "stageVariable";
  /** Headers in lower case. */
  readonly name: string;
}

export interface TokenPattern {
  /** Whether the whole text matches, in time that is linear in it. */
  matches(text: string): boolean;
}

/** Every text of an entry that may name an environment variable. */
export function authorizerTexts(entry: AuthorizerEntry): readonly TargetText[] {
  if (entry.kind === "lambda") {
    return [entry.function.alias, entry.function.arn].filter((text) => text !== undefined);
  }
  const endpoint = entry.issuerEndpoint === undefined ? [] : [entry.issuerEndpoint];
  return [...entry.issuers, ...entry.audience, ...endpoint];
}
