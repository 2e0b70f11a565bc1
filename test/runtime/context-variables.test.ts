import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AccessLog } from "../../runtime/observe/access-log.js";
import { StreamSink } from "../../runtime/observe/line-sink.js";
import { type YamlGateway, yamlGateway } from "../support/yaml-gateway.js";

const yaml = `
gateway: variables
version: 1.0.0
stages: { dev: { accessLog: "$context.requestId $context.awsEndpointRequestId $context.integration.requestId" } }
functions: { fn: handlers/fn.js }
waf: { patterns: [{ in: path, match: "/etc/passwd" }] }
routes:
  POST /service:
    aws: sqs:SendMessage
    with: { QueueUrl: "https://queue.example/1", MessageBody: "m" }
    responses: { 200: { template: "$context.awsEndpointRequestId" } }
  POST /function:
    lambda: fn
    request: { passthrough: when_no_match }
    responses: { 200: { template: "$context.awsEndpointRequestId" } }
  GET /template: { mock: {}, responses: { 200: { template: "[$context.wafResponseCode][$context.awsEndpointRequestId]" } } }
  GET /rule: { mock: { code: $context.wafResponseCode } }
`;

const service = createServer(
  (_, response) => void response.writeHead(200, { "x-amzn-RequestId": "of-the-service" }).end(),
);
let gateway: YamlGateway;
let lines = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  const { port } = service.address() as AddressInfo;
  const environment = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
  };
  const observers = [new AccessLog(new StreamSink((text) => (lines += text)))];
  const files = { "handlers/fn.js": "export const handler = async (_event, { awsRequestId }) => awsRequestId;\n" };
  gateway = await yamlGateway(yaml, { environment, observers }, files);
});

afterAll(async () => {
  await gateway.close({ drainMs: 0 });
  gateway.remove();
  service.close();
});

test("the id of an AWS service's answer, and of a function's call", async () => {
  expect((await gateway.ask("POST /dev/service", {})).text).toBe("of-the-service");
  const { text, headers } = await gateway.ask("POST /dev/function", {});
  expect(text).toBe(headers["x-amzn-requestid"]);
});

test("the firewall's verdict, in templates and rules", async () => {
  expect((await gateway.ask("GET /dev/template")).text).toBe("[WAF_ALLOW][]");
  expect((await gateway.ask("GET /dev/rule")).json).toEqual({ code: "WAF_ALLOW" });
});

test("access logs have it under both names; a route without either has none", async () => {
  const ids = [];
  for (const request of ["POST /dev/service", "POST /dev/function", "GET /dev/rule"]) {
    ids.push((await gateway.ask(request, request.startsWith("POST") ? {} : undefined)).headers["x-amzn-requestid"]);
  }
  await gateway.close({ drainMs: 0 });
  const [first, second, third] = ids;
  expect(lines.trimEnd().split("\n").slice(-3)).toEqual([
    `${first} of-the-service of-the-service`,
    `${second} ${second} ${second}`,
    `${third} - -`,
  ]);
});
