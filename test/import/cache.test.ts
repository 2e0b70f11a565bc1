import { expect, test } from "vitest";
import { importTexts } from "./support.js";

/** The route of a document whose one operation has these cache keys, as gateway.yaml writes it. */
async function routeOf(method: string, integration: object, more: { security?: object[]; header?: string } = {}) {
  const parameters = [
    { name: "id", in: "path", required: true, schema: { type: "string" } },
    { name: "page", in: "query", schema: { type: "string" } },
    ...(more.header ? [{ name: more.header, in: "header", schema: { type: "string" } }] : []),
  ];
  const operation = {
    parameters,
    security: more.security ?? [],
    "x-amazon-apigateway-integration": {
      type: "http_proxy",
      httpMethod: "GET",
      uri: "https://a.example/{id}",
      ...integration,
    },
  };
  const pool = {
    type: "cognito_user_pools",
    providerARNs: ["arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a"],
  };
  const users = { type: "apiKey", in: "header", name: "Authorization", "x-amazon-apigateway-authorizer": pool };
  const document = {
    openapi: "3.0.1",
    info: { title: "a", version: "1" },
    paths: { "/a/{id}": { [method]: operation } },
    components: { securitySchemes: { users } },
  };
  const { text = "" } = await importTexts({ "openapi.json": JSON.stringify(document) });
  return text.slice(text.indexOf("routes:"));
}

const keys = ["method.request.path.id", "method.request.querystring.page"];

test("cache keys come to the language's keys", async () => {
  expect(await routeOf("get", { cacheKeyParameters: keys })).toContain("cache: true");
  const part = await routeOf("get", { cacheKeyParameters: keys.slice(0, 1), cacheNamespace: "orders" });
  expect(part).toMatch(/cache:\s*\{?\s*keys:\s*\[?.*\$request\.path\.id/s);
  expect(part).toContain("namespace: orders");
  expect(part).not.toContain("aws-options");
});

test("an authorized route says whether its callers share answers", async () => {
  const security = [{ users: [] }];
  expect(await routeOf("get", { cacheKeyParameters: keys }, { security })).toContain("shared: true");
  const own = { cacheKeyParameters: [...keys, "method.request.header.Authorization"] };
  expect(await routeOf("get", own, { security, header: "Authorization" })).not.toContain("shared");
});

test("what the language cannot say keeps AWS's name", async () => {
  const made = await routeOf("get", { cacheKeyParameters: ["integration.request.header.x"] });
  expect(made).toMatch(/aws-options:.*cacheKeyParameters/s);
  expect(await routeOf("post", { cacheKeyParameters: keys, httpMethod: "POST" })).toMatch(
    /aws-options:.*cacheKeyParameters/s,
  );
});
