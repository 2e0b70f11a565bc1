import { createHash, createHmac, createPublicKey } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { TestIssuer } from "../../scripts/conformance/test-issuer.js";
import { buildFixture } from "../support/build-fixture.js";
import { type RunningGateway, startGateway } from "../support/gateway-process.js";

/** Hostile requests and broken surroundings against a gateway in a process of its own: none of them is let in. */
const file = `gateway: guarded
version: 1.0.0
aws: { region: eu-west-1, account: "111122223333" }
authorizers:
  people: { cognito: "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc" }
  guard: { lambda: guard, type: token, ttl: 0 }
functions:
  guard: { file: handlers/guard.ts, timeout: 1s }
routes:
  GET /token: { auth: people, mock: { in: true } }
  GET /signed: { auth: iam, mock: { in: true } }
  PUT /signed: { auth: iam, mock: { in: true } }
  GET /signed/{id}: { auth: iam, mock: { in: true } }
  GET /guarded: { auth: guard, mock: { in: true } }
`;

/** Answers as the token asks it to. */
const guard = `
const allow = (Resource: unknown) => ({
  principalId: "p",
  policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource }] },
});
const answers: Record<string, () => unknown> = {
  right: () => allow("*"),
  throws: () => { throw new Error("down"); },
  never: () => new Promise(() => undefined),
  text: () => "Allow",
  true: () => true,
  list: () => [allow("*")],
  "policy-text": () => ({ principalId: "p", policyDocument: JSON.stringify(allow("*").policyDocument) }),
  "long-resource": () => allow("*".repeat(513)),
  "huge-deny": () => allow(Array.from({ length: 100_000 }, (_, at) => \`arn:aws:execute-api:*:*:*/dev/GET/other/\${at}\`)),
  "no-version": () => ({ ...allow("*"), policyDocument: { Statement: [] } }),
  prototype: () => JSON.parse('{"__proto__":{"principalId":"p","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"*","Effect":"Allow","Resource":"*"}]}}}'),
};
export const handler = async ({ authorizationToken }: { authorizationToken: string }) => answers[authorizationToken]?.();
`;

const secret = "eve's secret key of 40 characters or so!";
const accessKeyId = "AKIAEVE";
const session = { accessKeyId: "ASIASESSION", secret: "secret of a session", token: "FwoGZXIvYXdzE-a-session-token" };
const statement = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
const directory = {
  principals: [
    {
      arn: "arn:aws:iam::111122223333:user/eve",
      policies: [{ Version: "2012-10-17", Statement: [statement] }],
      keys: [
        { accessKeyId, secretAccessKey: secret },
        { accessKeyId: session.accessKeyId, secretAccessKey: session.secret, sessionToken: session.token },
      ],
    },
  ],
};
const pool = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc";

const folder = mkdtempSync(join(tmpdir(), "gateway-closed-"));
const principals = join(folder, "principals.json");
let bundle: string;
let gateway: RunningGateway;
let issuer: TestIssuer;
let stranger: TestIssuer;

beforeAll(async () => {
  mkdirSync(join(folder, "handlers"));
  writeFileSync(join(folder, "handlers/guard.ts"), guard);
  writeFileSync(join(folder, "gateway.yaml"), file);
  writeFileSync(principals, JSON.stringify(directory));
  bundle = await buildFixture(folder);
  issuer = await TestIssuer.start();
  stranger = await TestIssuer.start();
  stranger.addKey("stranger");
  gateway = await startGateway(bundle, {
    GATEWAY_PRINCIPALS: principals,
    GATEWAY_ISSUER_ENDPOINT_PEOPLE: issuer.url,
  });
}, 60_000);
afterAll(async () => {
  await gateway?.stop();
  await issuer.close();
  await stranger.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** Sends headers as they stand, with `Host` where they have none. */
function send(
  { method = "GET", path, headers = [], body }: Sent,
  at = gateway,
): Promise<{ status: number; text: string }> {
  const { port } = new URL(at.url);
  const isHost = headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === "host");
  return new Promise((resolve, reject) => {
    const sent = [
      ...(isHost ? [] : ["Host", host]),
      ...headers,
      "Content-Length",
      String(Buffer.byteLength(body ?? "")),
    ];
    const request = httpRequest({ port, host: "127.0.0.1", method, path, headers: sent, agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on("error", reject);
    request.end(body);
  });
}
const host = "api.example.com";

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const claims = () => {
  const now = Math.floor(Date.now() / 1000);
  return { iss: pool, sub: "ada", aud: "client", token_use: "id", iat: now, exp: now + 600 };
};
/** `HS256` of a token whose secret is what everybody can read. */
function hmacToken(key: string | Buffer): string {
  const input = `${encoded({ alg: "HS256", typ: "JWT", kid: "k1" })}.${encoded(claims())}`;
  return `${input}.${createHmac("sha256", key).update(input).digest("base64url")}`;
}

describe("tokens", () => {
  const call = (...tokens: string[]) =>
    send({ path: "/dev/token", headers: tokens.flatMap((token) => ["Authorization", token]) });
  const publicKey = () => createPublicKey({ key: issuer.keys[0] as { kty: "RSA" }, format: "jwk" });

  test("the right one is let in", async () => {
    expect((await call(issuer.mint(claims()))).status).toBe(200);
  });

  test.each<[string, () => readonly string[]]>([
    ["alg none", () => [`${encoded({ alg: "none", kid: "k1" })}.${encoded(claims())}.`]],
    ["alg None", () => [`${encoded({ alg: "None", kid: "k1" })}.${encoded(claims())}.AAAA`]],
    ["HS256 by the public key, PEM", () => [hmacToken(publicKey().export({ type: "spki", format: "pem" }))]],
    ["HS256 by the public key, PKCS 1", () => [hmacToken(publicKey().export({ type: "pkcs1", format: "pem" }))]],
    ["HS256 by the public key, DER", () => [hmacToken(publicKey().export({ type: "spki", format: "der" }))]],
    ["HS256 by the public key, JWK", () => [hmacToken(JSON.stringify(issuer.keys[0]))]],
    ["HS256 by nothing", () => [hmacToken("")]],
    ["a kid of another issuer", () => [stranger.mint(claims())]],
    ["a kid of this issuer, by a key of another", () => [stranger.mint(claims(), { kid: "k1" })]],
    ["no kid", () => [issuer.mint(claims(), { kid: null })]],
    ["an empty kid", () => [issuer.mint(claims(), { kid: "" })]],
    ["a kid that is a path", () => [stranger.mint(claims(), { kid: "../../../../dev/null" })]],
    ["a kid of the local issuer", () => [stranger.mint(claims(), { kid: "gateway-local-abcdefghijkl" })]],
    ["jku", () => [stranger.mint(claims(), { header: { jku: `${stranger.url}/.well-known/jwks.json` } })]],
    ["x5u", () => [stranger.mint(claims(), { header: { x5u: `${stranger.url}/cert.pem` } })]],
    ["jwk", () => [stranger.mint(claims(), { header: { jwk: stranger.keys[1] } })]],
    ["x5c", () => [stranger.mint(claims(), { header: { x5c: ["MIIB"] } })]],
    ["crit", () => [issuer.mint(claims(), { header: { crit: ["exp"], exp: 1 } })]],
    ["an issuer that is another's", () => [stranger.mint({ ...claims(), iss: stranger.url })]],
    ["two, a wrong and a right one", () => ["x", issuer.mint(claims())]],
    ["two, a right and a wrong one", () => [issuer.mint(claims()), "x"]],
    ["two right ones", () => [issuer.mint(claims()), issuer.mint(claims())]],
  ])("%s", async (_, tokens) => {
    const { status, text } = await call(...tokens());
    expect([status, text]).toEqual([401, '{"message":"Unauthorized"}']);
    expect(stranger.asked).toEqual([]);
  });
});

describe("keys of the issuer", () => {
  beforeEach(() => issuer.answers.clear());

  test.each<[string, { status: number; body: string; delayMs?: number }]>([
    ["slow", { status: 200, body: "", delayMs: 1_700 }],
    ["too large", { status: 200, body: `{"keys":[],"x":"${"x".repeat(150_000)}"}` }],
    ["no JSON", { status: 200, body: "<html>" }],
    ["a list", { status: 200, body: "[]" }],
    ["deeply nested", { status: 200, body: "[".repeat(140_000) }],
    ["null", { status: 200, body: "null" }],
    ["a redirect", { status: 302, body: "" }],
    ["an error", { status: 503, body: "" }],
  ])("%s: closed, and open again when they can be had", { timeout: 15_000 }, async (_, answer) => {
    const path = "/.well-known/jwks.json";
    issuer.answers.set(path, answer);
    const own = await startGateway(bundle, { GATEWAY_ISSUER_ENDPOINT_PEOPLE: issuer.url });
    const headers = ["Authorization", issuer.mint(claims())];
    try {
      expect((await send({ path: "/dev/token", headers }, own)).status).toBe(500);
      expect(own.output()).toContain(`the keys of ${pool} cannot be had`);
      issuer.answers.clear();
      await expect
        .poll(async () => (await send({ path: "/dev/token", headers }, own)).status, { timeout: 5_000 })
        .toBe(200);
      // Kept while the issuer is away.
      issuer.answers.set(path, answer);
      expect((await send({ path: "/dev/token", headers: ["Authorization", issuer.mint(claims())] }, own)).status).toBe(
        200,
      );
      expect(own.output()).not.toContain("eyJ");
    } finally {
      await own.stop();
    }
  });

  test("nobody listens", async () => {
    const unused = createServer();
    await new Promise<void>((resolve) => unused.listen(0, "127.0.0.1", resolve));
    const { port } = unused.address() as { port: number };
    await new Promise((resolve) => unused.close(resolve));
    const own = await startGateway(bundle, { GATEWAY_ISSUER_ENDPOINT_PEOPLE: `http://127.0.0.1:${port}` });
    try {
      const headers = ["Authorization", issuer.mint(claims())];
      expect((await send({ path: "/dev/token", headers }, own)).status).toBe(500);
      expect(own.output()).toContain("ECONNREFUSED");
    } finally {
      await own.stop();
    }
  });
});

describe("authorizer functions", () => {
  const call = (...tokens: string[]) =>
    send({ path: "/dev/guarded", headers: tokens.flatMap((token) => ["Authorization", token]) });

  test.each<[string, readonly string[], number]>([
    ["allows", ["right"], 200],
    ["is not asked about two tokens", ["right", "right"], 401],
    ["throws", ["throws"], 500],
    ["never answers", ["never"], 500],
    ["answers nothing", ["else"], 500],
    ["answers a text", ["text"], 500],
    ["answers true", ["true"], 500],
    ["answers a list", ["list"], 500],
    ["answers a policy as text", ["policy-text"], 500],
    ["answers a resource that is too long", ["long-resource"], 500],
    ["answers 100,000 resources of others", ["huge-deny"], 403],
    ["answers a policy without statements", ["no-version"], 403],
    ["answers by the prototype", ["prototype"], 500],
  ])("one that %s", async (_, tokens, status) => {
    expect((await call(...tokens)).status).toBe(status);
  });
});

interface Signing {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly body?: string;
  readonly time?: string;
  /** Signed, besides Host. */
  readonly headers?: readonly (readonly [string, string])[];
  /** Sent, and not signed. */
  readonly more?: readonly string[];
  readonly names?: string;
  readonly date?: string;
  readonly contentHash?: string;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const now = () => new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
const signature = (time: string, canonical: string, key = secret) => {
  const scope = `${time.slice(0, 8)}/eu-west-1/execute-api/aws4_request`;
  const hmac = (by: string | Buffer, text: string) => createHmac("sha256", by).update(text).digest();
  const derived = scope.split("/").reduce<string | Buffer>((by, text) => hmac(by, text), `AWS4${key}`);
  return { scope, value: hmac(derived, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).toString("hex") };
};
const twice = (path: string) => path.replaceAll("%", "%25");

/** Header form, computed here: what the signer of AWS would not sign can be signed. */
function signed(given: Signing = {}): Sent {
  const { method = "GET", path = "/dev/signed", query = "", body = "", time = now(), more = [] } = given;
  const headers = given.headers ?? [["x-amz-date", time]];
  const list = [["host", host] as const, ...headers].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const names = given.names ?? list.map(([name]) => name).join(";");
  const lines = names.split(";").map((name) => `${name}:${list.find(([other]) => other === name)?.[1] ?? ""}\n`);
  const hash = given.contentHash ?? sha256(body);
  const canonical = `${method}\n${twice(path)}\n${query}\n${lines.join("")}\n${names}\n${hash}`;
  const { scope, value } = signature(time, canonical);
  const credential = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${value}`;
  return {
    method,
    path: query === "" ? path : `${path}?${query}`,
    headers: [...headers.flat(), "Authorization", credential, ...more],
    ...(body !== "" && { body }),
  };
}

function presigned({ expires = "60", names = "host", time = now(), more = "" } = {}): Sent {
  const scope = `${time.slice(0, 8)}/eu-west-1/execute-api/aws4_request`;
  const parameters: Record<string, string> = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${accessKeyId}/${scope}`,
    "X-Amz-Date": time,
    "X-Amz-Expires": expires,
    "X-Amz-SignedHeaders": names,
  };
  const query = Object.entries(parameters)
    .map((pair) => pair.map(encodeURIComponent).join("="))
    .join("&");
  const lines = names.split(";").map((name) => `${name}:${name === "host" ? host : ""}\n`);
  const canonical = `GET\n/dev/signed\n${query}\n${lines.join("")}\n${names}\n${sha256("")}`;
  return { path: `/dev/signed?${query}&X-Amz-Signature=${signature(time, canonical).value}${more}` };
}

describe("signatures", () => {
  const streamed = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
  const content = (hash: string) => ({
    method: "PUT",
    body: "5;chunk-signature=0\r\nhello\r\n0;chunk-signature=0\r\n\r\n",
    contentHash: hash,
    headers: [["x-amz-content-sha256", hash] as const, ["x-amz-date", now()] as const],
  });
  const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString().replace(/[-:]|\.\d{3}/g, "");

  test("right ones are let in", async () => {
    const sent = [signed(), presigned(), signed({ path: "/dev/signed/a%2Fb" }), signed({ method: "PUT", body: "a" })];
    expect(await Promise.all(sent.map(async (request) => (await send(request)).status))).toEqual([200, 200, 200, 200]);
  });

  test.each<[string, () => Sent]>([
    ["header and query", () => ({ ...presigned(), headers: signed().headers ?? [] })],
    ["two Authorization headers", () => signed({ more: ["Authorization", "Bearer x"] })],
    [
      "the same Authorization header twice",
      () => ({ ...signed(), headers: [...(signed().headers ?? []), ...(signed().headers ?? [])] }),
    ],
    ["X-Amz-Expires 0", () => presigned({ expires: "0" })],
    ["X-Amz-Expires -1", () => presigned({ expires: "-1" })],
    ["X-Amz-Expires 604801", () => presigned({ expires: "604801" })],
    ["X-Amz-Expires 1e3", () => presigned({ expires: "1e3" })],
    ["X-Amz-Expires empty", () => presigned({ expires: "" })],
    ["a presigned request whose time is over", () => presigned({ time: at(-2) })],
    ["a presigned request of tomorrow", () => presigned({ time: at(24 * 60) })],
    ["a presigned request, host not signed", () => presigned({ names: "x-other" })],
    ["a parameter behind the signature", () => presigned({ more: "&a=1" })],
    ["the signature twice", () => presigned({ more: "&X-Amz-Signature=0" })],
    ["a session token that nobody gave", () => presigned({ more: "&X-Amz-Security-Token=t" })],
    ["a date in Date alone, not signed", () => signed({ headers: [], more: ["Date", new Date().toUTCString()] })],
    ["no date", () => signed({ headers: [] })],
    ["six minutes old", () => signed({ time: at(-6) })],
    ["six minutes ahead", () => signed({ time: at(6) })],
    ["an unsigned payload", () => signed(content("UNSIGNED-PAYLOAD"))],
    ["a payload of signed chunks", () => signed(content(streamed))],
    ["a payload of chunks with a trailer", () => signed(content(`${streamed}-TRAILER`))],
    ["a payload of unsigned chunks", () => signed(content("STREAMING-UNSIGNED-PAYLOAD-TRAILER"))],
    ["another body", () => ({ ...signed({ method: "PUT", body: "a" }), body: "b" })],
    [
      "a path that is escaped once more than signed",
      () => ({ ...signed({ path: "/dev/signed/a%2Fb" }), path: "/dev/signed/a%252Fb" }),
    ],
    [
      "a path that is escaped once less than signed",
      () => ({ ...signed({ path: "/dev/signed/a%252Fb" }), path: "/dev/signed/a%2Fb" }),
    ],
    [
      "a signed header that is missing is sent after all",
      () => signed({ names: "host;x-amz-date;x-role", more: ["X-Role", "admin"] }),
    ],
    ["a name in the list that is empty", () => signed({ names: ";host;x-amz-date" })],
    ["names out of order", () => signed({ names: "x-amz-date;host" })],
    ["names in upper case", () => signed({ names: "Host;x-amz-date" })],
    ["host not signed", () => signed({ names: "x-amz-date" })],
    ["another host", () => ({ ...signed(), headers: ["Host", "evil.example.com", ...(signed().headers ?? [])] })],
    ["a method that is overridden", () => signed({ more: ["X-HTTP-Method-Override", "PUT"] })],
    [
      "the algorithm of ECDSA",
      () => ({
        ...signed(),
        headers: (signed().headers ?? []).map((text) => text.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")),
      }),
    ],
    ["nothing", () => ({ path: "/dev/signed" })],
  ])("%s", async (_, request) => {
    const { status, text } = await send(request());
    expect([status, text]).toEqual([403, expect.not.stringContaining('"in"')]);
    expect(text).not.toContain(secret);
  });
});

describe("directories of principals", () => {
  test.each<[string, string | undefined, string]>([
    ["there is none", undefined, "no such file"],
    ["it is no JSON", "{ no JSON", "it is no JSON"],
    ["it is empty", "", "it is no JSON"],
    [
      "one of its principals is wrong",
      JSON.stringify({ principals: [...directory.principals, { arn: "x" }] }),
      "principals[1]",
    ],
  ])("%s at the start: closed until it is mended", { timeout: 15_000 }, async (_, content, why) => {
    const other = join(folder, `principals-${why.length}-${content?.length}.json`);
    if (content !== undefined) writeFileSync(other, content);
    const own = await startGateway(bundle, { GATEWAY_PRINCIPALS: other });
    try {
      const { status, text } = await send(signed(), own);
      expect([status, text]).toEqual([403, '{"message":"The security token included in the request is invalid."}']);
      expect(own.output()).toContain("the directory of principals cannot be used: signed requests are refused");
      expect(own.output()).toContain(why);
      writeFileSync(other, JSON.stringify(directory));
      await expect.poll(async () => (await send(signed(), own)).status, { timeout: 8_000 }).toBe(200);
      expect(own.output()).not.toContain(secret);
    } finally {
      await own.stop();
    }
  });
});

test("nothing that was sent or kept stands in the log", () => {
  const output = gateway.output();
  expect(output).not.toMatch(/eyJ|[0-9a-f]{64}/);
  for (const text of [secret, session.secret, session.token]) expect(output).not.toContain(text);
});
