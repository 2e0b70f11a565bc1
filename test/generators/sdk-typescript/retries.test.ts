import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type WrittenSdk, writeSdk } from "./sdk.js";
import { type Answer, inTurn, json, startServer, type TestServer } from "./server.js";
import { shop } from "./shop.js";

interface Shop {
  createClient(options: object): object;
  health(client: object, input?: object, options?: object): Promise<unknown>;
  createOrder(client: object, input: object, options?: object): Promise<unknown>;
  putPhoto(client: object, input: object, options?: object): Promise<unknown>;
  pay(client: object, input: object, options?: object): Promise<unknown>;
}

let sdk: WrittenSdk;
let api: Shop;
let server: TestServer;

beforeAll(async () => {
  sdk = await writeSdk(shop());
  api = await sdk.load<Shop>();
  server = await startServer();
});
beforeEach(() => {
  server.seen.length = 0;
});
afterAll(async () => {
  sdk.remove();
  await server.close();
});

const client = (options: object = {}) => api.createClient({ baseUrl: server.url, retryDelayMs: 1, ...options });
const hang: Answer = () => {};
const breakOff: Answer = (_request, response) => void response.socket?.destroy();
const failure = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error as { readonly kind?: string; readonly status?: number; readonly attempts?: number },
  );

test.each([429, 500, 502, 503, 504])("%i is tried again, twice by default", async (status) => {
  server.answer = inTurn(json(status, {}), json(status, {}), json(200, { ok: 1 }));
  expect(await api.health(client())).toEqual({ ok: 1 });
  server.seen.length = 0;
  server.answer = json(status, {});
  expect(await failure(api.health(client()))).toMatchObject({ status, attempts: 3 });
  expect(server.seen).toHaveLength(3);
});

test.each([400, 401, 403, 404, 409, 501])("%i is final", async (status) => {
  server.answer = json(status, {});
  expect(await failure(api.health(client()))).toMatchObject({ status, attempts: 1 });
});

test("a quota that is used up is final, by its name and by its message", async () => {
  server.answer = json(429, { message: "Limit Exceeded" });
  expect(await failure(api.health(client()))).toMatchObject({ status: 429, attempts: 1 });
  server.answer = json(429, {}, { "x-amzn-ErrorType": "LimitExceededException" });
  expect(await failure(api.health(client()))).toMatchObject({ attempts: 1 });
});

test("POST is not repeated, unless the call has an idempotency key, which stays the same", async () => {
  server.answer = inTurn(json(503, {}), json(201, { id: 1 }));
  expect(await failure(api.createOrder(client(), { body: {} }))).toMatchObject({ status: 503, attempts: 1 });
  server.seen.length = 0;
  expect(await api.createOrder(client(), { body: {} }, { idempotencyKey: "k" })).toEqual({ id: 1 });
  expect(server.seen.map(({ headers }) => headers["idempotency-key"])).toEqual(["k", "k"]);
});

test("PUT is repeated with its body; a stream is sent once", async () => {
  server.answer = inTurn(json(503, {}), (_request, response) => void response.writeHead(204).end());
  await api.pay(client(), { id: "1", body: { kind: "card" } });
  expect(server.seen.map(({ body }) => body.toString())).toEqual(['{"kind":"card"}', '{"kind":"card"}']);
  server.seen.length = 0;
  server.answer = json(503, {});
  const stream = new Blob(["x"]).stream();
  expect(await failure(api.putPhoto(client(), { id: "1", body: stream }))).toMatchObject({ status: 503, attempts: 1 });
});

test("a connection that breaks off is tried again and then a network error", async () => {
  server.answer = inTurn(breakOff, json(200, 1));
  expect(await api.health(client())).toBe(1);
  server.answer = breakOff;
  expect(await failure(api.health(client({ retries: 1 })))).toMatchObject({ kind: "network", attempts: 2 });
});

test("Retry-After is waited for: seconds, a date, and no longer than the limit", async () => {
  const waits = async (value: string, options: object) => {
    server.seen.length = 0;
    server.answer = inTurn(json(503, {}, { "retry-after": value }), json(200, {}));
    const start = performance.now();
    await api.health(client(options));
    return performance.now() - start;
  };
  expect(await waits("1", {})).toBeGreaterThan(950);
  expect(await waits("3600", { maxRetryDelayMs: 30 })).toBeLessThan(900);
  expect(await waits(new Date(Date.now() - 5000).toUTCString(), {})).toBeLessThan(500);
  expect(await waits(new Date(Date.now() + 2000).toUTCString(), {})).toBeGreaterThan(900);
});

test("what the server asked for stands in the error", async () => {
  server.answer = json(429, {}, { "retry-after": "7" });
  expect(await failure(api.health(client({ retries: 0 })))).toMatchObject({ retryAfterMs: 7000 });
  server.answer = json(429, {}, { "retry-after": "soon" });
  expect(await failure(api.health(client({ retries: 0 })))).toMatchObject({ retryAfterMs: undefined });
});

test("an attempt has its limit, and so has the call", async () => {
  server.answer = hang;
  const each = failure(api.health(client({ timeoutMs: 40, retries: 1 })));
  expect(await each).toMatchObject({ kind: "timeout", attempts: 2 });
  const start = performance.now();
  expect(await failure(api.health(client({ totalTimeoutMs: 80 })))).toMatchObject({ kind: "timeout", attempts: 1 });
  expect(performance.now() - start).toBeLessThan(1000);
});

test("the limit holds for the body and for credentials too", async () => {
  server.answer = (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).write("{");
  };
  expect(await failure(api.health(client({ timeoutMs: 40, retries: 0 })))).toMatchObject({ kind: "timeout" });
  const auth = { apiKey: () => new Promise(() => {}) };
  const call = api.createOrder(client({ timeoutMs: 40, auth }), { body: {} });
  expect(await failure(call)).toMatchObject({ kind: "timeout" });
});

test("a pause that would outlast the call is not begun: the error comes at once", async () => {
  server.answer = json(503, {}, { "retry-after": "30" });
  const call = api.health(client({ totalTimeoutMs: 5000, maxRetryDelayMs: 60_000 }));
  expect(await failure(call)).toMatchObject({ status: 503, attempts: 1 });
});

test("a signal ends the call: before it, during it, and in a pause", async () => {
  const reason = new Error("gone");
  const before = await failure(api.health(client(), {}, { signal: AbortSignal.abort(reason) }));
  expect(before).toMatchObject({ kind: "aborted", cause: reason });
  expect(server.seen).toEqual([]);

  server.answer = hang;
  const during = new AbortController();
  setTimeout(() => during.abort(), 30);
  expect(await failure(api.health(client(), {}, { signal: during.signal }))).toMatchObject({
    kind: "aborted",
    attempts: 1,
  });

  server.seen.length = 0;
  server.answer = json(503, {}, { "retry-after": "20" });
  const pause = new AbortController();
  setTimeout(() => pause.abort(), 50);
  expect(await failure(api.health(client(), {}, { signal: pause.signal }))).toMatchObject({ kind: "aborted" });
  expect(server.seen).toHaveLength(1);
});

test("hooks see every attempt, may change the request, and their errors reach the caller", async () => {
  const log: string[] = [];
  const hook = {
    request: (request: Request, { attempt }: { attempt: number }) => request.headers.set("x-attempt", String(attempt)),
    response: (response: Response) => void log.push(`answer ${response.status}`),
    error: (error: Error, { attempt }: { attempt: number }) => void log.push(`${error.message} at ${attempt}`),
  };
  server.answer = inTurn(json(503, {}), json(200, {}));
  await api.health(client({ hooks: [hook] }));
  expect(server.seen.map(({ headers }) => headers["x-attempt"])).toEqual(["1", "2"]);
  expect(log).toEqual(["answer 503", "health: 503 at 1", "answer 200"]);
  const broken = new Error("hook");
  const throwing = { request: () => Promise.reject(broken) };
  expect(await failure(api.health(client({ hooks: [throwing] })))).toBe(broken);
});

test("another fetch is called as a plain function, and may ignore the signal", async () => {
  const fetch = function (this: unknown, request: Request) {
    expect(this).toBe(undefined);
    return Promise.resolve(Response.json({ url: request.url }));
  };
  expect(await api.health(client({ fetch }))).toEqual({ url: `${server.url}/health` });
  const deaf = () => new Promise(() => {});
  expect(await failure(api.health(client({ fetch: deaf, timeoutMs: 30, retries: 0 })))).toMatchObject({
    kind: "timeout",
  });
});
