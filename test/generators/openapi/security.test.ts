import { describe, expect, test } from "vitest";
import type { Authorizer, CognitoAuthorizer, JwtAuthorizer, LambdaAuthorizer } from "../../../src/model/authorizers.js";
import { authorizedBy, gatewayModel, ref, route, text } from "../../support/model.js";
import { at, awsDocument, cleanDocument, validFiles } from "./support.js";

const cognito: CognitoAuthorizer = {
  kind: "cognito",
  issuerEndpoint: undefined,
  clockSkewSeconds: 5,
  name: "customers",
  description: "Shop customers",
  providerArns: [text("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc")],
  header: "Authorization",
  ttlSeconds: 300,
};
const token: LambdaAuthorizer = {
  kind: "lambda",
  name: "tokens",
  description: undefined,
  function: "authorize",
  type: "token",
  identity: [ref("request.header.X-Token")],
  validation: "^Bearer [-0-9a-zA-Z._]+$",
  ttlSeconds: 0,
  payloadFormat: "1.0",
  simpleResponses: false,
  context: [],
};
const request: LambdaAuthorizer = {
  ...token,
  name: "partners",
  type: "request",
  identity: [
    ref("request.header.X-Partner"),
    ref("request.querystring.key"),
    ref("stageVariables.tenant"),
    ref("context.path"),
  ],
  validation: undefined,
  ttlSeconds: 60,
};
const jwt: JwtAuthorizer = {
  kind: "jwt",
  issuerEndpoint: undefined,
  clockSkewSeconds: 5,
  name: "oidc",
  description: undefined,
  issuer: text("https://issuer.example.com/"),
  audience: [text("shop")],
  identity: ref("request.header.Authorization"),
};
const uri =
  "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:shop-authorize/invocations";

function shop(kind: "rest" | "http", authorizers: readonly Authorizer[]) {
  return gatewayModel({
    kind,
    authorizers,
    routes: [
      ...authorizers.map(({ name }) => route(`GET /${name}`, { authorization: authorizedBy(name, "orders/read") })),
      route("GET /open"),
      ...(kind === "rest"
        ? [route("GET /keyed", { apiKeyRequired: true, authorization: authorizedBy("customers") })]
        : []),
      route("GET /iam", { authorization: { kind: "iam" } }),
    ],
  });
}

describe("on AWS, a REST API", () => {
  const document = awsDocument(shop("rest", [cognito, token, request]));

  test("authorizers, IAM and the API key are security schemes", () => {
    expect(at(document, "components", "securitySchemes")).toEqual({
      customers: {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {
          type: "cognito_user_pools",
          providerARNs: ["arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc"],
          identitySource: "method.request.header.Authorization",
          authorizerResultTtlInSeconds: 300,
        },
      },
      tokens: {
        type: "apiKey",
        name: "X-Token",
        in: "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
          type: "token",
          authorizerUri: uri,
          identitySource: "method.request.header.X-Token",
          identityValidationExpression: "^Bearer [-0-9a-zA-Z._]+$",
          authorizerResultTtlInSeconds: 0,
        },
      },
      partners: {
        type: "apiKey",
        name: "Unused",
        in: "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
          type: "request",
          authorizerUri: uri,
          identitySource:
            "method.request.header.X-Partner, method.request.querystring.key, stageVariables.tenant, context.path",
          authorizerResultTtlInSeconds: 60,
        },
      },
      sigv4: { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "awsSigv4" },
      api_key: { type: "apiKey", name: "x-api-key", in: "header" },
    });
    expect(document).toMatchObject({ "x-amazon-apigateway-api-key-source": "HEADER" });
  });

  test.each([
    ["/customers", [{ customers: ["orders/read"] }]],
    ["/keyed", [{ customers: [] }, { api_key: [] }]],
    ["/iam", [{ sigv4: [] }]],
    ["/open", []],
  ])("%s asks for its own", (path, security) => {
    expect(at(document, "paths", path, "get", "security")).toEqual(security);
  });
});

describe("on AWS, an HTTP API", () => {
  const simple: LambdaAuthorizer = { ...request, payloadFormat: "2.0", simpleResponses: true };
  const document = awsDocument(shop("http", [jwt, simple]));

  test("JWT and Lambda authorizers have their own shapes", () => {
    expect(at(document, "components", "securitySchemes")).toEqual({
      oidc: {
        type: "oauth2",
        flows: {},
        "x-amazon-apigateway-authorizer": {
          type: "jwt",
          identitySource: "$request.header.Authorization",
          jwtConfiguration: { issuer: "https://issuer.example.com/", audience: ["shop"] },
        },
      },
      partners: {
        type: "apiKey",
        name: "X-Partner",
        in: "header",
        "x-amazon-apigateway-authorizer": {
          type: "request",
          authorizerUri: uri,
          identitySource: "$request.header.X-Partner, $request.querystring.key, $stageVariables.tenant, $context.path",
          authorizerPayloadFormatVersion: "2.0",
          enableSimpleResponses: true,
          authorizerResultTtlInSeconds: 60,
        },
      },
      sigv4: { type: "apiKey", name: "Authorization", in: "header", "x-amazon-apigateway-authtype": "awsSigv4" },
    });
  });
});

describe("for consumers", () => {
  const document = cleanDocument(shop("rest", [cognito, token, request]));

  test("schemes are in OpenAPI's own terms", () => {
    expect(at(document, "components", "securitySchemes")).toEqual({
      customers: {
        type: "openIdConnect",
        openIdConnectUrl: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc/.well-known/openid-configuration",
        description: "Shop customers",
      },
      tokens: { type: "apiKey", name: "X-Token", in: "header" },
      partners: { type: "apiKey", name: "X-Partner", in: "header" },
      partners_2: { type: "apiKey", name: "key", in: "query" },
      sigv4: {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        description: "AWS Signature Version 4 for the service execute-api",
      },
      api_key: { type: "apiKey", name: "x-api-key", in: "header" },
    });
    expect(JSON.stringify(document)).not.toContain("x-amazon");
  });

  test("what a route needs together stands in one requirement", () => {
    const of = (path: string) => at(document, "paths", path, "get", "security");
    expect(of("/customers")).toEqual([{ customers: ["orders/read"] }]);
    expect(of("/partners")).toEqual([{ partners: [], partners_2: [] }]);
    expect(of("/keyed")).toEqual([{ customers: [], api_key: [] }]);
    expect(of("/open")).toEqual([]);
  });

  test("scopes that a scheme cannot carry are told in words", () => {
    const pool = {
      ...cognito,
      providerArns: [text("arn:aws:cognito-idp:eu-west-1:1:userpool/", ref("stageVariables.pool"))],
    };
    const found = cleanDocument(shop("rest", [pool]));
    expect(at(found, "components", "securitySchemes", "customers")).toMatchObject({ type: "http", scheme: "bearer" });
    expect(at(found, "paths", "/customers", "get")).toMatchObject({
      security: [{ customers: [] }],
      description: "Needs a token with one of the scopes: orders/read.",
    });
  });

  test("an OpenID Connect issuer is found by discovery", () => {
    expect(at(cleanDocument(shop("http", [jwt])), "components", "securitySchemes", "oidc")).toEqual({
      type: "openIdConnect",
      openIdConnectUrl: "https://issuer.example.com/.well-known/openid-configuration",
    });
  });
});

test("an authorizer may have the name of a scheme of ours", () => {
  const named = { ...cognito, name: "api_key" };
  const keyed = route("GET /a", { apiKeyRequired: true, authorization: authorizedBy("api_key") });
  const document = awsDocument(gatewayModel({ authorizers: [named], routes: [keyed] }));
  expect(at(document, "paths", "/a", "get", "security")).toEqual([{ api_key: [] }, { api_key2: [] }]);
  expect(at(document, "components", "securitySchemes", "api_key2", "name")).toBe("x-api-key");
});

test("documents with every scheme are valid", async () => {
  await validFiles(shop("rest", [cognito, token, request]));
  await validFiles(shop("http", [jwt, request]));
});
