import { expect, test } from "vitest";
import { renderCase } from "../../../scripts/vtl/template-case.js";
import type { Cors } from "../../../src/model/gateway-model.js";
import { aws, gatewayModel, ref, route, text, value } from "../../support/model.js";
import { at, awsDocument, awsIntegration, integrationKey } from "./support.js";

const cors: Cors = {
  origins: ["https://a.example.com", "https://*.b.example.com"],
  methods: undefined,
  headers: [],
  exposeHeaders: [],
  credentials: false,
  maxAgeSeconds: undefined,
};

function allowedFor(header: Readonly<Record<string, string>>): string {
  const document = awsDocument(gatewayModel({ routes: [route("GET /a", { cors })] }));
  const answer = at(document, "paths", "/a", "options", integrationKey, "responses", "default");
  const template = String(at(answer, "responseTemplates", "application/json"));
  // The override is read back by a line of the test's own.
  const outcome = renderCase(`${template}[$context.responseOverride.header.Access-Control-Allow-Origin]`, {
    params: { header },
    context: { responseOverride: { header: {} } },
  });
  return "text" in outcome ? outcome.text : outcome.error;
}

test.each([
  [{ Origin: "https://a.example.com" }, "[https://a.example.com]"],
  [{ origin: "https://a.example.com" }, "[https://a.example.com]"],
  [{ Origin: "https://x.b.example.com" }, "[https://x.b.example.com]"],
  [{ Origin: "https://a.example.com.evil" }, "[]"],
  [{ Origin: "http://x.b.example.com" }, "[]"],
  [{}, "[]"],
])("the origin %j gets %s", (header, wanted) => {
  expect(allowedFor(header)).toBe(wanted);
});

test("an action's form arrives with each field encoded", () => {
  const integration = aws("sqs", "SendMessage", {
    parameters: [
      { name: "QueueUrl", value: { kind: "text", text: text("https://queue/", ref("stageVariables.queue")) } },
      { name: "MessageBody", value: value(ref("request.body")) },
    ],
  });
  const template = at(awsIntegration("POST /a", { integration }), "requestTemplates", "application/json");
  const given = { body: '{"a": "b&c"}', stageVariables: { queue: "q 1" } };
  const outcome = renderCase(String(template), given);
  expect([...new URLSearchParams("text" in outcome ? outcome.text : "")]).toEqual([
    ["Action", "SendMessage"],
    ["Version", "2012-11-05"],
    ["QueueUrl", "https://queue/q 1"],
    ["MessageBody", '{"a":"b&c"}'],
  ]);
});
