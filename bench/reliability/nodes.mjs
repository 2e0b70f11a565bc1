// kill -9 of one of three nodes that share a Redis (figure 16): only what was under way there fails, its clients are served
// by others at once, its WebSocket connections are gone for all, and it leaves nothing behind.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { Project } from "../support/gateway-process.mjs";
import { OpenLoop, tally } from "../support/open-loop.mjs";

export const nodes = {
  about: "kill -9 of one of 3 nodes, with Redis between them",
  sizes: { rate: 500, sockets: 200 },
  short: { rate: 60, sockets: 20 },
  run,
};

const yaml = `gateway: nodes
aws: { region: eu-west-1, account: "123456789012" }
state: { redis: "\${env.REDIS_URL}", onFailure: local }
plans: { free: { throttle: { rate: 1000000, burst: 1000000 }, quota: { limit: 1000000000, period: month } } }
keys: { client: { plan: free, value: "\${env.CLIENT_KEY}" } }
routes:
  GET /quick: { apiKey: true, lambda: quick }
  GET /slow: { apiKey: true, lambda: slow }
websocket:
  routes:
    $default: { mock: { id: "$context.connectionId" }, reply: "{ id: string }" }
stages: { dev: { log: "off" } }
`;
const functions = {
  quick: 'export const handler = async () => ({ statusCode: 200, body: "done" });',
  slow: `export const handler = async () => {
  await new Promise((resolve) => setTimeout(resolve, 100));
  return { statusCode: 200, body: "done" };
};`,
};
const key = "a-key-of-a-client-0123456789";

async function run({ rate, sockets: wanted }, verdict) {
  if (spawnSync("redis-server", ["--version"]).error) throw new Error("redis-server is not installed");
  const redis = await startRedis();
  const project = new Project(yaml, functions);
  project.write("principals.json", JSON.stringify(principals));
  await project.build();
  const environment = {
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    GATEWAY_PRINCIPALS: join(project.folder, "principals.json"),
    CLIENT_KEY: key,
  };
  const all = [];
  for (let at = 0; at < 3; at++) all.push(await project.start([], environment));
  const [dead, ...others] = all;
  const headers = { "x-api-key": key };
  const requests = [
    { path: "/dev/quick", headers },
    { path: "/dev/quick", headers },
    { path: "/dev/slow", headers },
  ];
  const loads = all.map(({ url }) => new OpenLoop(url, requests, { rate: rate / 3 }));
  const lost = await Promise.all(Array.from({ length: wanted }, () => connected(dead.url)));
  const kept = await Promise.all(others.map(({ url }) => connected(url)));
  const registered = () => redis.keys("*connection:*");
  verdict.exact(registered() === wanted + 2, `${registered()} WebSocket connections are registered`);
  const post = await poster(others[0].url);
  verdict.exact((await post(lost[0].id)) === "sent", "a message goes through another node to one of them");
  await wait(2000);

  const closed = Promise.all(lost.map(({ socket }) => new Promise((resolve) => socket.once("close", resolve))));
  const underWay = loads[0].underWay;
  const killedAt = performance.now();
  dead.child.kill("SIGKILL");
  // Its clients are in one process with ours: those that are sent before we hear of it count as under way.
  const sentBefore = loads[0].sent;
  await dead.gone;
  const sentMeanwhile = loads[0].sent - sentBefore;
  await closed;
  const again = await connected(others[1].url);
  const servedAfter = performance.now() - killedAt;
  verdict.exact(
    servedAfter < 1000,
    `a client that connects anew is served after ${servedAfter.toFixed(0)} ms (wanted < 1000)`,
  );
  const told = await Promise.all(lost.slice(0, 20).map(({ id }) => post(id)));
  const goneAfter = performance.now() - killedAt;
  verdict.exact(
    told.every((one) => one === "GoneException") && goneAfter < 2000,
    `@connections of its ids after ${goneAfter.toFixed(0)} ms (wanted 410 in < 2000): ${tally(told)}`,
  );
  verdict.exact((await post(again.id)) === "sent" && (await post(kept[0].id)) === "sent", "the others' are reached");
  while (registered() > 3 && performance.now() - killedAt < 35_000) await wait(200);
  const cleanAfter = performance.now() - killedAt;
  verdict.exact(
    registered() === 3 && cleanAfter < 30_000,
    `${registered()} registered after ${(cleanAfter / 1000).toFixed(1)} s (wanted 3 in < 30)`,
  );

  const [ofDead, ...ofOthers] = await Promise.all(loads.map((load) => load.end()));
  const cut = ofDead.filter(({ status }) => status !== 200);
  verdict.exact(
    cut.length <= underWay + sentMeanwhile,
    `${cut.length} requests of the killed node failed (wanted <= ${underWay + sentMeanwhile}, those under way): ${tally(cut.map(({ status, error }) => error ?? status))}`,
  );
  const bad = ofOthers.flat().filter(({ status }) => status !== 200);
  verdict.exact(
    bad.length === 0,
    `of ${ofOthers.flat().length} requests of the others failed: ${tally(bad.map(({ status, error }) => error ?? status))}`,
  );
  for (const { socket } of [...kept, again]) socket.terminate();
  const codes = await Promise.all(others.map((node) => node.stop()));
  verdict.exact(
    codes.every((code) => code === 0),
    "SIGTERM ends the others with 0",
  );
  verdict.exact(registered() === 0, `${registered()} registered at the end`);
  project.remove();
  await redis.stop();
}

const secret = "secret of server";
const principals = {
  principals: [
    {
      arn: "arn:aws:iam::123456789012:user/server",
      policies: [
        {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "execute-api:ManageConnections", Resource: "*" }],
        },
      ],
      keys: [{ accessKeyId: "AKIASERVER", secretAccessKey: secret }],
    },
  ],
};

/** What posts to a connection, by AWS's own client; its word about versions of Node is for its users. */
async function poster(url) {
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
  const { ApiGatewayManagementApiClient, PostToConnectionCommand } = await import(
    "@aws-sdk/client-apigatewaymanagementapi"
  );
  const client = new ApiGatewayManagementApiClient({
    endpoint: `${url}/dev`,
    region: "eu-west-1",
    credentials: { accessKeyId: "AKIASERVER", secretAccessKey: secret },
    maxAttempts: 1,
  });
  return (id) =>
    client.send(new PostToConnectionCommand({ ConnectionId: id, Data: Buffer.from("hello") })).then(
      () => "sent",
      (error) => error.name,
    );
}

/** A connection that has been answered, and its id. */
async function connected(url) {
  const { WebSocket } = await import("ws");
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace("http", "ws")}/dev`);
    socket.once("open", () => socket.send("who am I"));
    socket.once("message", (data) => resolve({ socket, id: JSON.parse(String(data)).id }));
    socket.once("error", reject);
  });
}

async function startRedis() {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "gateway-redis-"));
  const child = spawn("redis-server", ["--port", String(port), "--save", "", "--bind", "127.0.0.1"], {
    cwd: folder,
    stdio: "ignore",
  });
  const command = (...args) => spawnSync("redis-cli", ["-p", String(port), ...args], { encoding: "utf8" }).stdout;
  for (let tries = 0; tries < 200 && !command("ping").startsWith("PONG"); tries++) await wait(25);
  return {
    port,
    keys: (pattern) => command("--scan", "--pattern", pattern).trim().split("\n").filter(Boolean).length,
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
