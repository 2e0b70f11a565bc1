import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import SwaggerParser from "@apidevtools/swagger-parser";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { at } from "../generators/openapi/support.js";
import { root } from "../support/paths.js";
import { gateway, project } from "./support.js";

const file = (fixture: string) => join(root, "fixtures", fixture, "gateway.yaml");

async function exported(fixture: string, ...args: readonly string[]): Promise<unknown> {
  const { code, out, error } = await gateway("export", file(fixture), "--stage", firstStage(fixture), ...args);
  expect(code, error).toBe(0);
  return JSON.parse(out);
}

function firstStage(fixture: string): string {
  const data = parse(readFileSync(file(fixture), "utf8")) as { kind?: string; stages?: Record<string, unknown> };
  return Object.keys(data.stages ?? {})[0] ?? (data.kind === "http" ? "$default" : "dev");
}

const valid = (document: unknown) =>
  SwaggerParser.validate(structuredClone(document) as never, { resolve: { external: false } });

/** Names of AWS's extensions anywhere in a document. */
function extensionsOf(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const below = Object.entries(value).flatMap(([name, held]) => [
    ...(name.startsWith("x-amazon-apigateway-") ? [name.slice("x-amazon-apigateway-".length)] : []),
    ...extensionsOf(held),
  ]);
  return [...new Set(below)].sort();
}

describe.each(["oas30", "swagger"])("export as %s", (format) => {
  test("each level of extensions has its own and no others", async () => {
    const at = async (level: string) =>
      extensionsOf(await exported("security", "--format", format, "--extensions", level));
    expect(await at("none")).toEqual([]);
    expect(await at("integrations")).toEqual(["integration"]);
    expect(await at("authorizers")).toEqual(["authorizer", "authtype"]);
    expect(await at("integrations,authorizers")).toEqual(["authorizer", "authtype", "integration"]);
    expect(await at("apigateway")).toEqual(["api-key-source", "authorizer", "authtype", "integration", "policy"]);
  });

  test.each(["shop", "security", "models", "binary", "crud", "any-and-greedy", "validation", "http-api-jwt"])(
    "%s is valid for its consumers",
    async (fixture) => {
      await valid(await exported(fixture, "--format", format));
    },
  );

  test.each(["security", "binary", "crud", "any-and-greedy", "cognito", "mapping"])(
    "%s is valid for API Gateway, at every level",
    async (fixture) => {
      for (const level of ["integrations", "authorizers", "apigateway"])
        await valid(await exported(fixture, "--format", format, "--extensions", level));
    },
  );
});

describe("export of HTTP APIs", () => {
  test.each(["http-api", "http-api-jwt", "http-authorizers"])("%s is valid at every level", async (fixture) => {
    for (const level of ["none", "integrations", "authorizers", "apigateway"])
      await valid(await exported(fixture, "--extensions", level));
  });
});

describe("export", () => {
  test("where authorizers are left out, what asks for them is too; API keys stay", async () => {
    const document = await exported("security", "--extensions", "integrations");
    expect(at(document, "components", "securitySchemes")).toEqual({
      api_key: { type: "apiKey", name: "x-api-key", in: "header" },
    });
    expect(at(document, "paths", "/orders", "post", "security")).toEqual([{ api_key: [] }]);
    expect(at(document, "paths", "/orders", "get", "security")).toBeUndefined();
  });

  const orders = `gateway: orders
version: 1.2.0
aws: { region: eu-central-1, account: "123456789012" }
models: |
  interface Order { sku: string; quantity: integer; note: string | null }
  interface Login { name: string; tags?: string[] }
routes:
  POST /orders/{id}:
    params: { id: string }
    query: { "tag?": "string[]", "page?": integer }
    body: Order
    http: https://backend.example
    responses: { 200: Order }
  POST /login:
    body: { type: Login, mediaTypes: application/x-www-form-urlencoded }
    http: https://backend.example
stages: { prod: {}, test: {} }
`;

  test("the address is the stage's, as API Gateway has it", async () => {
    const folder = project({ "gateway.yaml": orders });
    const run = async (...args: readonly string[]) =>
      JSON.parse((await gateway("export", folder, "--stage", "test", ...args)).out) as unknown;
    expect(at(await run("--api-id", "a1b2"), "servers")).toEqual([
      {
        url: "https://a1b2.execute-api.eu-central-1.amazonaws.com/{basePath}",
        variables: { basePath: { default: "test" } },
      },
    ]);
    const swagger = await run("--api-id", "a1b2", "--format", "swagger");
    expect(swagger).toMatchObject({
      swagger: "2.0",
      host: "a1b2.execute-api.eu-central-1.amazonaws.com",
      basePath: "/test",
      schemes: ["https"],
    });
    expect(at(await run(), "servers", 0, "variables", "apiId", "default")).toBe("api-id");
  });

  test("Swagger has bodies as parameters, media types as lists and models as definitions", async () => {
    const folder = project({ "gateway.yaml": orders });
    const { out } = await gateway("export", folder, "--stage", "prod", "--format", "swagger");
    const document: unknown = JSON.parse(out);
    const operation = at(document, "paths", "/orders/{id}", "post");
    expect(operation).toMatchObject({
      consumes: ["application/json"],
      produces: ["application/json"],
      responses: { 200: { schema: { $ref: "#/definitions/Order" } } },
    });
    expect(at(operation, "parameters")).toEqual([
      { name: "id", in: "path", required: true, type: "string" },
      {
        name: "tag",
        in: "query",
        required: false,
        type: "array",
        items: { type: "string" },
        collectionFormat: "multi",
      },
      expect.objectContaining({ name: "page", in: "query", required: false, type: "integer" }),
      { in: "body", name: "Order", required: true, schema: { $ref: "#/definitions/Order" } },
    ]);
    expect(at(document, "definitions", "Order", "properties", "note")).toMatchObject({ "x-nullable": true });
    expect(out).not.toContain("#/components/");
    expect(at(document, "paths", "/login", "post")).toMatchObject({
      consumes: ["application/x-www-form-urlencoded"],
      parameters: [
        { name: "name", in: "formData", required: true, type: "string" },
        { name: "tags", in: "formData", required: false, type: "array", items: { type: "string" } },
      ],
    });
    await valid(document);
  });

  test("a file, as YAML by its name", async () => {
    const folder = project({ "gateway.yaml": orders });
    const out = join(folder, "prod.yaml");
    expect((await gateway("export", folder, "--stage", "prod", "--out", out)).code).toBe(0);
    const json = await gateway("export", folder, "--stage", "prod", "--out", "-");
    expect(parse(readFileSync(out, "utf8"))).toEqual(JSON.parse(json.out));
    expect(readdirSync(folder).sort()).toEqual(["gateway.yaml", "prod.yaml"]);
  });

  test("the only stage needs no name", async () => {
    const folder = project({ "gateway.yaml": "gateway: a\nroutes: { GET /x: { mock: } }\nstages: { live: {} }\n" });
    const { code, out } = await gateway("export", join(folder, "gateway.yaml"));
    expect([code, JSON.parse(out).servers[0].variables.basePath.default]).toEqual([0, "live"]);
  });

  test.each([
    [["--stage", "prdo"], 'has no stage "prdo"; did you mean "prod"?'],
    [[], "which stage? --stage prod | test"],
    [["--stage", "prod", "--format", "swager"], '--format swager is not known; did you mean "swagger"?'],
    [["--stage", "prod", "--format", "raml"], "--format raml is not known; there are oas30, swagger"],
    [["--stage", "prod", "--extensions", "integration"], 'did you mean "integrations"?'],
    [["--stage", "prod", "--extensions", "none,authorizers"], "--extensions none stands alone"],
    [["--stage", "prod", "--as", "xml"], "--as xml is not known"],
    [["--stage", "prod", "--api-id", "x/y"], '"x/y" is no API id'],
  ] as const)("%j is refused in one line", async (args, told) => {
    const folder = project({ "gateway.yaml": orders });
    const { code, out, error } = await gateway("export", folder, ...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error).toMatch(/^gateway: [^\n]+\n$/);
    expect(error).toContain(told);
  });

  test("an HTTP API is no Swagger for API Gateway", async () => {
    const stage = firstStage("http-api-jwt");
    const args = ["--format", "swagger", "--extensions", "apigateway"] as const;
    const { code, error } = await gateway("export", file("http-api-jwt"), "--stage", stage, ...args);
    expect(code).toBe(2);
    expect(error).toContain("in OpenAPI 3.0 only");
  });
});

describe("export for Postman", () => {
  test("a request has its sample, its parameters and who may call; secrets are empty variables", async () => {
    const collection = await exported("security", "--format", "postman");
    expect(collection).toMatchObject({
      info: { name: "security", schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
    });
    const variables = (at(collection, "variable") as { key: string; value: string }[]).map(({ key, value }) => [
      key,
      value,
    ]);
    expect(variables[0]).toEqual(["baseUrl", expect.stringMatching(/^https:\/\/api-id\.execute-api\..+\/\w+$/)]);
    expect(variables.slice(1).every(([, value]) => value === "")).toBe(true);
    const folder = project({
      "gateway.yaml": `gateway: a
authorizers: { users: { lambda: decide, identity: [$request.header.X-User] } }
routes:
  POST /orders/{id}:
    params: { id: uuid }
    query: { status: string, "page?": integer }
    body: "{ sku: string; note?: string }"
    apiKey: true
    auth: iam
    http: https://b.example
  GET /orders: { auth: users, http: "https://b.example", responses: { 200: "{ a: integer }" } }
  ANY /any: { http: "https://b.example", request: { method: GET } }
keys: { k: { value: "\${env.K}" } }
plans: { p: {} }
`,
    });
    const { out } = await gateway("export", folder, "--stage", "dev", "--format", "postman", "--api-id", "a1b2");
    const made = JSON.parse(out) as { item: { name: string; item: unknown[] }[]; variable: { key: string }[] };
    expect(made.variable.map(({ key }) => key)).toEqual([
      "baseUrl",
      "apiKey",
      "accessKey",
      "secretKey",
      "sessionToken",
      "token",
    ]);
    expect(made.item.map(({ name, item }) => [name, item.length])).toEqual([
      ["orders", 2],
      ["any", 6],
    ]);
    expect(made.item[0]?.item[0]).toMatchObject({
      request: {
        method: "POST",
        url: {
          raw: "{{baseUrl}}/orders/:id?status=",
          path: ["orders", ":id"],
          query: [{ key: "status" }, { key: "page", disabled: true }],
          variable: [{ key: "id" }],
        },
        header: [{ key: "Content-Type" }, { key: "x-api-key", value: "{{apiKey}}" }],
        auth: {
          type: "awsv4",
          awsv4: expect.arrayContaining([{ key: "service", value: "execute-api", type: "string" }]),
        },
        body: { mode: "raw", raw: '{\n  "sku": ""\n}' },
      },
    });
    expect(made.item[0]?.item[1]).toMatchObject({
      request: { auth: { type: "apikey", apikey: [{ value: "X-User" }, { value: "{{token}}" }, { value: "header" }] } },
      response: [{ code: 200, status: "OK", body: '{\n  "a": 0\n}' }],
    });
  });

  test("it has no extensions of AWS", async () => {
    const { code, error } = await gateway(
      "export",
      file("shop"),
      "--stage",
      "dev",
      "--format",
      "postman",
      "--extensions",
      "apigateway",
    );
    expect([code, error]).toEqual([2, expect.stringContaining("--extensions none")]);
  });
});
