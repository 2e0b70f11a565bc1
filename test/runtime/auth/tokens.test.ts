import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TokenAuthorizerEntry } from "../../../runtime/auth/authorizer-entry.js";
import { cognitoAuthorizer } from "../../../runtime/auth/tokens/cognito-authorizer.js";
import { jwtAuthorizer } from "../../../runtime/auth/tokens/jwt-authorizer.js";
import { ManualClock } from "../../../runtime/clock.js";
import { createGateway } from "../../../runtime/host/gateway.js";
import { http2Event } from "../../../runtime/integrations/lambda-event-http.js";
import { restEvent } from "../../../runtime/integrations/lambda-event-rest.js";
import type { LogRecord } from "../../../runtime/observe/logger.js";
import { TestIssuer } from "../../../scripts/conformance/test-issuer.js";
import { testProgram, testRoute } from "../../support/program.js";

const start = 1_700_000_000;
const iss = "https://login.example.com/";
const pool = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc";

let issuer: TestIssuer;
let other: TestIssuer;
beforeAll(async () => {
  issuer = await TestIssuer.start();
  other = await TestIssuer.start();
});
afterAll(async () => {
  await issuer.close();
  await other.close();
});
beforeEach(() => {
  issuer.answers.clear();
  issuer.asked.length = 0;
});

interface Setup {
  readonly kind?: "jwt" | "cognito";
  readonly entry?: Partial<TokenAuthorizerEntry>;
  readonly scopes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

function guarded({ kind = "jwt", entry, scopes = [], environment = {} }: Setup = {}) {
  const records: LogRecord[] = [];
  const clock = new ManualClock(start * 1000);
  const authorizer: TokenAuthorizerEntry = {
    kind,
    name: "people",
    identity: { in: "header", name: "authorization" },
    issuers: [kind === "jwt" ? iss : "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc"],
    audience: kind === "jwt" ? ["shop", "app"] : [],
    issuerEndpoint: issuer.url,
    clockSkewSeconds: 5,
    ...entry,
  };
  const step = kind === "jwt" ? jwtAuthorizer : cognitoAuthorizer;
  const answer = kind === "jwt" ? http2Event : restEvent;
  const route = testRoute(
    "GET /x",
    async (x) => (await step(x)) || x.answer(200, [], JSON.stringify(answer(x, { parameterNames: [] }))),
    { authorizer, scopes },
  );
  const gateway = createGateway({
    program: testProgram([route], {
      api: { kind: kind === "jwt" ? "http" : "rest" },
      stages: [{ name: "dev", variables: [], log: "debug" }],
    }),
    logger: { write: (record) => records.push(record) },
    clock,
    environment,
  });
  const call = async (token?: string) => {
    const headers = token === undefined ? [] : ["Authorization", token];
    const { status, headers: sent, body } = await gateway.inject({ path: "/dev/x", headers });
    const at = sent.findIndex((name) => name.toLowerCase() === "www-authenticate");
    return { status, challenge: at === -1 ? undefined : sent[at + 1], body: JSON.parse(body.toString()) };
  };
  return { call, clock, records };
}

const claims = { iss, sub: "ada", aud: "shop", iat: start - 10, exp: start + 600, scope: "orders/read orders/write" };
const id = { iss: pool, sub: "ada", aud: "client", token_use: "id", iat: start - 10, exp: start + 600 };
const access = {
  iss: pool,
  sub: "ada",
  client_id: "client",
  token_use: "access",
  iat: start,
  exp: start + 600,
  scope: "a/read",
};

describe("JWT authorizers", () => {
  test("a right token opens the route, with Bearer or without, and its claims are texts", async () => {
    const { call } = guarded();
    const token = issuer.mint({ ...claims, groups: ["a", "b"], admin: true, nested: { z: 1, a: null } });
    for (const credential of [token, `Bearer ${token}`, `bearer  ${token}`]) {
      const { status, body } = await call(credential);
      expect(status).toBe(200);
      expect(body.requestContext.authorizer).toEqual({
        jwt: {
          claims: {
            ...claims,
            iat: String(claims.iat),
            exp: String(claims.exp),
            groups: "[a b]",
            admin: "true",
            nested: "map[a:<nil> z:1]",
          },
          scopes: null,
        },
      });
    }
    expect(issuer.asked).toEqual(["/.well-known/openid-configuration", "/.well-known/jwks.json"]);
  });

  test("no token", async () => {
    expect(await guarded().call()).toEqual({ status: 401, challenge: "Bearer", body: { message: "Unauthorized" } });
  });

  test("scopes of the route: one is enough, none is forbidden", async () => {
    const some = guarded({ scopes: ["orders/read", "admin"] });
    expect((await some.call(issuer.mint(claims))).body.requestContext.authorizer.jwt.scopes).toEqual(["orders/read"]);
    const list = issuer.mint({ ...claims, scope: undefined, scp: ["admin"] });
    expect((await some.call(list)).status).toBe(200);
    const { status, challenge, body } = await guarded({ scopes: ["admin"] }).call(issuer.mint(claims));
    expect({ status, body }).toEqual({ status: 403, body: { message: "Forbidden" } });
    expect(challenge).toMatch(/^Bearer scope="admin" error="insufficient_scope"/);
  });

  test.each<[string, object, string]>([
    ["another audience", { aud: "else" }, "the token does not have a valid audience"],
    [
      "another audience, although its client is right",
      { aud: "else", client_id: "shop" },
      "the token does not have a valid audience",
    ],
    ["no audience", { aud: undefined }, "the token does not have a valid audience"],
    ["an audience that is an object", { aud: { shop: true } }, "the token does not have a valid audience"],
    ["another issuer", { iss: "https://login.example.com" }, "the token is not of the issuer that is configured"],
    ["no issuer", { iss: undefined }, "the token is not of the issuer that is configured"],
    ["an issuer in a list", { iss: [iss] }, "the token is not of the issuer that is configured"],
    ["expired", { exp: start }, "the token has expired"],
    ["no expiry", { exp: undefined }, "the token has no exp"],
    ["an expiry as text", { exp: String(start + 600) }, "exp of the token is no number"],
    ["an expiry of null", { exp: null }, "exp of the token is no number"],
    ["not valid yet", { nbf: start + 60 }, "the token is not valid yet"],
    ["a start as text", { nbf: "0" }, "nbf of the token is no number"],
    ["issued in the future", { iat: start + 60 }, "the token was issued in the future"],
  ])("%s", async (_title, change, why) => {
    const { status, challenge, body } = await guarded().call(issuer.mint({ ...claims, ...change }));
    expect({ status, body }).toEqual({ status: 401, body: { message: "Unauthorized" } });
    expect(challenge).toBe(`Bearer scope="" error="invalid_token" error_description="${why}"`);
  });

  test("client_id counts where there is no aud, an audience may be one of several, and clocks may differ a little", async () => {
    const { call } = guarded();
    expect((await call(issuer.mint({ ...claims, aud: undefined, client_id: "app" }))).status).toBe(200);
    expect((await call(issuer.mint({ ...claims, aud: ["else", "app"] }))).status).toBe(200);
    expect((await call(issuer.mint({ ...claims, iat: start + 4, nbf: start + 4 }))).status).toBe(200);
  });

  test("tricks with the header", async () => {
    const { call } = guarded();
    const good = issuer.mint(claims);
    const [header = "", payload = "", signature = ""] = good.split(".");
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const jwk = other.keys[0];
    const refused = [
      `${encoded({ alg: "none", kid: "k1" })}.${payload}.`,
      `${encoded({ alg: "none", kid: "k1" })}.${payload}.${signature}`,
      `${encoded({ alg: "HS256", kid: "k1" })}.${payload}.${signature}`,
      `${encoded({ alg: ["RS256"], kid: "k1" })}.${payload}.${signature}`,
      issuer.mint(claims, { kid: null }),
      issuer.mint(claims, { kid: "unknown" }),
      issuer.mint(claims, { kid: "__proto__" }),
      issuer.mint(claims, { header: { crit: ["exp"] } }),
      issuer.mint(claims, { header: { b64: false } }),
      issuer.mint(claims, { alg: "RS512" }),
      other.mint(claims),
      other.mint(claims, { header: { jwk } }),
      other.mint(claims, { header: { jku: `${other.url}/.well-known/jwks.json` } }),
      `${header}.${payload}=.${signature}`,
      `${header}.${payload}.${signature}=`,
      `${header}.${payload}.${signature.slice(0, -1)}`,
      `${header}.${payload}`,
      `${good}.`,
      `${good}.${payload}`,
      ` ${good.slice(1)}`,
      encoded({}),
      "..",
      "Bearer",
      `Basic ${good}`,
      `Bearer Bearer ${good}`,
    ];
    for (const token of refused) expect([token, (await call(token)).status]).toEqual([token, 401]);
    expect(other.asked).toEqual([]);
    expect((await call(good)).status).toBe(200);
  });

  test("a token is verified once, and no longer believed when it has expired", async () => {
    const { call, clock } = guarded();
    const token = issuer.mint(claims);
    expect((await call(token)).status).toBe(200);
    clock.advance(599_000);
    expect((await call(token)).status).toBe(200);
    clock.advance(1_000);
    expect((await call(token)).status).toBe(401);
  });
});

describe("keys of the issuer", () => {
  const long = { ...claims, exp: start + 1e6 };

  test("a new key is fetched when a token names it, but not more often than every ten seconds", async () => {
    const { call, clock } = guarded();
    expect((await call(issuer.mint(long))).status).toBe(200);
    issuer.addKey("k2");
    const token = issuer.mint(long);
    issuer.asked.length = 0;
    expect((await call(token)).status).toBe(401);
    for (let at = 0; at < 20; at++) await call(issuer.mint(long, { kid: `made-up-${at}` }));
    expect(issuer.asked).toEqual([]);
    clock.advance(10_000);
    expect((await call(token)).status).toBe(200);
    expect(issuer.asked).toHaveLength(2);
  });

  test("a key that the issuer takes back opens nothing any more, not even for tokens that were known", async () => {
    const { call, clock } = guarded();
    const token = issuer.mint(long);
    expect((await call(token)).status).toBe(200);
    const keys = issuer.keys;
    issuer.addKey("k3");
    issuer.keys = issuer.keys.slice(-1);
    clock.advance(10_000);
    expect((await call(issuer.mint(long))).status).toBe(200);
    expect((await call(token)).status).toBe(401);
    issuer.keys = keys;
    issuer.addKey("k4");
  });

  test("an issuer that goes away keeps its keys for a day, and is asked for them again in between", async () => {
    const { call, clock, records } = guarded();
    const token = issuer.mint(long);
    expect((await call(token)).status).toBe(200);
    issuer.answers.set("/.well-known/openid-configuration", { status: 503, body: "{}" });
    issuer.asked.length = 0;
    clock.advance(3_700_000);
    expect((await call(token)).status).toBe(200);
    await expect.poll(() => records.map(({ message }) => message)).toContain(`the keys of ${iss} cannot be had`);
    expect(issuer.asked).toHaveLength(1);
    clock.advance(83_000_000);
    const { status, challenge } = await call(token);
    expect(status).toBe(401);
    expect(challenge).toContain("the keys of the issuer cannot be had");
  });

  test("many requests wait for one fetch", async () => {
    const { call } = guarded();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => call(issuer.mint({ ...claims, at }))));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(issuer.asked).toHaveLength(2);
  });

  test.each<[string, () => void, RegExp]>([
    [
      "is slow",
      () => issuer.answers.set("/.well-known/jwks.json", { status: 200, body: "{}", delayMs: 1_700 }),
      /no answer within 1500 ms/,
    ],
    [
      "sends too much",
      () => issuer.answers.set("/.well-known/jwks.json", { status: 200, body: " ".repeat(150_001) }),
      /more than 150000 bytes/,
    ],
    ["redirects", () => issuer.answers.set("/.well-known/jwks.json", { status: 302, body: "" }), /status 302/],
    ["sends no JSON", () => issuer.answers.set("/.well-known/jwks.json", { status: 200, body: "<html>" }), /no JSON/],
    [
      "has no keys",
      () => issuer.answers.set("/.well-known/jwks.json", { status: 200, body: '{"keys":[]}' }),
      /no key that can be used/,
    ],
    [
      "points elsewhere over http",
      () =>
        issuer.answers.set("/.well-known/openid-configuration", {
          status: 200,
          body: '{"jwks_uri":"http://keys.example.com/"}',
        }),
      /https only/,
    ],
    [
      "points at a file",
      () =>
        issuer.answers.set("/.well-known/openid-configuration", {
          status: 200,
          body: '{"jwks_uri":"file:///etc/passwd"}',
        }),
      /https only/,
    ],
  ])("an issuer that %s refuses everybody, and the log says why", async (_title, prepare, why) => {
    prepare();
    const { call, records } = guarded();
    expect((await call(issuer.mint(claims))).status).toBe(401);
    expect(records.find(({ message }) => message.startsWith("the keys of"))?.detail).toMatch(why);
  });

  test("the environment says where to ask, and no token is in the log", async () => {
    const environment = { GATEWAY_ISSUER_ENDPOINT_PEOPLE: issuer.url };
    const { call, records } = guarded({ entry: { issuerEndpoint: undefined }, environment });
    const token = issuer.mint(claims);
    expect((await call(token)).status).toBe(200);
    await call(`${token}x`);
    expect(JSON.stringify(records)).not.toContain(token.split(".")[2]?.slice(0, 20));
    expect(records.some(({ detail }) => detail?.includes("no signed JWT"))).toBe(true);
  });
});

describe("Cognito user pools", () => {
  test("without scopes an ID token, with scopes an access token", async () => {
    const open = guarded({ kind: "cognito" });
    expect((await open.call(issuer.mint(id))).status).toBe(200);
    expect(await open.call(issuer.mint(access))).toMatchObject({ status: 401, body: { message: "Unauthorized" } });
    const scoped = guarded({ kind: "cognito", scopes: ["a/read", "a/write"] });
    expect((await scoped.call(issuer.mint(access))).status).toBe(200);
    expect((await scoped.call(issuer.mint({ ...access, scope: "b/read" }))).status).toBe(401);
    expect((await scoped.call(issuer.mint({ ...id, scope: "a/read" }))).status).toBe(401);
    expect(issuer.asked.every((path) => path === "/.well-known/jwks.json")).toBe(true);
  });

  test("claims reach events as AWS writes them", async () => {
    const { call } = guarded({ kind: "cognito" });
    const token = issuer.mint({ ...id, "cognito:groups": ["a", "b"], email_verified: true, auth_time: start });
    const { authorizer } = (await call(token)).body.requestContext;
    expect(authorizer.claims).toEqual({
      iss: pool,
      sub: "ada",
      aud: "client",
      token_use: "id",
      iat: "Tue Nov 14 22:13:10 UTC 2023",
      exp: "Tue Nov 14 22:23:20 UTC 2023",
      "cognito:groups": "a,b",
      email_verified: "true",
      auth_time: String(start),
    });
  });

  test("an expired token is told apart; other failures are not", async () => {
    const { call } = guarded({ kind: "cognito" });
    expect((await call(issuer.mint({ ...id, exp: start - 1 }))).body).toEqual({
      message: "The incoming token has expired",
    });
    for (const token of [
      undefined,
      "x",
      other.mint(id),
      issuer.mint(id, { alg: "RS384" }),
      issuer.mint({ ...id, iss }),
    ]) {
      expect(await call(token)).toMatchObject({ status: 401, body: { message: "Unauthorized" } });
    }
  });

  test("a pool that cannot be reached, or is none, refuses", async () => {
    issuer.answers.set("/.well-known/jwks.json", { status: 500, body: "" });
    expect((await guarded({ kind: "cognito" }).call(issuer.mint(id))).status).toBe(500);
    const none = guarded({ kind: "cognito", entry: { issuers: ["local"] } });
    expect((await none.call(issuer.mint(id))).status).toBe(401);
    await expect
      .poll(() => none.records.map(({ message }) => message))
      .toContain('authorizer "people" has an issuer that is none');
  });
});
