import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { defaultLimits, type Limits } from "../../runtime/host/limits.js";
import { StreamedBody, WholeBody } from "../../runtime/http/request-body.js";
import { ChunkedBody } from "../../runtime/http/wire/chunked-body.js";
import { Pieces } from "../../runtime/http/wire/pieces.js";
import type { WireRequest } from "../../runtime/http/wire/wire-request.js";
import { WireServer } from "../../runtime/http/wire/wire-server.js";

const running: WireServer[] = [];
afterEach(() => {
  for (const server of running.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Setup {
  readonly onRequest: (request: WireRequest) => void;
  readonly limits?: Partial<Limits>;
}

/** A server, and what a client of it has got so far. */
async function setUp({ onRequest, limits }: Setup) {
  const server = new WireServer({ limits: { ...defaultLimits, ...limits }, now: Date.now, onRequest });
  running.push(server);
  let accepted: Socket | undefined;
  server.on("connection", (socket) => {
    accepted = socket;
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client.on("error", () => undefined);
  const got: Buffer[] = [];
  client.on("data", (chunk) => got.push(chunk));
  await new Promise((resolve) => client.once("connect", resolve));
  const text = () => Buffer.concat(got).toString("latin1");
  const answers = () => [...text().matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));
  const bytes = () => got.reduce((sum, chunk) => sum + chunk.length, 0);
  return { server, client, text, answers, bytes, accepted: () => accepted as Socket };
}

function answer(request: WireRequest, body: string | Buffer = "ok", status = 200): void {
  request.send(status, ["Content-Length", String(body.length)], body, false);
}

async function until(isSo: () => boolean, ms = 4000): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await pause(10)) if (isSo()) return true;
  return isSo();
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const post = (bytes: number) => `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${bytes}\r\n\r\n`;
const largeBytes = 8 << 20;

describe("a request behind a body that came faster than it was taken", () => {
  const ways: Readonly<Record<string, (request: WireRequest) => void>> = {
    "that nobody took": (request) => void setTimeout(() => answer(request), 150),
    "that was taken late": (request) => {
      setTimeout(() => {
        let bytes = 0;
        const take = (piece: Buffer) => {
          bytes += piece.length;
          return true;
        };
        request.takeBody({ take, end: () => answer(request, String(bytes)), cut: () => undefined });
      }, 150);
    },
    "that was taken as a stream": (request) => {
      const { stream } = new StreamedBodyOf(request);
      setTimeout(() => {
        stream.on("end", () => answer(request));
        stream.resume();
      }, 150);
    },
  };

  test.each(Object.keys(ways))("%s is answered", async (way) => {
    const { client, answers } = await setUp({
      onRequest: (request) => (request.head.method === "GET" ? answer(request) : ways[way]?.(request)),
    });
    client.write(post(100_000) + "x".repeat(100_000));
    expect(await until(() => answers().length === 1)).toBe(true);
    client.write(get);
    await until(() => answers().length === 2, 1000);
    expect(answers()).toEqual([200, 200]);
  });
});

/** A body as the gateway streams it to backends. */
class StreamedBodyOf extends StreamedBody {
  constructor(request: WireRequest) {
    super(() => request.resumeBody());
    request.takeBody(this);
  }
}

describe("a client that is slow to take its answer gets the whole of it", () => {
  const large = Buffer.alloc(largeBytes, "y");

  test("when it is the last one of the connection", async () => {
    const { client, bytes } = await setUp({ onRequest: (request) => answer(request, large) });
    client.pause();
    client.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    await pause(1500);
    client.resume();
    await new Promise((resolve) => client.once("close", resolve));
    expect(bytes()).toBeGreaterThan(largeBytes);
  });

  test("when the time for its next request is over meanwhile", async () => {
    const limits = { keepAliveTimeoutMs: 100, headersTimeoutMs: 400 };
    const { client, bytes } = await setUp({ onRequest: (request) => answer(request, large), limits });
    client.pause();
    client.write(get);
    await pause(700);
    client.resume();
    await new Promise((resolve) => client.once("close", resolve));
    expect(bytes()).toBeGreaterThan(largeBytes);
  });

  test("when idle connections are closed meanwhile", async () => {
    const { server, client, bytes } = await setUp({ onRequest: (request) => answer(request, large) });
    client.pause();
    client.write(get);
    await pause(100);
    server.closeIdleConnections();
    client.resume();
    expect(await until(() => bytes() > largeBytes)).toBe(true);
    server.closeIdleConnections();
    await new Promise((resolve) => client.once("close", resolve));
  });

  test("and is cut when it does not take it at all", async () => {
    const limits = { inactivityTimeoutMs: 300 };
    const { client, accepted } = await setUp({ onRequest: (request) => answer(request, large), limits });
    client.pause();
    client.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    expect(await until(() => accepted().destroyed)).toBe(true);
  });
});

test("a client that does not read cannot make the server read on, not even into a body that nobody takes", async () => {
  const { client, accepted } = await setUp({ onRequest: (request) => answer(request, Buffer.alloc(largeBytes)) });
  client.pause();
  client.write(post(60_000));
  await pause(100);
  for (let at = 0; at < 32; at++) client.write(Buffer.alloc(1 << 20, "z"));
  await pause(500);
  expect(accepted().bytesRead).toBeLessThan(1 << 20);
});

test("a body that is answered before it has come ends for its taker", async () => {
  let isCut = false;
  const cut = () => {
    isCut = true;
  };
  const { client, answers } = await setUp({
    onRequest: (request) => {
      if (request.head.method === "POST") request.takeBody({ take: () => true, end: () => undefined, cut });
      answer(request);
    },
  });
  client.write(post(1000));
  await until(() => answers().length === 1);
  client.write("x".repeat(1000) + get);
  await until(() => answers().length === 2);
  expect([answers(), isCut]).toEqual([[200, 200], true]);
});

test("a body in chunks of one byte takes its own size in memory, about", async () => {
  const bytes = 1 << 20;
  let resolved: Buffer | undefined;
  const ignore = () => undefined;
  const body = new WholeBody(bytes, (whole) => (resolved = whole), ignore);
  const chunks = new ChunkedBody();
  const before = process.memoryUsage().heapUsed;
  const text = Array.from({ length: 1024 }, (_, at) => `1\r\n${String.fromCharCode(at & 0x7f)}\r\n`).join("");
  for (let at = 0; at < 1024; at++) {
    chunks.read(Buffer.from(text, "latin1"), 0, (piece) => body.take(piece));
    if (at % 64 === 0) await pause(0);
  }
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(60 * bytes);
  body.end();
  expect(resolved).toEqual(Buffer.from(Array.from({ length: bytes }, (_, at) => at & 0x7f)));
});

test("pieces come out as they came, small and large", () => {
  for (let seed = 1; seed < 50; seed++) {
    const pieces = new Pieces();
    const all: Buffer[] = [];
    for (let at = 0; at < 40; at++) {
      const bytes = Buffer.alloc(((seed * 7919 + at * at * 104_729) % 9000) >> (at % 9), at);
      all.push(bytes);
      pieces.add(Buffer.from(bytes));
    }
    expect(Buffer.concat(pieces.take()).equals(Buffer.concat(all))).toBe(true);
    expect(pieces.take()).toEqual([]);
  }
});

test("a stream that its reader has let go of may be cut", async () => {
  const body = new StreamedBody(() => undefined);
  body.take(Buffer.from("abc"));
  for await (const _ of body.stream.iterator({ destroyOnReturn: false })) break;
  body.cut();
  await pause(10);
  expect(body.stream.destroyed).toBe(true);
});

test("a request whose serving throws is cut, and is no second answer to the one before it", async () => {
  let count = 0;
  const { client, answers, accepted } = await setUp({
    onRequest: (request) => {
      if (count++ === 1) throw new Error("of the test");
      setTimeout(() => {
        try {
          answer(request, "first");
        } catch {
          answer(request, "second", 500);
        }
      }, 20);
    },
  });
  client.write(get + get);
  expect(await until(() => accepted().destroyed)).toBe(true);
  await pause(20);
  expect(answers()).toEqual([200]);
});
