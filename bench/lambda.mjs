// Lambda proxy in process: the full event 1.0, the handler awaited, its result checked and answered.
// 1. In process: microseconds of the event, of the call, and of the deadline against setTimeout.
// 2. Over loopback: CPU a request as a ratio to raw node:http, Fastify beside it; each server in its own process.
// Run: npm run bench -- lambda [seconds per slice; 0: in process only] [rounds]
import http from "node:http";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { micro } from "./support/micro.mjs";
import { gatewayOf, load } from "./support/program.mjs";
import { compare, serveMeasured, startServer } from "./support/servers.mjs";
import { typedHandler } from "./support/typed-handler.mjs";

const order = { id: "42", status: "paid", total: 17.5, items: ["a", "b", "c"] };
const body = JSON.stringify(order);
const plain = async () => ({ statusCode: 200, headers: { "Content-Type": "application/json" }, body });
const typed = await typedHandler(order);
/** What is wrapped around a typed handler hides its way without an event. */
const wrapped = (event, context) => typed(event, context);
/** What a browser sends. */
const clientHeaders = [
  ["User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"],
  ["Accept", "application/json, text/plain, */*"],
  ["Accept-Encoding", "gzip, deflate, br"],
  ["Accept-Language", "en-GB,en;q=0.9"],
  ["Cookie", "session=0123456789abcdef; theme=dark"],
  ["Referer", "https://shop.example.com/orders"],
];
const path = "/dev/orders/42?expand=items&expand=customer&limit=20";
const head = [`GET ${path} HTTP/1.1`, ...clientHeaders.map(([name, value]) => `${name}: ${value}`)].join("\r\n");

async function gateway(handler) {
  const { lambdaProxy } = await load("runtime/integrations/lambda-proxy.js");
  const { readBody } = await load("runtime/http/read-body.js");
  const lambda = {
    functionName: "getOrder",
    payloadFormat: "1.0",
    modules: new Map([["", async () => ({ handler })]]),
    alias: undefined,
  };
  const run = (x) => {
    const read = readBody(x);
    return read === false ? lambdaProxy(x) : read.then((isOver) => isOver || lambdaProxy(x));
  };
  return gatewayOf([{ key: "GET /orders/{id}", run, lambda }]);
}

async function inProcess() {
  const { Exchange } = await load("runtime/http/exchange.js");
  const { restEvent } = await load("runtime/integrations/lambda-event-rest.js");
  const { functionOf } = await load("runtime/integrations/lambda-function.js");
  const { lambdaProxy } = await load("runtime/integrations/lambda-proxy.js");
  const { answerRestResult } = await load("runtime/integrations/lambda-result.js");
  const { untimed, DeadlineQueue } = await load("runtime/integrations/deadlines.js");
  const { systemClock } = await load("runtime/clock.js");
  // Fresh strings, as a parser makes them: what is looked up by them has to be hashed first.
  const headers = [["Host", "api.example.com"], ...clientHeaders].flat().map((text) => Buffer.from(text));
  const query = path.slice(path.indexOf("?") + 1);
  const exchangesFor = async (handler) => {
    const { live } = await gateway(handler);
    const exchange = () => exchangeOf(live);
    await lambdaProxy(exchange());
    return exchange;
  };
  const exchangeOf = (live) => {
    const x = new Exchange(
      live,
      "GET",
      "/dev/orders/42",
      "/orders/42",
      query,
      headers.map((text) => text.latin1Slice()),
      "127.0.0.1",
      Date.now(),
      undefined,
    );
    x.stage = live.stages.get("dev");
    x.route = live.program.routes[0];
    x.pathValues = ["42"];
    return x;
  };
  const exchange = await exchangesFor(plain);
  const fn = functionOf(exchange());
  const result = await plain();
  const queue = new DeadlineQueue(systemClock, 29_000);
  class Nothing {
    dueAt = untimed;
    previous = undefined;
    next = undefined;
    expire() {}
  }
  await micro("in process", {
    "event 1.0": [exchange, (x) => restEvent(x, fn)],
    "result to answer": [exchange, (x) => answerRestResult(x, result)],
    "handler alone, awaited": plain,
    "whole step, awaited": [exchange, (x) => lambdaProxy(x)],
    "whole step, typed handler": [await exchangesFor(typed), (x) => lambdaProxy(x)],
    "the same by the event": [await exchangesFor(wrapped), (x) => lambdaProxy(x)],
    "deadlines of eight calls in a turn": () => {
      const deadlines = Array.from({ length: 8 }, () => new Nothing());
      for (const deadline of deadlines) queue.add(deadline);
      for (const deadline of deadlines) queue.remove(deadline);
      queue.enter();
    },
    "setTimeout and clearTimeout": () => clearTimeout(setTimeout(() => undefined, 29_000)),
  });
}

const kinds = {
  async raw() {
    const server = http.createServer((_request, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
      response.end(body);
    });
    server.listen(0, "127.0.0.1", () => serveMeasured(server.address().port));
  },
  async gateway() {
    serveMeasured((await (await gateway(plain)).listen()).port);
  },
  async typed() {
    serveMeasured((await (await gateway(typed)).listen()).port);
  },
  async wrapped() {
    serveMeasured((await (await gateway(wrapped)).listen()).port);
  },
  async fastify() {
    const { default: fastify } = await import("fastify");
    const app = fastify();
    app.get("/dev/orders/:id", async (_request, reply) => {
      reply.header("Content-Type", "application/json");
      return body;
    });
    await app.listen({ port: 0, host: "127.0.0.1" });
    serveMeasured(app.server.address().port);
  },
};

const self = fileURLToPath(import.meta.url);
if (process.send) await kinds[process.argv[2]]();
else {
  await inProcess();
  const seconds = Number(process.argv[2] ?? 1);
  const rounds = Number(process.argv[3] ?? 15);
  if (seconds > 0) {
    const names = {
      raw: "raw node:http",
      control: "the same again (control: how far from 1 is noise)",
      gateway: "Lambda proxy, full event",
      typed: "typed handler, no event",
      wrapped: "typed handler by the event",
      fastify: "Fastify route, no event",
    };
    const entries = [];
    for (const [kind, name] of Object.entries(names)) {
      entries.push({ name, head, server: await startServer(self, kind === "control" ? "raw" : kind) });
    }
    await compare(entries, { seconds, rounds });
    for (const { server } of entries) server.child.removeAllListeners("exit").kill();
  }
}
