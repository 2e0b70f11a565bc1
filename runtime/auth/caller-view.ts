import type { Caller, CallerAuthorizer, ClaimMap } from "./caller.js";
import { javaDateText } from "./java-date.js";

/**
 * What events and templates show of the caller: `requestContext.authorizer` and `$context.authorizer.*`
 * (aws-behaviour.md sections 7, 8, 14.5, 20, 22 and 28).
 */

/** Member `authorizer` of a REST event; undefined when there is none. What a handler does to it stays there. */
export function restAuthorizer(caller: Caller | undefined): Record<string, unknown> | undefined {
  if (caller === undefined) return undefined;
  const { authorizer } = caller;
  switch (authorizer.kind) {
    case "iam":
      return undefined;
    case "cognito":
      return { claims: claimTexts(authorizer.claims, cognitoClaim) };
    case "jwt":
      return { claims: claimTexts(authorizer.claims, jwtClaim), scopes: authorizer.scopes };
    case "lambda":
      return {
        ...(authorizer.principalId !== undefined && { principalId: authorizer.principalId }),
        ...plainRecord(authorizer.context),
        integrationLatency: authorizer.latencyMs,
      };
  }
}

/** Member `authorizer` of an event of format 2.0. IAM is completed by the identity of the caller. */
export function http2Authorizer(caller: Caller | undefined): Record<string, unknown> | undefined {
  if (caller === undefined) return undefined;
  const { authorizer, identity } = caller;
  switch (authorizer.kind) {
    case "iam":
      return {
        iam: {
          accessKey: identity.accessKey,
          accountId: identity.accountId,
          callerId: identity.caller,
          cognitoIdentity: null,
          principalOrgId: identity.principalOrgId,
          userArn: identity.userArn,
          userId: identity.user,
        },
      };
    case "cognito":
    case "jwt": {
      const scopes = authorizer.kind === "jwt" ? authorizer.scopes : null;
      return { jwt: { claims: claimTexts(authorizer.claims, jwtClaim), scopes: scopes && [...scopes] } };
    }
    case "lambda":
      return { lambda: authorizer.context.size === 0 ? null : structuredClone(plainRecord(authorizer.context)) };
  }
}

/** `$context.authorizer.<name>` as text; `name` without the first part: `principalId`, `claims.sub`, `tenant`. */
export function authorizerValue(caller: Caller | undefined, name: string): string | undefined {
  if (caller === undefined) return undefined;
  const { authorizer } = caller;
  if (authorizer.kind === "iam") return undefined;
  if (authorizer.kind !== "lambda")
    return name.startsWith("claims.") ? claimValue(authorizer, name.slice(7)) : undefined;
  if (name === "principalId") return authorizer.principalId;
  const value = authorizer.context.get(name);
  return value === undefined || value === null ? undefined : textOf(value);
}

/** `$context.authorizer` of templates; undefined when there is nothing in it. */
export function authorizerContext(caller: Caller | undefined): TemplateAuthorizer | undefined {
  if (caller === undefined) return undefined;
  const { authorizer } = caller;
  switch (authorizer.kind) {
    case "iam":
      return undefined;
    case "cognito":
    case "jwt":
      return { claims: claimTexts(authorizer.claims, authorizer.kind === "cognito" ? cognitoClaim : jwtClaim) };
    case "lambda": {
      const members: Record<string, string> = Object.create(null);
      for (const [name, value] of authorizer.context) if (value !== null) members[name] = textOf(value);
      if (authorizer.principalId !== undefined) members["principalId"] = authorizer.principalId;
      return members;
    }
  }
}

export type TemplateAuthorizer = { readonly [name: string]: string | Readonly<Record<string, string>> };

function claimValue(authorizer: Extract<CallerAuthorizer, { claims: ClaimMap }>, name: string): string | undefined {
  const value = authorizer.claims.get(name);
  if (value === undefined) return undefined;
  return authorizer.kind === "cognito" ? cognitoClaim(value, name) : jwtClaim(value);
}

function claimTexts(claims: ClaimMap, text: (value: unknown, name: string) => string): Record<string, string> {
  const texts: Record<string, string> = Object.create(null);
  for (const [name, value] of claims) texts[name] = text(value, name);
  return texts;
}

/**
 * A claim as REST APIs hand it on: lists joined with `,`, objects as JSON, `exp` and `iat` as Java prints a date
 * (`Sun Apr 19 08:06:14 UTC 2020`; seen alike in events that many projects keep for their tests).
 */
function cognitoClaim(value: unknown, name: string): string {
  if (typeof value === "number" && (name === "exp" || name === "iat")) return javaDateText(value);
  if (Array.isArray(value)) return value.map(textOf).join(",");
  return textOf(value);
}

/** A claim as HTTP APIs hand it on: lists and objects as Go prints them, `[admins editors]`, `map[a:1]`. */
function jwtClaim(value: unknown): string {
  if (value === null) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(jwtClaim).join(" ")}]`;
  if (typeof value !== "object") return String(value);
  const members = Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${members.map(([name, member]) => `${name}:${jwtClaim(member)}`).join(" ")}]`;
}

function textOf(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A member named `__proto__` stays a member. */
function plainRecord(members: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [name, value] of members) {
    Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return record;
}
