import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { check } from "./check.js";
import { sdkFiles, type WrittenSdk, writeSdk } from "./sdk.js";
import { shop } from "./shop.js";

let sdk: WrittenSdk;
beforeAll(async () => {
  sdk = await writeSdk(shop());
});
afterAll(() => sdk.remove());

const head = `import { ApiError, TransportError, createClient, createOrder, files, getInvoice, getOrder, health, isCreateOrderError,
  gatewayAnswer, isGetOrderError, listOrders, login, pay, putPhoto, delete_ as remove } from "./index.js";
import type { Order, Problem, GatewayMessage, Payment, Credential, Hook } from "./index.js";
export type Used = [typeof createOrder, typeof files, typeof getInvoice, typeof getOrder, typeof health, typeof isGetOrderError,
  typeof isCreateOrderError, typeof gatewayAnswer, typeof listOrders, typeof login, typeof pay, typeof putPhoto, typeof remove, typeof ApiError,
  typeof TransportError, Order, Problem, GatewayMessage, Payment, Credential, Hook];
export const client = createClient();
`;

const right: Readonly<Record<string, string>> = {
  "client options": `
    createClient({ stage: "prod", retries: 0, timeoutMs: 1, totalTimeoutMs: undefined });
    createClient({ baseUrl: "http://x", auth: { bearer: "t", apiKey: async () => undefined, xPartner: "p", iam: (request) => request } });
    createClient({ fetch, hooks: [{ request: (request, info) => request.headers.set(info.operation, String(info.attempt)) }] });
    createClient({ hooks: [{ request: async (request) => new Request(request), error: (error) => console.log(error.attempts) }] });`,
  "inputs and outputs": `
    const id: string | undefined = undefined;
    const list = await listOrders(client, { status: ["paid"], limit: 3, xTrace: id }, { signal: AbortSignal.timeout(3) });
    export const first: Order | undefined = list.orders[0];
    export const none = await listOrders(client);
    export const made: Order | undefined = await createOrder(client, { body: { items: [{ sku: "a", quantity: 1 }] } }, { idempotencyKey: "k" });
    export const text: string = await login(client, { body: { user: "a" } });
    export const pdf: Blob = await getInvoice(client, { id: "1" });
    await pay(client, { id: "1", body: { kind: "invoice", dueInDays: 3 } });
    await putPhoto(client, { id: "1", body: new Uint8Array(3) });
    await files(client, { method: "PATCH", path: "a/b", body: new Blob([]) });
    await remove(client, {});
    const answer: unknown = await health(client);
    console.log(answer);`,
  "errors by status": `
    try { await getOrder(client, { id: "1" }); } catch (error) {
      if (isGetOrderError(error)) {
        if (error.status === 404) { const problem: Problem = error.body; console.log(problem.code); }
        else if (error.status === 429) { const body: GatewayMessage = error.body; console.log(body.message, error.retryAfterMs);
          const answer: "THROTTLED" | "QUOTA_EXCEEDED" | undefined = gatewayAnswer(error); console.log(answer); }
        else if (error.status === 503) { const body: unknown = error.body; console.log(body); }
        else { const id: string | undefined = error.requestId; console.log(id); }
      } else if (error instanceof TransportError) { const kind: "network" | "timeout" | "aborted" | "decode" = error.kind; console.log(kind); }
      else if (error instanceof ApiError) { const status: number = error.status; const body: unknown = error.body; console.log(status, body); }
    }`,
  safe: `
    const result = await createOrder(client, { body: { items: [] } }).safe();
    switch (result.status) {
      case 201: { const order: Order = result.body; console.log(order.id); break; }
      case 202: { const nothing: undefined = result.body; console.log(nothing); break; }
      case 409: { const problem: Problem = result.body; console.log(problem); break; }
      case 403: console.log(result.body.message, result.errorType); break;
      case undefined: console.log(result.kind); break;
      case 418: default: throw result;
    }
    const other = await getOrder(client, { id: "1" }).safe();
    export const order: Order | undefined = other.ok ? other.body : undefined;`,
};

/** Each has one mistake; TypeScript must see it. */
const wrong: Readonly<Record<string, string>> = {
  "unknown stage": `createClient({ stage: "production" });`,
  "unknown credential": `createClient({ auth: { beaer: "t" } });`,
  "missing input": `await getOrder(client);`,
  "missing path parameter": `await getOrder(client, { queryId: "1" });`,
  "unknown parameter": `await listOrders(client, { state: ["paid"] });`,
  "wrong literal": `await listOrders(client, { status: ["payed"] });`,
  "wrong body": `await createOrder(client, { body: { items: [{ sku: 1, quantity: 1 }] } });`,
  "missing body": `await createOrder(client, {});`,
  "mixed union": `await pay(client, { id: "1", body: { kind: "card", dueInDays: 3 } });`,
  "null where null is not declared": `await login(client, { body: { user: null } });`,
  "unknown method": `await files(client, { method: "BREW", path: "a" });`,
  "output is not what it is not": `const order: Order = await createOrder(client, { body: { items: [] } }); console.log(order);`,
  "written read-only property": `const order = await getOrder(client, { id: "1" }); order.id = "2";`,
  "an answer of the gateway that the status has not": `try {} catch (e) { if (isGetOrderError(e) && e.status === 429) { if (gatewayAnswer(e) === "UNAUTHORIZED") console.log(e.body); } }`,
  "body of another status": `try {} catch (e) { if (isGetOrderError(e) && e.status === 429) console.log(e.body.code); }`,
  "body of an undocumented status": `try {} catch (e) { if (isGetOrderError(e) && e.status === 409) console.log(e.body.code); }`,
  "a status that is none": `try {} catch (e) { if (isGetOrderError(e) && e.status === 200) console.log(e); }`,
  "body before its status is known": `const r = await getOrder(client, { id: "1" }).safe(); console.log(r.body.id);`,
  "input for an operation without any": `await remove(client, { id: "1" });`,
};

test("right programs compile, wrong ones do not, under the strictest settings", { timeout: 120_000 }, () => {
  const program = (name: string, at: number, text: string) =>
    [`${name}${at}.ts`, `${head}${text}\nexport {};`] as const;
  const programs = Object.fromEntries([
    ...Object.values(right).map((text, at) => program("right", at, text)),
    ...Object.values(wrong).map((text, at) => program("wrong", at, text)),
  ]);
  const { errors } = check(sdk.folder, programs);
  expect(errors.filter((error) => !error.startsWith("wrong"))).toEqual([]);
  const caught = Object.keys(wrong).filter((_, at) => errors.some((error) => error.startsWith(`wrong${at}.ts`)));
  expect(caught).toEqual(Object.keys(wrong));
});

test("compiles for bundlers too", { timeout: 120_000 }, () => {
  const { errors } = check(
    sdk.folder,
    {
      "bundled.ts":
        'import { createClient, health } from "./index.js"; export const answer: unknown = await health(createClient());',
    },
    { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
  );
  expect(errors).toEqual([]);
});

test("an editor strikes through what the file calls deprecated", async () => {
  const types = (await sdkFiles(shop())).get("operations.d.ts") ?? "";
  expect(types.match(/@deprecated(?:(?!\*\/)[\s\S])*\*\/\nexport declare function (\w+)/)?.[1]).toBe("old");
  expect(types.match(/@deprecated/g)).toHaveLength(1);
});

test("nothing of Node in it, and no any in its declarations", async () => {
  for (const [path, text] of await sdkFiles(shop())) {
    if (path.endsWith(".js")) expect(text).not.toMatch(/node:|process\.|\bBuffer\b|require\(/);
    if (path.endsWith(".d.ts")) expect(text).not.toMatch(/\bany\b(?! )|@ts-/);
  }
});
