import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { transformSync } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildFixture } from "../../support/build-fixture.js";
import { type RunningGateway, startGateway } from "../../support/gateway-process.js";
import { check } from "./check.js";

/** Programs as people write them, compiled by the strictest settings and run against the gateway of the same build. */
const files: Readonly<Record<string, string>> = {
  "gateway.yaml": `gateway: shop
sdk: { typescript: "@lantern/shop" }
models: |
  interface Line { sku: string; quantity: integer }
  interface Card { kind: "card"; last4: string }
  interface Invoice { kind: "invoice"; dueInDays: 14 | 30 }
  interface Order { id: string; status: "open" | "paid"; payment: Card | Invoice; lines?: Line[] }
  interface NewOrder { id: string; lines: Line[] }
  interface NotFoundError { resource: string }
  interface Declined { decline: "funds" | "expired" | "fraud" }
  interface Shortage { shortages: string[] }
authorizers: { sessions: { lambda: admit, type: token } }
auth: sessions
plans:
  gold: { stages: [dev] }
  tiny: { quota: { limit: 1, period: day }, stages: [dev] }
keys:
  gold: { plan: gold, value: "\${env.GOLD_KEY}" }
  tiny: { plan: tiny, value: "\${env.TINY_KEY}" }
routes:
  GET /orders/{orderId}:
    operation: getOrder
    summary: One order, with its lines where they are asked for.
    apiKey: true
    query: { expand?: "('lines' | 'payment')[]" }
    headers: { X-Trace?: string }
    lambda: getOrder
    responses: { 200: Order, 404: NotFoundError }
  GET /orders:
    operation: listOrders
    query: { status?: "('open' | 'paid')[]", cursor?: string }
    lambda: listOrders
    paginate: cursor
    responses: { 200: "{ orders: Order[]; cursor?: string }" }
  POST /orders:
    operation: createOrder
    headers: { Idempotency-Key?: string }
    query: { channel: "'web' | 'shop'" }
    body: NewOrder
    lambda: createOrder
    responses: { 201: Order, 402: Declined, 409: Shortage }
stages: { dev: {} }
`,
  "handlers/admit.ts": `import { admit } from "../build/handlers/admit.js";

export const handler = admit(async ({ token }, decide) =>
  token.startsWith("Bearer fresh-") ? decide.allow({ principalId: "ann" }) : decide.unauthorized());
`,
  "handlers/getOrder.ts": `import { getOrder } from "../build/handlers/getOrder.js";
const lines = [{ sku: "lamp", quantity: 2 }];
export const handler = getOrder(async ({ params, query, headers }, reply) => {
  if (params.orderId === "none") return reply[404]({ resource: params.orderId });
  // Fails the first time that it is asked, as the client's hook tells it.
  if (params.orderId === "flaky" && headers["X-Trace"]?.endsWith("#1")) throw new Error("down");
  const order = { id: params.orderId, status: "paid", payment: { kind: "invoice", dueInDays: 14 } } as const;
  return reply[200](query.expand?.includes("lines") ? { ...order, lines } : order);
});
`,
  "handlers/listOrders.ts": `import { listOrders } from "../build/handlers/listOrders.js";
export const handler = listOrders(async ({ query }, reply) => {
  const from = Number(query.cursor ?? "0");
  const orders = [0, 1].map((at) => ({ id: String(from + at), status: query.status?.[0] ?? "open", payment: { kind: "card", last4: "4242" } as const }));
  return reply[200]({ orders, cursor: String(from + 2) });
});
`,
  "handlers/createOrder.ts": `import { createOrder } from "../build/handlers/createOrder.js";
export const handler = createOrder(async ({ body }, reply) => {
  if (body.id === "poor") return reply[402]({ decline: "funds" });
  if (body.id === "large") return reply[409]({ shortages: ["lamp", "wick"] });
  return reply[201]({ id: body.id, status: "open", payment: { kind: "card", last4: "4242" }, lines: body.lines });
});
`,
};

/** The program of sdk-anchors.md, 4.1, by the names that the package has. */
const program = `import {
  createClient, createOrder, gatewayAnswer, getOrder, isGetOrderError, listOrdersItems, TransportError,
} from "@lantern/shop";

declare const process: { readonly env: Record<"BASE" | "GOLD_KEY" | "TINY_KEY", string> };
const say = (...words: readonly unknown[]): void => console.log(words.join(" "));
let tokens = 0;
let key: "GOLD_KEY" | "TINY_KEY" = "GOLD_KEY";

const shop = createClient({
  baseUrl: process.env.BASE,
  auth: { bearer: () => "fresh-" + ++tokens, apiKey: () => process.env[key] },
  retries: 2,
  timeoutMs: 10_000,
  retryDelayMs: 1,
  hooks: [{ request: (request, { operation, attempt }) => request.headers.set("x-trace", \`\${operation}#\${attempt}\`) }],
});

async function show(orderId: string): Promise<void> {
  try {
    const order = await getOrder(shop, { orderId, expand: ["lines"] });
    if (order.payment.kind === "invoice") say(orderId, order.payment.dueInDays, order.lines?.length);
  } catch (error) {
    if (isGetOrderError(error) && error.status === 404) say(orderId, "is no", error.body.resource, typeof error.requestId);
    else if (isGetOrderError(error) && error.status === 429) say(orderId, gatewayAnswer(error), error.retryAfterMs);
    else if (error instanceof TransportError) say(orderId, error.kind, error.attempts);
    else throw error;
  }
}

async function order(id: string, signal: AbortSignal): Promise<string | number> {
  const draft = { id, lines: [{ sku: "lamp", quantity: 1 }] };
  const result = await createOrder(shop, { channel: "web", body: draft }, { idempotencyKey: draft.id, signal }).safe();
  switch (result.status) {
    case 201:
      return result.body.id;
    case 402:
      return result.body.decline;
    case 409:
      return result.body.shortages.length;
    default:
      throw result;
  }
}

await show("7");
await show("flaky");
say("tokens", tokens);
await show("none");
key = "TINY_KEY";
await show("8");
await show("9");
const { signal } = new AbortController();
say(await order("o1", signal), await order("poor", signal), await order("large", signal));
say(await order("late", AbortSignal.abort()).catch((error: unknown) => error instanceof TransportError && error.kind));
for await (const { id, status } of listOrdersItems(shop, { status: ["paid"] }, { maxItems: 5 })) say(id, status);
`;

const folder = mkdtempSync(join(tmpdir(), "gateway-example-"));
const secrets = { GOLD_KEY: "gold-key-of-twenty-letters", TINY_KEY: "tiny-key-of-twenty-letters" };
let gateway: RunningGateway;

beforeAll(async () => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  gateway = await startGateway(await buildFixture(folder), secrets);
  mkdirSync(join(folder, "node_modules/@lantern"), { recursive: true });
  symlinkSync(join(folder, "build/sdk/typescript"), join(folder, "node_modules/@lantern/shop"));
}, 60_000);
afterAll(async () => {
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function run(file: string): readonly string[] {
  const env = { ...process.env, ...secrets, BASE: `${gateway.url}/dev` };
  return execFileSync(process.execPath, [file], { cwd: folder, env, encoding: "utf8" }).trim().split("\n");
}

test("the example of the targets compiles, and does what it says", { timeout: 60_000 }, () => {
  const types = { isolatedDeclarations: false, types: [] };
  expect(check(folder, { "app.mts": `${program}export {};\n` }, types, []).errors).toEqual([]);
  writeFileSync(
    join(folder, "app.mjs"),
    transformSync(program, { loader: "ts", format: "esm", target: "es2022" }).code,
  );
  expect(run("app.mjs")).toEqual([
    "7 14 1",
    "flaky 14 1",
    "tokens 3",
    "none is no none string",
    "8 14 1",
    "9 QUOTA_EXCEEDED ",
    "o1 funds 2",
    "aborted",
    ...["0 paid", "1 paid", "2 paid", "3 paid", "4 paid"],
  ]);
});

test("each operation's program of the README runs as it stands", { timeout: 60_000 }, () => {
  const readme = readFileSync(join(folder, "build/sdk/typescript/README.md"), "utf8");
  const operations = [...readme.matchAll(/^### `(\w+)`\n.*?^```ts\n(.*?)^```$/gms)];
  expect(operations.map(([, name]) => name)).toEqual(["getOrder", "listOrders", "createOrder"]);
  for (const [, name = "", code = ""] of operations) {
    // What a program has of its own, and where this gateway listens.
    const given = code
      .replace('stage: "dev"', "baseUrl: process.env.BASE")
      .replace("session.token()", '"fresh-0"')
      .replace("secrets.apiKey", "process.env.GOLD_KEY")
      .replace("console.log(item);", "{ console.log(item); break; }");
    writeFileSync(join(folder, `${name}.mjs`), given);
    expect(run(`${name}.mjs`).join("\n"), name).toMatch(/id: '/);
  }
});
