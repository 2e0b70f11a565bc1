import { invariant } from "../../src/invariant.js";
import type { Authorizer, CognitoAuthorizer, JwtAuthorizer, LambdaAuthorizer } from "../../src/model/authorizers.js";
import type { Reference } from "../../src/model/expressions.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Route } from "../../src/model/routes.js";
import { code, type Planned, stringLiteral } from "../emit/code-literal.js";
import type { FunctionPlan } from "./plan-routes.js";
import { targetText } from "./plan-texts.js";

/** An authorizer that some route has, as a constant of the generated gateway. */
export interface AuthorizerPlan {
  readonly authorizer: Authorizer;
  readonly constant: string;
  readonly entry: Planned;
}

/** In the order of the file. */
export function planAuthorizers(
  model: GatewayModel,
  functions: ReadonlyMap<string, FunctionPlan>,
): readonly AuthorizerPlan[] {
  const used = new Set(model.routes.map(authorizerNameOf));
  return model.authorizers
    .filter(({ name }) => used.has(name))
    .map((authorizer, index) => ({
      authorizer,
      constant: `authorizer${index + 1}`,
      entry: planEntry(authorizer, model, functions),
    }));
}

export function authorizerNameOf({ authorization }: Route): string | undefined {
  return authorization.kind === "authorizer" ? authorization.name : undefined;
}

/** The authorizer of a route; undefined on open routes and those of IAM. */
export function authorizerOf(route: Route, model: GatewayModel): Authorizer | undefined {
  const name = authorizerNameOf(route);
  return name === undefined ? undefined : model.authorizers.find((authorizer) => authorizer.name === name);
}

function planEntry(authorizer: Authorizer, model: GatewayModel, functions: ReadonlyMap<string, FunctionPlan>): Planned {
  switch (authorizer.kind) {
    case "lambda":
      return planLambda(authorizer, model, functions);
    case "cognito":
      return planCognito(authorizer);
    case "jwt":
      return planJwt(authorizer);
  }
}

function planLambda(
  authorizer: LambdaAuthorizer,
  model: GatewayModel,
  functions: ReadonlyMap<string, FunctionPlan>,
): Planned {
  const declared = model.functions.find(({ name }) => name === authorizer.function);
  return {
    kind: authorizer.kind,
    name: authorizer.name,
    type: authorizer.type,
    function: {
      functionName: authorizer.function,
      payloadFormat: authorizer.payloadFormat,
      modules: code(functions.get(authorizer.function)?.constant ?? "new Map()"),
      alias: declared?.code.kind === "aliases" ? targetText(declared.code.alias) : undefined,
      arn: declared?.code.kind === "arn" ? targetText(declared.code.arn) : undefined,
      timeoutMs: declared?.timeoutMs,
    },
    invokeRemote: declared?.code.kind === "arn" ? code("invokeRemote") : undefined,
    identity: authorizer.identity.map(planSource),
    validation:
      authorizer.validation === undefined
        ? code("undefined")
        : code(`tokenPattern(${stringLiteral(authorizer.validation)})`),
    ttlSeconds: authorizer.ttlSeconds,
    payloadFormat: authorizer.payloadFormat,
    simpleResponses: authorizer.simpleResponses,
  };
}

function planCognito({ kind, name, header, providerArns, ...options }: CognitoAuthorizer): Planned {
  return {
    kind,
    name,
    identity: { in: "header", name: header.toLowerCase() },
    issuers: providerArns.map(targetText),
    audience: [],
    ...planIssuerOptions(options),
  };
}

function planIssuerOptions({
  issuerEndpoint,
  clockSkewSeconds,
}: Pick<JwtAuthorizer, "issuerEndpoint" | "clockSkewSeconds">) {
  return { issuerEndpoint: issuerEndpoint ? targetText(issuerEndpoint) : code("undefined"), clockSkewSeconds };
}

function planJwt({ kind, name, identity, issuer, audience, ...options }: JwtAuthorizer): Planned {
  return {
    kind,
    name,
    identity: planSource(identity),
    issuers: [targetText(issuer)],
    audience: audience.map(targetText),
    ...planIssuerOptions(options),
  };
}

function planSource(source: Reference): Planned {
  switch (source.kind) {
    case "header":
      return { in: "header", name: source.name.toLowerCase() };
    case "querystring":
      return { in: "query", name: source.name };
    case "stageVariable":
      return { in: "stageVariable", name: source.name };
    default:
      invariant(
        source.kind === "context",
        "an identity source is part of the request, the context or a stage variable",
      );
      return { in: "context", name: source.path.join(".") };
  }
}
