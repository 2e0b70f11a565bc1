import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { modelOf } from "../../support/diagnose.js";
import { check } from "./check.js";
import { sdkFiles, type WrittenSdk, writeSdk } from "./sdk.js";
import { startServer, type TestServer } from "./server.js";

// biome-ignore lint/suspicious/noExplicitAny: the SDK is made while the test runs; its types are tested by tsc.
type Loaded = any;

const gateway = (settings: string) => `gateway: bank
sdk: { validate: true, typescript: ${settings} }
models: |
  type Status = "open" | "closed"
  type Sort = "asc" | "desc"
  interface Account { id: int64; status: Status; level: 1 | 2; parent?: Account; history: int64[]; notes: Record<string, int64>; small: integer; note: unknown }
  interface Move { kind: "move"; amount: int64 }
  interface Text { kind: "text"; amount: number }
  type Entry = Move | Text
  interface Problem { code: int64 }
authorizers: {}
routes:
  GET /accounts/{id}:
    operation: getAccount
    params: { id: int64 }
    query: { after?: int64, sort?: Sort }
    lambda: f
    responses: { 200: Account, 409: Problem }
    otherwise: { body: "{ at: int64 }" }
  PUT /accounts: { operation: putAccount, body: "{ account: Account; sort: Sort; entries: Entry[]; pair: [int64, string] }", lambda: g, responses: { 200: "Entry[]" } }
  GET /entries: { operation: listEntries, query: { cursor?: int64 }, paginate: cursor, lambda: h, responses: { 200: "{ entries: Entry[]; cursor?: int64 }" } }
websocket:
  select: $request.body.action
  routes: { tell: { lambda: t, body: "{ action: 'tell'; id: int64 }", reply: "{ id: int64; n: integer }" } }
  events: { Moved: "{ id: int64; entry: Entry }" }
`;

let server: TestServer;
let loaded: Loaded;
let sdk: WrittenSdk;
let client: Loaded;
const json = (text: string, status = 200) => {
  server.answer = (_request, response) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(text);
};

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe("int64 as bigint", () => {
  beforeAll(async () => {
    sdk = await writeSdk(await modelOf(gateway("{ int64: bigint }")));
    loaded = await sdk.load<Loaded>();
  });
  beforeEach(() => {
    server.seen.length = 0;
    client = loaded.createClient({ baseUrl: server.url, retries: 0 });
  });
  afterAll(() => sdk.remove());

  const account = `{"id":9007199254740993,"status":"open","level":1,"parent":{"id":5,"status":"open","level":2,"history":[],"notes":{},"small":1,"note":9007199254740993},"history":[1,-9223372036854775808],"notes":{"a":18014398509481985},"small":7,"note":{"big":9007199254740993},"undeclared":9007199254740993}`;

  test("answers hold what was sent, and integers of other types are numbers", async () => {
    json(account);
    expect(await loaded.getAccount(client, { id: 1n })).toEqual({
      id: 9007199254740993n,
      status: "open",
      level: 1,
      parent: { id: 5n, status: "open", level: 2, history: [], notes: {}, small: 1, note: 9007199254740993n },
      history: [1n, -9223372036854775808n],
      notes: { a: 18014398509481985n },
      small: 7,
      note: { big: 9007199254740993n },
      undeclared: 9007199254740992,
    });
    json('[{"kind":"text","amount":1},{"kind":"move","amount":1},{"kind":"other","amount":1}]');
    const entries = await loaded.putAccount(client, { body: {} });
    expect(entries.map(({ amount }: Loaded) => typeof amount)).toEqual(["number", "bigint", "number"]);
  });

  test("so do errors, declared by their status or for all others", async () => {
    json('{"code":9007199254740993}', 409);
    expect((await loaded.getAccount(client, { id: 1n }).safe()).body).toEqual({ code: 9007199254740993n });
    json('{"at":9007199254740993}', 418);
    expect((await loaded.getAccount(client, { id: 1n }).safe()).body).toEqual({ at: 9007199254740993n });
    json('{"at":9007199254740993', 200);
    expect(await loaded.getAccount(client, { id: 1n }).safe()).toMatchObject({ kind: "decode" });
  });

  test("what is sent is exact: path, query, body, and cursors of pages", async () => {
    json(account);
    await loaded.getAccount(client, { id: 9007199254740993n, after: 9007199254740995n });
    expect(server.seen[0]?.url).toBe("/accounts/9007199254740993?after=9007199254740995");
    json("[]");
    await loaded.putAccount(client, {
      body: { account: { id: 9007199254740993n, at: new Date(0), none: undefined }, pair: [2n, undefined] },
    });
    expect(String(server.seen[1]?.body)).toBe(
      '{"account":{"id":9007199254740993,"at":"1970-01-01T00:00:00.000Z"},"pair":[2,null]}',
    );
    json('{"entries":[],"cursor":9007199254740993}');
    const pages = loaded.listEntriesPages(client, {}, { maxPages: 2 });
    await pages.next();
    server.seen.length = 0;
    json('{"entries":[]}');
    await pages.next();
    expect(server.seen[0]?.url).toBe("/entries?cursor=9007199254740993");
  });

  test("checks know bigints", async () => {
    const { validator } = await import(pathToFileURL(join(sdk.folder, "validator.js")).href);
    const checked = loaded.createClient({ baseUrl: server.url, validator });
    json(account);
    expect((await loaded.getAccount(checked, { id: 5n })).id).toBe(9007199254740993n);
    await expect(loaded.getAccount(checked, { id: "5" })).rejects.toThrow("id is string, not integer");
  });

  test("messages, replies and events of the WebSocket client", async () => {
    const { connect } = await import(pathToFileURL(join(sdk.folder, "socket.js")).href);
    const sent: string[] = [];
    const made: Loaded[] = [];
    class Fake {
      readyState = 0;
      onopen?: () => void;
      onmessage?: (event: { data: string }) => void;
      constructor() {
        made.push(this);
        queueMicrotask(() => {
          this.readyState = 1;
          this.onopen?.();
        });
      }
      send(text: string) {
        sent.push(text);
        if (text.includes('"tell"'))
          this.onmessage?.({ data: `{"$id":"${JSON.parse(text).$id}","reply":{"id":9007199254740993,"n":3}}` });
      }
      close() {}
    }
    const socket = connect({ WebSocket: Fake, heartbeatMs: 0 });
    await socket.ready;
    const seen: Loaded[] = [];
    socket.on("Moved", (data: Loaded) => seen.push(data));
    socket.watch("unknown", (data: Loaded) => seen.push(data));
    expect(await socket.request("tell", { id: 9007199254740993n })).toEqual({ id: 9007199254740993n, n: 3 });
    expect(sent[0]).toBe('{"id":9007199254740993,"action":"tell","$id":"1"}');
    made[0].onmessage({ data: '{"event":"Moved","data":{"id":1,"entry":{"kind":"move","amount":9007199254740993}}}' });
    made[0].onmessage({ data: '{"event":"constructor","data":9007199254740993}' });
    expect(seen).toEqual([
      { id: 1n, entry: { kind: "move", amount: 9007199254740993n } },
      { event: "constructor", data: 9007199254740992 },
    ]);
    socket.close();
  });

  test("the types say so, in ES modules and CommonJS, README and comments included", { timeout: 120_000 }, async () => {
    const program = `import { createClient, getAccount, putAccount, listEntriesItems, type Account, type Entry } from "./index.js";
import { connect } from "./socket.js";
const client = createClient();
export const account: Account = await getAccount(client, { id: 1n, after: 2n });
export const id: bigint = account.id, history: bigint[] = account.history, small: number = account.small;
await putAccount(client, { body: { account, sort: "asc", entries: [{ kind: "move", amount: 1n }], pair: [1n, ""] } });
for await (const entry of listEntriesItems(client)) { const one: Entry = entry; if (one.kind === "move") { const amount: bigint = one.amount; console.log(amount); } }
const reply: { id: bigint; n: number } = await connect().request("tell", { id: 1n });
console.log(reply);
// @ts-expect-error a number is no bigint
await getAccount(client, { id: 1 });`;
    expect(check(sdk.folder, { "exact.ts": program }).errors).toEqual([]);
    const files = await sdkFiles(await modelOf(gateway("{ int64: bigint }")));
    expect(files.get("operations.d.ts")).toContain("@example await getAccount(client, { id: 0n })");
    expect(files.get("README.md")).toContain("getAccount(client, { id: 0n })");
    const common = `const { createClient, getAccount } = require("./index.cjs"); module.exports = getAccount(createClient({ baseUrl: ${JSON.stringify(server.url)} }), { id: 1n });`;
    json(account);
    const { createRequire } = await import("node:module");
    const { writeFileSync } = await import("node:fs");
    writeFileSync(join(sdk.folder, "common.cjs"), common);
    expect((await createRequire(import.meta.url)(join(sdk.folder, "common.cjs"))).id).toBe(9007199254740993n);
  });

  test("a package of numbers carries none of it", async () => {
    const files = await sdkFiles(await modelOf(gateway("{ int64: number }")));
    expect([...files.keys()].filter((path) => path.includes("integers"))).toEqual([]);
    expect(files.get("operations.js")).not.toContain("parseIntegers");
  });
});

describe("int64 as a text of its digits", () => {
  beforeAll(async () => {
    sdk = await writeSdk(await modelOf(gateway("{ int64: string, apigClient: true }")));
    loaded = await sdk.load<Loaded>();
  });
  beforeEach(() => {
    server.seen.length = 0;
    client = loaded.createClient({ baseUrl: server.url, retries: 0 });
  });
  afterAll(() => sdk.remove());

  const account = `{"id":9007199254740993,"status":"open","level":1,"parent":{"id":5,"status":"open","level":2,"history":[],"notes":{},"small":1,"note":9007199254740993},"history":[1,-9223372036854775808],"notes":{"a":18014398509481985},"small":7,"note":{"big":[9007199254740993]},"undeclared":9007199254740993}`;

  test("answers and errors hold what was sent, and go through JSON.stringify as they are", async () => {
    json(account);
    const got = await loaded.getAccount(client, { id: "1" });
    expect(JSON.parse(JSON.stringify(got))).toEqual(got);
    expect(got).toEqual({
      id: "9007199254740993",
      status: "open",
      level: 1,
      parent: { id: "5", status: "open", level: 2, history: [], notes: {}, small: 1, note: "9007199254740993" },
      history: ["1", "-9223372036854775808"],
      notes: { a: "18014398509481985" },
      small: 7,
      note: { big: ["9007199254740993"] },
      undeclared: 9007199254740992,
    });
    json('{"code":9007199254740993}', 409);
    expect((await loaded.getAccount(client, { id: "1" }).safe()).body).toEqual({ code: "9007199254740993" });
  });

  test("digits are numbers on the wire where they are declared so, and texts where not", async () => {
    json(account);
    await loaded.getAccount(client, { id: "9007199254740993", after: "9007199254740995" });
    expect(server.seen[0]?.url).toBe("/accounts/9007199254740993?after=9007199254740995");
    json("[]");
    const body = {
      account: { id: "9007199254740993", status: "12", history: ["-1"], notes: { a: "7" }, note: "9", at: new Date(0) },
      sort: "asc",
      entries: [{ kind: "move", amount: "3" }],
      pair: ["2", "3"],
    };
    await loaded.putAccount(client, { body });
    expect(String(server.seen[1]?.body)).toBe(
      '{"account":{"id":9007199254740993,"status":"12","history":[-1],"notes":{"a":7},"note":"9","at":"1970-01-01T00:00:00.000Z"},"sort":"asc","entries":[{"kind":"move","amount":3}],"pair":[2,"3"]}',
    );
    expect(body.account.id).toBe("9007199254740993");
    json('{"entries":[],"cursor":9007199254740993}');
    const pages = loaded.listEntriesPages(client, {}, { maxPages: 2 });
    await pages.next();
    await pages.next();
    expect(server.seen.at(-1)?.url).toBe("/entries?cursor=9007199254740993");
  });

  test("where it may be a text as well, what is sent stays one", async () => {
    const either = await writeSdk(
      await modelOf(
        'gateway: a\nsdk: { typescript: { int64: string } }\nroutes:\n  PUT /a: { operation: put, lambda: f, body: "{ a: int64 | string; b: int64 | null }", responses: { 200: "{ a: int64 | string; b: int64 | null }" } }\n',
      ),
    );
    try {
      const { createClient, put } = await either.load<Loaded>();
      json('{"a":9007199254740993,"b":null}');
      const answer = await put(createClient({ baseUrl: server.url }), { body: { a: "1", b: "2" } });
      expect([String(server.seen[0]?.body), answer]).toEqual(['{"a":"1","b":2}', { a: "9007199254740993", b: null }]);
    } finally {
      either.remove();
    }
  });

  test("checks, the mock transport and the client that is called as AWS's know digits", async () => {
    const entry = (name: string) => import(pathToFileURL(join(sdk.folder, name)).href);
    const { validator } = await entry("validator.js");
    const checked = loaded.createClient({ baseUrl: server.url, validator });
    json(account);
    expect((await loaded.getAccount(checked, { id: "5" })).id).toBe("9007199254740993");
    await expect(loaded.getAccount(checked, { id: "x" })).rejects.toThrow("id is string, not integer");
    const { mockTransport } = await entry("testing.js");
    const mock = mockTransport({ getAccount: ({ id }: Loaded) => ({ status: 200, body: { id, history: ["7"] } }) });
    const mocked = loaded.createClient(mock.options);
    expect(await loaded.getAccount(mocked, { id: "9007199254740993" })).toEqual({
      id: "9007199254740993",
      history: ["7"],
    });
    await loaded.putAccount(mocked, { body: { entries: [{ kind: "move", amount: "3" }] } });
    expect(mock.callsOf("putAccount")).toEqual([{ body: { entries: [{ kind: "move", amount: "3" }] } }]);
    const { apigClientFactory } = await entry("apig-client.js");
    json("[]");
    await apigClientFactory.newClient({ invokeUrl: server.url }).accountsPut({}, { pair: ["5", "5"] });
    expect(String(server.seen.at(-1)?.body)).toBe('{"pair":[5,"5"]}');
  });

  test("messages, replies and events of the WebSocket client", async () => {
    const { connect } = await import(pathToFileURL(join(sdk.folder, "socket.js")).href);
    const sent: string[] = [];
    let hear: (text: string) => void = () => {};
    class Fake {
      readyState = 0;
      onopen?: () => void;
      onmessage?: (event: { data: string }) => void;
      constructor() {
        hear = (data) => this.onmessage?.({ data });
        queueMicrotask(() => {
          this.readyState = 1;
          this.onopen?.();
        });
      }
      send(text: string) {
        sent.push(text);
        hear(`{"$id":"${JSON.parse(text).$id}","reply":{"id":9007199254740993,"n":3}}`);
      }
      close() {}
    }
    const socket = connect({ WebSocket: Fake, heartbeatMs: 0 });
    await socket.ready;
    const seen: Loaded[] = [];
    socket.on("Moved", (data: Loaded) => seen.push(data));
    expect(await socket.request("tell", { id: "9007199254740993" })).toEqual({ id: "9007199254740993", n: 3 });
    expect(sent[0]).toBe('{"id":9007199254740993,"action":"tell","$id":"1"}');
    hear('{"event":"Moved","data":{"id":1,"entry":{"kind":"move","amount":9007199254740993}}}');
    expect(seen).toEqual([{ id: "1", entry: { kind: "move", amount: "9007199254740993" } }]);
    socket.close();
  });

  test("the types say so, README and comments included", { timeout: 120_000 }, async () => {
    const program = `import { createClient, getAccount, putAccount, listEntriesItems, type Account, type Entry } from "./index.js";
import { connect } from "./socket.js";
const client = createClient();
export const account: Account = await getAccount(client, { id: "1", after: "2" });
export const id: string = account.id, history: string[] = account.history, small: number = account.small;
await putAccount(client, { body: { account, sort: "asc", entries: [{ kind: "move", amount: "1" }], pair: ["1", ""] } });
for await (const entry of listEntriesItems(client)) { const one: Entry = entry; if (one.kind === "move") { const amount: string = one.amount; console.log(amount); } }
const reply: { id: string; n: number } = await connect().request("tell", { id: "1" });
console.log(reply);
// @ts-expect-error a number is no text
await getAccount(client, { id: 1 });`;
    expect(check(sdk.folder, { "exact.ts": program }).errors).toEqual([]);
    const files = await sdkFiles(await modelOf(gateway("{ int64: string }")));
    expect(files.get("README.md")).toContain('getAccount(client, { id: "0" })');
  });
});

describe("open enumerations", () => {
  beforeAll(async () => {
    sdk = await writeSdk(await modelOf(gateway("{ enums: open }")));
    loaded = await sdk.load<Loaded>();
  });
  afterAll(() => sdk.remove());

  test("an answer may have other values, a request may not, and editors still know those that are listed", {
    timeout: 120_000,
  }, () => {
    const program = `import { createClient, getAccount, StatusValues, type Account, type Sort, type Status } from "./index.js";
export const newer: Status = "frozen";
export const other: Account["level"] = 3;
export const listed: readonly ["open", "closed"] = StatusValues;
const { status } = await getAccount(createClient(), { id: 1 });
switch (status) { case "open": console.log(1); break; case "closed": break; default: { const text: string = status; console.log(text); } }
// @ts-expect-error what is sent is what is listed
export const sort: Sort = "newest";`;
    expect(check(sdk.folder, { "open.ts": program }).errors).toEqual([]);
  });

  test("checks let them through", async () => {
    const { validator } = await import(pathToFileURL(join(sdk.folder, "validator.js")).href);
    const checked = loaded.createClient({ baseUrl: server.url, validator });
    const account = { id: 1, status: "frozen", level: 3, history: [], notes: {}, small: 1, note: null };
    json(JSON.stringify(account));
    expect(await loaded.getAccount(checked, { id: 1 })).toEqual(account);
    await expect(loaded.getAccount(checked, { id: 1, sort: "newest" })).rejects.toThrow("sort is not one of");
  });

  test("declarations name the values and leave the rest open", async () => {
    const files = await sdkFiles(await modelOf(gateway("{ enums: open }")));
    expect(files.get("models.d.ts")).toContain('export type Status = ("open" | "closed") | (string & {});');
    expect(files.get("models.d.ts")).toContain('export type Sort = "asc" | "desc";');
  });
});
