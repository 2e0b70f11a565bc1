import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modelOf } from "../../support/diagnose.js";
import { check } from "./check.js";
import { sdkFiles, type WrittenSdk, writeSdk } from "./sdk.js";

const gateway = `gateway: shop
models: "interface Order { id: string }"
routes:
  GET /orders/{id}: { operation: getOrder, tags: [Orders], mock: {}, responses: { 200: Order, 404: "{ code: string }" } }
  GET /orders: { operation: listOrders, tags: [Orders, "back office"], query: { cursor?: string }, paginate: cursor, mock: {}, responses: { 200: "{ orders: Order[]; cursor?: string }" } }
  GET /file: { operation: readFile, tags: [constructor], mock: {}, responses: { 200: { body: binary, mediaType: image/png } } }
  GET /health: { operation: orders, mock: {}, responses: { 200: "{ ok: boolean }" } }
`;

let sdk: WrittenSdk;
beforeAll(async () => {
  sdk = await writeSdk(await modelOf(gateway));
});
afterAll(() => sdk.remove());

test("operations stand in the objects of their tags, and those without any beside them", async () => {
  const { createGroups } = await import(pathToFileURL(join(sdk.folder, "groups.js")).href);
  const { mockTransport } = await import(pathToFileURL(join(sdk.folder, "testing.js")).href);
  const { options, calls } = mockTransport();
  const api = createGroups(options);
  const names = (group: object) => Object.keys(group).sort();
  expect(names(api)).toEqual(["backOffice", "constructorGroup", "orders", "ordersGroup"]);
  expect(names(api.ordersGroup)).toEqual(["getOrder", "listOrders", "listOrdersItems", "listOrdersPages"]);
  expect(names(api.backOffice)).toEqual(["listOrders", "listOrdersItems", "listOrdersPages"]);
  await api.ordersGroup.getOrder({ id: "1" });
  await api.orders();
  for await (const item of api.backOffice.listOrdersItems()) expect(item).toBeDefined();
  expect(calls.map(({ operation }: { operation: string }) => operation)).toEqual(["getOrder", "orders", "listOrders"]);
});

test("its types are those of the operations, in ES modules and CommonJS", { timeout: 60_000 }, () => {
  const program = (at: string) => `import { createGroups } from "./groups.${at}";
const api = createGroups({ stage: "dev" });
export async function main(): Promise<void> {
  const id: string = (await api.ordersGroup.getOrder({ id: "1" })).id;
  const ok: boolean = (await api.orders()).ok;
  const stream: ReadableStream<Uint8Array> = await api.constructorGroup.readFileStream();
  for await (const order of api.backOffice.listOrdersItems({}, { maxItems: 3 })) console.log(order.id, id, ok, stream);
  const result = await api.ordersGroup.getOrder({ id: "1" }).safe();
  if (!result.ok && result.status === 404) console.log(result.body.code);
  // @ts-expect-error the order's id is missing
  await api.ordersGroup.getOrder({});
  // @ts-expect-error it has another tag
  api.backOffice.getOrder;
}
`;
  expect(check(sdk.folder, { "app.ts": program("js") }).errors).toEqual([]);
  const commonJs = { verbatimModuleSyntax: false };
  expect(check(sdk.folder, { "app.cts": program("cjs") }, commonJs, ["groups.d.cts"]).errors).toEqual([]);
  expect(JSON.parse(readFileSync(join(sdk.folder, "package.json"), "utf8")).exports["./groups"]).toBeDefined();
});

test("without tags there is nothing to group by", async () => {
  const files = await sdkFiles(await modelOf("gateway: shop\nroutes: { GET /a: { mock: } }\n"));
  expect([...files.keys()].filter((path) => path.startsWith("groups"))).toEqual([]);
  expect(JSON.parse(files.get("package.json") ?? "").exports["./groups"]).toBe(undefined);
});
