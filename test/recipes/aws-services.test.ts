import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type AwsEmulator, type EmulatedAnswer, type EmulatedCall, startAwsEmulator } from "../support/aws-emulator.js";
import { root } from "../support/paths.js";
import { type YamlGateway, yamlGateway } from "../support/yaml-gateway.js";

/** fixtures/aws-services against services that verify each signature and answer as AWS does. */
describe("AWS services of the fixture", () => {
  let aws: AwsEmulator;
  let gateway: YamlGateway;
  let answer: (call: EmulatedCall) => EmulatedAnswer;

  beforeAll(async () => {
    aws = await startAwsEmulator((call) => answer(call));
    const yaml = readFileSync(join(root, "fixtures/aws-services/gateway.yaml"), "utf8");
    gateway = await yamlGateway(yaml, { environment: aws.environment });
  });
  beforeEach(() => {
    answer = () => ({});
    aws.calls.length = 0;
  });
  afterAll(async () => {
    expect(aws.refused).toEqual([]);
    await gateway?.close();
    gateway?.remove();
    await aws?.stop();
  });

  const lastCall = () => aws.calls.at(-1) as EmulatedCall;
  const sentForm = () => Object.fromEntries(new URLSearchParams(lastCall().body.toString()));

  test("SQS gets a form, and its answer is mapped", async () => {
    answer = () => ({ body: '{"SendMessageResponse":{"SendMessageResult":{"MessageId":"m-1"}}}' });
    const order = { sku: "a&b=c", quantity: 2, note: 'quotes "and" ünïcode 😀 100% +' };
    const { status, json } = await gateway.ask("POST /prod/orders", order);
    expect({ status, json }).toEqual({ status: 202, json: { id: "m-1" } });
    expect(lastCall()).toMatchObject({ service: "sqs", region: "eu-west-1", method: "POST", url: "/" });
    expect(lastCall().headers).toMatchObject({
      "content-type": "application/x-www-form-urlencoded",
      accept: "application/json",
    });
    const { MessageBody, ...others } = sentForm();
    expect(others).toEqual({
      Action: "SendMessage",
      Version: "2012-11-05",
      QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
    });
    expect(JSON.parse(MessageBody ?? "")).toEqual({ order, caller: "127.0.0.1" });
  });

  test("the service's status selects the response", async () => {
    answer = () => ({ status: 503, body: "<ErrorResponse/>" });
    const { status, json } = await gateway.ask("POST /prod/orders", { sku: "a", quantity: 1 });
    expect({ status, json }).toEqual({ status: 503, json: { message: "try again later" } });
    answer = () => ({ status: 403, body: "{}" });
    expect(await gateway.ask("POST /prod/orders", { sku: "a", quantity: 1 })).toMatchObject({
      status: 500,
      json: { message: "Internal server error" },
    });
  });

  test("DynamoDB gets JSON 1.0 and the name of the action in a header", async () => {
    answer = () => ({ body: '{"Item":{"id":{"S":"7"},"sku":{"S":"x"},"quantity":{"N":"3"}}}' });
    const { status, json } = await gateway.ask("GET /prod/orders/7");
    expect({ status, json }).toEqual({ status: 200, json: { id: "7", sku: "x", quantity: 3 } });
    expect(lastCall().headers).toMatchObject({
      "x-amz-target": "DynamoDB_20120810.GetItem",
      "content-type": "application/x-amz-json-1.0",
    });
    expect(lastCall().signedHeaders).toContain("x-amz-target");
    expect(JSON.parse(lastCall().body.toString())).toEqual({ TableName: "orders", Key: { id: { S: "7" } } });
    answer = () => ({ body: "{}" });
    expect(await gateway.ask("GET /prod/orders/8")).toMatchObject({ status: 404, json: { message: "no such order" } });
  });

  test("a template that is written out is the body", async () => {
    const { status } = await gateway.ask("PUT /prod/orders/o'1", { sku: 'a"b', quantity: 2 });
    expect(status).toBe(204);
    expect(lastCall().headers["x-amz-target"]).toBe("DynamoDB_20120810.PutItem");
    expect(JSON.parse(lastCall().body.toString())).toEqual({
      TableName: "orders",
      Item: { id: { S: "o'1" }, sku: { S: 'a"b' }, quantity: { N: "2" } },
    });
  });

  test.each([
    ["POST /prod/events", { kind: "paid" }, "AWSEvents.PutEvents", "application/x-amz-json-1.1", "events"],
    ["POST /prod/clicks/s1", { at: 1 }, "Kinesis_20131202.PutRecord", "application/x-amz-json-1.1", "kinesis"],
    [
      "POST /prod/jobs",
      { sku: "a", quantity: 1 },
      "AWSStepFunctions.StartExecution",
      "application/x-amz-json-1.0",
      "states",
    ],
    [
      "POST /prod/jobs/now",
      { sku: "a", quantity: 1 },
      "AWSStepFunctions.StartSyncExecution",
      "application/x-amz-json-1.0",
      "states",
    ],
  ])("%s", async (request, body, target, type, service) => {
    answer = () => ({ body: '{"output":"{\\"done\\":true}"}' });
    expect((await gateway.ask(request, body)).status).toBeLessThan(300);
    expect(lastCall()).toMatchObject({ service, headers: { "x-amz-target": target, "content-type": type } });
  });

  test("JSON that AWS wants as a text is made one", async () => {
    await gateway.ask("POST /prod/jobs", { sku: 'a"b', quantity: 1 });
    const { input } = JSON.parse(lastCall().body.toString());
    expect(JSON.parse(input)).toEqual({ order: { sku: 'a"b', quantity: 1 }, by: "nobody" });
    await gateway.ask("POST /prod/events", { kind: "paid" });
    const { Entries } = JSON.parse(lastCall().body.toString());
    expect(JSON.parse(Entries[0].Detail)).toEqual({ kind: "paid" });
  });

  test("the answer of a synchronous execution is a text that holds JSON", async () => {
    answer = () => ({ body: '{"output":"{\\"done\\":true}"}' });
    expect((await gateway.ask("POST /prod/jobs/now", { sku: "a", quantity: 1 })).json).toEqual({ done: true });
  });

  test("SNS gets a form", async () => {
    await gateway.ask("POST /prod/notes", { message: "one & two\nthree" });
    expect(lastCall().service).toBe("sns");
    expect(sentForm()).toMatchObject({ Action: "Publish", Subject: "A note", Message: "one & two\nthree" });
  });

  test("S3 is called by path, whatever the key; bytes pass", async () => {
    answer = ({ method }) =>
      method === "GET" ? { headers: { "Content-Type": "text/plain" }, body: "grüße" } : { headers: { ETag: '"e"' } };
    const read = await gateway.ask("GET /prod/files/a%20b/c.txt");
    expect(read).toMatchObject({ status: 200, text: "grüße", headers: { "content-type": "text/plain" } });
    expect(lastCall()).toMatchObject({ service: "s3", method: "GET", url: "/files/a%20b/c.txt" });
    expect(lastCall().signedHeaders).toContain("x-amz-content-sha256");
    const written = await gateway.ask("PUT /prod/files/x.txt", "text", ["Content-Type", "text/plain"]);
    expect(written).toMatchObject({ status: 200, headers: { etag: '"e"' } });
    expect(lastCall().headers["x-amz-acl"]).toBe("private");
    expect(lastCall().body.toString()).toBe("text");
  });

  test("nothing secret is logged, and a client cannot leave the bucket", async () => {
    expect((await gateway.ask("GET /prod/files/%2e%2e/%2e%2e/other")).status).toBe(400);
    expect(JSON.stringify(gateway.log)).not.toContain("wJalr");
  });
});

test("without credentials the answer is a 500, and the log says where they were looked for", async () => {
  const gateway = await yamlGateway("gateway: g\nroutes:\n  GET /q: { aws: sqs:ListQueues }\nstages: { dev: {} }\n", {
    environment: { HOME: "/nonexistent", AWS_EC2_METADATA_DISABLED: "true" },
  });
  expect(await gateway.ask("GET /dev/q")).toMatchObject({ status: 500, json: { message: "Internal server error" } });
  expect(JSON.stringify(gateway.log)).toContain("no AWS credentials");
  await gateway.close();
  gateway.remove();
});
