import { expect, test } from "vitest";
import type { GatewayModel } from "../../../src/model/gateway-model.js";
import { modelOf } from "../../support/diagnose.js";
import { readmeModel } from "../readme-model.js";
import { check } from "./check.js";
import { richShop } from "./rich-shop.js";
import { sdkFiles, writeSdk } from "./sdk.js";

const live = `gateway: live
sdk: { typescript: { int64: bigint, apigClient: true } }
authorizers: { guests: { lambda: admit, type: request, identity: $request.querystring.token } }
models: "interface Order { id: int64; total: number }"
routes:
  GET /orders: { lambda: a, operation: listOrders, query: { cursor?: string }, paginate: cursor, responses: { 200: "{ orders: Order[]; cursor?: string }" } }
  GET /orders/{id}: { lambda: b, operation: getOrder, params: { id: int64 }, responses: { 200: Order, 404: "{ missing: int64 }" } }
  PUT /orders/{id}: { lambda: b, operation: putOrder, params: { id: int64 }, body: Order, responses: { 200: Order } }
websocket:
  select: $request.body.action
  auth: guests
  routes: { $connect: { lambda: c }, join: { lambda: c, body: "{ action: 'join'; room: int64 }", reply: "{ members: string[] }" }, quit: { lambda: d, body: "{ action: 'quit' }" } }
  events: { Said: "{ text: string }" }
`;

test.each<[string, () => GatewayModel | Promise<GatewayModel>]>([
  ["a shop with everything", richShop],
  ["with every part", () => modelOf(readmeModel)],
  ["exact integers and WebSockets", () => modelOf(live)],
])("what the README shows compiles: %s", { timeout: 120_000 }, async (_, made) => {
  const model = await made();
  const sdk = await writeSdk(model);
  try {
    const readme = (await sdkFiles(model)).get("README.md") ?? "";
    const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);
    expect(blocks.length).toBeGreaterThan(3);
    const names = Object.keys(await sdk.load<object>());
    const isImport = (line: string) => line.startsWith("import ");
    const entries = new Map<string, Set<string>>([["./index.js", new Set(names)]]);
    for (const line of blocks.join("\n").split("\n").filter(isImport)) {
      const [, list = "", from = ""] = /^import \{ (.*) \} from "(.*)";$/.exec(line) ?? [];
      const entry = /\/(api|apig-client|groups|socket|testing|validator)$/.exec(from)?.[1] ?? "index";
      const known = entries.get(`./${entry}.js`) ?? new Set();
      entries.set(`./${entry}.js`, new Set([...known, ...list.split(", ")]));
    }
    const imports = [...entries].map(([from, list]) => `import { ${[...list].join(", ")} } from "${from}";`);
    const bodies = blocks.map((code, at) => {
      const text = code
        .split("\n")
        .filter((line) => !isImport(line))
        .join("\n");
      const client = /const client =/.test(text) ? "" : "const client = createClient();\n";
      return `export async function block${at}(): Promise<void> {\n${client}${text}}`;
    });
    const globals = `declare const session: Record<string, () => string>; declare const secrets: Record<string, string>;
declare const signal: AbortSignal; declare const region: string;
declare const credentials: { accessKeyId: string; secretAccessKey: string };`;
    const { errors } = check(
      sdk.folder,
      { "readme.ts": `${imports.join("\n")}\n${globals}\n${bodies.join("\n")}\n` },
      {
        noUnusedLocals: false,
        noUncheckedIndexedAccess: false,
      },
    );
    expect(errors).toEqual([]);
  } finally {
    sdk.remove();
  }
});
