import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { CreateTableCommand, DynamoDBClient, ScanCommand, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type AwsEmulator, type EmulatedAnswer, emulatorKey, startAwsEmulator } from "../../support/aws-emulator.js";
import { RawWebSocket } from "../../support/raw-websocket.js";
import { type YamlGateway, yamlGateway } from "../../support/yaml-gateway.js";

/**
 * AWS services behind WebSocket routes, without a function between: DynamoDB (its real protocol, by dynalite) keeps who is
 * connected, SQS and Step Functions take messages; every signature is verified.
 */
const yaml = `gateway: direct
aws: { region: eu-west-1, account: "123456789012" }
websocket:
  routes:
    $connect:
      aws: dynamodb:PutItem
      with: { TableName: "\${stageVariables.table}", Item: { id: { S: $context.connectionId }, name: { S: $request.querystring.name } }, ConditionExpression: "attribute_not_exists(id)" }
      responses: { 200: , 400: { from: "4\\\\d{2}", map: { message: not let in } } }
    $disconnect:
      aws: dynamodb:DeleteItem
      with: { TableName: connections, Key: { id: { S: $context.connectionId } } }
      responses: { 200: }
    whoami:
      aws: dynamodb:GetItem
      with: { TableName: connections, Key: { id: { S: $context.connectionId } } }
      responses: { 200: { map: { name: $response.body.Item.name.S } } }
      reply: "{ name: string }"
    order:
      body: "{ action: 'order'; sku: string; note?: string }"
      aws: sqs:SendMessage
      with: { QueueUrl: "\${stageVariables.queue}" }
      request: { map: { MessageBody: { sku: $request.body.sku, by: $context.connectionId } } }
      responses:
        200: { map: { id: $response.body.SendMessageResponse.SendMessageResult.MessageId } }
        503: { from: "5\\\\d{2}", map: { message: try again } }
      reply: unknown
    start:
      aws: states:StartExecution
      with: { stateMachineArn: "arn:aws:states:eu-west-1:123456789012:stateMachine:s", input: $request.body }
      responses: { 200: { map: { execution: $response.body.executionArn } } }
      reply: unknown
stages:
  dev: { variables: { queue: "https://sqs.eu-west-1.amazonaws.com/123456789012/orders", table: connections }, log: "off" }
  lost: { variables: { queue: "https://sqs.example.com/q", table: nowhere }, log: "off" }
`;

let aws: AwsEmulator;
let dynamo: Server;
let client: DynamoDBClient;
let gateway: YamlGateway;
let port: number;
let answer: () => EmulatedAnswer;

beforeAll(async () => {
  dynamo = (createRequire(import.meta.url)("dynalite") as (options: object) => Server)({ createTableMs: 0 });
  await new Promise<void>((resolve) => dynamo.listen(0, "127.0.0.1", () => resolve()));
  const endpoint = `http://127.0.0.1:${(dynamo.address() as AddressInfo).port}`;
  client = new DynamoDBClient({ region: "eu-west-1", endpoint, credentials: emulatorKey });
  const TableName = "connections";
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 30 }, { TableName });
  aws = await startAwsEmulator(() => answer());
  gateway = await yamlGateway(yaml, { environment: { ...aws.environment, AWS_ENDPOINT_URL_DYNAMODB: endpoint } });
  ({ port } = await gateway.listen());
}, 60_000);

beforeEach(() => {
  aws.calls.length = 0;
});

afterAll(async () => {
  expect(aws?.refused).toEqual([]);
  await gateway?.close({ drainMs: 200 });
  gateway?.remove();
  await aws?.stop();
  client?.destroy();
  dynamo?.close();
});

async function people(): Promise<readonly (string | undefined)[]> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: "connections" }));
  return Items.map(({ name }) => name?.S).sort();
}

const connected = (query = "?name=Ann%20%22O%22", stage = "dev") => RawWebSocket.open(port, `/${stage}${query}`);

async function ask(message: object): Promise<unknown> {
  const socket = await connected();
  socket.text(JSON.stringify(message));
  const reply = JSON.parse(await socket.nextText());
  socket.close();
  return reply;
}

test("DynamoDB knows who is connected, from $connect to $disconnect", async () => {
  const socket = await connected();
  expect(socket.head).toMatch(/^HTTP\/1\.1 101/);
  expect(await people()).toEqual(['Ann "O"']);
  socket.text('{"action":"whoami"}');
  expect(JSON.parse(await socket.nextText())).toEqual({ name: 'Ann "O"' });
  socket.send(socket.frame(8, Buffer.from([0x03, 0xe8])));
  await socket.ended();
  await expect.poll(people).toEqual([]);
});

test("what DynamoDB refuses at $connect refuses the handshake", async () => {
  const socket = await connected("?name=Ann", "lost");
  expect(socket.head).toMatch(/^HTTP\/1\.1 400/);
  expect(JSON.parse(await socket.refusal())).toEqual({ message: "not let in" });
  expect(await people()).toEqual([]);
});

test("SQS gets a form of the message, and its answer is the reply", async () => {
  answer = () => ({ body: '{"SendMessageResponse":{"SendMessageResult":{"MessageId":"m-1"}}}' });
  expect(await ask({ action: "order", sku: "a&b=c", note: "x" })).toEqual({ id: "m-1" });
  const [call] = aws.calls;
  expect(call).toMatchObject({ service: "sqs", region: "eu-west-1", method: "POST", url: "/" });
  const form = new URLSearchParams(call?.body.toString());
  expect(form.get("QueueUrl")).toBe("https://sqs.eu-west-1.amazonaws.com/123456789012/orders");
  expect(JSON.parse(form.get("MessageBody") ?? "")).toEqual({ sku: "a&b=c", by: expect.stringMatching(/=$/) });
});

test("the service's status chooses the reply; one that none is for is an internal error", async () => {
  answer = () => ({ status: 503, body: "<ErrorResponse/>" });
  expect(await ask({ action: "order", sku: "a" })).toEqual({ message: "try again" });
  answer = () => ({ status: 403, body: "{}" });
  expect(await ask({ action: "order", sku: "a" })).toMatchObject({ message: "Internal server error" });
});

test("a message that its model refuses reaches no service", async () => {
  expect(await ask({ action: "order" })).toMatchObject({ message: "Bad request body" });
  expect(aws.calls).toEqual([]);
});

test("a whole message is the input of a state machine", async () => {
  answer = () => ({ body: '{"executionArn":"arn:x","startDate":1}' });
  const message = { action: "start", quotes: "'\"\\ ünï 😀" };
  expect(await ask(message)).toEqual({ execution: "arn:x" });
  const [call] = aws.calls;
  expect(call?.headers["x-amz-target"]).toBe("AWSStepFunctions.StartExecution");
  const { input } = JSON.parse(call?.body.toString() ?? "") as { input: string };
  expect(JSON.parse(input)).toEqual(message);
});
