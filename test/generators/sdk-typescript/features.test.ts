import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { check } from "./check.js";
import { richShop } from "./rich-shop.js";
import { type WrittenSdk, writeSdk } from "./sdk.js";
import { inTurn, json, startServer, type TestServer } from "./server.js";

// biome-ignore lint/suspicious/noExplicitAny: the SDK is made while the test runs; its types are tested by tsc.
type Loaded = any;

let sdk: WrittenSdk;
let loaded: Loaded;
let server: TestServer;
let client: Loaded;

beforeAll(async () => {
  sdk = await writeSdk(richShop());
  loaded = await sdk.load<Loaded>();
  server = await startServer();
});
beforeEach(() => {
  server.seen.length = 0;
  client = loaded.createClient({ baseUrl: server.url, retryDelayMs: 1 });
});
afterAll(async () => {
  sdk.remove();
  await server.close();
});

const item = (sku: string) => ({ sku, quantity: 1 });

async function all<T>(values: AsyncIterable<T>): Promise<readonly T[]> {
  const out: T[] = [];
  for await (const value of values) out.push(value);
  return out;
}

describe("pages", () => {
  test("items and pages until there is no cursor, with the other parameters and options", async () => {
    server.answer = inTurn(
      json(200, { events: [item("a"), item("b")], next: "c 1" }),
      json(200, { events: [], next: "c2" }),
      json(200, { events: [item("c")] }),
    );
    const items = await all(loaded.listEventsItems(client, {}, { headers: { "x-a": "1" } }));
    expect(items).toEqual([item("a"), item("b"), item("c")]);
    expect(server.seen.map(({ url }) => url)).toEqual(["/events", "/events?after=c%201", "/events?after=c2"]);
    expect(server.seen.every(({ headers }) => headers["x-a"] === "1")).toBe(true);
  });

  test("no more is asked for than is wanted", async () => {
    server.answer = json(200, { events: [item("a"), item("b")], next: "n" });
    expect(await all(loaded.listEventsItems(client, undefined, { maxItems: 2 }))).toHaveLength(2);
    expect(await all(loaded.listEventsPages(client, {}, { maxPages: 1 }))).toHaveLength(1);
    expect(server.seen).toHaveLength(2);
  });

  test("a cursor in a header, a list that is the body", async () => {
    server.answer = inTurn(json(200, ["a"], { "x-next": "2" }), json(200, ["b"]));
    expect(await all(loaded.listLogItems(client))).toEqual(["a", "b"]);
  });

  test("a cursor that does not move is an error, and an error of a page too", async () => {
    server.answer = json(200, { events: [], next: "same" });
    await expect(all(loaded.listEventsItems(client))).rejects.toThrow("does not move");
    server.answer = json(404, { message: "gone" });
    await expect(all(loaded.listEventsItems(client))).rejects.toBeInstanceOf(loaded.ApiError);
  });
});

describe("bytes", () => {
  test("a download as it arrives, with its progress", async () => {
    const bytes = Buffer.alloc(300_000, 7);
    server.answer = (_request, answer) =>
      void answer.writeHead(200, { "content-type": "application/pdf", "content-length": bytes.length }).end(bytes);
    const seen: number[] = [];
    const middleware = [loaded.downloadProgress((progress: Loaded) => seen.push(progress.transferred, progress.total))];
    const stream = await loaded.getInvoiceStream(client, { id: "1" }, { middleware });
    expect(Buffer.concat(await all(stream)).equals(bytes)).toBe(true);
    expect(seen.slice(-2)).toEqual([bytes.length, bytes.length]);
    const { body, status } = await loaded.getInvoiceStream(client, { id: "1" }).safe();
    expect([status, body instanceof ReadableStream]).toEqual([200, true]);
    await body.cancel();
  });

  test("an error of a stream is decoded", async () => {
    server.answer = json(404, { message: "no" });
    const result = await loaded.getInvoiceStream(client, { id: "1" }).safe();
    expect([result.status, result.body]).toEqual([404, { message: "no" }]);
  });

  test("an upload with its progress", async () => {
    server.answer = (_request, answer) => void answer.writeHead(204).end();
    const seen: Loaded[] = [];
    const bytes = new Uint8Array(200_000).fill(3);
    const middleware = [loaded.uploadProgress((progress: Loaded) => seen.push(progress), bytes.length)];
    await loaded.putPhoto(client, { id: "1", body: bytes }, { middleware });
    expect(server.seen[0]?.body.equals(bytes)).toBe(true);
    expect(seen.at(-1)).toEqual({ transferred: 200_000, total: 200_000 });
  });

  test("the caller's signal ends a stream", async () => {
    server.answer = (_request, answer) => void answer.writeHead(200, { "content-type": "application/pdf" }).write("x");
    const controller = new AbortController();
    const stream = await loaded.getInvoiceStream(client, { id: "1" }, { signal: controller.signal });
    const reader = stream.getReader();
    await reader.read();
    controller.abort();
    await expect(reader.read()).rejects.toThrow();
  });
});

describe("middleware", () => {
  test("stands around each attempt, the client's outside", async () => {
    server.answer = inTurn(json(503, {}), json(200, {}));
    const order: string[] = [];
    const layer = (name: string) => async (request: Request, next: Loaded, info: Loaded) => {
      order.push(`${name}${info.attempt}`);
      request.headers.set("x-layers", `${request.headers.get("x-layers") ?? ""}${name}`);
      return next(request);
    };
    const outer = loaded.createClient({ baseUrl: server.url, retryDelayMs: 1, middleware: [layer("a"), layer("b")] });
    await loaded.health(outer, {}, { middleware: [layer("c")] });
    expect(order).toEqual(["a1", "b1", "c1", "a2", "b2", "c2"]);
    expect(server.seen[0]?.headers["x-layers"]).toBe("abc");
  });

  test("may answer by itself", async () => {
    const middleware = [() => Response.json({ from: "cache" })];
    expect(await loaded.health(client, {}, { middleware })).toEqual({ from: "cache" });
    expect(server.seen).toHaveLength(0);
  });
});

test("the answer as fetch gave it, beside the body", async () => {
  server.answer = inTurn(json(503, {}), json(200, { id: "7" }, { "x-a": "b" }));
  const seen: string[] = [];
  const count = (request: Request, next: Loaded) => {
    seen.push(request.url);
    return next(request);
  };
  const middleware = [count];
  const { body, response } = await loaded.withResponse(loaded.getOrder, client, { id: "7" }, { middleware });
  expect([body, response.status, response.headers.get("x-a"), await response.json(), seen.length]).toEqual([
    { id: "7" },
    200,
    "b",
    { id: "7" },
    2,
  ]);
  server.answer = json(404, { message: "no" });
  await expect(loaded.withResponse(loaded.getOrder, client, { id: "7" })).rejects.toBeInstanceOf(loaded.ApiError);
  const program = `import { createClient, getOrder, listOrders, withResponse, type Order } from "./index.js";
const { body, response } = await withResponse(getOrder, createClient(), { id: "7" }, { retries: 0 });
export const order: Order = body;
export const status: number = response.status;
await withResponse(listOrders, createClient(), {});
// @ts-expect-error the order's id is missing
await withResponse(getOrder, createClient(), {});
`;
  expect(check(sdk.folder, { "raw.ts": program }).errors).toEqual([]);
});

test("a route with Idempotency-Key gets one, the same for all attempts", async () => {
  server.answer = inTurn(json(503, {}), json(201, {}));
  await loaded.charge(client, { body: item("a") });
  const keys = server.seen.map(({ headers }) => headers["idempotency-key"]);
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(keys[1]).toBe(keys[0]);
  await loaded.charge(client, { body: item("a") }, { idempotencyKey: "mine" });
  expect(server.seen[2]?.headers["idempotency-key"]).toBe("mine");
});

describe("checks", () => {
  test("what is wrong is not sent, and all of it is told", async () => {
    const { validator, ValidationError } = await import(pathToFileURL(join(sdk.folder, "validator.js")).href);
    const checked = loaded.createClient({ baseUrl: server.url, validator });
    const wrong = { body: { items: [{ sku: 1, quantity: 0 }] } };
    const error = await loaded.createOrder(checked, wrong).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ValidationError);
    expect(error.problems.map(({ path }: Loaded) => path)).toEqual(["body.items[0].sku", "body.items[0].quantity"]);
    await expect(loaded.getOrder(checked, {})).rejects.toThrow("id is missing");
    expect(server.seen).toHaveLength(0);
  });

  test("an answer that is not what is declared is a decode error", async () => {
    const { validator } = await import(pathToFileURL(join(sdk.folder, "validator.js")).href);
    const checked = loaded.createClient({ baseUrl: server.url, validator });
    server.answer = json(200, { events: [{ sku: "a" }] });
    const result = await loaded.listEvents(checked, {}).safe();
    expect([result.ok, result.kind]).toEqual([false, "decode"]);
    expect(result.cause.problems).toEqual([{ path: "body.events[0].quantity", message: "is missing" }]);
    server.answer = json(200, { events: [item("a")] });
    expect(await loaded.listEvents(checked, {})).toEqual({ events: [item("a")] });
  });
});

test("Cognito: signs in once, renews before the end, falls back to the password", async () => {
  let now = 0;
  const token = (name: string) => ({
    AuthenticationResult: { IdToken: name, AccessToken: `${name}-access`, ExpiresIn: 3600, RefreshToken: "r" },
  });
  server.answer = inTurn(
    json(200, token("one")),
    json(200, token("two")),
    json(400, { __type: "NotAuthorizedException" }),
    json(200, token("three")),
  );
  const source = loaded.cognito({
    region: "eu-west-1",
    clientId: "c",
    username: "u",
    password: "p",
    endpoint: server.url,
    now: () => now,
  });
  expect(await Promise.all([source(), source()])).toEqual(["one", "one"]);
  now = 3_540_001;
  expect(await source()).toBe("two");
  now += 3_600_000;
  expect(await source()).toBe("three");
  expect(server.seen.map(({ body }) => JSON.parse(String(body)).AuthFlow)).toEqual([
    "USER_PASSWORD_AUTH",
    "REFRESH_TOKEN_AUTH",
    "REFRESH_TOKEN_AUTH",
    "USER_PASSWORD_AUTH",
  ]);
  server.answer = json(400, { __type: "NotAuthorizedException", message: "Incorrect username or password." });
  const refused = loaded.cognito({ region: "x", clientId: "c", username: "u", password: "p", endpoint: server.url });
  await expect(refused()).rejects.toThrow("NotAuthorizedException");
});

describe("the package", () => {
  test("all operations as methods of one object", async () => {
    const { createApi } = await import(pathToFileURL(join(sdk.folder, "api.js")).href);
    server.answer = json(200, { id: "7" });
    const api = createApi({ baseUrl: server.url });
    expect(await api.getOrder({ id: "7" })).toEqual({ id: "7" });
    server.answer = json(200, ["a"]);
    expect(await all(api.listLogItems())).toEqual(["a"]);
    server.answer = (_request, response) =>
      void response.writeHead(200, { "content-type": "application/pdf" }).end("%PDF");
    expect(await new Response(await api.getInvoiceStream({ id: "1" })).text()).toBe("%PDF");
  });

  test("is required by CommonJS, by its name, with all entries", () => {
    const folder = installed();
    const program = `const shop = require("@lantern/shop"); const { createApi } = require("@lantern/shop/api");
const { validator } = require("@lantern/shop/validator");
console.log(Object.keys(shop).length, typeof createApi().getOrder, typeof validator);`;
    writeFileSync(join(folder, "app.cjs"), program);
    const output = execFileSync(process.execPath, ["app.cjs"], { cwd: folder, encoding: "utf8" });
    expect(output.trim()).toBe(`${Object.keys(loaded).length} function function`);
  });

  test("has types for ES modules and CommonJS alike", { timeout: 120_000 }, () => {
    const folder = installed();
    const program = `import { createClient, listEventsItems, getInvoiceStream, charge, cognito, type Item } from "@lantern/shop";
import { createApi } from "@lantern/shop/api";
import { validator } from "@lantern/shop/validator";
export async function run(): Promise<void> {
  const client = createClient({ validator, auth: { bearer: cognito({ region: "r", clientId: "c" }) }, middleware: [(r, next, i) => (i.attempt > 1 ? next(r) : next(r))] });
  for await (const one of listEventsItems(client, { after: "x" }, { maxItems: 3 })) { const item: Item = one; console.log(item.sku); }
  const stream: ReadableStream<Uint8Array> = await getInvoiceStream(client, { id: "1" });
  await charge(client, { body: { sku: "a", quantity: 1 } });
  const api = createApi();
  const again: ReadableStream<Uint8Array> = await api.getInvoiceStream({ id: "1" });
  console.log(stream, again, (await api.getOrder({ id: "1" })).status);
}`;
    mkdirSync(join(folder, "src"), { recursive: true });
    writeFileSync(join(folder, "src/app.mts"), program);
    writeFileSync(join(folder, "src/app.cts"), program);
    const options: ts.CompilerOptions = {
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts", "lib.esnext.disposable.d.ts"],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUnusedLocals: true,
      skipLibCheck: false,
      noEmit: true,
      types: [],
    };
    const compiled = ts.createProgram([join(folder, "src/app.mts"), join(folder, "src/app.cts")], options);
    expect(
      ts
        .getPreEmitDiagnostics(compiled)
        .map(({ messageText, file }) => [file?.fileName, ts.flattenDiagnosticMessageText(messageText, " ")]),
    ).toEqual([]);
    expect(check(sdk.folder, {}).errors).toEqual([]);
  });
});

/** A project that has the package installed. */
function installed(): string {
  const folder = join(sdk.folder, "..", `${sdk.folder.split("/").pop()}-user`);
  mkdirSync(join(folder, "node_modules/@lantern"), { recursive: true });
  try {
    symlinkSync(sdk.folder, join(folder, "node_modules/@lantern/shop"));
  } catch {
    // It is there from the test before.
  }
  return folder;
}

test("enumerations have their values as a frozen list, of exact types", async () => {
  const { StatusValues } = (await sdk.load<{ StatusValues: readonly string[] }>()) ?? {};
  expect(StatusValues).toEqual(["pending", "paid", "shipped"]);
  expect(Object.isFrozen(StatusValues)).toBe(true);
  const program = `import { StatusValues, type Status } from "./index.js";
export const all: readonly Status[] = StatusValues;
export const first: "pending" = StatusValues[0];
// @ts-expect-error it is frozen
StatusValues.push("paid");`;
  expect(check(sdk.folder, { "app.ts": program }).errors).toEqual([]);
});
