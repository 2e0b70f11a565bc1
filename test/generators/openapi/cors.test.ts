import { describe, expect, test } from "vitest";
import type { Cors } from "../../../src/model/gateway-model.js";
import { gatewayModel, http, integrationResponse, jsonTemplate, mock, ref, route, value } from "../../support/model.js";
import { at, awsDocument, awsIntegration, cleanDocument, integrationKey, validFiles } from "./support.js";

const one: Cors = {
  origins: ["https://shop.example.com"],
  methods: undefined,
  headers: [],
  exposeHeaders: ["X-Total"],
  credentials: true,
  maxAgeSeconds: 600,
};
const several: Cors = { ...one, origins: ["https://a.example.com", "https://*.b.example.com"], credentials: false };

const pickOrigin = `#set($origin = $input.params().header.get("Origin"))
#if(!$origin || $origin == "")#set($origin = $input.params().header.get("origin"))#end
#if($origin && ($origin == 'https://a.example.com' || ($origin.startsWith('https://') && $origin.endsWith('.b.example.com'))))
#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)
#end
`;

describe("preflight of a REST API", () => {
  test("an OPTIONS method for each path with CORS", () => {
    const document = awsDocument(
      gatewayModel({ routes: [route("GET /orders/{id}", { cors: one }), route("PUT /orders/{id}", { cors: one })] }),
    );
    const schema = { type: "string" };
    expect(at(document, "paths", "/orders/{id}", "options")).toEqual({
      summary: "Answers preflight requests",
      parameters: [{ name: "id", in: "path", required: true, schema }],
      responses: {
        200: {
          description: "OK",
          headers: {
            "Access-Control-Allow-Origin": { schema },
            "Access-Control-Allow-Credentials": { schema },
            "Access-Control-Allow-Headers": { schema },
            "Access-Control-Allow-Methods": { schema },
            "Access-Control-Max-Age": { schema },
          },
        },
      },
      security: [],
      "x-amazon-apigateway-integration": {
        type: "mock",
        passthroughBehavior: "when_no_match",
        requestTemplates: { "application/json": '{"statusCode": 200}' },
        responses: {
          default: {
            statusCode: "200",
            responseParameters: {
              "method.response.header.Access-Control-Allow-Origin": "'https://shop.example.com'",
              "method.response.header.Access-Control-Allow-Credentials": "'true'",
              "method.response.header.Access-Control-Allow-Headers":
                "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'",
              "method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS,PUT'",
              "method.response.header.Access-Control-Max-Age": "'600'",
            },
          },
        },
      },
    });
  });

  test("one of several origins is picked by template", () => {
    const document = awsDocument(gatewayModel({ routes: [route("ANY /a", { cors: several })] }));
    const answer = at(document, "paths", "/a", "options", integrationKey, "responses", "default");
    expect(at(answer, "responseTemplates")).toEqual({ "application/json": pickOrigin });
    expect(at(answer, "responseParameters")).toMatchObject({ "method.response.header.Vary": "'Origin'" });
    expect(at(answer, "responseParameters")).not.toHaveProperty(["method.response.header.Access-Control-Allow-Origin"]);
  });

  test("a path with an OPTIONS of its own, or without CORS, gets none", () => {
    const own = route("OPTIONS /a", { integration: mock() });
    const document = awsDocument(gatewayModel({ routes: [route("GET /a", { cors: one }), own, route("GET /b")] }));
    expect(at(document, "paths", "/a", "options", "operationId")).toBe(own.operation);
    expect(at(document, "paths", "/b", "options")).toBeUndefined();
  });

  test("the clean document has none", () => {
    const document = cleanDocument(gatewayModel({ routes: [route("GET /a", { cors: one })] }));
    expect(Object.keys(at(document, "paths", "/a") as object)).toEqual(["get"]);
  });
});

describe("answers that API Gateway makes", () => {
  const integration = http("https://backend.example.com", {
    proxy: false,
    method: "GET",
    responses: [
      integrationResponse(200),
      integrationResponse(404, { pattern: "404", templates: [jsonTemplate("{}")] }),
    ],
  });

  test("carry the headers of a single origin", () => {
    expect(at(awsIntegration("GET /a", { cors: one, integration }), "responses", "404")).toEqual({
      statusCode: "404",
      responseParameters: {
        "method.response.header.Access-Control-Allow-Origin": "'https://shop.example.com'",
        "method.response.header.Access-Control-Allow-Credentials": "'true'",
        "method.response.header.Access-Control-Expose-Headers": "'X-Total'",
      },
      responseTemplates: { "application/json": "{}" },
    });
  });

  test("with several origins, a template that leaves the body as it is", () => {
    const found = awsIntegration("GET /a", { cors: several, integration });
    expect(at(found, "responses", "default", "responseTemplates")).toEqual({
      "application/json": `${pickOrigin}$input.body`,
    });
    expect(at(found, "responses", "404", "responseTemplates")).toEqual({ "application/json": `${pickOrigin}{}` });
  });

  test("of a proxy are left to the backend", () => {
    expect(awsIntegration("GET /a", { cors: one })).not.toHaveProperty(["responses"]);
  });
});

describe("errors", () => {
  const routes = [route("GET /a", { cors: one })];

  test("carry CORS headers, with the file's own entries", () => {
    const document = awsDocument(
      gatewayModel({
        routes,
        gatewayResponses: [
          {
            type: "THROTTLED",
            status: undefined,
            headers: [
              { name: "Retry-After", value: value("1") },
              { name: "access-control-allow-origin", value: value(ref("request.header.Origin")) },
            ],
            templates: [],
          },
          {
            type: "DEFAULT_4XX",
            status: 418,
            headers: [],
            templates: [{ mediaType: "application/json", template: '{"message":$context.error.messageString}' }],
          },
        ],
      }),
    );
    const headers = {
      "gatewayresponse.header.Access-Control-Allow-Origin": "'https://shop.example.com'",
      "gatewayresponse.header.Access-Control-Allow-Credentials": "'true'",
      "gatewayresponse.header.Access-Control-Expose-Headers": "'X-Total'",
    };
    expect(at(document, "x-amazon-apigateway-gateway-responses")).toEqual({
      THROTTLED: {
        responseParameters: {
          "gatewayresponse.header.Retry-After": "'1'",
          "gatewayresponse.header.access-control-allow-origin": "method.request.header.Origin",
          "gatewayresponse.header.Access-Control-Allow-Credentials": "'true'",
          "gatewayresponse.header.Access-Control-Expose-Headers": "'X-Total'",
        },
      },
      DEFAULT_4XX: {
        statusCode: "418",
        responseParameters: headers,
        responseTemplates: { "application/json": '{"message":$context.error.messageString}' },
      },
      DEFAULT_5XX: { responseParameters: headers },
    });
  });

  test.each([
    ["without credentials any origin may read an error", several, "'*'"],
    ["with credentials only the first may", { ...several, credentials: true }, "'https://a.example.com'"],
  ])("several origins: %s", (_, cors, origin) => {
    const document = awsDocument(gatewayModel({ cors, routes }));
    expect(at(document, "x-amazon-apigateway-gateway-responses", "DEFAULT_5XX", "responseParameters")).toMatchObject({
      "gatewayresponse.header.Access-Control-Allow-Origin": origin,
    });
  });
});

test("HTTP APIs answer by themselves", () => {
  const document = awsDocument(gatewayModel({ kind: "http", cors: one, routes: [route("GET /a", { cors: one })] }));
  expect(document).toMatchObject({
    "x-amazon-apigateway-cors": {
      allowOrigins: ["https://shop.example.com"],
      allowMethods: ["GET", "OPTIONS"],
      allowHeaders: ["Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token"],
      exposeHeaders: ["X-Total"],
      allowCredentials: true,
      maxAge: 600,
    },
  });
  expect(at(document, "paths", "/a", "options")).toBeUndefined();
  expect(document).not.toHaveProperty(["x-amazon-apigateway-gateway-responses"]);
});

test("documents with CORS are valid", async () => {
  await validFiles(gatewayModel({ cors: several, routes: [route("ANY /a/{id}", { cors: several })] }));
});
