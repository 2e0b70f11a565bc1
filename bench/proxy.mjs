// HTTP_PROXY: a GET whose 1 KiB answer passes through.
// Over loopback: CPU a request of each proxy as a ratio to a bare undici `dispatch` proxy with raw buffers, and that one's
// to raw node:http; each server, the backend too, in a process of its own. In process: the steps that we add.
// Run: npm run bench -- proxy [seconds per slice; 0: in process only]
import http from "node:http";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { micro } from "./support/micro.mjs";
import { gatewayOf, load } from "./support/program.mjs";
import { compare, serveMeasured, startServer } from "./support/servers.mjs";

const self = fileURLToPath(import.meta.url);
const payload = Buffer.alloc(1024, "x");
const backend = process.env.BENCH_BACKEND ?? "http://127.0.0.1:1";
const path = "/dev/files/a/b.json?v=3";
const clientHeaders = [
  ["User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"],
  ["Accept", "application/json, text/plain, */*"],
  ["Accept-Encoding", "gzip, deflate, br"],
  ["Accept-Language", "en-GB,en;q=0.9"],
  ["Cookie", "session=0123456789abcdef; theme=dark"],
];
const head = [`GET ${path} HTTP/1.1`, ...clientHeaders.map(([name, value]) => `${name}: ${value}`)].join("\r\n");

async function gateway() {
  const { httpProxy } = await load("runtime/integrations/http-proxy.js");
  const target = {
    proxy: true,
    method: "ANY",
    uri: [`${backend}/base/`, { path: "path" }],
    headers: [],
    query: [],
    path: [],
    insecureSkipVerification: false,
    responses: [],
  };
  return gatewayOf([{ key: "ANY /files/{path+}", run: httpProxy, http: target }]);
}

/** As bare as a proxy over undici can be: raw headers both ways, one write for an answer of one chunk. */
async function bareDispatch() {
  const { Pool } = await import("undici");
  const pool = new Pool(backend, { connections: 256, pipelining: 1 });
  const server = http.createServer((request, response) => {
    const headers = [];
    for (let at = 0; at < request.rawHeaders.length; at += 2) {
      const name = request.rawHeaders[at];
      if (name.length === 10 && name.toLowerCase() === "connection") continue;
      headers.push(name, request.rawHeaders[at + 1]);
    }
    let first;
    pool.dispatch(
      { method: request.method, path: request.url, headers, body: null },
      {
        onConnect() {},
        onHeaders(status, raw) {
          const list = new Array(raw.length);
          for (let at = 0; at < raw.length; at++) list[at] = raw[at].latin1Slice();
          response.writeHead(status, list);
          return true;
        },
        onData(chunk) {
          if (first === undefined) first = chunk;
          else {
            if (first !== null) response.write(first);
            first = null;
            response.write(chunk);
          }
          return true;
        },
        onComplete() {
          response.end(first ?? undefined);
        },
        onError() {
          response.destroy();
        },
      },
    );
  });
  server.listen(0, "127.0.0.1", () => serveMeasured(server.address().port));
}

const kinds = {
  async backend() {
    const server = http.createServer((_request, response) => {
      response.writeHead(200, { "content-type": "application/octet-stream", "content-length": payload.length });
      response.end(payload);
    });
    server.keepAliveTimeout = 600_000;
    server.listen(0, "127.0.0.1", () => serveMeasured(server.address().port));
  },
  bare: bareDispatch,
  async gateway() {
    serveMeasured((await (await gateway()).listen()).port);
  },
  async fastify() {
    const { default: fastify } = await import("fastify");
    const { default: proxy } = await import("@fastify/http-proxy");
    const app = fastify();
    await app.register(proxy, { upstream: backend, prefix: "/dev/files", rewritePrefix: "/base" });
    await app.listen({ port: 0, host: "127.0.0.1" });
    serveMeasured(app.server.address().port);
  },
};

async function inProcess() {
  const { Exchange } = await load("runtime/http/exchange.js");
  const { endpointOf, pathOf } = await load("runtime/integrations/http-endpoint.js");
  const { proxyHeaders, proxyQuery } = await load("runtime/integrations/proxy-request.js");
  const { readHead } = await load("runtime/integrations/proxy-response.js");
  const { live } = await gateway();
  const headers = [["Host", "api.example.com"], ...clientHeaders, ["Connection", "keep-alive"]].flat();
  const bytes = headers.map((text) => Buffer.from(text));
  const exchange = () => {
    const texts = bytes.map((text) => text.latin1Slice());
    const now = Date.now();
    const x = new Exchange(live, "GET", "/dev/files/a/b.json", "/files/a/b.json", "v=3", texts, "127.0.0.1", now);
    x.stage = live.stages.get("dev");
    x.route = live.program.routes[0];
    x.pathValues = ["a/b.json"];
    return x;
  };
  const endpoint = endpointOf(exchange());
  const answer = ["Date", "Mon, 23 Nov 2026 21:00:00 GMT", "Connection", "keep-alive", "Keep-Alive", "timeout=600"];
  const raw = ["content-type", "application/octet-stream", "content-length", "1024", ...answer].map((text) =>
    Buffer.from(text),
  );
  await micro("in process", {
    "headers to the backend": [exchange, (x) => proxyHeaders(x, endpoint)],
    "path and query": [exchange, (x) => pathOf(x, endpoint) + proxyQuery(x, endpoint)],
    "head of the answer": [exchange, (x) => readHead(x, 200, raw)],
    "the same, as bare as it gets": [exchange, () => raw.map((text) => text.latin1Slice())],
  });
}

async function overLoopback(seconds) {
  const backendServer = await startServer(self, "backend");
  const env = { BENCH_BACKEND: `http://127.0.0.1:${backendServer.port}` };
  const names = {
    bare: "bare undici dispatch, raw buffers",
    control: "the same again (control: how far from 1 is noise)",
    gateway: "HTTP_PROXY",
    fastify: "@fastify/http-proxy",
  };
  const entries = [];
  for (const [kind, name] of Object.entries(names)) {
    entries.push({ name, head, server: await startServer(self, kind === "control" ? "bare" : kind, env) });
  }
  entries.push({ name: "raw node:http, no proxy", head, server: backendServer });
  await compare(entries, { seconds });
  for (const { server } of entries) server.child.removeAllListeners("exit").kill();
}

if (process.send) await kinds[process.argv[2]]();
else {
  await inProcess();
  const seconds = Number(process.argv[2] ?? 2);
  if (seconds > 0) await overLoopback(seconds);
}
