import { readFileSync } from "node:fs";
import { join } from "node:path";
import SwaggerParser from "@apidevtools/swagger-parser";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../generators/emit/stable-json.js";
import { exportDocument } from "../../../generators/openapi/export/export-document.js";
import { toSwagger } from "../../../generators/openapi/export/swagger.js";
import { sharedFolder } from "../../support/paths.js";
import { anyModel } from "./any-model.js";

const shared = sharedFolder();
const recordings = join(shared ?? "", "vectors/aws-apigw-snapshots/snapshots/test_apigateway_extended.snapshot.json");
const address = { host: "<api-id:1>.execute-api.<region>.amazonaws.com", basePath: "/local" };

type Recording = Readonly<
  Record<string, { readonly "recorded-content": Readonly<Record<string, { body: JsonObject }>> }>
>;

/** What API Gateway knows of operations without a body and does not write in OpenAPI 3.0. */
function withoutIdleTypes(document: JsonObject): unknown {
  const text = JSON.stringify(document, (_, value) => {
    if (typeof value !== "object" || value === null || !("responses" in value) || hasBody(value)) return value;
    const { consumes, produces, ...operation } = value;
    return operation;
  });
  return JSON.parse(text);
}

function hasBody({ parameters }: { readonly parameters?: readonly { readonly in: string }[] }): boolean {
  return parameters?.some((parameter) => parameter.in === "body") ?? false;
}

describe.skipIf(shared === undefined)(
  "Swagger of API Gateway's own OpenAPI 3.0 exports is its own Swagger export",
  () => {
    const read = (format: string, api: string, step: string): JsonObject => {
      const all = JSON.parse(readFileSync(recordings, "utf8")) as Recording;
      const name = `tests/aws/services/apigateway/test_apigateway_extended.py::test_export_${format}_openapi[${api}]`;
      const body = all[name]?.["recorded-content"][step]?.body;
      if (body === undefined) throw new Error(`there is no recording ${name}, ${step}`);
      return body;
    };
    test.each([
      ["TEST_IMPORT_PETS", "get-export"],
      ["TEST_IMPORT_PETS", "get-export-with-extensions"],
      ["TEST_IMPORT_PETSTORE_SWAGGER", "get-export"],
      ["TEST_IMPORT_PETSTORE_SWAGGER", "get-export-with-extensions"],
    ])("%s, %s", (api, step) => {
      const made = toSwagger(read("oas30", api, step), address, "aws");
      expect(withoutIdleTypes(made)).toEqual(withoutIdleTypes(read("swagger", api, step)));
    });
  },
);

describe("Swagger", () => {
  const schemas = {
    Cat: { type: "object", properties: { oneOf: { type: "string", nullable: true } } },
    Pet: {
      oneOf: [{ $ref: "#/components/schemas/Cat" }, { type: "string" }],
      discriminator: { propertyName: "kind", mapping: { cat: "#/components/schemas/Cat" } },
    },
  };
  const definitions = (flavour: "aws" | "clean") =>
    toSwagger({ openapi: "3.0.1", paths: {}, components: { schemas } }, address, flavour).definitions;

  test("keywords that it lacks are extensions; properties of that name are properties", () => {
    expect(definitions("clean")).toEqual({
      Cat: { type: "object", properties: { oneOf: { type: "string", "x-nullable": true } } },
      Pet: {
        "x-oneOf": [{ $ref: "#/definitions/Cat" }, { type: "string" }],
        "x-discriminator": { propertyName: "kind", mapping: { cat: "#/definitions/Cat" } },
      },
    });
  });

  test("a value stands once in an enumeration", () => {
    const schema = { type: "string", enum: ["a", "b", "a"] };
    const get = { parameters: [{ name: "q", in: "query", schema }], responses: {} };
    const made = toSwagger(
      { openapi: "3.0.1", paths: { "/": { get } }, components: { schemas: { S: schema } } },
      address,
      "clean",
    );
    expect(made.definitions).toEqual({ S: { type: "string", enum: ["a", "b"] } });
    expect(made.paths).toMatchObject({ "/": { get: { parameters: [{ type: "string", enum: ["a", "b"] }] } } });
  });

  test("API Gateway keeps them", () => {
    expect(definitions("aws")).toMatchObject({ Pet: { oneOf: [{ $ref: "#/definitions/Cat" }, { type: "string" }] } });
  });

  test("bearer tokens and OpenID Connect are a header, without scopes", () => {
    const securitySchemes = {
      token: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
      login: { type: "openIdConnect", openIdConnectUrl: "https://id.example/.well-known/openid-configuration" },
    };
    const get = { responses: {}, security: [{ login: ["read"] }] };
    const made = toSwagger(
      { openapi: "3.0.1", paths: { "/": { get } }, components: { securitySchemes } },
      address,
      "clean",
    );
    expect(made.securityDefinitions).toEqual({
      token: { type: "apiKey", name: "Authorization", in: "header", description: "A bearer token" },
      login: {
        type: "apiKey",
        name: "Authorization",
        in: "header",
        description: "A bearer token, see https://id.example/.well-known/openid-configuration",
      },
    });
    expect(made.paths).toMatchObject({ "/": { get: { security: [{ login: [] }] } } });
  });
});

test("whatever a gateway holds, its export for consumers is valid Swagger without AWS's extensions", async () => {
  await fc.assert(
    fc.asyncProperty(anyModel, async (model) => {
      const wish = { stage: "prod", format: "swagger", levels: new Set<never>(), apiId: undefined } as const;
      const text = JSON.stringify(exportDocument(model, wish));
      expect(text).not.toMatch(/"x-amazon-|#\/components\//);
      await SwaggerParser.validate(JSON.parse(text), { resolve: { external: false } });
    }),
    { numRuns: Number(process.env["FUZZ_RUNS"] ?? 25) },
  );
}, 120_000);
