import { inspect } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type WrittenSdk, writeSdk } from "./sdk.js";
import { inTurn, json, startServer, type TestServer } from "./server.js";
import { shop } from "./shop.js";

/** The SDK as a JavaScript program sees it. */
interface Shop {
  createClient(options?: object): { readonly baseUrl: string };
  awsUrl(place: object): string;
  readonly ApiError: new () => Error;
  isGetOrderError(error: unknown): boolean;
  isListOrdersError(error: unknown): boolean;
}
type Operation = (client: object, input?: unknown, options?: object) => Calling;
interface Calling extends Promise<unknown> {
  safe(): Promise<{
    readonly ok: boolean;
    readonly status?: number;
    readonly body?: unknown;
    readonly requestId?: string;
  }>;
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
  server.answer = json(200, {});
});
afterAll(async () => {
  sdk.remove();
  await server.close();
});

/** Calls an operation with quick retries. */
function run(operation: string, input?: unknown, options: object = {}, client: object = {}): Calling {
  const made = api.createClient({ baseUrl: `${server.url}/dev/`, retryDelayMs: 1, ...client });
  const fn = (api as unknown as Readonly<Record<string, Operation | undefined>>)[operation];
  if (!fn) throw new Error(`no ${operation}`);
  return fn(made, input, options);
}

const failure = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error as Record<string, unknown>,
  );

describe("addresses", () => {
  test("the stage decides: domain, loopback, execute-api", () => {
    expect(api.createClient().baseUrl).toBe("http://127.0.0.1:8080/dev");
    expect(api.createClient({ stage: "prod" }).baseUrl).toBe("https://api.example.com/v1");
    const { awsUrl } = api;
    expect(awsUrl({ apiId: "a1b2" })).toBe("https://a1b2.execute-api.eu-west-1.amazonaws.com/dev");
    expect(awsUrl({ apiId: "a1b2", stage: "prod", region: "cn-north-1" })).toBe(
      "https://a1b2.execute-api.cn-north-1.amazonaws.com.cn/prod",
    );
    expect(() => api.createClient({ stage: "constructor" })).toThrow(TypeError);
  });
});

describe("paths and queries", () => {
  test("a path value is escaped, whatever it holds", async () => {
    await run("getOrder", { id: "a/b c?#%2e é&" });
    expect(server.seen[0]?.url).toBe("/dev/orders/a%2Fb%20c%3F%23%252e%20%C3%A9%26");
  });

  test.each(["", ".", "..", undefined, null])("the path value %j is refused before anything is sent", async (id) => {
    const error = await failure(run("getOrder", { id }));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain('"id"');
    expect(server.seen).toEqual([]);
  });

  test("a greedy parameter is escaped by segment, and leads nowhere else", async () => {
    await run("files", { method: "get", path: "a b/c?d/%/e" });
    expect(server.seen[0]?.url).toBe("/dev/files/a%20b/c%3Fd/%25/e");
    for (const path of ["../orders", "a/../../orders", "a/./b", "", "/"])
      expect(await failure(run("files", { method: "GET", path }))).toBeInstanceOf(TypeError);
    expect(server.seen).toHaveLength(1);
  });

  test("query arrays repeat, undefined is dropped, null is said, of two ids one has its place in front", async () => {
    await run("listOrders", { status: ["paid", "a,b&c"], limit: undefined });
    await run("listOrders", { limit: null });
    await run("getOrder", { id: "7", queryId: "8 9" });
    expect(server.seen.map(({ url }) => url)).toEqual([
      "/dev/orders?status=paid&status=a%2Cb%26c",
      "/dev/orders?limit=null",
      "/dev/orders/7?id=8%209",
    ]);
  });

  test("a route that declares no answer accepts any", async () => {
    await run("files", { method: "GET", path: "a" });
    expect(server.seen[0]?.headers.accept).toBe("*/*");
  });

  test("headers: declared, of the client and of the call; a line break is refused", async () => {
    await run("listOrders", { xTrace: "t" }, { headers: { b: "call" } }, { headers: { a: "client", b: "client" } });
    expect(server.seen[0]?.headers).toMatchObject({
      "x-trace": "t",
      a: "client",
      b: "call",
      accept: "application/json",
    });
    expect(await failure(run("listOrders", { xTrace: "t\r\nx: y" }))).toBeInstanceOf(TypeError);
    expect(server.seen).toHaveLength(1);
  });
});

describe("credentials", () => {
  const auth = { bearer: async () => "jwt", xPartner: "p", token: "t&", apiKey: "key", iam: undefined };

  test("each operation sends its own and no other", async () => {
    await run("listOrders", {}, {}, { auth });
    await run("createOrder", { body: { items: [] } }, {}, { auth });
    await run("getOrder", { id: "1" }, {}, { auth });
    const [customers, partners, open] = server.seen;
    expect(customers?.headers).toMatchObject({ authorization: "Bearer jwt" });
    expect(customers?.headers).not.toHaveProperty("x-api-key");
    expect(partners?.headers).toMatchObject({ "x-partner": "p", "x-api-key": "key" });
    expect(partners?.headers).not.toHaveProperty("authorization");
    expect(partners?.url).toBe("/dev/orders?token=t%26");
    for (const name of ["authorization", "x-api-key", "x-partner"]) expect(open?.headers).not.toHaveProperty(name);
    expect(open?.url).toBe("/dev/orders/1");
  });

  test("a credential is asked again for each attempt, and told which", async () => {
    const asked: object[] = [];
    const bearer = (info: { attempt: number }) => {
      asked.push(info);
      return `t${info.attempt}`;
    };
    server.answer = inTurn(json(503, {}), json(200, {}));
    await run("listOrders", {}, {}, { auth: { bearer } });
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer t1", "Bearer t2"]);
    expect(asked[1]).toEqual({ operation: "listOrders", method: "GET", attempt: 2, authorizer: "customers" });
  });

  test("a scheme that is given stays; what a credential throws is the caller's to see", async () => {
    await run("listOrders", {}, {}, { auth: { bearer: "Basic abc" } });
    expect(server.seen[0]?.headers.authorization).toBe("Basic abc");
    const lost = new Error("no session");
    const bearer = () => Promise.reject(lost);
    expect(await failure(run("listOrders", {}, {}, { auth: { bearer } }))).toBe(lost);
  });

  test("a client, an error and their texts hold no secret", async () => {
    const client = api.createClient({ baseUrl: server.url, auth: { bearer: "s3cret", apiKey: "s3cret" } });
    server.answer = json(500, {});
    const error = await failure(run("listOrders", {}, { retries: 0 }, { auth: { bearer: "s3cret" } }));
    for (const value of [client, error]) {
      expect(inspect(value, { depth: 9, showHidden: true })).not.toContain("s3cret");
      expect(JSON.stringify(value)).not.toContain("s3cret");
    }
  });

  test("an API key does not follow a redirect", async () => {
    server.answer = inTurn((_request, response) => void response.writeHead(302, { location: "/elsewhere" }).end());
    const error = await failure(run("createOrder", { body: {} }, {}, { auth }));
    expect(error).toMatchObject({ name: "ApiError", status: 302 });
    expect(server.seen).toHaveLength(1);
  });

  test("IAM routes are signed after all else, the signer sees the final request", async () => {
    const iam = async (request: Request) => {
      const headers = new Headers(request.headers);
      headers.set("authorization", `AWS4 ${request.method} ${headers.get("x-hook")}`);
      return new Request(request, { headers });
    };
    const hooks = [{ request: (request: Request) => request.headers.set("x-hook", "seen") }];
    await run("files", { method: "PUT", path: "a", body: "text" }, {}, { auth: { iam }, hooks });
    expect(server.seen[0]?.headers.authorization).toBe("AWS4 PUT seen");
    expect(server.seen[0]?.body.toString()).toBe("text");
  });
});

describe("bodies", () => {
  test("JSON keeps null and drops undefined", async () => {
    await run("createOrder", { body: { items: [], note: undefined, gift: null } });
    expect(server.seen[0]?.headers["content-type"]).toBe("application/json");
    expect(server.seen[0]?.body.toString()).toBe('{"items":[],"gift":null}');
  });

  test("forms", async () => {
    await run("login", { body: { user: "a&b", roles: ["x", "y"] } });
    await run("upload", { body: { name: "é", file: new Blob(["bytes"], { type: "text/plain" }), tags: ["1", "2"] } });
    const [form, multipart] = server.seen;
    expect(form?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(form?.body.toString()).toBe("user=a%26b&roles=x&roles=y");
    expect(multipart?.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
    expect(multipart?.body.toString()).toMatch(/name="tags"[\s\S]*name="tags"/);
  });

  test("bytes go up as they are, from a Blob, an array or a stream", async () => {
    const bytes = new Uint8Array([0, 255, 1, 254]);
    await run("putPhoto", { id: "1", body: bytes });
    await run("putPhoto", { id: "1", body: new Blob([bytes]) });
    await run("putPhoto", { id: "1", body: new Blob([bytes]).stream() });
    for (const { body, headers } of server.seen) {
      expect([...body]).toEqual([...bytes]);
      expect(headers["content-type"]).toBe("image/png");
    }
  });

  test("a PDF comes as a Blob, byte for byte", async () => {
    const bytes = Buffer.from([0x25, 0x50, 0x44, 0x46, 0, 255, 128]);
    server.answer = (_request, response) =>
      void response.writeHead(200, { "content-type": "application/pdf" }).end(bytes);
    const invoice = (await run("getInvoice", { id: "1" })) as Blob;
    expect(invoice).toBeInstanceOf(Blob);
    expect(Buffer.from(await invoice.arrayBuffer())).toEqual(bytes);
    expect(server.seen[0]?.headers.accept).toBe("application/pdf");
    server.answer = (_request, response) => void response.writeHead(200, { "content-type": "application/pdf" }).end();
    expect(((await run("getInvoice", { id: "1" })) as Blob).size).toBe(0);
  });

  test("text, no content, and a success that breaks its promise of JSON", async () => {
    server.answer = (_request, response) => void response.writeHead(200, { "content-type": "text/plain" }).end("hi");
    expect(await run("login", { body: { user: "a" } })).toBe("hi");
    server.answer = (_request, response) => void response.writeHead(204).end();
    expect(await run("delete_")).toBe(undefined);
    server.answer = (_request, response) =>
      void response.writeHead(200, { "content-type": "application/json" }).end("{x");
    expect(await failure(run("health"))).toMatchObject({ name: "TransportError", kind: "decode", attempts: 1 });
  });
});

describe("errors", () => {
  test("status, body and request id of a declared error", async () => {
    server.answer = json(404, { code: "gone", message: "no such order" }, { "x-amzn-requestid": "r-1" });
    const error = await failure(run("getOrder", { id: "1" }));
    expect(error).toBeInstanceOf(api.ApiError);
    expect(error).toMatchObject({
      name: "ApiError",
      message: "getOrder: 404 no such order",
      operation: "getOrder",
      status: 404,
      body: { code: "gone" },
      requestId: "r-1",
      attempts: 1,
    });
    expect(api.isGetOrderError(error)).toBe(true);
    expect(api.isListOrdersError(error)).toBe(false);
  });

  test("the id of an HTTP API, and the gateway's name for the error", async () => {
    server.answer = json(
      403,
      { Message: "denied" },
      { "apigw-requestid": "h-1", "x-amzn-errortype": "AccessDeniedException:" },
    );
    expect(await failure(run("health"))).toMatchObject({
      requestId: "h-1",
      errorType: "AccessDeniedException",
      message: "health: 403 denied",
    });
  });

  test("HTML from a proxy, also when it says it is JSON", async () => {
    for (const type of ["text/html", "application/json"]) {
      server.answer = (_request, response) =>
        void response.writeHead(502, { "content-type": type }).end("<h1>bad</h1>");
      expect(await failure(run("health", {}, { retries: 0 }))).toMatchObject({ status: 502, body: "<h1>bad</h1>" });
    }
  });

  test("safe gives every outcome and never leaves a rejection behind", async () => {
    server.answer = inTurn(json(200, { id: "1" }, { "x-amzn-requestid": "r" }), json(418, "teapot"));
    const good = await run("getOrder", { id: "1" }).safe();
    expect(good).toMatchObject({ ok: true, status: 200, body: { id: "1" }, requestId: "r", attempts: 1 });
    expect(await run("getOrder", { id: "1" }).safe()).toMatchObject({ ok: false, status: 418, body: "teapot" });
    const down = await run("health", {}, { retries: 0 }, { baseUrl: "http://127.0.0.1:1" }).safe();
    expect(down).toMatchObject({ ok: false, status: undefined, kind: "network", attempts: 1 });
  });

  test("a documented redirect is an answer", async () => {
    server.answer = (_request, response) => void response.writeHead(302, { location: "/new" }).end();
    const moved = await run("old").safe();
    expect(moved).toMatchObject({ ok: true, status: 302 });
    expect(server.seen).toHaveLength(1);
  });
});
