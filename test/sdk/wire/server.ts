import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * An echo server that also does what servers and proxies do wrong. The header `x-do` of a request says what; without it the answer is what was
 * seen: `{ method, url, headers, body }`.
 */
export interface WireServer {
  /** `http://127.0.0.1:port/v1` */
  readonly url: string;
  stop(): Promise<void>;
}

interface State {
  /** Requests by what they asked for. */
  readonly seen: Map<string, number>;
  /** Answers that nobody has hung up on. */
  open: number;
  lastMs: number;
  connections: number;
}

const html = "<html><body><h1>502 Bad Gateway</h1></body></html>";
export const pdf = Buffer.from([0x25, 0x50, 0x44, 0x46, 0x2d, 0x00, 0xff, 0x80, 0x0a, 0xc3, 0x28]);

export async function startWireServer(): Promise<WireServer> {
  const state: State = { seen: new Map(), open: 0, lastMs: 0, connections: 0 };
  const server = createServer((request, response) => void answer(request, response, state));
  server.on("connection", () => {
    state.connections++;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, state: State): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces);
  const what = String(request.headers["x-do"] ?? "");
  const times = (state.seen.get(what) ?? 0) + 1;
  state.seen.set(what, times);
  const sinceMs = performance.now() - state.lastMs;
  state.lastMs = performance.now();
  const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}) => {
    response.writeHead(status, { "content-type": "application/json", "x-amzn-requestid": "r-1", ...headers });
    response.end(JSON.stringify(value));
  };
  const echo = (headers?: Readonly<Record<string, string>>) => {
    const { method, url, headers: given } = request;
    json(request.method === "POST" ? 201 : 200, { method, url, headers: given, body: body.toString() }, headers);
  };
  const hold = (head: () => void) => {
    state.open++;
    response.on("close", () => state.open--);
    head();
  };
  if (request.url === "/v1/pdf" && what === "") {
    response.writeHead(200, { "content-type": "application/pdf", "x-amzn-requestid": "r-1" }).end(pdf);
    return;
  }
  if (request.url === "/v1/report") {
    report(String(request.headers.accept), what === "empty", response);
    return;
  }
  if (request.url === "/v1/watch" && what === "") {
    watch(request, response, times);
    return;
  }
  switch (what) {
    case "":
      return echo({ etag: '"7"' });
    case "count":
      return json(200, { method: "", url: "", headers: {}, body: String(sum(state.seen)) });
    case "open":
      // The news of a connection that the client has closed may still be under way.
      for (let waited = 0; state.open > 0 && waited < 200; waited++)
        await new Promise((resolve) => setTimeout(resolve, 20));
      return json(200, { method: "", url: "", headers: {}, body: String(state.open) });
    case "connections":
      return json(200, { method: "", url: "", headers: {}, body: String(state.connections) });
    case "seen hang up":
      return json(200, { method: "", url: "", headers: {}, body: String(state.seen.get("hang up") ?? 0) });
    case "html":
      response.writeHead(502, { "content-type": "text/html; charset=utf-8", "x-amzn-requestid": "r-2" }).end(html);
      return;
    case "html that says it is JSON":
      response.writeHead(404, { "content-type": "application/json" }).end("<h1>not here</h1>");
      return;
    case "problem":
      return json(404, { code: "gone", message: "no such order" }, { "x-amzn-requestid": "r-3" });
    case "broken":
      response.writeHead(200, { "content-type": "application/json" }).end('{"method":');
      return;
    case "cut":
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
      response.write('{"method":', () => response.destroy());
      return;
    case "cut bytes":
      response.writeHead(200, { "content-type": "application/pdf", "content-length": "1000" });
      response.write("some", () => setTimeout(() => response.destroy(), 50));
      return;
    case "unavailable once":
      return times % 2 === 1 ? json(503, { message: "busy" }, { "retry-after": "0" }) : echo();
    case "unavailable, then after a second":
      if (times % 2 === 1) return json(503, { message: "busy" }, { "retry-after": "1" });
      return json(200, { method: "", url: "", headers: {}, body: sinceMs > 950 ? "waited" : `only ${sinceMs} ms` });
    case "unavailable":
      return json(503, { message: "busy" }, { "retry-after": "5" });
    case "throttled once": {
      if (times % 2 === 0) return echo();
      const headers = { "x-amzn-errortype": "TooManyRequestsException", "retry-after": "0" };
      return json(429, { message: "Too Many Requests" }, headers);
    }
    case "quota":
      return json(429, { message: "Limit Exceeded" }, { "x-amzn-errortype": "LimitExceededException" });
    case "no head":
      return hold(() => undefined);
    case "half a body":
      return hold(() => {
        response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
        response.write('{"method":');
      });
    case "drops":
      return hold(() => {
        response.writeHead(200, { "content-type": "application/json" });
        const timer = setInterval(() => response.write(" "), 40);
        response.on("close", () => clearInterval(timer));
      });
    case "hang up":
      request.socket.destroy();
      return;
    case "slow bytes": {
      // Longer than one attempt may take, and never silent for as long.
      response.writeHead(200, { "content-type": "application/pdf" });
      for (let piece = 0; piece < 10; piece++) {
        response.write("x");
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
      response.end();
      return;
    }
    default:
      return json(500, { message: `what is ${what}?` });
  }
}

/** Of the media type that is asked for. */
function report(mediaType: string, isEmpty: boolean, response: ServerResponse): void {
  const bodies: Readonly<Record<string, string | Buffer>> = {
    "application/json": '{"code":"first","message":""}',
    "text/csv": "id;1",
    "application/pdf": pdf,
    "application/vnd.list+json": '[{"code":"second","message":""}]',
  };
  response.writeHead(200, { "content-type": `${mediaType}; v=1` }).end(isEmpty ? "" : bodies[mediaType]);
}

/** Two events and a break, then one more where the client says how far it has come, then nothing any more. */
function watch(request: IncomingMessage, response: ServerResponse, times: number): void {
  const last = request.headers["last-event-id"];
  if (last === "3") {
    response.writeHead(204).end();
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  if (last === "2") {
    response.end(`data: after ${request.headers["x-own"] ?? "nothing"}\nid: 3\n\ndata: never ended`);
    return;
  }
  if (times > 100 || last !== undefined) {
    response.end(`data: unexpected ${last}\n\n`);
    return;
  }
  const text = Buffer.from(
    "\ufeffretry: 20\r\n: a comment\r\nevent: moved\ndata: grüße\ndata:  🙂\nid: 1\n\ndata:two\rid:2\r\rdata: half",
  );
  const cut = text.indexOf("ü") + 1;
  response.write(text.subarray(0, cut));
  setTimeout(() => response.write(text.subarray(cut), () => setTimeout(() => response.destroy(), 30)), 30);
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts].reduce((total, [what, count]) => total + (what === "count" ? 0 : count), 0);
}
