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
import { isSkipped, python } from "../sdk-python/python.js";

/** What the pages show is copied and run: by curl and by the SDKs, against the gateway that they are of. */

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
  PUT /signed/{id}: { operation: putSigned, lambda: putSigned, auth: iam, params: { id: string }, query: { "a.b": string }, body: Order, responses: { 200: Order } }
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
  putSigned: order,
  deleteOrder: "",
};
const key = "abcdefghijklmnopqrstuvwxyz0123";
const keys = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "a secret/with+all", sessionToken: "FwoGZXIv+/token==" };
/** Who may call the signed routes, with a session and without one. */
const caller = {
  arn: "arn:aws:iam::123456789012:user/caller",
  policies: [{ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }] }],
  keys: [
    { ...keys, expires: "2100-01-01T00:00:00Z" },
    { accessKeyId: "AKIAEXAMPLE", secretAccessKey: keys.secretAccessKey },
  ],
};
const folder = mkdtempSync(join(tmpdir(), "gateway-examples-"));
const run = promisify(execFile);
let gateway: RunningGateway;
let examples: Awaited<ReturnType<typeof planExamples>>;

beforeAll(async () => {
  mkdirSync(join(folder, "handlers"));
  writeFileSync(join(folder, "gateway.yaml"), yaml);
  writeFileSync(join(folder, "file"), "bytes");
  for (const [name, text] of Object.entries(handlers)) writeFileSync(join(folder, "handlers", name), text);
  const principals = join(folder, "principals.json");
  writeFileSync(principals, JSON.stringify({ principals: [caller] }));
  gateway = await startGateway(await buildFixture(folder), { KEY: key, GATEWAY_PRINCIPALS: principals });
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

const env = {
  PATH: process.env["PATH"] ?? "",
  API_KEY: key,
  TOKEN: "acme",
  AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
  AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
};
const session = { ...env, AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SESSION_TOKEN: keys.sessionToken };

for (const [operation, answer] of Object.entries(wanted)) {
  test(`${operation} by curl`, async () => {
    const code = `${codeOf(operation, "curl")} -s --fail-with-body`;
    expect((await run("bash", ["-c", code], { cwd: folder, env })).stdout).toBe(answer);
  });

  test(`${operation} by the SDK for TypeScript`, async () => {
    expect(await byTypescript(operation, env)).toBe(answer);
  });

  test(`${operation} by the SDK for Python`, async () => {
    if (!isSkipped()) expect(await byPython(operation, env)).toBe(answer);
  });
}

test("with keys of a session", async () => {
  expect(await byTypescript("putSigned", session)).toBe(order);
  if (!isSkipped()) expect(await byPython("putSigned", session)).toBe(order);
});

async function byTypescript(operation: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const base = `baseUrl: ${JSON.stringify(`${gateway.url}/dev`)}`;
  const code = codeOf(operation, "typescript").replace(/createClient\((?:\{ )?/, (call) =>
    call.endsWith("{ ") ? `${call}${base}, ` : `${call}{ ${base} }`,
  );
  expect(code).toContain(base);
  const file = join(folder, `${operation}.mjs`);
  writeFileSync(file, `${code}\nprocess.stdout.write(answer === undefined ? "" : JSON.stringify(answer));\n`);
  return (await run(process.execPath, [file], { cwd: folder, env: environment })).stdout;
}

/** Answers as JSON without blanks, as the gateway sends them. */
async function byPython(operation: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const code = codeOf(operation, "python").replace(/^api = \w+\(/m, (call) => `${call}base_url="${gateway.url}/dev", `);
  const print =
    'import json, sys\nsys.stdout.write("" if "answer" not in globals() else json.dumps(answer, separators=(",", ":")))\n';
  const file = join(folder, `${operation}.py`);
  writeFileSync(file, `${code}\n${print}`);
  const PYTHONPATH = join(folder, "build/sdk/python/src");
  return (await run(python ?? "python3", [file], { cwd: folder, env: { ...environment, PYTHONPATH } })).stdout;
}
