import { invariant } from "../../src/invariant.js";
import type { Authorizer, CognitoAuthorizer, JwtAuthorizer, LambdaAuthorizer } from "../../src/model/authorizers.js";
import type { Reference } from "../../src/model/expressions.js";
import type { ApiKind, GatewayModel } from "../../src/model/gateway-model.js";
import type { Route } from "../../src/model/routes.js";
import { type LambdaAddresses, lambdaAddresses } from "../emit/aws-names.js";
import { awsText, referenceText } from "../emit/aws-text.js";
import { type JsonObject, jsonObject, objectOf } from "../emit/stable-json.js";
import { freshName, uniqueNames } from "../emit/unique-names.js";
import { usedSchemes } from "./clean-security.js";
import { componentName } from "./flavour.js";
import { requestExpression } from "./rest-expressions.js";

/** Security of the document that API Gateway imports: authorizers, IAM and API keys as security schemes. */
export interface AwsSecurity {
  readonly schemes: JsonObject;
  requirementsOf(route: Route): readonly JsonObject[];
}

/**
 * Security schemes with `x-amazon-apigateway-authtype` and `x-amazon-apigateway-authorizer`. The importer takes a list
 * of requirements as all of them together (an authorizer, then the API key), which is how its own exports have it.
 *
 * @see developer guide, "x-amazon-apigateway-authorizer object", "x-amazon-apigateway-authtype property"
 */
export function planAwsSecurity(model: GatewayModel): AwsSecurity {
  const names = uniqueNames(
    model.authorizers.map((authorizer) => authorizer.name),
    componentName,
  );
  const nameOf = (authorizer: string) => names.get(authorizer) ?? authorizer;
  const taken = new Set(names.values());
  const keyName = freshName("api_key", taken);
  const iamName = freshName("sigv4", taken);
  const used = usedSchemes(model);
  const place: Place = { kind: model.kind, lambda: lambdaAddresses(model) };
  return {
    schemes: objectOf([
      ...model.authorizers.map((authorizer) => [nameOf(authorizer.name), schemeOf(authorizer, place)] as const),
      [iamName, used.iam ? apiKeyScheme("Authorization", { [authType]: "awsSigv4" }) : undefined],
      [keyName, used.key ? apiKeyScheme("x-api-key", {}) : undefined],
    ]),
    requirementsOf: ({ authorization, apiKeyRequired }) => [
      ...(authorization.kind === "iam" ? [{ [iamName]: [] }] : []),
      ...(authorization.kind === "authorizer" ? [{ [nameOf(authorization.name)]: authorization.scopes }] : []),
      ...(apiKeyRequired ? [{ [keyName]: [] }] : []),
    ],
  };
}

const authType = "x-amazon-apigateway-authtype";
const extension = "x-amazon-apigateway-authorizer";

function apiKeyScheme(header: string, extensions: JsonObject): JsonObject {
  return { type: "apiKey", name: header, in: "header", ...extensions };
}

interface Place {
  readonly kind: ApiKind;
  readonly lambda: LambdaAddresses;
}

function schemeOf(authorizer: Authorizer, place: Place): JsonObject {
  switch (authorizer.kind) {
    case "cognito":
      return cognitoScheme(authorizer);
    case "jwt":
      return jwtScheme(authorizer);
    case "lambda":
      return place.kind === "http" ? httpLambdaScheme(authorizer, place) : restLambdaScheme(authorizer, place);
  }
}

function cognitoScheme(authorizer: CognitoAuthorizer): JsonObject {
  const type = "cognito_user_pools";
  return apiKeyScheme(authorizer.header, {
    [authType]: type,
    [extension]: {
      type,
      providerARNs: authorizer.providerArns.map(awsText),
      identitySource: `method.request.header.${authorizer.header}`,
      authorizerResultTtlInSeconds: authorizer.ttlSeconds,
    },
  });
}

/** API Gateway wants JWT authorizers under an OAuth 2 scheme; its own exports have no flows in it either. */
function jwtScheme(authorizer: JwtAuthorizer): JsonObject {
  return {
    type: "oauth2",
    flows: {},
    [extension]: jsonObject({
      type: "jwt",
      identitySource: identitySources([authorizer.identity], "http"),
      jwtConfiguration: { issuer: awsText(authorizer.issuer), audience: authorizer.audience.map(awsText) },
    }),
  };
}

function restLambdaScheme(authorizer: LambdaAuthorizer, { lambda }: Place): JsonObject {
  const [first] = authorizer.identity;
  const header = authorizer.type === "token" && first?.kind === "header" ? first.name : undefined;
  // A REQUEST authorizer may read anything: "Unused" is what API Gateway's own exports put there.
  return apiKeyScheme(header ?? (authorizer.type === "token" ? "Authorization" : "Unused"), {
    [authType]: "custom",
    [extension]: jsonObject({
      type: authorizer.type,
      authorizerUri: lambda.invocationUri(authorizer.function),
      authorizerCredentials: authorizer.credentials && awsText(authorizer.credentials),
      identitySource: identitySources(authorizer.identity, "rest"),
      identityValidationExpression: authorizer.type === "token" ? authorizer.validation : undefined,
      authorizerResultTtlInSeconds: authorizer.ttlSeconds,
    }),
  });
}

function httpLambdaScheme(authorizer: LambdaAuthorizer, { lambda }: Place): JsonObject {
  const header = authorizer.identity.find(({ kind }) => kind === "header");
  return apiKeyScheme(header?.kind === "header" ? header.name : "Authorization", {
    [extension]: jsonObject({
      type: "request",
      authorizerUri: lambda.invocationUri(authorizer.function),
      authorizerCredentials: authorizer.credentials && awsText(authorizer.credentials),
      identitySource: identitySources(authorizer.identity, "http"),
      authorizerPayloadFormatVersion: authorizer.payloadFormat,
      enableSimpleResponses: authorizer.payloadFormat === "2.0" ? authorizer.simpleResponses : undefined,
      authorizerResultTtlInSeconds: authorizer.ttlSeconds,
    }),
  });
}

/** In order, with commas; undefined when there are none (a REQUEST authorizer without a cache). */
function identitySources(identity: readonly Reference[], kind: ApiKind): string | undefined {
  if (identity.length === 0) return undefined;
  return identity.map((source) => identitySource(source, kind)).join(", ");
}

function identitySource(reference: Reference, kind: ApiKind): string {
  if (kind === "http") return `$${referenceText(reference)}`;
  const expression = requestExpression({ kind: "reference", reference });
  invariant(expression, "an identity source of a REST API is part of the request, the context or a stage variable");
  return expression;
}
