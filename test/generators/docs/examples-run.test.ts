import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planExamples } from "../../../generators/docs/examples.js";
import { buildFixture } from "../../support/build-fixture.js";
import { modelOf } from "../../support/diagnose.js";
import { type RunningGateway, startGateway } from "../../support/gateway-process.js";

/** What the pages show is copied and run: by curl and by the SDK, against the gateway that they are of. */

const yaml = `gateway: shown
sdk: { languages: [typescript, python] }
models: |
  interface Order { id: string; total: number }
authorizers: { who: { lambda: check, type: token, ttl: 0, context: { tenant: string } } }
plans: { gold: { throttle: { rate: 500, burst: 500 } } }
keys: { one: { plan: gold, value: "\${env.KEY}" } }
binaryMediaTypes: [image/png]
routes:
  GET /orders: { lambda: listOrders, query: { limit?: integer, tags: "string[]", kind: '"a" | "b"' }, headers: { X-Trace: string }, responses: { 200: "Order[]" } }
  PUT /orders/{id}/its: { operation: putOrder, lambda: putOrder, params: { id: string }, body: Order, responses: { 200: Order } }
  POST /keyed: { operation: keyed, lambda: keyed, apiKey: true, body: Order, responses: { 201: Order } }
  GET /me: { lambda: me, auth: who, responses: { 200: "{ tenant: string }" } }
  PUT /files/{path+}: { operation: putFile, lambda: putFile, body: { type: binary, mediaTypes: [image/png] }, responses: { 204: } }
  DELETE /orders/{id}: { operation: deleteOrder, lambda: deleteOrder, params: { id: uuid }, responses: { 204: } }
`;
const handlers = {
  "me.ts": `import { me } from "../build/handlers/me.js";
export const handler = me(async ({ auth }, reply) => reply[200]({ tenant: auth.tenant }));
`,
  "check.ts": `import { check } from "../build/handlers/check.js";
export const handler = check(async ({ token }, { allow }) => allow({ principalId: "p", context: { tenant: String(token) } }));
`,
};
const order = '{"id":"","total":0}';
const wanted: Readonly<Record<string, string>> = {
  listOrders: "[]",
  putOrder: order,
  keyed: order,
  me: '{"tenant":"Bearer acme"}',
  putFile: "",
  deleteOrder: "",
};
const key = "abcdefghijklmnopqrstuvwxyz0123";
const folder = mkdtempSync(join(tmpdir(), "gateway-examples-"));
const run = promisify(execFile);
let gateway: RunningGateway;
let examples: Awaited<ReturnType<typeof planExamples>>;

beforeAll(async () => {
  mkdirSync(join(folder, "handlers"));
  writeFileSync(join(folder, "gateway.yaml"), yaml);
  writeFileSync(join(folder, "file"), "bytes");
  for (const [name, text] of Object.entries(handlers)) writeFileSync(join(folder, "handlers", name), text);
  gateway = await startGateway(await buildFixture(folder), { KEY: key });
  mkdirSync(join(folder, "node_modules"));
  const { name } = JSON.parse(readFileSync(join(folder, "build/sdk/typescript/package.json"), "utf8"));
  symlinkSync(join(folder, "build/sdk/typescript"), join(folder, "node_modules", name));
  examples = await planExamples(await modelOf(yaml));
}, 60_000);
afterAll(async () => {
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The code for the gateway's port, as the pages name the one it has by default. */
function codeOf(operation: string, language: string): string {
  const found = examples.get(operation)?.find(({ id }) => id === language)?.code ?? "";
  return found.replaceAll("http://127.0.0.1:8080", gateway.url);
}

const env = { PATH: process.env["PATH"] ?? "", API_KEY: key, TOKEN: "acme" };

for (const [operation, answer] of Object.entries(wanted)) {
  test(`${operation} by curl`, async () => {
    const code = `${codeOf(operation, "curl")} -s --fail-with-body`;
    expect((await run("bash", ["-c", code], { cwd: folder, env })).stdout).toBe(answer);
  });

  test(`${operation} by the SDK for TypeScript`, async () => {
    const base = `baseUrl: ${JSON.stringify(`${gateway.url}/dev`)}`;
    const code = codeOf(operation, "typescript").replace(/createClient\((?:\{ )?/, (call) =>
      call.endsWith("{ ") ? `${call}${base}, ` : `${call}{ ${base} }`,
    );
    expect(code).toContain(base);
    const file = join(folder, `${operation}.mjs`);
    writeFileSync(file, `${code}\nprocess.stdout.write(answer === undefined ? "" : JSON.stringify(answer));\n`);
    expect((await run(process.execPath, [file], { cwd: folder, env })).stdout).toBe(answer);
  });
}
