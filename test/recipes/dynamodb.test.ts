import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { CreateTableCommand, DynamoDBClient, GetItemCommand, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emulatorKey, startAwsEmulator } from "../support/aws-emulator.js";
import { fixtureGateway, type YamlGateway } from "../support/yaml-gateway.js";

/** Real DynamoDB protocol: dynalite in this process. */
describe("DynamoDB", () => {
  let server: Server;
  let client: DynamoDBClient;
  let environment: Record<string, string>;
  const before = { ...process.env };

  beforeAll(async () => {
    const dynalite = createRequire(import.meta.url)("dynalite") as (options: object) => Server;
    server = dynalite({ createTableMs: 0 });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    environment = {
      AWS_ACCESS_KEY_ID: emulatorKey.accessKeyId,
      AWS_SECRET_ACCESS_KEY: emulatorKey.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_REGION: "eu-west-1",
    };
    Object.assign(process.env, environment);
    client = new DynamoDBClient({ region: "eu-west-1", endpoint, credentials: emulatorKey });
    for (const TableName of ["orders", "notes"]) {
      await client.send(
        new CreateTableCommand({
          TableName,
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          BillingMode: "PAY_PER_REQUEST",
        }),
      );
      await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: 30 }, { TableName });
    }
  });
  afterAll(() => {
    client?.destroy();
    server?.close();
    for (const name of Object.keys(environment ?? {})) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  test("routes write and read items without a function between", async () => {
    const gateway = await fixtureGateway("aws-services", { environment });
    const item = { sku: 'größe "M" \\ \'', quantity: 3 };
    expect((await gateway.ask("PUT /prod/orders/o-1", item)).status).toBe(204);
    const { Item } = await client.send(new GetItemCommand({ TableName: "orders", Key: { id: { S: "o-1" } } }));
    expect(Item).toEqual({ id: { S: "o-1" }, sku: { S: item.sku }, quantity: { N: "3" } });
    expect(await gateway.ask("GET /prod/orders/o-1")).toMatchObject({ status: 200, json: { id: "o-1", ...item } });
    expect((await gateway.ask("GET /prod/orders/o-2")).status).toBe(404);
    await close(gateway);
  });

  test("the classic CRUD API: functions over DynamoDB with the AWS SDK", async () => {
    const gateway = await fixtureGateway("crud");
    const made = await gateway.ask("POST /prod/notes", { title: "b", text: "first" });
    expect(made).toMatchObject({ status: 201, json: { title: "b", text: "first" } });
    const { id } = made.json;
    expect((await gateway.ask("POST /prod/notes", { title: "" })).status).toBe(400);
    expect((await gateway.ask(`GET /prod/notes/${id}`)).json).toEqual(made.json);
    expect((await gateway.ask(`PUT /prod/notes/${id}`, { title: "a" })).json).toEqual({ id, title: "a" });
    expect((await gateway.ask("PUT /prod/notes/none", { title: "a" })).status).toBe(404);
    expect((await gateway.ask("GET /prod/notes")).json).toEqual({ notes: [{ id, title: "a" }] });
    expect((await gateway.ask(`DELETE /prod/notes/${id}`)).status).toBe(204);
    expect((await gateway.ask(`GET /prod/notes/${id}`)).status).toBe(404);
    await close(gateway);
  });
});

test("the gateway's calls and those of the AWS SDK hold before one verifier, for the same service and region", async () => {
  const aws = await startAwsEmulator(({ service }) =>
    service === "states" ? { body: '{"executionArn":"e","startDate":1}' } : { body: '{"MessageId":"m"}' },
  );
  const gateway = await fixtureGateway("aws-services", { environment: aws.environment });
  const options = { region: "eu-west-1", endpoint: aws.url, credentials: emulatorKey };
  const input = JSON.stringify({ order: { sku: "a", quantity: 1 }, by: "nobody" });
  const stateMachineArn = "arn:aws:states:eu-west-1:123456789012:stateMachine:orders";
  await new SFNClient(options).send(new StartExecutionCommand({ stateMachineArn, input }));
  await gateway.ask("POST /prod/jobs", { sku: "a", quantity: 1 });
  await new SQSClient(options)
    .send(new SendMessageCommand({ QueueUrl: `${aws.url}/1/q`, MessageBody: "x" }))
    .catch(() => undefined);
  await gateway.ask("POST /prod/orders", { sku: "a", quantity: 1 });
  expect(aws.refused).toEqual([]);
  const [theirs, ours] = aws.calls.filter(({ service }) => service === "states");
  expect(JSON.parse(ours?.body.toString() ?? "")).toEqual(JSON.parse(theirs?.body.toString() ?? ""));
  expect(ours).toMatchObject({ region: theirs?.region, accessKeyId: theirs?.accessKeyId, url: theirs?.url });
  expect(ours?.headers["x-amz-target"]).toBe(theirs?.headers["x-amz-target"]);
  expect(ours?.headers["content-type"]).toBe(theirs?.headers["content-type"]);
  expect(aws.calls.filter(({ service }) => service === "sqs").length).toBeGreaterThan(1);
  await close(gateway);
  await aws.stop();
});

async function close(gateway: YamlGateway): Promise<void> {
  await gateway.close();
  gateway.remove();
}
