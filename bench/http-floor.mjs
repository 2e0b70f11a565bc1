// What the HTTP layer costs above Node's own: gate, routing, exchange, ids and the answer of a MOCK route.
// 1. In process, on a connection in memory: CPU microseconds from the bytes of a request to the bytes of its answer.
// 2. Over loopback: CPU per request as a ratio to raw node:http, in turn, each server in a process of its own.
// Run: npm run bench -- http-floor [seconds per slice]
import { fork } from "node:child_process";
import http from "node:http";
import { connect } from "node:net";
import process from "node:process";
import { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";

const dist = new URL("../dist/", import.meta.url);
const body = '{"status":"ok"}';
const load = (path) => import(new URL(path, dist).href);

async function gatewayOf(options = {}) {
  const { createGateway } = await load("runtime/host/gateway.js");
  const { route, programFormat } = await load("runtime/program.js");
  const { mock } = await load("runtime/integrations/mock.js");
  const routes = Array.from({ length: 100 }, (_, at) => mockRoute(`/things${at}/{id}/status`)).concat(
    mockRoute("/health"),
  );
  const program = {
    format: programFormat,
    api: {
      name: "bench",
      version: "1",
      kind: "rest",
      apiId: "abcdefghij",
      region: "eu-west-1",
      account: "123456789012",
      binaryMediaTypes: [],
      minimumCompressionSize: undefined,
      cors: undefined,
      gatewayResponses: new Map(),
    },
    stages: [{ name: "dev", variables: [], log: "off" }],
    routes,
  };
  return createGateway({ program, ...options });

  function mockRoute(resourcePath) {
    return route({
      key: `GET ${resourcePath}`,
      method: "GET",
      resourcePath,
      resourceId: "abc123",
      segments: resourcePath.split("/").slice(1),
      run: mock,
      mock: { status: 200, headers: ["Content-Type", "application/json"], body },
    });
  }
}

/** Bytes of a request in, bytes of an answer out, over a connection in memory: parser and writer are the real ones. */
async function inProcess() {
  const raw = http.createServer((request, response) => {
    const more = request.url === "/8" ? long : [];
    response.writeHead(200, ["Content-Type", "application/json", "Content-Length", "15", ...more]);
    response.end(body);
  });
  const long = ["a", "b", "c", "d"].flatMap((name) => [`x-header-${name}`, "some value of it"]);
  const gateway = await gatewayOf();
  const cases = {
    raw: [raw, "/"],
    "raw, 8 headers": [raw, "/8"],
    "MOCK /health": [gateway.server, "/dev/health"],
    "MOCK /things50/{id}/status": [gateway.server, "/dev/things50/17/status"],
  };
  const rounds = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < 9; round++) {
    for (const [name, [server, url]] of Object.entries(cases)) {
      const socket = new Nowhere();
      server.emit("connection", socket);
      const request = Buffer.from(
        `GET ${url} HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n`,
      );
      rounds[name].push(await timeOf(socket, request));
      socket.destroy();
    }
  }
  console.log("| in process | µs | ratio to raw |\n|---|---|---|");
  const base = median(rounds.raw.slice(2));
  for (const [name, times] of Object.entries(rounds)) {
    const time = median(times.slice(2));
    console.log(`| ${name} | ${time.toFixed(2)} | ${(time / base).toFixed(2)} |`);
  }
}

/** One end of a connection; what is written to it is dropped and counted. */
class Nowhere extends Duplex {
  remoteAddress = "127.0.0.1";
  answers = 0;
  constructor() {
    super({ decodeStrings: false, highWaterMark: 1 << 20 });
  }
  _read() {}
  _write(_chunk, _encoding, done) {
    this.answers++;
    done();
  }
  _writev(_chunks, done) {
    this.answers++;
    done();
  }
  setTimeout() {}
  setNoDelay() {}
  setKeepAlive() {}
}

/** CPU microseconds of one request. */
async function timeOf(socket, request, count = 40_000) {
  const before = process.cpuUsage();
  for (let at = 0; at < count; at++) {
    socket.push(request);
    await new Promise(process.nextTick);
    while (socket.answers <= at) await new Promise(setImmediate);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

async function overLoopback(seconds) {
  const servers = { raw: await start("raw"), gateway: await start("gateway") };
  const paths = { raw: "/", gateway: "/dev/health" };
  for (const name of Object.keys(servers)) await slice(servers[name], paths[name], 4);
  const ratios = [];
  const costs = { raw: [], gateway: [] };
  for (let round = 0; round < 9; round++) {
    const before = await slice(servers.raw, paths.raw, seconds / 2);
    const ours = await slice(servers.gateway, paths.gateway, seconds);
    const after = await slice(servers.raw, paths.raw, seconds / 2);
    ratios.push(ours / ((before + after) / 2));
    costs.raw.push((before + after) / 2);
    costs.gateway.push(ours);
  }
  for (const { child } of Object.values(servers)) child.kill();
  ratios.sort((a, b) => a - b);
  console.log("\n| over loopback | CPU µs a request | ratio (range) |\n|---|---|---|");
  console.log(`| raw node:http | ${median(costs.raw).toFixed(1)} | 1 |`);
  console.log(
    `| MOCK route | ${median(costs.gateway).toFixed(1)} | ${median(ratios).toFixed(2)} (${ratios[0].toFixed(2)}-${ratios.at(-1).toFixed(2)}) |`,
  );
}

function start(kind) {
  const child = fork(fileURLToPath(import.meta.url), [kind]);
  return new Promise((resolve) => child.once("message", ({ port }) => resolve({ child, port })));
}

async function serverProcess(kind) {
  process.on("message", () => process.send({ cpu: process.cpuUsage() }));
  if (kind === "gateway") {
    const gateway = await gatewayOf();
    process.send(await gateway.listen());
    return;
  }
  const server = http.createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": 15 });
    response.end(body);
  });
  server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
}

/** CPU microseconds a request of the server, over so many seconds of load from 32 connections. */
async function slice({ child, port }, path, seconds) {
  const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
  let answered = 0;
  let isOver = false;
  const sockets = Array.from({ length: 32 }, () => {
    const socket = connect(port, "127.0.0.1", () => socket.write(request));
    socket.on("data", (chunk) => {
      if (!chunk.toString("latin1").endsWith(body)) return;
      answered++;
      if (!isOver) socket.write(request);
    });
    return socket;
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  const before = await cpu(child);
  const from = answered;
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const after = await cpu(child);
  const count = answered - from;
  isOver = true;
  for (const socket of sockets) socket.destroy();
  return (after.user + after.system - before.user - before.system) / count;
}

function cpu(child) {
  return new Promise((resolve) => {
    child.once("message", ({ cpu }) => resolve(cpu));
    child.send("cpu");
  });
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

if (process.send) await serverProcess(process.argv[2]);
else {
  await inProcess();
  if (process.argv[2] !== "0") await overLoopback(Number(process.argv[2] ?? 2));
}
