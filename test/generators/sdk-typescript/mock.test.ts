import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelOf } from "../../support/diagnose.js";
import { check } from "./check.js";
import { richShop } from "./rich-shop.js";
import { type WrittenSdk, writeSdk } from "./sdk.js";

// biome-ignore lint/suspicious/noExplicitAny: the SDK is made while the test runs; its types are tested by tsc.
type Loaded = any;

let sdk: WrittenSdk;
let loaded: Loaded;
let mockTransport: (answers?: object) => Loaded;

beforeAll(async () => {
  sdk = await writeSdk(richShop());
  loaded = await sdk.load<Loaded>();
  ({ mockTransport } = await import(pathToFileURL(join(sdk.folder, "testing.js")).href));
});
afterAll(() => sdk.remove());

describe("the mock transport", () => {
  test("answers with examples, and keeps what each call was given", async () => {
    const mock = mockTransport();
    const client = loaded.createClient({
      ...mock.options,
      auth: { bearer: "t", apiKey: "k", xPartner: "p", token: "q" },
    });
    expect(await loaded.getOrder(client, { id: "a/b c", queryId: "7" })).toEqual({
      id: "00000000-0000-4000-8000-000000000000",
      status: "pending",
      items: [],
      gift: "",
    });
    await loaded.listOrders(client, { status: ["paid", "shipped"], limit: 3, xTrace: "t" });
    await loaded.createOrder(client, { body: { items: [{ sku: "é", quantity: 2 }] } });
    await loaded.login(client, { body: { user: "a&b", roles: ["x"] } });
    await loaded.upload(client, { body: { name: "n", tags: ["1", "2"], file: new Blob(["z"]) } });
    await loaded.putPhoto(client, { id: "1", body: new Uint8Array([1, 255]) });
    await loaded.files(client, { method: "PATCH", path: "a b/c", body: "text" });
    expect(await loaded.getInvoice(client, { id: "1" })).toBeInstanceOf(Blob);
    expect(await loaded.delete_(client)).toBeUndefined();
    expect(mock.calls.map(({ operation }: Loaded) => operation)).toEqual(
      "getOrder listOrders createOrder login upload putPhoto files getInvoice delete_".split(" "),
    );
    expect(mock.callsOf("getOrder")).toEqual([{ id: "a/b c", queryId: "7" }]);
    expect(mock.callsOf("listOrders")).toEqual([{ status: ["paid", "shipped"], limit: 3, xTrace: "t" }]);
    expect(mock.callsOf("createOrder")).toEqual([{ body: { items: [{ sku: "é", quantity: 2 }] } }]);
    expect(mock.callsOf("login")).toEqual([{ body: { user: "a&b", roles: ["x"] } }]);
    expect(mock.callsOf("upload")).toMatchObject([{ body: { name: "n", tags: ["1", "2"], file: expect.any(Blob) } }]);
    expect(mock.callsOf("files")).toMatchObject([{ method: "PATCH", path: "a b/c" }]);
    const [{ body: photo }] = mock.callsOf("putPhoto");
    expect([...new Uint8Array(await photo.arrayBuffer())]).toEqual([1, 255]);
    const sent = mock.calls[1].request;
    expect([sent.headers.get("authorization"), new URL(sent.url).pathname]).toEqual(["Bearer t", "/orders"]);
    expect(await mock.calls[2].request.json()).toEqual({ items: [{ sku: "é", quantity: 2 }] });
  });

  test("gives what a test gives it: values, functions of the input, errors, failures of the network", async () => {
    let count = 0;
    const mock = mockTransport({
      getOrder: { status: 404, body: { code: "none", message: "no such order" } },
      createOrder: ({ body }: Loaded) => ({
        status: 201,
        body: { id: "1", items: body.items },
        headers: { "x-a": "b" },
      }),
      listOrders: () => {
        if (++count < 3) return { status: 503, headers: { "retry-after": "0" } };
        return { status: 200, body: { orders: [] } };
      },
      pay: () => {
        throw new Error("down");
      },
      getInvoice: { status: 200, body: "%PDF" },
    });
    const client = loaded.createClient(mock.options);
    const missing = await loaded.getOrder(client, { id: "1" }).safe();
    expect([missing.status, missing.body, missing.requestId]).toEqual([
      404,
      { code: "none", message: "no such order" },
      "mock-1",
    ]);
    const made = await loaded.createOrder(client, { body: { items: [{ sku: "a", quantity: 1 }] } }).safe();
    expect([made.body, made.headers.get("x-a")]).toEqual([{ id: "1", items: [{ sku: "a", quantity: 1 }] }, "b"]);
    expect(await loaded.listOrders(client)).toEqual({ orders: [] });
    expect(mock.callsOf("listOrders")).toHaveLength(3);
    expect(await loaded.pay(client, { id: "1", body: {} }).safe()).toMatchObject({ kind: "network", attempts: 3 });
    expect(await (await loaded.getInvoice(client, { id: "1" })).text()).toBe("%PDF");
    expect(await new Response(await loaded.getInvoiceStream(client, { id: "1" })).text()).toBe("%PDF");
  });

  test("stands below a client with its own address and stage, pages and the facade", async () => {
    const mock = mockTransport({
      listEvents: ({ after }: Loaded) => ({
        status: 200,
        body: { events: [{ sku: after ?? "first", quantity: 1 }], ...(after === undefined && { next: "n" }) },
      }),
    });
    const { createApi } = await import(pathToFileURL(join(sdk.folder, "api.js")).href);
    const api = createApi({ stage: "prod", fetch: mock.fetch });
    const seen: string[] = [];
    for await (const { sku } of api.listEventsItems()) seen.push(sku);
    expect(seen).toEqual(["first", "n"]);
    expect(new URL(mock.calls[0].request.url).href).toBe("https://api.example.com/v1/events");
    const answer = await mock.fetch(new Request("https://api.example.com/v1/nothing"));
    expect([answer.status, await answer.json()]).toEqual([403, { message: "Missing Authentication Token" }]);
  });

  test("the most specific route answers", async () => {
    const made = await writeSdk(
      await modelOf(`routes:
  GET /{proxy+}: { lambda: f, operation: rest }
  GET /a/{id}: { lambda: f, operation: one, params: { id: integer } }
  GET /a/b: { lambda: f, operation: fixed }
  ANY /a/b: { lambda: f, operation: each }
`),
    );
    try {
      const { mockTransport: mocked } = await import(pathToFileURL(join(made.folder, "testing.js")).href);
      const mock = mocked();
      for (const path of ["/x/y", "/a/3", "/a/b", "/dev/a/b"]) await mock.fetch(new Request(`http://mock.test${path}`));
      await mock.fetch(new Request("http://mock.test/a/b", { method: "DELETE" }));
      expect(mock.calls.map(({ operation, input }: Loaded) => [operation, input])).toEqual([
        ["rest", { proxy: "x/y" }],
        ["one", { id: 3 }],
        ["fixed", {}],
        ["fixed", {}],
        ["each", { method: "DELETE" }],
      ]);
    } finally {
      made.remove();
    }
  });

  test("int64 as bigint", async () => {
    const made = await writeSdk(
      await modelOf(`sdk: { typescript: { int64: bigint } }
routes:
  PUT /a/{id}: { operation: put, params: { id: int64 }, body: "{ n: int64 }", lambda: f, responses: { 200: "{ n: int64 }" } }
`),
    );
    try {
      const { mockTransport: mocked } = await import(pathToFileURL(join(made.folder, "testing.js")).href);
      const { createClient, put } = await made.load<Loaded>();
      const mock = mocked({ put: ({ id, body }: Loaded) => ({ status: 200, body: { n: body.n + id } }) });
      expect(await put(createClient(mock.options), { id: 1n, body: { n: 9007199254740993n } })).toEqual({
        n: 9007199254740994n,
      });
    } finally {
      made.remove();
    }
  });

  test("its types: answers by status, inputs of the operation; nothing else compiles", { timeout: 120_000 }, () => {
    const folder = `${sdk.folder}-user`;
    mkdirSync(join(folder, "node_modules/@lantern"), { recursive: true });
    symlinkSync(sdk.folder, join(folder, "node_modules/@lantern/shop"));
    const program = `import { mockTransport } from "@lantern/shop/testing";
import { createClient, getOrder } from "@lantern/shop";
const mock = mockTransport({
  getOrder: ({ id }, request) => id === "1" ? { status: 404, body: { code: "a", message: request.url } } : { status: 418 },
  createOrder: { status: 202 },
  listOrders: async () => ({ status: 429, body: { message: "Too Many Requests" }, headers: { "retry-after": "1" } }),
  getInvoice: { status: 200, body: new Blob([]) },
});
export const ids: readonly string[] = mock.callsOf("getOrder").map(({ id }) => id);
export const order = getOrder(createClient({ ...mock.options, retries: 0 }), { id: "1" });
// @ts-expect-error a body of another status
mockTransport({ getOrder: { status: 404, body: { id: "1" } } });
// @ts-expect-error no such operation
mockTransport({ getOrders: { status: 404 } });
// @ts-expect-error the status has a body
mockTransport({ createOrder: { status: 201 } });
`;
    expect(check(sdk.folder, {}).errors).toEqual([]);
    for (const name of ["app.mts", "app.cts"]) {
      const { errors } = check(
        folder,
        { [name]: program },
        { isolatedDeclarations: false, verbatimModuleSyntax: false },
      );
      expect(errors.filter((error) => !error.includes("index.d.ts"))).toEqual([]);
    }
    writeFileSync(
      join(folder, "app.cjs"),
      'const { mockTransport } = require("@lantern/shop/testing"); const { createClient, health } = require("@lantern/shop"); const mock = mockTransport({ health: { status: 200, body: { ok: 1 } } }); health(createClient(mock.options)).then((body) => console.log(JSON.stringify(body), mock.calls.length));',
    );
    expect(execFileSync(process.execPath, ["app.cjs"], { cwd: folder, encoding: "utf8" }).trim()).toBe('{"ok":1} 1');
  });
});
