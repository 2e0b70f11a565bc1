import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildFixture } from "../support/build-fixture.js";
import { type RunningGateway, startGateway } from "../support/gateway-process.js";
import { root } from "../support/paths.js";
import { RawWebSocket } from "../support/raw-websocket.js";

/** Handlers that answer by AWS's own SDK, which finds `@connections` of the gateway that runs them, as it finds that of AWS there. */

const yaml = (stages: string) => `gateway: sdk
aws: { region: eu-west-1, account: "123456789012" }
websocket:
  routes:
    plain: { lambda: plain }
    typed: { body: "{ action: 'typed' }", lambda: typed }
stages: { ${stages} }
`;

const client =
  'import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";\n';
const files = {
  "handlers/plain.ts": `${client}
const client = new ApiGatewayManagementApiClient({});
export const handler = async (event) => {
  const { connectionId, domainName } = event.requestContext;
  await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: "by the environment, at " + domainName }));
  return { statusCode: 200 };
};`,
  "handlers/typed.ts": `${client}
import { typed } from "../build/handlers/typed.js";
export const handler = typed(async ({ connectionId, endpoint }) => {
  const client = new ApiGatewayManagementApiClient({ endpoint });
  await client.send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: "by the message" }));
});`,
};

const principal = {
  arn: "arn:aws:iam::123456789012:role/handlers",
  policies: [
    {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "execute-api:ManageConnections", Resource: "*" }],
    },
  ],
  keys: [{ accessKeyId: "AKIAHANDLERS", secretAccessKey: "secret of handlers" }],
};

const folders: string[] = [];
const bundles: Record<"one" | "two", string> = { one: "", two: "" };
let running: RunningGateway | undefined;

beforeAll(async () => {
  for (const [name, stages] of [
    ["one", "dev: "],
    ["two", "dev: , prod: "],
  ] as const) {
    const folder = mkdtempSync(join(tmpdir(), "gateway-sdk-handlers-"));
    folders.push(folder);
    mkdirSync(join(folder, "handlers"));
    for (const [path, text] of Object.entries({ "gateway.yaml": yaml(stages), ...files })) {
      writeFileSync(join(folder, path), text);
    }
    writeFileSync(join(folder, "principals.json"), JSON.stringify({ principals: [principal] }));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    bundles[name] = await buildFixture(folder);
  }
}, 60_000);

afterAll(async () => {
  await running?.stop();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

async function started(name: "one" | "two", environment: Readonly<Record<string, string>> = {}): Promise<number> {
  await running?.stop();
  running = await startGateway(bundles[name], {
    GATEWAY_PRINCIPALS: join(folders[name === "one" ? 0 : 1] ?? "", "principals.json"),
    AWS_ACCESS_KEY_ID: "AKIAHANDLERS",
    AWS_SECRET_ACCESS_KEY: "secret of handlers",
    AWS_REGION: "eu-west-1",
    AWS_MAX_ATTEMPTS: "1",
    ...environment,
  });
  return Number(new URL(running.url).port);
}

async function answerTo(action: string, port: number, path: string): Promise<string> {
  const socket = await RawWebSocket.open(port, path, [], "elsewhere.example");
  socket.text(JSON.stringify({ action }));
  try {
    return await socket.nextText();
  } finally {
    socket.close();
  }
}

test("a client without an endpoint finds the only stage; a message names its own, whatever its client says", {
  timeout: 60_000,
}, async () => {
  const port = await started("one");
  expect(await answerTo("plain", port, "/dev")).toBe("by the environment, at elsewhere.example");
  expect(await answerTo("typed", port, "/dev")).toBe("by the message");
});

test("of several stages a message names its own, and the environment none", { timeout: 60_000 }, async () => {
  const port = await started("two");
  expect(await answerTo("typed", port, "/dev")).toBe("by the message");
  expect(await answerTo("typed", port, "/prod")).toBe("by the message");
  expect(JSON.parse(await answerTo("plain", port, "/dev"))).toMatchObject({ message: "Internal server error" });
});

test("what the environment says already is left as it is", { timeout: 60_000 }, async () => {
  const port = await started("one", { AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI: "http://127.0.0.1:1/other" });
  expect(JSON.parse(await answerTo("plain", port, "/dev"))).toMatchObject({ message: "Internal server error" });
  expect(await answerTo("typed", port, "/dev")).toBe("by the message");
});
