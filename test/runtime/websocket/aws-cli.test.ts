import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../../support/paths.js";
import { RawWebSocket } from "../../support/raw-websocket.js";
import { hasRedis, type RunningRedis, startRedis } from "../../support/redis.js";
import { type YamlGateway, yamlGateway } from "../../support/yaml-gateway.js";
import { openState } from "./open-state.js";

/** `@connections` by the AWS CLI and by boto3, unchanged, asked of a node that does not hold the connection. */
const python = process.env["GATEWAY_PYTHON"] ?? join(root, ".cache/python/bin/python");
const cli = join(dirname(python), "aws");
const hasCli = existsSync(cli);
const hasBoto = spawnSync(python, ["-c", "import boto3"]).status === 0;
if (!(hasCli && hasBoto) && process.env["CI"]) throw new Error("the AWS CLI or boto3 is missing: set GATEWAY_PYTHON");
const isHere = (hasCli || hasBoto) && hasRedis();

const yaml = `gateway: chat
aws: { region: eu-west-1, account: "123456789012" }
websocket:
  routes:
    whoami: { mock: { id: "$context.connectionId" }, reply: "{ id: string }" }
stages: { dev: { log: "off" } }
`;

/** Does all that there is to do with a connection, and prints what it is told, an item a line. */
const script = `
import json, sys, boto3
endpoint, connection = sys.argv[1:]
client = boto3.client("apigatewaymanagementapi", endpoint_url=endpoint)
def tell(call):
    try:
        answer = call()
    except client.exceptions.ClientError as error:
        answer = error.response
        print(json.dumps([type(error).__name__, answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]]))
    else:
        status = answer.pop("ResponseMetadata")["HTTPStatusCode"]
        print(json.dumps([status, answer.get("Identity"), "ConnectedAt" in answer and answer["ConnectedAt"].timestamp()]))
tell(lambda: client.post_to_connection(ConnectionId=connection, Data="grüß dich".encode()))
tell(lambda: client.get_connection(ConnectionId=connection))
tell(lambda: client.post_to_connection(ConnectionId=connection, Data=b"x" * 131073))
tell(lambda: client.delete_connection(ConnectionId=connection))
tell(lambda: client.get_connection(ConnectionId=connection))
tell(lambda: client.post_to_connection(ConnectionId=connection, Data=b"x"))
tell(lambda: client.delete_connection(ConnectionId=connection))
`;

describe.skipIf(!isHere)("@connections of another node by AWS's clients", () => {
  const folder = mkdtempSync(join(tmpdir(), "gateway-aws-cli-"));
  let redis: RunningRedis;
  const nodes: YamlGateway[] = [];
  const ports: number[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    const Statement = [{ Effect: "Allow", Action: "execute-api:ManageConnections", Resource: "*" }];
    const server = {
      arn: "arn:aws:iam::123456789012:user/server",
      policies: [{ Version: "2012-10-17", Statement }],
      keys: [{ accessKeyId: "AKIASERVER", secretAccessKey: "secret of server" }],
    };
    const principals = join(folder, "principals.json");
    writeFileSync(principals, JSON.stringify({ principals: [server] }));
    for (let at = 0; at < 2; at++) {
      const state = await openState(redis.url);
      const node = await yamlGateway(yaml, { environment: { GATEWAY_PRINCIPALS: principals }, state });
      nodes.push(node);
      ports.push((await node.listen()).port);
    }
  }, 60_000);

  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.close({ drainMs: 100 })));
    for (const node of nodes) node.remove();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const environment = {
    PATH: process.env["PATH"],
    AWS_ACCESS_KEY_ID: "AKIASERVER",
    AWS_SECRET_ACCESS_KEY: "secret of server",
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_MAX_ATTEMPTS: "1",
    AWS_CONFIG_FILE: join(folder, "none"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "none"),
  };

  /** Asks the second node. @returns what the CLI prints, or its complaint */
  async function aws(command: string, ...args: string[]): Promise<string> {
    const options = ["--endpoint-url", `http://127.0.0.1:${ports[1]}/dev`, "--output", "json"];
    return promisify(execFile)(cli, ["apigatewaymanagementapi", command, ...options, ...args], {
      env: environment,
    }).then(
      ({ stdout }) => stdout,
      (error: { readonly stderr?: string }) => String(error.stderr),
    );
  }

  /** A connection that ends at the first node. */
  async function connected() {
    const socket = await RawWebSocket.open(ports[0] ?? 0, "/dev", ["User-Agent: tester"]);
    socket.text('{"action":"whoami"}');
    const { id } = JSON.parse(await socket.nextText()) as { id: string };
    return { socket, id };
  }

  const cliTest = test.skipIf(!hasCli);
  cliTest("the CLI sends, describes and ends; then the connection is gone", { timeout: 60_000 }, async () => {
    const { socket, id } = await connected();
    writeFileSync(join(folder, "message"), "grüß dich");
    const data = `fileb://${join(folder, "message")}`;
    expect(await aws("post-to-connection", "--connection-id", id, "--data", data)).toBe("");
    expect(await socket.nextText()).toBe("grüß dich");

    const described = JSON.parse(await aws("get-connection", "--connection-id", id));
    expect(Object.keys(described).sort()).toEqual(["ConnectedAt", "Identity", "LastActiveAt"]);
    expect(described.Identity).toEqual({ SourceIp: "127.0.0.1", UserAgent: "tester" });
    expect(Math.abs(Date.now() - Date.parse(described.ConnectedAt))).toBeLessThan(60_000);

    writeFileSync(join(folder, "message"), "x".repeat(131_073));
    expect(await aws("post-to-connection", "--connection-id", id, "--data", data)).toContain(
      "PayloadTooLargeException",
    );

    expect(await aws("delete-connection", "--connection-id", id)).toBe("");
    expect(await socket.closeCode()).toBe(1000);
    socket.close();
    await expect.poll(() => nodes[0]?.sockets?.size).toBe(0);
    expect(await aws("get-connection", "--connection-id", id)).toContain("GoneException");
  });

  test.skipIf(!hasBoto)("boto3 does, too, and knows AWS's exceptions", { timeout: 60_000 }, async () => {
    const { socket, id } = await connected();
    const ran = promisify(execFile)(python, ["-c", script, `http://127.0.0.1:${ports[1]}/dev`, id], {
      env: environment,
    });
    expect(await socket.nextText()).toBe("grüß dich");
    expect(await socket.closeCode()).toBe(1000);
    socket.close();
    const gone = ["GoneException", "GoneException", 410];
    const lines = (await ran).stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      [200, null, false],
      [200, { SourceIp: "127.0.0.1", UserAgent: "tester" }, expect.any(Number)],
      ["PayloadTooLargeException", "PayloadTooLargeException", 413],
      [204, null, false],
      ...[gone, gone, gone],
    ]);
    expect(Math.abs(Date.now() / 1000 - lines[1][2])).toBeLessThan(60);
  });
});
