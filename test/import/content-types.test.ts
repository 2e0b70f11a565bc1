import { expect, test } from "vitest";
import { planAwsDocument } from "../../generators/openapi/plan-aws.js";
import { importTexts, modelOf } from "./support.js";

const order = { type: "object", properties: { id: { type: "string" } }, required: ["id"] };

async function imported(document: object) {
  const { text = "", found } = await importTexts({ "openapi.json": JSON.stringify(document) });
  const told = found.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));
  return { text, told, model: await modelOf(text) };
}

test("further media types of an answer, of the same schema and of others, come and go", async () => {
  const content = {
    "application/json": { schema: { $ref: "#/components/schemas/Order" } },
    "application/xml": { schema: { $ref: "#/components/schemas/Order" } },
    "text/csv": { schema: { type: "string" } },
    "application/octet-stream": {},
  };
  const { text, told, model } = await imported({
    openapi: "3.0.3",
    info: { title: "a", version: "1" },
    paths: {
      "/a": {
        get: {
          operationId: "a",
          responses: { 200: { description: "OK", content }, default: { description: "x", content } },
        },
      },
    },
    components: { schemas: { Order: order } },
  });
  expect(told).toEqual([]);
  const flat = text.replaceAll(/\s+/g, " ");
  const alternatives =
    "body: Order alternatives: application/xml: Order text/csv: string application/octet-stream: binary";
  expect(flat).toContain(`200: ${alternatives} otherwise: description: x ${alternatives}`);
  const { paths } = planAwsDocument(model) as {
    paths: Record<string, { get: { responses: Record<string, { content: object }> } }>;
  };
  expect(Object.keys(paths["/a"]?.get.responses["200"]?.content ?? {})).toEqual(Object.keys(content));
});

test("what a Swagger operation produces holds for all of its answers", async () => {
  const { text } = await imported({
    swagger: "2.0",
    info: { title: "a", version: "1" },
    produces: ["application/xml", "application/json"],
    paths: {
      "/a": {
        get: { operationId: "a", responses: { 200: { description: "OK", schema: { $ref: "#/definitions/Order" } } } },
      },
    },
    definitions: { Order: order },
  });
  expect(text.replaceAll(/\s+/g, " ")).toContain("200: body: Order alternatives: application/xml: Order");
});

test("a union of named values and any text of a format comes back", async () => {
  const items = {
    anyOf: [
      { type: "string", enum: ["x", "y"] },
      { type: "string", format: "uuid" },
    ],
  };
  const { text, told } = await imported({
    openapi: "3.0.3",
    info: { title: "a", version: "1" },
    paths: {},
    components: { schemas: { M: { type: "object", properties: { a: { type: "array", items } } } } },
  });
  expect(told).toEqual([]);
  expect(text).toContain('a?: ("x" | "y" | uuid)[];');
});
