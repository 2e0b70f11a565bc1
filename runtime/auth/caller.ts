/**
 * Who calls, as the authorizer of the route found it. Events, `$context.authorizer.*`, `$context.identity.*`, cache
 * keys, plans and logs read it; only `runtime/auth/` writes it. Absent (`x.caller === undefined`) on open routes.
 *
 * @see aws-behaviour.md sections 7, 8, 14.5, 20–22 and 28.3–28.4
 */
export interface Caller {
  readonly authorizer: CallerAuthorizer;
  /** Text that is the same for the same caller and no other; the part of a response-cache key that keeps callers apart. */
  readonly cacheIdentity: string;
  /** `$context.identity.*` members that authentication fills in. */
  readonly identity: CallerIdentity;
  /** API key that a Lambda authorizer hands over (`usageIdentifierKey`), where the API's key source is AUTHORIZER. */
  readonly usageIdentifierKey: string | undefined;
}

/** By the type of the authorizer; each shows in events and templates in its own way. */
export type CallerAuthorizer =
  | { readonly kind: "iam" }
  | { readonly kind: "cognito"; readonly claims: ClaimMap }
  | { readonly kind: "jwt"; readonly claims: ClaimMap; readonly scopes: readonly string[] | null }
  | {
      readonly kind: "lambda";
      readonly principalId: string | undefined;
      /** REST: every value stringified (section 20); HTTP APIs, format 2.0: any JSON. */
      readonly context: ReadonlyMap<string, unknown>;
      readonly latencyMs: number;
    };

/** Claims by name; values as the token has them. */
export type ClaimMap = ReadonlyMap<string, unknown>;

/** Members without a value are null, as in events. */
export interface CallerIdentity {
  readonly accessKey: string | null;
  readonly accountId: string | null;
  readonly caller: string | null;
  readonly user: string | null;
  readonly userArn: string | null;
  readonly principalOrgId: string | null;
  readonly cognitoAuthenticationProvider: string | null;
  readonly cognitoAuthenticationType: string | null;
  readonly cognitoIdentityId: string | null;
  readonly cognitoIdentityPoolId: string | null;
}

export const anonymousIdentity: CallerIdentity = Object.freeze({
  accessKey: null,
  accountId: null,
  caller: null,
  user: null,
  userArn: null,
  principalOrgId: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
});

/** The API key that a request was admitted with; never logged in full. */
export interface AdmittedKey {
  readonly id: string;
  readonly value: string;
}

/** The client's certificate under mutual TLS (`$context.identity.clientCert.*`). */
export interface ClientCertificate {
  readonly clientCertPem: string;
  readonly subjectDN: string;
  readonly issuerDN: string;
  readonly serialNumber: string;
  readonly validity: { readonly notBefore: string; readonly notAfter: string };
}
