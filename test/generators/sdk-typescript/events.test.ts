import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelOf } from "../../support/diagnose.js";
import { sdkFiles, type WrittenSdk, writeSdk } from "./sdk.js";

interface Api {
  createClient(options: object): object;
  watchStream(client: object, input?: object, options?: object): Promise<ReadableStream<Uint8Array>>;
  serverEvents(stream: ReadableStream<Uint8Array>, options?: object): AsyncGenerator<object>;
  followEvents(open: (options: object) => Promise<unknown>, options?: object): AsyncGenerator<object>;
}

const yaml = (type: string) => `
gateway: live
routes: { GET /watch: { operation: watch, lambda: any, responses: { 200: { body: string, mediaType: ${type} } } } }
stages: { dev: {} }
`;

let sdk: WrittenSdk;
let api: Api;
let server: Server;
let client: object;
/** What the server sends, piece by piece. */
let pieces: readonly (string | Uint8Array)[] | undefined;
/** What it sends the next time; undefined: the same. */
let next: (() => typeof pieces) | undefined;
let ended: Promise<unknown>;
const seen: (string | undefined)[] = [];

beforeAll(async () => {
  sdk = await writeSdk(await modelOf(yaml("text/event-stream")));
  api = await sdk.load<Api>();
  server = createServer(async (request, response) => {
    seen.push(request.headers["last-event-id"] as string | undefined, request.headers.accept);
    if (request.headers["x-refuse"]) return void response.writeHead(403).end();
    // As they are now: the test after this one may begin before the answer is over.
    const [own, after] = [pieces, next];
    if (own === undefined) return void response.writeHead(204).end();
    ended = new Promise((resolve) => response.on("close", resolve));
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const piece of own) {
      response.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (own.at(-1) === "data: open\n\n") return;
    if (after) pieces = after();
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  client = api.createClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  sdk.remove();
});

async function events(...sent: readonly (string | Uint8Array)[]): Promise<readonly object[]> {
  pieces = sent;
  const out: object[] = [];
  for await (const event of api.serverEvents(await api.watchStream(client))) out.push(event);
  return out;
}

test("events by HTML's rules, wherever the pieces are cut", async () => {
  const text = Buffer.from(
    "\ufeffdata: first\r\n\r\n: a comment\nevent: moved\nid: 7\nretry: 1500\ndata: grüße\ndata:  🙂\n\nid: a\0b\rdata\r\rignored: x\ndata:no blank\n\ndata: never ended",
  );
  const wanted = [
    { event: "message", data: "first", lastEventId: "", retryMs: undefined },
    { event: "moved", data: "grüße\n 🙂", lastEventId: "7", retryMs: 1500 },
    { event: "message", data: "", lastEventId: "7", retryMs: undefined },
    { event: "message", data: "no blank", lastEventId: "7", retryMs: undefined },
  ];
  expect(await events(text)).toEqual(wanted);
  expect(await events(...Array.from(text, (byte) => Uint8Array.of(byte)))).toEqual(wanted);
});

test("leaving the loop ends the request; Last-Event-ID is the caller's to send", async () => {
  pieces = ["data: one\n\n", "data: open\n\n"];
  seen.length = 0;
  const stream = await api.watchStream(client, {}, { headers: { "last-event-id": "41" } });
  for await (const event of api.serverEvents(stream)) {
    expect(event).toMatchObject({ data: "one" });
    break;
  }
  await ended;
  expect(seen).toEqual(["41", "text/event-stream"]);
});

test("an event without an end is not kept forever", async () => {
  pieces = ["data: x\n", `data: ${"y".repeat(100)}`, "data: open\n\n"];
  const read = async () => {
    for await (const _ of api.serverEvents(await api.watchStream(client), { limit: 50 }));
  };
  await expect(read()).rejects.toThrow("more than 50 characters");
});

describe("following events", () => {
  const follow = (options: object = {}) =>
    api.followEvents((more: object) => api.watchStream(client, {}, more), { retryMs: 1, ...options });

  test("the stream is opened again where it ended, from the last event on, until there is nothing more", async () => {
    const streams = [["id: 1\nretry: 2\ndata: a\n\n"], ["data: b\n\nid: 3\ndata: c\n\n"], undefined];
    seen.length = 0;
    pieces = streams[0] ?? [];
    next = () => {
      streams.shift();
      return streams[0];
    };
    const data: unknown[] = [];
    for await (const event of follow()) data.push((event as { data: string }).data);
    next = undefined;
    expect(data).toEqual(["a", "b", "c"]);
    expect(seen.filter((_, at) => at % 2 === 0)).toEqual([undefined, "1", "3"]);
  });

  test("the signal ends it, waiting or not; a 4xx is thrown", async () => {
    pieces = ["data: one\n\n", "data: open\n\n"];
    const controller = new AbortController();
    const data: unknown[] = [];
    for await (const event of follow({ signal: controller.signal })) {
      data.push((event as { data: string }).data);
      if (data.length === 2) controller.abort();
    }
    expect(data).toEqual(["one", "open"]);
    pieces = [];
    const waiting = new AbortController();
    setTimeout(() => waiting.abort(), 20);
    for await (const _ of follow({ retryMs: 60_000, signal: waiting.signal }));
    const refused = api.followEvents(() => api.watchStream(client, {}, { headers: { "x-refuse": "1" } }));
    await expect(refused.next()).rejects.toMatchObject({ status: 403 });
  });
});

test("it is there only where a route answers with events", async () => {
  const without = await sdkFiles(await modelOf(yaml("text/plain")));
  expect([...without.keys()]).not.toContain("events.js");
  expect(without.get("index.js")).not.toContain("serverEvents");
});
