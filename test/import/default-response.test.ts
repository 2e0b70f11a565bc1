import { expect, test } from "vitest";
import { planAwsDocument } from "../../generators/openapi/plan-aws.js";
import { planCleanDocument } from "../../generators/openapi/plan-clean.js";
import { testMistakes } from "../support/diagnose.js";
import { importTexts, modelOf } from "./support.js";

const problem = { type: "object", properties: { message: { type: "string" } } };
const operation = (response: object) => ({
  openapi: "3.0.3",
  info: { title: "a", version: "1" },
  paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" }, default: response } } } },
  components: { schemas: { Problem: problem } },
});

async function imported(response: object) {
  const { text = "", found } = await importTexts({ "openapi.json": JSON.stringify(operation(response)) });
  return { text, told: found.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)) };
}

test("a default response comes to otherwise, and back to the document for consumers", async () => {
  const content = { "application/json": { schema: { $ref: "#/components/schemas/Problem" } } };
  const { text, told } = await imported({ description: "Any other response", content });
  expect(text).toContain("otherwise: Problem");
  expect(told).not.toContain("import-left-out");
  const model = await modelOf(text);
  expect(JSON.stringify(planCleanDocument(model))).toContain(
    '"default":{"description":"Any other response","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Problem"}}}}',
  );
  // API Gateway has responses by status.
  expect(JSON.stringify(planAwsDocument(model))).not.toContain(
    '"default":{"description":"Any other response","content"',
  );
});

test("with a text and a media type of its own", async () => {
  const content = { "application/problem+json": { schema: { type: "string" } } };
  const { text } = await imported({ description: "What went wrong", content });
  expect((await modelOf(text)).routes[0]?.otherwise).toMatchObject({
    description: "What went wrong",
    body: { mediaType: "application/problem+json", type: { kind: "primitive", name: "string" } },
  });
  expect((await imported({ description: "What went wrong" })).text).not.toContain("otherwise");
});

testMistakes([
  ["no type", "unknown-type", "routes:\n  GET /a: { lambda: x, otherwise: «Nope» }"],
  [
    "no media type",
    "bad-media-type",
    "routes:\n  GET /a: { lambda: x, otherwise: { body: string, mediaType: «json» } }",
  ],
]);
