import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  LimitExceededException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RawWebSocket } from "../../support/raw-websocket.js";
import { type YamlGateway, yamlGateway } from "../../support/yaml-gateway.js";

/** `@connections` by AWS's own SDK, unchanged, against a gateway that was built as a user builds it. */
const yaml = `gateway: chat
aws: { region: eu-west-1, account: "123456789012" }
routes:
  GET /health: { mock: { status: ok } }
websocket:
  routes:
    $connect: { lambda: connect }
    $default: { mock: { reached: true }, reply: "{ reached: boolean }" }
    whoami: { mock: { id: "$context.connectionId" }, reply: "{ id: string }" }
stages: { dev: { log: "off" }, prod: { log: "off" } }
`;
const connect = `export const handler = async (event) => {
  globalThis.lastConnection = event.requestContext.connectionId;
  if (event.queryStringParameters?.wait) await new Promise((resolve) => setTimeout(resolve, 300));
  return { statusCode: 200 };
};`;

const statement = (effect: string, action: string, resource: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: effect, Action: action, Resource: resource }],
});
const principal = (name: string, policy: object) => ({
  arn: `arn:aws:iam::123456789012:user/${name}`,
  policies: [policy],
  keys: [{ accessKeyId: `AKIA${name.toUpperCase()}`, secretAccessKey: `secret of ${name}` }],
});

const folder = mkdtempSync(join(tmpdir(), "gateway-connections-"));
const principals = join(folder, "principals.json");
let gateway: YamlGateway;
let port: number;

beforeAll(async () => {
  const manages = statement(
    "Allow",
    "execute-api:ManageConnections",
    "arn:aws:execute-api:eu-west-1:123456789012:*/dev/*",
  );
  const invokes = statement("Allow", "execute-api:Invoke", "*");
  writeFileSync(
    principals,
    JSON.stringify({ principals: [principal("server", manages), principal("reader", invokes)] }),
  );
  gateway = await yamlGateway(
    yaml,
    { environment: { GATEWAY_PRINCIPALS: principals } },
    { "handlers/connect.ts": connect },
  );
  ({ port } = await gateway.listen());
});

afterAll(async () => {
  await gateway?.close({ drainMs: 100 });
  gateway?.remove();
  rmSync(folder, { recursive: true, force: true });
});

function client(name: string, stage = "dev", secret = `secret of ${name}`): ApiGatewayManagementApiClient {
  return new ApiGatewayManagementApiClient({
    endpoint: `http://127.0.0.1:${port}/${stage}`,
    region: "eu-west-1",
    credentials: { accessKeyId: `AKIA${name.toUpperCase()}`, secretAccessKey: secret },
    maxAttempts: 1,
  });
}

async function connected(path = "/dev"): Promise<{ socket: RawWebSocket; id: string }> {
  const socket = await RawWebSocket.open(port, path, ["User-Agent: tester"]);
  socket.text('{"action":"whoami"}');
  const { id } = JSON.parse(await socket.nextText()) as { id: string };
  return { socket, id };
}

const post = (id: string, data: string | Uint8Array, by = client("server")) =>
  by.send(new PostToConnectionCommand({ ConnectionId: id, Data: Buffer.from(data as string) }));

describe("@connections by the AWS SDK", () => {
  test("a message is sent to the client", async () => {
    const { socket, id } = await connected();
    await post(id, "grüß dich");
    expect(await socket.nextText()).toBe("grüß dich");
    socket.close();
  });

  test("a connection is described", async () => {
    const { socket, id } = await connected();
    const found = await client("server").send(new GetConnectionCommand({ ConnectionId: id }));
    expect(found.Identity).toEqual({ SourceIp: "127.0.0.1", UserAgent: "tester" });
    expect(Math.abs(Date.now() - (found.ConnectedAt?.getTime() ?? 0))).toBeLessThan(5000);
    expect(found.LastActiveAt?.getTime()).toBeGreaterThanOrEqual(found.ConnectedAt?.getTime() ?? 0);
    socket.close();
  });

  test("a connection is ended, and gone from then on", async () => {
    const { socket, id } = await connected();
    const { $metadata } = await client("server").send(new DeleteConnectionCommand({ ConnectionId: id }));
    expect($metadata.httpStatusCode).toBe(204);
    expect(await socket.closeCode()).toBe(1000);
    for (const command of [GetConnectionCommand, DeleteConnectionCommand]) {
      await expect(
        client("server").send(new command({ ConnectionId: id }) as GetConnectionCommand),
      ).rejects.toMatchObject({
        name: "GoneException",
        $metadata: { httpStatusCode: 410 },
      });
    }
    await expect(post(id, "x")).rejects.toMatchObject({ name: "GoneException" });
    socket.close();
  });

  test("ids that were never given, or belong to another stage, are gone", async () => {
    const { socket, id } = await connected("/prod");
    await expect(post(id, "x")).rejects.toMatchObject({ name: "GoneException" });
    await expect(post("AAAAAAAAAAAAAAA=", "x")).rejects.toMatchObject({ name: "GoneException" });
    socket.close();
  });

  test("while $connect runs the connection is not there yet", async () => {
    const shared = globalThis as { lastConnection?: string };
    delete shared.lastConnection;
    const opening = RawWebSocket.open(port, "/dev?wait=1");
    await expect.poll(() => shared.lastConnection).toBeDefined();
    const id = shared.lastConnection ?? "";
    await expect(post(id, "too early")).rejects.toMatchObject({ name: "GoneException" });
    const socket = await opening;
    await post(id, "now");
    expect(await socket.nextText()).toBe("now");
    socket.close();
  });

  test("131,072 bytes pass, one more is too much", async () => {
    const { socket, id } = await connected();
    await post(id, "x".repeat(131_072));
    expect((await socket.nextText()).length).toBe(131_072);
    await expect(post(id, "x".repeat(131_073))).rejects.toMatchObject({
      name: "PayloadTooLargeException",
      $metadata: { httpStatusCode: 413 },
    });
    socket.close();
  });

  test("frames are text: other bytes are refused", async () => {
    const { socket, id } = await connected();
    await expect(post(id, new Uint8Array([0xff, 0xfe]))).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
    socket.close();
  });

  test("a client that has gone without a word is gone here too", async () => {
    const { socket, id } = await connected();
    socket.close();
    await expect
      .poll(async () =>
        post(id, "x").then(
          () => "there",
          (error: Error) => error.name,
        ),
      )
      .toBe("GoneException");
  });
});

describe("who may manage connections", () => {
  test.each([
    ["a wrong secret", () => client("server", "dev", "another secret")],
    ["an unknown key", () => client("nobody")],
    ["a caller whose policies allow Invoke only", () => client("reader")],
    ["another stage than the policy names", () => client("server", "prod")],
  ])("%s is forbidden", async (_, by) => {
    const { socket, id } = await connected();
    await expect(post(id, "x", by())).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    expect(socket.frames).toEqual([]);
    socket.close();
  });

  test("who is refused is told the resource as API Gateway names it, without the id", async () => {
    const { socket, id } = await connected();
    await expect(post(id, "x", client("reader"))).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringMatching(
        /^User: arn:aws:\S+ is not authorized to perform: execute-api:ManageConnections on resource: arn:aws:execute-api:[a-z0-9-]+:\*{8}\d{4}:[a-z0-9]{10}\/dev\/POST\/@connections\/\{connectionId\}$/,
      ),
    });
    socket.close();
  });

  test.each([
    "PUT /dev/@connections/AAAAAAAAAAAAAAA=",
    "PATCH /dev/@connections/AAAAAAAAAAAAAAA=",
    "OPTIONS /dev/@connections/AAAAAAAAAAAAAAA=",
    "GET /dev/@connections/AAAAAAAAAAAAAAA=/more",
    "POST /dev/@connections/a/b/c",
    "POST /dev/@connections/",
  ])("%s reaches no route of messages", async (request) => {
    const answer = await gateway.ask(request, request.startsWith("POST") ? '{"action":"whoami"}' : undefined);
    expect([answer.status, answer.json]).toEqual([403, { message: "Missing Authentication Token" }]);
  });

  test("an unsigned request is forbidden, whether or not the connection is there", async () => {
    const { socket, id } = await connected();
    for (const known of [id, "AAAAAAAAAAAAAAA="]) {
      const answer = await gateway.ask(`POST /dev/@connections/${encodeURIComponent(known)}`, "x");
      expect([answer.status, answer.json]).toEqual([403, { message: "Missing Authentication Token" }]);
    }
    socket.close();
  });
});

test("more requests than the account's throttle lets through are told in the service's own exception", async () => {
  const throttled = await yamlGateway(
    yaml,
    {
      environment: { GATEWAY_PRINCIPALS: principals },
      limits: { accountThrottle: { rate: 0.001, burst: 1 } },
    },
    { "handlers/connect.ts": connect },
  );
  try {
    const { port: at } = await throttled.listen();
    const by = new ApiGatewayManagementApiClient({
      endpoint: `http://127.0.0.1:${at}/dev`,
      region: "eu-west-1",
      credentials: { accessKeyId: "AKIASERVER", secretAccessKey: "secret of server" },
      maxAttempts: 1,
    });
    await expect(post("AAAAAAAAAAAAAAA=", "x", by)).rejects.toBeInstanceOf(GoneException);
    await expect(post("AAAAAAAAAAAAAAA=", "x", by)).rejects.toBeInstanceOf(LimitExceededException);
  } finally {
    await throttled.close({ drainMs: 100 });
    throttled.remove();
  }
});
