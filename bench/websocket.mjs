// Messages through a WebSocket route against raw `ws`, each server in a process of its own, in turn, over loopback.
// 1. CPU of the server per message, one in flight and eight in flight a connection: echo of ws, echo of our frames, a MOCK
//    reply, a function in process; and, from YAML, a typed handler of a validated message, without an event and with one.
// 2. Memory of an idle connection. 3. Messages to clients: in process, and by signed POSTs to @connections of a gateway
//    that was built from YAML. 4. A broadcast.
// Run: npm run bench -- websocket [seconds per slice] [idle connections]
import { execFileSync, fork } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { load } from "./support/program.mjs";
import { median } from "./support/servers.mjs";

const message = '{"action":"echo","room":"lobby","text":"a line of some sixty characters"}';
const connections = 50;
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "x".repeat(40), sessionToken: undefined };
const rounds = 5;

const servers = {
  ws: wsServer,
  frames: framesServer,
  mock: mockServer,
  lambda: lambdaServer,
  typed: () => typedServer({}),
  "typed by event": () => typedServer({ GATEWAY_LAMBDA_EVENTS: "always" }),
};
const others = { posts: postsServer };

if (process.send) {
  await { ...servers, ...others }[process.argv[2]]();
  process.on("message", (what) => {
    // Only where memory is asked for: a forced collection throws compiled code away, and the next slice would pay for it.
    if (what === "memory") globalThis.gc?.();
    process.send({ cpu: process.cpuUsage(), rss: process.memoryUsage().rss, heap: process.memoryUsage().heapUsed });
  });
} else await main(Number(process.argv[2] ?? 1), Number(process.argv[3] ?? 10_000));

async function wsServer() {
  const { WebSocketServer } = await import("ws");
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false }, () =>
    process.send({ port: server.address().port }),
  );
  server.on("connection", (socket) => socket.on("message", (data) => socket.send(data.toString())));
}

function ok(x) {
  return x.answer(200, [], "");
}

async function ours(echo) {
  const { createGateway } = await load("runtime/host/gateway.js");
  const { socketProgram } = await load("scripts/conformance/socket-program.js");
  const gateway = createGateway({ program: socketProgram({ $connect: { run: ok }, echo }), environment: {} });
  const { port } = await gateway.listen();
  process.send({ port });
}

function framesServer() {
  return ours({ run: (x) => x.answer(200, [], x.socket.message.text), replies: true });
}

async function mockServer() {
  const { mock } = await load("runtime/integrations/mock.js");
  return ours({ run: mock, replies: true, entry: { mock: { status: 200, headers: [], body: message } } });
}

async function lambdaServer() {
  const { lambdaProxy } = await load("runtime/integrations/lambda-proxy.js");
  const handler = async (event) => ({ statusCode: 200, body: event.body });
  const modules = new Map([["", async () => ({ handler })]]);
  const entry = { lambda: { functionName: "echo", payloadFormat: "1.0", modules } };
  return ours({ run: lambdaProxy, replies: true, entry });
}

/** The built gateway of a project that is this process's own. */
async function builtGateway(folder) {
  execFileSync(process.execPath, [fileURLToPath(new URL("../bin/gateway.js", import.meta.url)), "build", folder]);
  return import(pathToFileURL(join(folder, "build/gateway/gateway.mjs")).href);
}

function projectFolder(files) {
  const folder = mkdtempSync(join(tmpdir(), "gateway-bench-websocket-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.once("SIGTERM", () => process.exit(0));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function typedServer(environment) {
  const folder = projectFolder({
    "gateway.yaml":
      'gateway: typed\nmodels: |\n  interface Echo { action: "echo"; room: string; text: string }\nwebsocket:\n  select: $request.body.action\n  routes:\n    echo: { lambda: echo, body: Echo, reply: Echo }\nstages: { dev: { log: "off" } }\n',
    "handlers/echo.ts":
      'import { echo } from "../build/handlers/echo.js";\nexport const handler = echo(async ({ body }) => body);\n',
  });
  const { createGateway, program } = await builtGateway(folder);
  const { port } = await createGateway({ program, environment }).listen();
  process.send({ port });
}

async function postsServer() {
  const folder = projectFolder({
    "gateway.yaml":
      'gateway: posts\nwebsocket:\n  routes:\n    $default: { mock: { id: $context.connectionId }, reply: "{ id: string }" }\nstages: { dev: { log: "off" } }\n',
  });
  const Statement = [{ Effect: "Allow", Action: "execute-api:ManageConnections", Resource: "*" }];
  const caller = {
    arn: "arn:aws:iam::123456789012:user/bench",
    policies: [{ Version: "2012-10-17", Statement }],
    keys: [{ accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey }],
  };
  writeFileSync(join(folder, "principals.json"), JSON.stringify({ principals: [caller] }));
  const { createGateway, program } = await builtGateway(folder);
  const environment = { GATEWAY_PRINCIPALS: join(folder, "principals.json") };
  const { port } = await createGateway({ program, environment }).listen();
  process.send({ port });
}

async function start(name) {
  const child = fork(fileURLToPath(import.meta.url), [name], { execArgv: ["--expose-gc"] });
  const { port } = await once(child);
  const ask = (what) => {
    child.send(what);
    return once(child);
  };
  return { child, port, cpuUsed: async () => (await ask("cpu")).cpu, memoryUsed: () => ask("memory") };
}

function once(child) {
  return new Promise((resolve) => child.once("message", resolve));
}

/** The handshake of one client. @returns its socket, when it is open */
function client(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () =>
      socket.write(
        "GET /dev HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
      ),
    );
    socket.once("data", (data) => (data.includes("101") ? resolve(socket.setNoDelay()) : reject(new Error(`${data}`))));
    socket.once("error", reject);
  });
}

function frame() {
  const payload = Buffer.from(message);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** Keeps so many messages in flight on each connection. @returns messages answered */
async function drive(sockets, inFlight, seconds) {
  const burst = Buffer.concat(Array(inFlight).fill(frame()));
  const answerBytes = inFlight * (2 + Buffer.byteLength(message));
  let answered = 0;
  let isOver = false;
  const ends = sockets.map(
    (socket) =>
      new Promise((resolve) => {
        let bytes = 0;
        const onData = (chunk) => {
          bytes += chunk.length;
          if (bytes < answerBytes) return;
          bytes = 0;
          answered += inFlight;
          if (isOver) resolve(socket.off("data", onData));
          else socket.write(burst);
        };
        socket.on("data", onData);
        socket.write(burst);
      }),
  );
  setTimeout(() => (isOver = true), seconds * 1000);
  await Promise.all(ends);
  return answered;
}

async function main(seconds, idle) {
  const running = {};
  for (const name of Object.keys(servers)) {
    const server = await start(name);
    const sockets = await Promise.all(Array.from({ length: connections }, () => client(server.port)));
    running[name] = { ...server, sockets };
  }
  for (const inFlight of [1, 8]) {
    const spent = Object.fromEntries(Object.keys(servers).map((name) => [name, []]));
    for (let round = 0; round <= rounds; round++) {
      for (const [name, { sockets, cpuUsed }] of Object.entries(running)) {
        const before = await cpuUsed();
        const answered = await drive(sockets, inFlight, seconds);
        const cpu = await cpuUsed();
        const micros = cpu.user + cpu.system - before.user - before.system;
        if (round > 0) spent[name].push(micros / answered);
      }
    }
    console.log(`\n| ${inFlight} in flight | server CPU µs/message | lowest | ratio to ws |\n|---|---|---|---|`);
    const base = Math.min(...spent.ws);
    for (const [name, all] of Object.entries(spent)) {
      const lowest = Math.min(...all);
      console.log(`| ${name} | ${median(all).toFixed(2)} | ${lowest.toFixed(2)} | ${(lowest / base).toFixed(2)} |`);
    }
  }
  for (const { sockets, child } of Object.values(running)) {
    for (const socket of sockets) socket.destroy();
    child.kill();
  }
  await memory(idle);
  await pushes();
  await posts(seconds);
  await broadcast(Math.min(idle, 5000));
}

async function memory(idle) {
  console.log(`\n| idle | connections | RSS KiB each | JS heap KiB each |\n|---|---|---|---|`);
  for (const name of ["ws", "frames"]) {
    const server = await start(name);
    const before = await server.memoryUsed();
    const sockets = [];
    for (let at = 0; at < idle; at += 100) {
      sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => client(server.port)))));
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    const after = await server.memoryUsed();
    const each = (of) => ((after[of] - before[of]) / 1024 / idle).toFixed(2);
    console.log(`| ${name} | ${idle} | ${each("rss")} | ${each("heap")} |`);
    for (const socket of sockets) socket.destroy();
    server.child.kill();
  }
}

/** POST @connections without the network and the signature: from the exchange to the frame in the socket's buffer. */
async function pushes() {
  const { createGateway } = await load("runtime/host/gateway.js");
  const { socketProgram } = await load("scripts/conformance/socket-program.js");
  const whoAmI = { run: (x) => x.answer(200, [], x.socket.connection.connectionId), replies: true };
  const gateway = createGateway({ program: socketProgram({ $default: whoAmI }), environment: {} });
  const { port } = await gateway.listen();
  const [socket, text] = [await client(port), Buffer.from(message)];
  socket.write(frame());
  const id = await new Promise((resolve) => socket.once("data", (data) => resolve(data.toString("utf8", 2))));
  socket.resume();
  const target = { apiId: undefined, stage: undefined, connectionId: id };
  const times = [];
  for (let round = 0; round < 60; round++) {
    const begin = process.cpuUsage();
    for (let at = 0; at < 500; at++) gateway.sockets.post(target, text);
    await new Promise(setImmediate);
    const { user, system } = process.cpuUsage(begin);
    times.push((user + system) / 500);
  }
  console.log(`\n| pushes in process | µs, median | lowest |\n|---|---|---|`);
  console.log(`| post to one client, 500 a turn | ${median(times).toFixed(2)} | ${Math.min(...times).toFixed(2)} |`);
  socket.destroy();
  await gateway.close({ drainMs: 100 });
}

/** POST /dev/@connections/{id} with a signature that is verified each time, one in flight on each of so many connections. */
async function posts(seconds) {
  const { signRequest, SigningKeys } = await load("runtime/auth/sigv4/index.js");
  const server = await start("posts");
  const socket = await client(server.port);
  socket.write(frame());
  const id = await new Promise((resolve) =>
    socket.once("data", (data) => resolve(JSON.parse(data.toString("utf8", 2)).id)),
  );
  socket.resume();
  const headers = ["Host", `127.0.0.1:${server.port}`, "Content-Type", "text/plain"];
  const plain = {
    method: "POST",
    path: `/dev/@connections/${encodeURIComponent(id)}`,
    query: "",
    headers,
    body: message,
  };
  const place = { region: "us-east-1", service: "execute-api", nowMs: Date.now(), keys: new SigningKeys() };
  const all = [...headers, ...signRequest(plain, credentials, place)];
  const lines = all.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : []));
  const request = `POST ${plain.path} HTTP/1.1\r\n${lines.join("\r\n")}\r\nContent-Length: ${Buffer.byteLength(message)}\r\n\r\n${message}`;
  const callers = await Promise.all(
    Array.from(
      { length: 20 },
      () =>
        new Promise((resolve) =>
          connect(server.port, "127.0.0.1", function () {
            resolve(this);
          }),
        ),
    ),
  );
  console.log("\n| POST @connections, signed | server CPU µs each | POSTs/s of a core |\n|---|---|---|");
  const spent = [];
  for (let round = 0; round <= rounds; round++) {
    const before = await server.cpuUsed();
    let answered = 0;
    let isOver = false;
    const ends = callers.map(
      (caller) =>
        new Promise((resolve, reject) => {
          const onData = (data) => {
            if (!data.includes("HTTP/1.1 200")) reject(new Error(`${data}`));
            answered++;
            if (isOver) resolve(caller.off("data", onData));
            else caller.write(request);
          };
          caller.on("data", onData);
          caller.write(request);
        }),
    );
    setTimeout(() => (isOver = true), seconds * 1000);
    await Promise.all(ends);
    const cpu = await server.cpuUsed();
    if (round > 0) spent.push((cpu.user + cpu.system - before.user - before.system) / answered);
  }
  const lowest = Math.min(...spent);
  console.log(
    `| 20 callers, one in flight each | ${median(spent).toFixed(1)} (${lowest.toFixed(1)}) | ${(1e6 / lowest).toFixed(0)} |`,
  );
  for (const each of [socket, ...callers]) each.destroy();
  server.child.kill();
}

/** One text to many clients: until the last of them has it. The clients are in this process too. */
async function broadcast(count) {
  const { createGateway } = await load("runtime/host/gateway.js");
  const { socketProgram } = await load("scripts/conformance/socket-program.js");
  const ids = [];
  const $connect = {
    run: (x) => {
      ids.push(x.socket.connection.connectionId);
      return x.answer(200, [], "");
    },
  };
  const gateway = createGateway({ program: socketProgram({ $connect }), environment: {} });
  const { port } = await gateway.listen();
  const sockets = [];
  for (let at = 0; at < count; at += 100) {
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => client(port)))));
  }
  const text = Buffer.from(message);
  const times = [];
  for (let round = 0; round < 10; round++) {
    const begin = performance.now();
    const all = sockets.map((socket) => new Promise((resolve) => socket.once("data", resolve)));
    for (const connectionId of ids) gateway.sockets.post({ apiId: undefined, stage: undefined, connectionId }, text);
    await Promise.all(all);
    times.push(performance.now() - begin);
  }
  console.log(`\n| broadcast to ${count} | ms, median | lowest |\n|---|---|---|`);
  console.log(`| all have it | ${median(times).toFixed(0)} | ${Math.min(...times).toFixed(0)} |`);
  for (const socket of sockets) socket.destroy();
  await gateway.close({ drainMs: 100 });
}
