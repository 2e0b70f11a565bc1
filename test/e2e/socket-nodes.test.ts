import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { buildFixture } from "../support/build-fixture.js";
import { type RunningGateway, startGateway } from "../support/gateway-process.js";
import { hasRedis, type RunningRedis, startRedis } from "../support/redis.js";

/** Three processes that share a Redis, one of them killed (reliability.md, row 16). */
const yaml = `gateway: nodes
aws: { region: eu-west-1, account: "123456789012" }
state: { redis: "\${env.REDIS_URL}", onFailure: local }
websocket:
  routes:
    $default: { mock: { id: "$context.connectionId" }, reply: "{ id: string }" }
stages: { dev: { log: "off" } }
`;

describe.skipIf(!hasRedis())("a node that is killed", () => {
  const folder = mkdtempSync(join(tmpdir(), "gateway-socket-nodes-"));
  let redis: RunningRedis;
  const nodes: RunningGateway[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    writeFileSync(join(folder, "gateway.yaml"), yaml);
    const bundle = await buildFixture(folder);
    const Statement = [{ Effect: "Allow", Action: "execute-api:ManageConnections", Resource: "*" }];
    const keys = [{ accessKeyId: "AKIASERVER", secretAccessKey: "secret of server" }];
    const policies = [{ Version: "2012-10-17", Statement }];
    const principals = join(folder, "principals.json");
    const server = { arn: "arn:aws:iam::123456789012:user/server", policies, keys };
    writeFileSync(principals, JSON.stringify({ principals: [server] }));
    const environment = { REDIS_URL: redis.url, GATEWAY_PRINCIPALS: principals };
    for (let at = 0; at < 3; at++) nodes.push(await startGateway(bundle, environment));
  }, 120_000);

  afterAll(async () => {
    await Promise.all(
      nodes.map(({ process: child, stop }) => ((child.exitCode ?? child.signalCode) ? undefined : stop())),
    );
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** @returns a connection that has been answered, and its id */
  function connected(node: RunningGateway | undefined): Promise<{ readonly socket: WebSocket; readonly id: string }> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`${node?.url.replace("http", "ws")}/dev`);
      socket.once("open", () => socket.send("who am I"));
      socket.once("message", (data) => resolve({ socket, id: JSON.parse(String(data)).id }));
      socket.once("error", reject);
    });
  }

  function post(node: RunningGateway | undefined, id: string): Promise<string> {
    const client = new ApiGatewayManagementApiClient({
      endpoint: `${node?.url}/dev`,
      region: "eu-west-1",
      credentials: { accessKeyId: "AKIASERVER", secretAccessKey: "secret of server" },
      maxAttempts: 1,
    });
    return client.send(new PostToConnectionCommand({ ConnectionId: id, Data: Buffer.from("hello") })).then(
      () => "sent",
      (error: Error) => error.name,
    );
  }

  test("its clients are served by others at once, its ids are gone, and it leaves nothing behind", {
    timeout: 90_000,
  }, async () => {
    const [dead, other] = nodes;
    const lost = await Promise.all(Array.from({ length: 30 }, () => connected(dead)));
    const kept = await connected(other);
    const registered = () =>
      redis.command("--scan", "--pattern", "*connection:*").trim().split("\n").filter(Boolean).length;
    expect(registered()).toBe(31);
    const [first] = lost;
    expect(await post(other, first?.id ?? "")).toBe("sent");

    const closed = Promise.all(lost.map(({ socket }) => new Promise((resolve) => socket.once("close", resolve))));
    dead?.process.kill("SIGKILL");
    await closed;
    const killedAt = performance.now();
    const again = await connected(nodes[2]);
    expect(performance.now() - killedAt, "ms until a client is served again").toBeLessThan(1000);
    expect(await Promise.all(lost.slice(0, 5).map(({ id }) => post(other, id)))).toEqual(
      Array(5).fill("GoneException"),
    );
    expect(performance.now() - killedAt, "ms until ids are gone").toBeLessThan(2000);
    expect(await post(other, again.id)).toBe("sent");
    expect(await post(nodes[2], kept.id)).toBe("sent");

    await expect.poll(registered, { timeout: 30_000, interval: 500 }).toBe(2);
    for (const { socket } of [kept, again]) socket.terminate();
    await expect.poll(registered, { timeout: 5000 }).toBe(0);
  });
});
