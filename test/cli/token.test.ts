import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TokenAuthorizerEntry } from "../../runtime/auth/authorizer-entry.js";
import { cognitoAuthorizer } from "../../runtime/auth/tokens/cognito-authorizer.js";
import { createGateway } from "../../runtime/host/gateway.js";
import { run } from "../../src/cli/main.js";
import { LocalIssuer } from "../../src/dev/local-issuer.js";
import { testProgram, testRoute } from "../support/program.js";

const folder = mkdtempSync(join(tmpdir(), "gateway-token-"));
const pool = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc";

beforeAll(() => {
  writeFileSync(
    join(folder, "gateway.yaml"),
    `gateway: t
version: 1.0.0
authorizers:
  customers: { cognito: "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/\${stageVariables.pool}" }
  robots: { lambda: check }
routes:
  GET /me: { auth: customers, mock: { a: 1 } }
stages: { dev: { variables: { pool: eu-west-1_abc } } }
`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function token(...args: readonly string[]) {
  let out = "";
  let error = "";
  const terminal = { out: (text: string) => (out += text), error: (text: string) => (error += text), isColored: false };
  const code = await run(["token", ...args, "--file", folder], terminal as never);
  return { code, out: out.trim(), error };
}

function claimsOf(text: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(text.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;
}

test("a token has what the authorizer wants, and the claims that are given", async () => {
  const { code, out } = await token(
    "customers",
    "--sub",
    "ada",
    "--claim",
    'cognito:groups=["a"]',
    "--claim",
    "name=Ada",
    "--expires",
    "30m",
  );
  expect(code).toBe(0);
  const claims = claimsOf(out);
  expect(claims).toMatchObject({
    iss: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc",
    sub: "ada",
    token_use: "id",
    "cognito:groups": ["a"],
    name: "Ada",
  });
  expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(1800);
  expect(claimsOf((await token("customers", "--scope", "a/read")).out)).toMatchObject({
    token_use: "access",
    scope: "a/read",
  });
});

test("mistakes are told", async () => {
  expect((await token("custmers")).error).toContain('did you mean "customers"?');
  expect((await token("robots")).error).toContain("decides by itself");
  expect((await token("customers", "--expires", "soon")).error).toContain("is no time");
  expect((await token("customers", "--claim", "x")).error).toContain("is no claim");
});

test("the key stays in .gateway, for its owner alone, and git ignores it", async () => {
  await token("customers");
  const key = join(folder, ".gateway/issuer/key.pem");
  expect(statSync(key).mode & 0o077).toBe(0);
  expect(readFileSync(join(folder, ".gateway/issuer/.gitignore"), "utf8")).toBe("*\n");
});

test("a gateway that is told of the local issuer accepts its tokens, any other does not", async () => {
  const issuer = await new LocalIssuer(folder).serve();
  const entry: TokenAuthorizerEntry = {
    kind: "cognito",
    name: "customers",
    identity: { in: "header", name: "authorization" },
    issuers: [pool],
    audience: [],
    issuerEndpoint: "http://127.0.0.1:1",
    clockSkewSeconds: 5,
  };
  const route = testRoute("GET /me", async (x) => (await cognitoAuthorizer(x)) || x.answer(200, [], "in"), {
    authorizer: entry,
  });
  const { out } = await token("customers");
  const statusOf = async (environment: Readonly<Record<string, string>>, credential: string) => {
    const gateway = createGateway({ program: testProgram([route]), environment, logger: { write: () => undefined } });
    return (await gateway.inject({ path: "/dev/me", headers: ["Authorization", credential] })).status;
  };
  const told = { GATEWAY_LOCAL_ISSUER: issuer.url };
  expect(await statusOf(told, out)).toBe(200);
  expect(await statusOf(told, (await token("customers", "--expires=-1s")).out)).toBe(401);
  expect(await statusOf(told, `${out.slice(0, -6)}AAAAAA`)).toBe(401);
  expect(await statusOf({}, out)).toBe(500);
  expect(await statusOf({ GATEWAY_LOCAL_ISSUER: "http://issuer.example.com" }, out)).toBe(500);
  issuer.close();
});
