import { expect, test } from "vitest";
import {
  gatewayModel,
  integrationResponse,
  mock,
  model,
  parameter,
  response,
  route,
  stage,
  value,
} from "../../support/model.js";
import { at, cleanDocument } from "./support.js";
import { array, object, primitive, property, reference } from "./types.js";

test("domains first, then AWS by stage, then this machine", () => {
  const document = cleanDocument(
    gatewayModel({
      aws: { region: "cn-north-1", account: "1" },
      stages: [stage("dev"), stage("prod")],
      domains: [
        {
          name: "api.example.com",
          tls: undefined,
          securityPolicy: "TLS_1_2",
          aws: { certificateArn: undefined, truststoreUri: undefined },
          cdn: false,
          paths: [
            { basePath: "v1", stage: "prod" },
            { basePath: "", stage: "dev" },
          ],
        },
      ],
    }),
  );
  const variable = { default: "dev", enum: ["dev", "prod"] };
  expect(at(document, "servers")).toEqual([
    { url: "https://api.example.com/v1", description: "Stage prod" },
    { url: "https://api.example.com", description: "Stage dev" },
    {
      url: "https://{apiId}.execute-api.cn-north-1.amazonaws.com.cn/{stage}",
      description: "AWS, by stage",
      variables: { apiId: { default: "api-id", description: "The API's id on AWS" }, stage: variable },
    },
    {
      url: "http://127.0.0.1:8080/{stage}",
      description: "The gateway on this machine, by stage",
      variables: { stage: variable },
    },
  ]);
});

test("an operation as its consumers see it", () => {
  const document = cleanDocument(
    gatewayModel({
      models: [model("Order", object([property("id", primitive("string"), { readOnly: true })]))],
      routes: [
        route("GET /orders", {
          summary: "Orders",
          description: "All of them.",
          deprecated: true,
          tags: ["orders", "read"],
          parameters: [
            parameter("query", "tag", array(primitive("string")), { required: false, description: "Any of these" }),
          ],
          responses: [
            response(200, array(reference("Order")), { headers: [{ name: "X-Total", type: primitive("integer") }] }),
            response(404, reference("Order"), { description: "None" }),
          ],
        }),
      ],
    }),
  );
  expect(at(document, "tags")).toEqual([{ name: "orders" }, { name: "read" }]);
  expect(at(document, "paths", "/orders", "get")).toEqual({
    operationId: "getOrders",
    summary: "Orders",
    description: "All of them.",
    tags: ["orders", "read"],
    deprecated: true,
    parameters: [
      {
        name: "tag",
        in: "query",
        description: "Any of these",
        required: false,
        schema: { type: "array", items: { type: "string" } },
      },
    ],
    responses: {
      200: {
        description: "OK",
        headers: { "X-Total": { schema: { type: "integer" } } },
        content: {
          "application/json": { schema: { type: "array", items: { $ref: "#/components/schemas/Order" } } },
        },
      },
      404: { description: "None", content: { "application/json": { schema: { $ref: "#/components/schemas/Order" } } } },
    },
    security: [],
  });
  expect(at(document, "components", "schemas", "Order", "properties", "id")).toMatchObject({ readOnly: true });
});

test("ANY stands for the methods that have no route of their own; greedy parameters for plain ones", () => {
  const document = cleanDocument(
    gatewayModel({ routes: [route("ANY /files/{path+}", { operation: "files" }), route("GET /files/{path+}")] }),
  );
  const path = at(document, "paths", "/files/{path}") as Record<string, { operationId: string }>;
  expect(Object.entries(path).map(([method, { operationId }]) => [method, operationId])).toEqual([
    ["delete", "files_delete"],
    ["head", "files_head"],
    ["patch", "files_patch"],
    ["post", "files_post"],
    ["put", "files_put"],
    ["get", "getFilesPath"],
  ]);
});

test("statuses that only the integration knows are documented too", () => {
  const integration = mock(undefined, {
    responses: [integrationResponse(202, { headers: [{ name: "X-A", value: value("1") }] })],
  });
  const document = cleanDocument(gatewayModel({ routes: [route("GET /a", { integration })] }));
  expect(at(document, "paths", "/a", "get", "responses")).toEqual({
    202: { description: "Accepted", headers: { "X-A": { schema: { type: "string" } } } },
  });
});
