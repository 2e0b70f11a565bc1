import type { Authorizer, CognitoAuthorizer, JwtAuthorizer, LambdaAuthorizer } from "../../src/model/authorizers.js";
import { constantText, type Reference } from "../../src/model/expressions.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Route } from "../../src/model/routes.js";
import { poolIssuer } from "../../src/model/user-pools.js";
import { type JsonObject, jsonObject, objectOf } from "../emit/stable-json.js";
import { freshName, uniqueNames } from "../emit/unique-names.js";
import { componentName } from "./flavour.js";

/** Security of the document for consumers: schemes in OpenAPI's own terms, and what each route asks for. */
export interface CleanSecurity {
  readonly schemes: JsonObject;
  requirementsOf(route: Route): readonly JsonObject[];
  /** A sentence about what the schemes cannot say: the scopes of a bearer token. */
  noteOf(route: Route): string | undefined;
}

/** One authorizer as schemes that a caller must satisfy together. */
interface SchemeSet {
  readonly schemes: readonly (readonly [string, JsonObject])[];
  readonly takesScopes: boolean;
}

export function planCleanSecurity(model: GatewayModel): CleanSecurity {
  const names = uniqueNames(
    model.authorizers.map((authorizer) => authorizer.name),
    componentName,
  );
  const taken = new Set(names.values());
  const keyName = freshName("api_key", taken);
  const iamName = freshName("sigv4", taken);
  const sets = new Map<string, SchemeSet>();
  for (const authorizer of model.authorizers) {
    sets.set(authorizer.name, schemesOf(authorizer, names.get(authorizer.name) ?? authorizer.name, taken));
  }
  const used = usedSchemes(model);
  return {
    schemes: objectOf([
      ...[...sets.values()].flatMap((set) => set.schemes),
      [iamName, used.iam ? iamScheme : undefined],
      [keyName, used.key ? { type: "apiKey", name: "x-api-key", in: "header" } : undefined],
    ]),
    requirementsOf: (route) => requirements(route, sets, iamName, keyName),
    noteOf: (route) => scopeNote(route, sets),
  };
}

const iamScheme = {
  type: "apiKey",
  name: "Authorization",
  in: "header",
  description: "AWS Signature Version 4 for the service execute-api",
};

export function usedSchemes(model: GatewayModel): { readonly iam: boolean; readonly key: boolean } {
  return {
    iam: model.routes.some((route) => route.authorization.kind === "iam"),
    key: model.routes.some((route) => route.apiKeyRequired),
  };
}

function schemesOf(authorizer: Authorizer, name: string, taken: Set<string>): SchemeSet {
  switch (authorizer.kind) {
    case "cognito":
      return cognitoSchemes(authorizer, name);
    case "jwt":
      return jwtSchemes(authorizer, name);
    case "lambda":
      return lambdaSchemes(authorizer, name, taken);
  }
}

function cognitoSchemes(authorizer: CognitoAuthorizer, name: string): SchemeSet {
  const { description, header } = authorizer;
  if (header.toLowerCase() !== "authorization") {
    return {
      schemes: [[name, jsonObject({ type: "apiKey", name: header, in: "header", description })]],
      takesScopes: false,
    };
  }
  const [only] = authorizer.providerArns;
  const issuer = authorizer.providerArns.length === 1 && only ? poolIssuer(constantText(only)) : undefined;
  return tokenSchemes(name, description, issuer);
}

function jwtSchemes(authorizer: JwtAuthorizer, name: string): SchemeSet {
  const { identity, description } = authorizer;
  if (identity.kind === "header" && identity.name.toLowerCase() === "authorization") {
    return tokenSchemes(name, description, constantText(authorizer.issuer));
  }
  return { schemes: [[name, jsonObject({ ...credentialOf(identity), description })]], takesScopes: false };
}

/** A bearer token; with a known https issuer, by OpenID Connect discovery, which carries scopes. */
function tokenSchemes(name: string, description: string | undefined, issuer: string | undefined): SchemeSet {
  if (issuer === undefined || !/^https:\/\/[^\s{}]+$/.test(issuer)) {
    const bearer = jsonObject({ type: "http", scheme: "bearer", bearerFormat: "JWT", description });
    return { schemes: [[name, bearer]], takesScopes: false };
  }
  const openIdConnectUrl = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  return { schemes: [[name, jsonObject({ type: "openIdConnect", openIdConnectUrl, description })]], takesScopes: true };
}

/** One scheme for each header or query parameter that identifies the caller. */
function lambdaSchemes(authorizer: LambdaAuthorizer, name: string, taken: Set<string>): SchemeSet {
  const { description } = authorizer;
  const credentials = authorizer.identity.filter(({ kind }) => kind === "header" || kind === "querystring");
  const all = credentials.length > 0 ? credentials : [{ kind: "header", name: "Authorization" } as const];
  const schemes = all.map((credential, index) => {
    const schemeName = index === 0 ? name : freshName(`${name}_${index + 1}`, taken);
    taken.add(schemeName);
    return [schemeName, jsonObject({ ...credentialOf(credential), description })] as const;
  });
  return { schemes, takesScopes: false };
}

function credentialOf(identity: Reference): JsonObject {
  if (identity.kind === "querystring") return { type: "apiKey", name: identity.name, in: "query" };
  return { type: "apiKey", name: identity.kind === "header" ? identity.name : "Authorization", in: "header" };
}

/** All that a route asks for, in one requirement: every scheme of it must be satisfied. None: an empty list. */
function requirements(
  { authorization, apiKeyRequired }: Route,
  sets: ReadonlyMap<string, SchemeSet>,
  iamName: string,
  keyName: string,
): readonly JsonObject[] {
  const all: [string, readonly string[]][] = [];
  if (authorization.kind === "iam") all.push([iamName, []]);
  if (authorization.kind === "authorizer") {
    const set = sets.get(authorization.name);
    for (const [name] of set?.schemes ?? []) all.push([name, set?.takesScopes ? authorization.scopes : []]);
  }
  if (apiKeyRequired) all.push([keyName, []]);
  return all.length > 0 ? [objectOf(all)] : [];
}

function scopeNote({ authorization }: Route, sets: ReadonlyMap<string, SchemeSet>): string | undefined {
  if (authorization.kind !== "authorizer" || authorization.scopes.length === 0) return undefined;
  if (sets.get(authorization.name)?.takesScopes) return undefined;
  return `Needs a token with one of the scopes: ${authorization.scopes.join(", ")}.`;
}
