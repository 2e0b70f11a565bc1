import { expect, test } from "vitest";
import { planAwsDocument } from "../../generators/openapi/plan-aws.js";
import { importTexts, modelOf } from "./support.js";

const info = { title: "a", version: "1" };
const uri =
  "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:f/invocations";

async function imported(document: object) {
  const { text = "", found } = await importTexts({
    "openapi.json": JSON.stringify({ openapi: "3.0.1", info, ...document }, undefined, 1),
  });
  return {
    text,
    found: found.flatMap(({ source, diagnostics }) =>
      diagnostics.map(({ code, span }) => [code, source.position(span.start).line]),
    ),
  };
}

test.each([
  ["aws", uri],
  ["http", "https://backend.example/"],
])("an integration of type %s that maps nothing stays one", async (type, address) => {
  const integration = { type, httpMethod: "POST", uri: address, responses: { default: { statusCode: "200" } } };
  const paths = {
    "/a": { post: { responses: { 200: { description: "" } }, "x-amazon-apigateway-integration": integration } },
  };
  const { text } = await imported({ paths });
  expect(text).toContain("200: { from: default }");
  const made = planAwsDocument(await modelOf(text)) as {
    paths: Record<string, { post: Record<string, { type: string }> }>;
  };
  expect(made.paths["/a"]?.post["x-amazon-apigateway-integration"]?.type).toBe(type);
});

test("a template that is no text is told, and no empty one is written", async () => {
  const responses = { DEFAULT_4XX: { responseTemplates: { "application/json": { message: "no" } } } };
  const { text, found } = await imported({ paths: {}, "x-amazon-apigateway-gateway-responses": responses });
  expect(found).toContainEqual(["import-wrong-type", 11]);
  expect(text).not.toContain("template");
});

test("a private API without a policy stays private, and serves nobody until the file says whom", async () => {
  const { text } = await imported({
    paths: { "/a": { get: {} } },
    "x-amazon-apigateway-endpoint-configuration": { types: ["PRIVATE"] },
  });
  expect(text).toContain("endpoint: private");
  expect((await modelOf(text)).policy).toMatchObject({ Statement: [{ Effect: "Deny", Principal: "*" }] });
});

test("characters that could not be decoded are escaped, so that what is written can be read", async () => {
  const { text } = await imported({
    info: { title: "a", version: "1", description: "Cu\ufffdntos\nand more" },
    paths: { "/a": { get: { summary: "x\ufffdy" } } },
    tags: [{ name: "t", description: "told \ufffd" }],
  });
  expect(text).not.toContain("\ufffd");
  const model = await modelOf(text);
  expect(model.description).toBe("Cu\ufffdntos\nand more");
  expect(model.routes[0]?.summary).toBe("x\ufffdy");
});
