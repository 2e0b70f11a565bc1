import { describe, expect, test } from "vitest";
import { credentialsOf } from "../../../generators/sdk-shared/credentials.js";
import { customBodies, gatewayAnswers } from "../../../generators/sdk-shared/gateway-answers.js";
import { planInput as planInputOf } from "../../../generators/sdk-shared/input.js";
import { planOperation } from "../../../generators/sdk-shared/operation.js";
import { exportedNames } from "../../../generators/sdk-typescript/exported-names.js";
import { typescriptInput } from "../../../generators/sdk-typescript/plan-operation.js";
import type { GatewayModel } from "../../../src/model/gateway-model.js";
import type { Route } from "../../../src/model/routes.js";
import { templateShape } from "../../../src/model/template-shape.js";
import { anyType, object, primitive, property } from "../../../src/model/type-builders.js";
import { authorizedBy, gatewayModel, http, mock, model, parameter, ref, route, text } from "../../support/model.js";
import { sdkFiles } from "./sdk.js";

const customers = {
  kind: "cognito",
  issuerEndpoint: undefined,
  clockSkewSeconds: 5,
  name: "customers",
  description: undefined,
  providerArns: [],
  header: "Authorization",
  ttlSeconds: 300,
} as const;

describe("what API Gateway answers by itself", () => {
  const statuses = (entry: Route, overrides: Partial<GatewayModel> = {}) => {
    const gateway = gatewayModel({ routes: [entry], authorizers: [customers], ...overrides });
    const answers = gatewayAnswers(entry, gateway, customBodies(gateway));
    return [...new Set(answers.map(({ status }) => status))].sort();
  };
  const body = { type: anyType, mediaTypes: ["application/json"], required: true };
  const validation = { parameters: false, body: true, strict: false };

  test.each<[string, Route, number[]]>([
    ["a mock", route("GET /a", { integration: mock() }), [429, 500]],
    ["a proxy", route("GET /a"), [429, 500, 502, 504]],
    ["an HTTP proxy", route("GET /a", { integration: http("http://x") }), [429, 500, 504]],
    ["a body that is validated", route("POST /a", { body, validation }), [400, 413, 429, 500, 502, 504]],
    ["an authorizer", route("GET /a", { authorization: authorizedBy("customers") }), [401, 403, 429, 500, 502, 504]],
    ["IAM", route("GET /a", { authorization: { kind: "iam" } }), [403, 429, 500, 502, 504]],
    ["an API key", route("GET /a", { apiKeyRequired: true }), [403, 429, 500, 502, 504]],
    [
      "a mapping that refuses other types",
      route("PUT /a", { body, integration: http("http://x", { proxy: false, passthrough: "NEVER" }) }),
      [413, 415, 429, 500, 504],
    ],
  ])("%s", (_name, entry, expected) => {
    expect(statuses(entry)).toEqual(expected);
  });

  test("an HTTP API answers 503 and knows no validation", () => {
    expect(statuses(route("POST /a", { body, validation }), { kind: "http" })).toEqual([413, 429, 500, 503]);
  });

  test("status and body of a customised response; a class covers its types, and never 413", () => {
    const gateway = gatewayModel({
      gatewayResponses: [
        { type: "THROTTLED", status: 420, headers: [], templates: [] },
        {
          type: "DEFAULT_4XX",
          status: undefined,
          headers: [],
          templates: [{ mediaType: "application/json", template: '{"why":$context.error.messageString}' }],
        },
        {
          type: "DEFAULT_5XX",
          status: undefined,
          headers: [],
          templates: [{ mediaType: "text/plain", template: "oh" }],
        },
      ],
    });
    const answers = gatewayAnswers(route("POST /a", { body, validation }), gateway, customBodies(gateway));
    const byStatus = new Map(answers.map((answer) => [answer.status, answer.body]));
    expect(byStatus.get(420)).toBe("message");
    expect(byStatus.get(400)).toMatchObject({
      name: "Default4xxBody",
      type: object([property("why", primitive("string"))]),
    });
    expect(byStatus.get(413)).toBe("message");
    expect(byStatus.get(504)).toBe("unknown");
  });
});

test.each([
  ['{"message":$context.error.messageString,"id":"$context.requestId"}', ["message", "id"]],
  ['{ "a": 1, "b": [$context.x], "c": { "d": true } }', ["a", "b", "c"]],
  ["<error>$context.error.message</error>", undefined],
  ['{"message": "unclosed}', undefined],
])("the shape of %s", (template, names) => {
  const shape = templateShape(template);
  expect(shape?.kind === "object" ? shape.properties.map(({ name }) => name) : undefined).toEqual(names);
});

const planInput = (entry: Route) =>
  planInputOf(planOperation(entry, gatewayModel({ routes: [entry] }), new Map()), typescriptInput);

describe("names", () => {
  test("of two parameters with one name the later has its place in front", () => {
    const entry = route("POST /a/{id}/{body}", {
      parameters: [
        ...["id", "body"].map((name) => parameter("path", name)),
        ...["id", "X-Id", "toString"].map((name) => parameter("query", name)),
        ...["X-Id", "Id"].map((name) => parameter("header", name)),
      ],
      body: { type: anyType, mediaTypes: ["application/json"], required: true },
    });
    expect(planInput(entry).map(({ in: place, name }) => `${place} ${name}`)).toEqual([
      "path id",
      "path pathBody",
      "query queryId",
      "query xId",
      "query queryToString",
      "header headerXId",
      "header headerId",
      "body body",
    ]);
  });

  test("the catch-all route of an HTTP API takes a method, a path and a body", () => {
    expect(planInput(route("$default")).map(({ name }) => name)).toEqual(["path", "method", "body"]);
  });

  test("exports never clash: with the SDK, with types, with each other", () => {
    const names = exportedNames(
      gatewayModel({
        models: ["Client", "Order", "GetOrderInput", "Promise"].map((name) => model(name, anyType)),
        routes: ["getOrder", "call", "default", "createClient"].map((operation) =>
          route(`GET /${operation}`, { operation }),
        ),
      }),
    );
    expect(["Client", "Order", "GetOrderInput", "Promise"].map(names.model)).toEqual([
      "ClientModel",
      "Order",
      "GetOrderInput",
      "PromiseModel",
    ]);
    expect(["getOrder", "call", "default", "createClient"].map((name) => names.operation(name).fn)).toEqual([
      "getOrder",
      "callCall",
      "default_",
      "createClientCall",
    ]);
    expect(names.operation("getOrder").input).toBe("GetOrderCallInput");
  });
});

describe("credentials", () => {
  test("none on a public route, and none for a key that the authorizer brings", () => {
    const gateway = gatewayModel({ apiKeySource: "AUTHORIZER", authorizers: [customers] });
    expect(credentialsOf(route("GET /a"), gateway)).toEqual([]);
    const both = route("GET /a", { authorization: authorizedBy("customers"), apiKeyRequired: true });
    expect(credentialsOf(both, gateway).map(({ name }) => name)).toEqual(["bearer"]);
  });

  test("identity sources of a Lambda authorizer that a client can send", () => {
    const authorizer = {
      kind: "lambda",
      name: "own",
      description: undefined,
      function: "f",
      type: "request",
      identity: [
        ref("request.header.Authorization"),
        ref("request.header.X-Tenant"),
        ref("request.querystring.bearer"),
        ref("context.path"),
      ],
      validation: undefined,
      ttlSeconds: 0,
      payloadFormat: "1.0",
      simpleResponses: false,
      context: [],
    } as const;
    const entry = route("GET /a", { authorization: authorizedBy("own") });
    expect(
      credentialsOf(entry, gatewayModel({ authorizers: [authorizer] })).map(({ name, place, key }) => [
        name,
        place,
        key,
      ]),
    ).toEqual([
      ["bearer", "header", "Authorization"],
      ["xTenant", "header", "X-Tenant"],
      ["bearerValue", "query", "bearer"],
    ]);
  });

  test("a JWT authorizer's token", () => {
    const authorizer = {
      kind: "jwt",
      issuerEndpoint: undefined,
      clockSkewSeconds: 5,
      name: "jwt",
      description: undefined,
      issuer: text("https://issuer"),
      audience: [],
      identity: ref("request.header.Authorization"),
    } as const;
    const entry = route("GET /a", { authorization: authorizedBy("jwt") });
    expect(credentialsOf(entry, gatewayModel({ kind: "http", authorizers: [authorizer] }))).toMatchObject([
      { name: "bearer" },
    ]);
  });
});

describe("the package", () => {
  test.each([
    ["1.4.0", "1.4.0"],
    ["1.10", "1.10.0"],
    ["v2", "2.0.0"],
    ["1.0.0-beta.1", "1.0.0-beta.1"],
    ["2024-05-01", "2024.5.1"],
    ["2024-05-01T10:00:00Z", "2024.5.1"],
    ["latest", "0.0.0"],
  ])("version %s is %s for npm", async (version, expected) => {
    const files = await sdkFiles(gatewayModel({ version }));
    expect(JSON.parse(files.get("package.json") ?? "")).toMatchObject({
      name: "shop",
      version: expected,
      sideEffects: false,
    });
  });

  test("every file says where it comes from, ends with one line break, and holds no path or date", async () => {
    for (const [path, content] of await sdkFiles(gatewayModel())) {
      if (/\.(js|d\.ts)$/.test(path))
        expect(content).toMatch(/^\/\/ Generated by `gateway build` from gateway\.yaml\. Do not edit\.\n/);
      expect(content).toMatch(/[^\n]\n$/);
      expect(content).not.toMatch(/\/project|\r/);
    }
  });
});
