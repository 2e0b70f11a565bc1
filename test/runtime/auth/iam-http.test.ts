import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { iamService } from "../../../runtime/auth/iam/iam-service.js";
import { iamCaller, iamSigner } from "../../../runtime/auth/iam/iam-steps.js";
import { DirectoryError, parsePrincipals } from "../../../runtime/auth/iam/parse-principals.js";
import { signRequest } from "../../../runtime/auth/sigv4/index.js";
import { createGateway } from "../../../runtime/host/gateway.js";
import { contextValue } from "../../../runtime/http/context-value.js";
import type { Exchange } from "../../../runtime/http/exchange.js";
import { readBody } from "../../../runtime/http/read-body.js";
import { testProgram, testRoute } from "../../../scripts/conformance/program.js";

const folder = mkdtempSync(join(tmpdir(), "gateway-iam-http-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, "principals.json");
const credentials = { accessKeyId: "AKIAANN", secretAccessKey: "a secret" };
const statement = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
const ann = {
  arn: "arn:aws:iam::123456789012:user/team/ann",
  tags: { Team: "shop" },
  policies: [
    {
      Version: "2012-10-17",
      Statement: [
        { ...statement, Condition: { StringEquals: { "aws:PrincipalTag/team": "shop", "aws:username": "ann" } } },
      ],
    },
  ],
  keys: [credentials],
};
writeFileSync(file, JSON.stringify({ principals: [ann] }));

const answer = async (x: Exchange) => {
  iamSigner(x);
  await readBody(x);
  iamCaller(x);
  const shown = ["userArn", "accessKey", "accountId"].map((name) => contextValue(x, `identity.${name}`));
  return x.answer(200, [], `${shown.join(" ")} ${x.body}`);
};

function gatewayOf(kind: "rest" | "http", more: object = {}) {
  const route = testRoute("POST /a", answer);
  const stages = [{ name: kind === "http" ? "$default" : "dev", variables: [], log: "off" as const }];
  const program = { ...testProgram([route], { api: { kind, ...more }, stages }), guards: { iam: iamService } };
  return createGateway({ program, principals: file, environment: {}, logger: { write: () => undefined } });
}

function signed(
  path: string,
  body: string | Buffer,
  secretAccessKey = credentials.secretAccessKey,
  more: string[] = [],
) {
  const headers = ["Host", "api.example.com", "Content-Length", String(body.length), ...more];
  const request = { method: "POST", path, query: "", headers, body };
  const options = { region: "eu-west-1", service: "execute-api", nowMs: Date.now() };
  return {
    method: "POST",
    path,
    headers: [...headers, ...signRequest(request, { ...credentials, secretAccessKey }, options)],
    body,
  };
}

test("conditions see tags and name of the caller; `$context.identity` shows it", async () => {
  const { status, body } = await gatewayOf("rest").inject(signed("/dev/a", "hello"));
  expect([status, body.toString()]).toEqual([
    200,
    "arn:aws:iam::123456789012:user/team/ann AKIAANN 123456789012 hello",
  ]);
});

test("HTTP APIs say Forbidden to everything", async () => {
  const gateway = gatewayOf("http");
  expect((await gateway.inject(signed("/a", "x"))).status).toBe(200);
  for (const request of [signed("/a", "x", "other"), { method: "POST", path: "/a", headers: ["Host", "a"] }]) {
    const { status, body } = await gateway.inject(request);
    expect([status, body.toString()]).toEqual([403, '{"message":"Forbidden"}']);
  }
});

test("a compressed body is signed as it is sent", async () => {
  const gateway = gatewayOf("rest", { minimumCompressionSize: 0 });
  const request = signed("/dev/a", gzipSync("hello"), undefined, ["Content-Encoding", "gzip"]);
  const { status, body } = await gateway.inject(request);
  expect([status, body.toString()]).toEqual([200, expect.stringMatching(/ hello$/)]);
});

test("slashes that routing leaves out stand in the signature as AWS has them: once", async () => {
  const gateway = gatewayOf("rest");
  expect((await gateway.inject(signed("//dev//a/", "x"))).status).toBe(200);
  // Dot segments and double slashes have no effect on a signature, but on routing.
  for (const path of ["/dev/a//", "/dev/./a", "/dev/a/."]) {
    expect([path, (await gateway.inject(signed(path, "x"))).status]).toEqual([path, 403]);
  }
  const moved = signed("/dev/a", "x");
  expect((await gateway.inject({ ...moved, path: "/dev/a/" })).status).toBe(403);
});

test("every mistake of a directory is told, and no secret", () => {
  const broken = {
    principals: [
      { ...ann, nam: 1, arn: "ann" },
      {
        ...ann,
        policies: [{ Statement: [{ Effect: "allow" }] }],
        keys: [{ ...credentials, expires: "soon" }, { accessKeyId: "A" }],
      },
      { ...ann, keys: [{ ...credentials, secretAccessKey: "${env.NOT_SET}" }] },
      { ...ann, arn: "arn:aws:iam::123456789012:role/r", tags: { a: 1 } },
    ],
  };
  const problems = problemsOf(JSON.stringify(broken));
  expect(problems.split("\n")).toEqual([
    'principals[0]: there is no member "nam"',
    "principals[0].arn: no ARN of a user, a role or the session of a role",
    'principals[1].policies[0]: Effect is "Allow" or "Deny"',
    "principals[1].keys[0].expires: no time of ISO 8601",
    "principals[1].keys[1].secretAccessKey: a text is wanted",
    "principals[2].keys[0].secretAccessKey: environment variable NOT_SET is not set",
    "principals[2].keys[0].accessKeyId: it is there twice",
    "principals[3].tags.a: a text is wanted",
    "principals[3].keys[0].accessKeyId: it is there twice",
  ]);
  expect(problemsOf(`{ "secretAccessKey": "very secret" `)).toBe("it is no JSON");
  expect(problems).not.toContain(credentials.secretAccessKey);
});

function problemsOf(text: string): string {
  try {
    parsePrincipals(text, {});
    return "";
  } catch (error) {
    expect(error).toBeInstanceOf(DirectoryError);
    return (error as Error).message;
  }
}
