import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../../src/cli/main.js";
import { LocalIssuer } from "../../src/dev/local-issuer.js";
import { isSkipped, python } from "../generators/sdk-python/python.js";
import { buildFixture } from "../support/build-fixture.js";
import { type RunningGateway, startGateway } from "../support/gateway-process.js";

/** The generated SDKs with a source of tokens, against gateways that verify what `gateway token` makes. */
const execute = promisify(execFile);

interface Kind {
  readonly title: string;
  readonly file: string;
  /** Path of the stage. */
  readonly stage: string;
  readonly withoutScope: { readonly status: number; readonly message: string };
  readonly expired: { readonly status: number; readonly message: string };
}

const rest: Kind = {
  title: "Cognito, REST API",
  file: `gateway: shop
version: 1.0.0
sdk: { python: shop }
authorizers:
  people: { cognito: "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_shop" }
routes:
  GET /me: { auth: people, lambda: who }
  GET /orders: { auth: { name: people, scopes: [orders/read] }, lambda: who }
`,
  stage: "/dev",
  withoutScope: { status: 401, message: "Unauthorized" },
  expired: { status: 401, message: "The incoming token has expired" },
};
const http: Kind = {
  title: "JWT, HTTP API",
  file: `gateway: shop
version: 1.0.0
kind: http
sdk: { python: shop }
authorizers:
  people: { jwt: "https://login.example.com/", audience: [shop] }
routes:
  GET /me: { auth: people, lambda: who }
  GET /orders: { auth: { name: people, scopes: [orders/read] }, lambda: who }
`,
  stage: "",
  withoutScope: { status: 403, message: "Forbidden" },
  expired: { status: 401, message: "Unauthorized" },
};

const handler = `import { who } from "../build/handlers/who.js";

export const handler = who(async ({ auth }) => ({ status: 200, body: { sub: auth.claims.sub } }));
`;

/** Each argument after the address is a token, or nothing; the source gives one an attempt. */
const pythonProgram = `import sys
sys.path.insert(0, sys.argv[1])
from shop import ApiError, Shop

tokens = [line or None for line in sys.argv[3:]]
asked = []
def token(info):
    asked.append(1)
    return tokens[len(asked) - 1]

api = Shop(base_url=sys.argv[2], auth={"bearer": token})
for _ in tokens:
    try:
        print(200, api.get_orders()["sub"])
    except ApiError as error:
        print(error.status, error.body["message"])
print(len(asked))
`;

/** What the tests look at. */
interface Outcome {
  readonly ok: boolean;
  readonly status: number;
  readonly body: { readonly sub?: string; readonly message?: string };
}

describe.each([rest, http])("$title", ({ file, stage, withoutScope, expired }) => {
  const folder = mkdtempSync(join(tmpdir(), "gateway-sdk-tokens-"));
  let gateway: RunningGateway;
  let issuer: { readonly url: string; close(): void };
  // biome-ignore lint/suspicious/noExplicitAny: a generated module.
  let sdk: any;
  beforeAll(async () => {
    writeFileSync(join(folder, "gateway.yaml"), file);
    mkdirSync(join(folder, "handlers"));
    writeFileSync(join(folder, "handlers/who.ts"), handler);
    issuer = await new LocalIssuer(folder).serve();
    gateway = await startGateway(await buildFixture(folder), { GATEWAY_LOCAL_ISSUER: issuer.url });
    sdk = await import(/* @vite-ignore */ pathToFileURL(join(folder, "build/sdk/typescript/index.js")).href);
  }, 60_000);
  afterAll(async () => {
    await gateway?.stop();
    issuer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** By `gateway token people`. */
  async function mint(...args: readonly string[]): Promise<string> {
    let out = "";
    const terminal = { out: (text: string) => (out += text), error: (text: string) => (out += text), isColored: false };
    expect(await run(["token", "people", "--file", folder, ...args], terminal as never)).toBe(0);
    return out.trim();
  }
  const clientOf = (bearer?: string | (() => Promise<string | undefined>)) =>
    sdk.createClient({ baseUrl: gateway.url + stage, auth: { bearer } });
  const outcome = async (call: { safe(): Promise<Outcome> }) => {
    const { status, body } = await call.safe();
    return { status, ...(body.sub !== undefined && { sub: body.sub }), ...(body.message && { message: body.message }) };
  };

  test("a token opens the routes that it is for", async () => {
    const reader = clientOf(() => mint("--sub", "ada", "--scope", "orders/read"));
    expect(await outcome(sdk.getOrders(reader))).toEqual({ status: 200, sub: "ada" });
    expect(await outcome(sdk.getMe(clientOf(await mint("--sub", "bob"))))).toEqual({ status: 200, sub: "bob" });
  });

  test("no token, a source that has none, and what is no token", async () => {
    for (const bearer of [undefined, async () => undefined, "nonsense"]) {
      expect(await outcome(sdk.getMe(clientOf(bearer)))).toEqual({ status: 401, message: "Unauthorized" });
    }
  });

  test("a token without the scope of the route", async () => {
    expect(await outcome(sdk.getOrders(clientOf(() => mint("--scope", "orders/write"))))).toEqual(withoutScope);
  });

  test("a source of tokens that last for seconds is asked again when one has ended", async () => {
    let current = { token: "", endsAt: 0 };
    let minted = 0;
    const bearer = async () => {
      if (Date.now() >= current.endsAt) {
        const token = await mint("--scope", "orders/read", "--expires", "5s");
        current = { token, endsAt: 1000 * JSON.parse(atob(token.split(".")[1] ?? "")).exp };
        minted++;
      }
      return current.token;
    };
    const client = clientOf(bearer);
    for (let at = 0; at < 2; at++) expect((await outcome(sdk.getOrders(client))).status).toBe(200);
    expect(minted).toBe(1);
    const { token, endsAt } = current;
    await new Promise((resolve) => setTimeout(resolve, endsAt - Date.now() + 5));
    expect(await outcome(sdk.getOrders(clientOf(token)))).toEqual(expired);
    expect((await outcome(sdk.getOrders(client))).status).toBe(200);
    expect(minted).toBe(2);
  });

  test("Python", { timeout: 60_000 }, async () => {
    if (isSkipped() || python === undefined) return;
    writeFileSync(join(folder, "program.py"), pythonProgram);
    const good = await mint("--sub", "ada", "--scope", "orders/read");
    const tokens = [await mint("--scope", "orders/read", "--expires=-1s"), "", await mint("--scope", "x"), good];
    const args = [join(folder, "build/sdk/python/src"), gateway.url + stage, ...tokens];
    const { stdout } = await execute(python, [join(folder, "program.py"), ...args]);
    expect(stdout.trim().split("\n")).toEqual([
      `${expired.status} ${expired.message}`,
      "401 Unauthorized",
      `${withoutScope.status} ${withoutScope.message}`,
      "200 ada",
      "4",
    ]);
  });

  test("no token is in the log", () => {
    expect(gateway.output()).not.toMatch(/eyJ/);
  });
});
