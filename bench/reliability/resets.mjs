// Requests that clients give up in the middle (figure 24): no socket, timer or request to a backend is left.
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { handleCount, Project } from "../support/gateway-process.mjs";
import { mega } from "./verdict.mjs";

export const resets = { about: "aborted requests", sizes: { requests: 10_000 }, short: { requests: 500 }, run };

const yaml = (port) => `gateway: resets
routes:
  GET /quick: { mock: { ok: true } }
  GET /slow: { lambda: slow }
  POST /body: { lambda: quick }
  GET /held: { http: "http://127.0.0.1:${port}/held" }
  GET /streamed: { http: "http://127.0.0.1:${port}/streamed" }
  POST /upstream: { http: "http://127.0.0.1:${port}/upstream" }
websocket: { select: $request.body.action, routes: { $default: { lambda: slow, reply: string } } }
stages: { dev: { accessLog: json, tracing: true } }
`;
const functions = {
  quick: 'export const handler = async () => ({ statusCode: 200, body: "done" });',
  slow: `export const handler = async () => {
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { statusCode: 200, body: "x".repeat(100_000) };
};`,
};

const get = (path) => `GET /dev/${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const post = (path, bytes) =>
  `POST /dev/${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n${"x".repeat(bytes)}`;
const handshake =
  "GET /dev HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/** What is sent, and after how long it is given up. */
const kinds = [
  { name: "nothing sent", text: "", ms: 5 },
  { name: "half a head", text: "GET /dev/quick HTTP/1.1\r\nHos", ms: 10 },
  { name: "a quick answer", text: get("quick"), ms: 1 },
  { name: "a function at work", text: get("slow"), ms: 60 },
  { name: "half a body", text: post("body", 20_000), ms: 20 },
  { name: "a backend that is silent", text: get("held"), ms: 60 },
  { name: "a stream of a backend", text: get("streamed"), ms: 60 },
  { name: "half a body for a backend", text: post("upstream", 20_000), ms: 40 },
  { name: "many requests at once", text: get("slow").repeat(5) + get("held"), ms: 40 },
  { name: "a WebSocket and a message", text: handshake, ms: 60 },
];

async function run({ requests }, verdict) {
  const backend = new Backend();
  await once(backend.server, "listening");
  const project = new Project(yaml(backend.server.address().port), functions);
  await project.build();
  const gateway = await project.start(["--access-log", `${project.folder}/access.log`]);
  // Once of each, so that code is compiled and pools are open.
  await abort(gateway.port, 20 * kinds.length);
  await settle(backend);
  const before = await gateway.look();
  const begin = performance.now();
  await abort(gateway.port, requests);
  verdict.note(
    `${requests} requests aborted in ${((performance.now() - begin) / 1000).toFixed(1)} s: ${kinds.map(({ name }) => name).join(", ")}; ${backend.seen} reached the backend`,
  );
  const inTime = await settle(backend);
  let after = await gateway.look();
  for (let tries = 0; tries < 50 && handleCount(after) > handleCount(before); tries++) {
    await wait(200);
    after = await gateway.look();
  }
  const show = ({ handles }) =>
    Object.entries(handles)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(", ");
  verdict.exact(inTime && backend.active === 0, `${backend.active} requests left at the backend`);
  const sockets = (after.handles.TCPSocketWrap ?? 0) - (before.handles.TCPSocketWrap ?? 0);
  verdict.exact(sockets <= 0, `${Math.max(0, sockets)} sockets left`);
  const timers = (after.handles.Timeout ?? 0) - (before.handles.Timeout ?? 0);
  verdict.exact(timers <= 0, `${Math.max(0, timers)} timers left`);
  verdict.exact(handleCount(after) <= handleCount(before), `handles before: ${show(before)}; after: ${show(after)}`);
  const grown = after.heap - before.heap;
  verdict.timed(grown < 2e6 + requests * 100, `heap after GC ${mega(before.heap)}, then ${mega(after.heap)}`);
  const answer = await fetch(`${gateway.url}/dev/quick`);
  verdict.exact(answer.status === 200, "it answers as ever");
  verdict.exact((await gateway.stop()) === 0, "SIGTERM ends it with 0");
  const odd = gateway
    .output()
    .split("\n")
    .filter((line) => /uncaught|unhandled|could not be/.test(line));
  verdict.exact(odd.length === 0, `${odd.length} faults in the log ${odd[0] ?? ""}`.trim());
  backend.server.close();
  backend.server.closeAllConnections();
  project.remove();
}

/** So many, forty at once. */
async function abort(port, count) {
  let next = 0;
  const client = async () => {
    while (next < count) await one(port, kinds[next++ % kinds.length]);
  };
  await Promise.all(Array.from({ length: 40 }, client));
}

function one(port, { text, ms }) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      if (text !== "") socket.write(text);
      if (text === handshake) {
        // A masked text frame, "say".
        socket.once("data", () => socket.write(Buffer.from([0x81, 0x83, 0, 0, 0, 0, 0x73, 0x61, 0x79])));
      }
      setTimeout(() => socket.resetAndDestroy(), Math.random() * 2 * ms);
    });
    socket.on("error", () => undefined);
    socket.on("data", () => undefined);
    socket.on("close", resolve);
  });
}

/** False: requests are left at the backend after five seconds. */
async function settle(backend) {
  for (let tries = 0; tries < 50 && backend.active > 0; tries++) await wait(100);
  await wait(1500);
  return backend.active === 0;
}

/** Answers late, without end, or never; knows what it has under way. */
class Backend {
  active = 0;
  seen = 0;
  server = createServer((request, answer) => {
    this.active++;
    this.seen++;
    answer.on("close", () => this.active--);
    if (request.url === "/held") return;
    if (request.url === "/upstream") {
      request.resume();
      request.on("end", () => answer.end("taken"));
      return;
    }
    answer.writeHead(200, { "content-type": "application/octet-stream" });
    const more = () => {
      if (!answer.destroyed && answer.write(Buffer.alloc(4096))) setTimeout(more, 5);
      else answer.once("drain", more);
    };
    more();
  }).listen(0, "127.0.0.1");
}
