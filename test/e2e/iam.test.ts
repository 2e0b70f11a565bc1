import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildFixture } from "../support/build-fixture.js";
import { type RunningGateway, startGateway } from "../support/gateway-process.js";
import { root } from "../support/paths.js";

/** Signed requests by real clients against a gateway in a process of its own, with a directory of principals. */
const run = promisify(execFile);
const region = "eu-west-1";
const folder = mkdtempSync(join(tmpdir(), "gateway-iam-"));
const file = join(folder, "principals.json");
const secrets = { ANN: "ann's secret, 40 characters or so", EVE: "eve/s+secret", ROLE: "role secret" };
const ann = { accessKeyId: "AKIAANN", secretAccessKey: secrets.ANN };
const eve = { accessKeyId: "AKIAEVE", secretAccessKey: secrets.EVE };
const role = { accessKeyId: "ASIAROLE", secretAccessKey: secrets.ROLE, sessionToken: "FwoGZXIvYXdzE+/token==" };
const ended = { accessKeyId: "ASIAENDED", secretAccessKey: secrets.ROLE, sessionToken: "t" };

const allow = (resource: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: resource }],
});

const directory = {
  principals: [
    {
      arn: "arn:aws:iam::111122223333:user/ann",
      id: "AIDAANN",
      org: "o-exampleorg",
      policies: [allow("arn:aws:execute-api:*:111122223333:*/dev/*")],
      keys: [{ accessKeyId: ann.accessKeyId, secretAccessKey: "${env.ANN_SECRET}" }],
    },
    {
      arn: "arn:aws:iam::111122223333:user/eve",
      policies: [allow("arn:aws:execute-api:*:*:*/dev/GET/entries/1")],
      keys: [{ accessKeyId: eve.accessKeyId, secretAccessKey: secrets.EVE }],
    },
    {
      arn: "arn:aws:iam::111122223333:role/reader",
      session: "nightly",
      policies: [
        allow("*"),
        { ...allow("*"), Statement: [{ Effect: "Deny", Action: "execute-api:*", Resource: "*/POST/*" }] },
      ],
      keys: [
        { ...role, expires: "2100-01-01T00:00:00Z" },
        { ...ended, expires: "2020-01-01T00:00:00Z" },
      ],
    },
    {
      arn: "arn:aws:iam::999988887777:user/stranger",
      policies: [allow("*")],
      keys: [{ accessKeyId: "AKIASTRANGER", secretAccessKey: secrets.EVE }],
    },
  ],
};

let gateway: RunningGateway;
let bundle: string;

beforeAll(async () => {
  cpSync(join(root, "fixtures/iam"), folder, { recursive: true, filter: (path) => !/\/(build|golden)$/.test(path) });
  write(directory);
  bundle = await buildFixture(folder);
  gateway = await startGateway(bundle, { GATEWAY_PRINCIPALS: file, ANN_SECRET: secrets.ANN });
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** As operators replace a file: whole, by a rename. */
function write(content: unknown): void {
  writeFileSync(`${file}.new`, typeof content === "string" ? content : JSON.stringify(content));
  renameSync(`${file}.new`, file);
}

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Signs with AWS's own signer. */
async function call(credentials: typeof ann & { sessionToken?: string }, given: Call = {}, at = gateway) {
  const { method = "GET", path = "/dev/entries", query = {}, body, headers = {} } = given;
  const url = new URL(at.url);
  const signer = new SignatureV4({ credentials, region, service: "execute-api", sha256: Sha256 });
  const request = { method, protocol: "http:", hostname: url.hostname, port: Number(url.port), path, query };
  const signed = await signer.sign({ ...request, body, headers: { host: url.host, ...headers } });
  const text = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join("="));
  const target = `${at.url}${path}${text.length > 0 ? `?${text.join("&")}` : ""}`;
  const answer = await fetch(target, { method, headers: signed.headers, ...(body === undefined ? {} : { body }) });
  const type = answer.headers.get("x-amzn-errortype");
  return { status: answer.status, type, body: JSON.parse((await answer.text()) || "null") };
}

describe("AWS's signer", () => {
  test("a user: the event says who", async () => {
    const { status, body } = await call(ann, { query: { name: "é ü/+;&=" } });
    expect({ status, body }).toMatchObject({ status: 200 });
    expect(body.identity).toMatchObject({
      accessKey: "AKIAANN",
      accountId: "111122223333",
      caller: "AIDAANN",
      user: "AIDAANN",
      userArn: "arn:aws:iam::111122223333:user/ann",
      principalOrgId: "o-exampleorg",
      cognitoIdentityId: null,
    });
  });

  test("the session of a role, with its token", async () => {
    const { status, body } = await call(role);
    expect(status).toBe(200);
    expect(body.identity.userArn).toBe("arn:aws:sts::111122223333:assumed-role/reader/nightly");
    expect(body.identity.caller).toMatch(/^AROA[A-Z2-7]{17}:nightly$/);
  });

  test("a body is covered by the signature", async () => {
    const posted = await call(ann, {
      method: "POST",
      body: '{"amount":1}',
      headers: { "content-type": "application/json" },
    });
    expect(posted).toMatchObject({ status: 200, body: { body: '{"amount":1}' } });
  });

  const wrong =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
  const invalid = "The security token included in the request is invalid.";
  const arn = (path: string) => `arn:aws:execute-api:eu-west-1:********3333:0riqftdygg/dev/${path}`;
  test.each<[string, typeof ann & { sessionToken?: string }, Call, string, string, string]>([
    ["a wrong secret", { ...ann, secretAccessKey: "x" }, {}, "InvalidSignatureException", "message", wrong],
    ["an unknown key", { ...ann, accessKeyId: "AKIANOBODY" }, {}, "UnrecognizedClientException", "message", invalid],
    ["another session", { ...role, sessionToken: "other" }, {}, "UnrecognizedClientException", "message", invalid],
    [
      "a session that has ended",
      ended,
      {},
      "ExpiredTokenException",
      "message",
      "The security token included in the request is expired",
    ],
    [
      "no statement",
      eve,
      {},
      "AccessDeniedException",
      "Message",
      `User: arn:aws:iam::111122223333:user/eve is not authorized to perform: execute-api:Invoke on resource: ${arn("GET/entries")}`,
    ],
    [
      "an explicit deny",
      role,
      { method: "POST", body: "{}" },
      "AccessDeniedException",
      "Message",
      `User: arn:aws:sts::111122223333:assumed-role/reader/nightly is not authorized to perform: execute-api:Invoke on resource: ${arn("POST/entries")} with an explicit deny`,
    ],
    [
      "another account without a resource policy",
      { ...eve, accessKeyId: "AKIASTRANGER" },
      {},
      "AccessDeniedException",
      "Message",
      `User: arn:aws:iam::999988887777:user/stranger is not authorized to perform: execute-api:Invoke on resource: ${arn("GET/entries")}`,
    ],
  ])("refused: %s", async (_, credentials, given, type, member, message) => {
    expect(await call(credentials, given)).toEqual({ status: 403, type, body: { [member]: message } });
  });

  test("a policy may name one path", async () => {
    expect(await call(eve, { path: "/dev/entries/1" })).toMatchObject({ status: 200 });
    expect(await call(eve, { path: "/dev/entries/2" })).toMatchObject({ status: 403 });
  });

  test("a method override that was not signed has no effect but refusal", async () => {
    const url = new URL(gateway.url);
    const signer = new SignatureV4({ credentials: ann, region, service: "execute-api", sha256: Sha256 });
    const request = {
      method: "GET",
      protocol: "http:",
      hostname: url.hostname,
      port: Number(url.port),
      path: "/dev/entries",
      query: {},
    };
    const { headers } = await signer.sign({ ...request, headers: { host: url.host } });
    const answer = await fetch(`${gateway.url}/dev/entries`, {
      headers: { ...headers, "x-http-method-override": "POST" },
    });
    expect([answer.status, answer.headers.get("x-amzn-errortype")]).toEqual([403, "InvalidSignatureException"]);
  });

  test("presigned", async () => {
    const url = new URL(gateway.url);
    const signer = new SignatureV4({ credentials: role, region, service: "execute-api", sha256: Sha256 });
    const request = {
      method: "GET",
      protocol: "http:",
      hostname: url.hostname,
      port: Number(url.port),
      path: "/dev/entries",
      query: {},
    };
    const { query = {} } = await signer.presign({ ...request, headers: { host: url.host } }, { expiresIn: 60 });
    const target = `${gateway.url}/dev/entries?${new URLSearchParams(query as Record<string, string>)}`;
    expect((await fetch(target)).status).toBe(200);
    expect((await fetch(target.replace("entries", "entries/1"))).status).toBe(403);
    expect((await fetch(`${target}&more=1`)).status).toBe(403);
  });
});

test("curl --aws-sigv4", async () => {
  const args = [
    "-s",
    "--aws-sigv4",
    `aws:amz:${region}:execute-api`,
    "--user",
    `${eve.accessKeyId}:${eve.secretAccessKey}`,
  ];
  const { stdout } = await run("curl", [...args, `${gateway.url}/dev/entries/1`]);
  expect(JSON.parse(stdout).identity.accessKey).toBe("AKIAEVE");
  const wrong = await run("curl", [...args, "--user", "AKIAEVE:wrong", `${gateway.url}/dev/entries/1`]);
  expect(wrong.stdout).toContain("The request signature we calculated does not match");
});

const aws = process.env["GATEWAY_PYTHON"] && join(process.env["GATEWAY_PYTHON"], "../aws");
const hasAws = aws !== undefined && existsSync(aws);
if (!hasAws && process.env["CI"]) throw new Error("the aws CLI is missing: set GATEWAY_PYTHON");
test.skipIf(!hasAws)("the aws CLI", async () => {
  const args = ["apigatewaymanagementapi", "delete-connection", "--connection-id", "a=", "--region", region];
  const env = { ...process.env, AWS_ACCESS_KEY_ID: ann.accessKeyId, AWS_SECRET_ACCESS_KEY: ann.secretAccessKey };
  await run(aws ?? "", [...args, "--endpoint-url", `${gateway.url}/dev`], { env });
  const wrong = run(aws ?? "", [...args, "--endpoint-url", `${gateway.url}/dev`], {
    env: { ...env, AWS_SECRET_ACCESS_KEY: "x" },
  });
  await expect(wrong).rejects.toThrow(/signature we calculated does not match/);
});

test("the generated SDK", async () => {
  const sdk = await import(/* @vite-ignore */ pathToFileURL(join(folder, "build/sdk/typescript/index.js")).href);
  const { createClient, sigv4 } = sdk;
  const client = createClient({ baseUrl: `${gateway.url}/dev`, auth: { iam: sigv4({ region, credentials: ann }) } });
  expect((await sdk.postEntries(client, { body: { amount: 7 } })).body).toBe('{"amount":7}');
});

test("a changed directory is read again; a broken one leaves the old in force; secrets are never logged", async () => {
  const [first, ...others] = directory.principals;
  write({ principals: others });
  await until(async () => (await call(ann)).status === 403);
  write("{ no JSON");
  await until(() => gateway.output().includes("the principals read before stay in force"));
  expect(await call(eve, { path: "/dev/entries/1" })).toMatchObject({ status: 200 });
  write({ principals: [{ ...first, keys: [{ accessKeyId: "AKIAANN", secretAccessKey: "${env.NOT_SET}" }] }] });
  await until(() => gateway.output().includes("environment variable NOT_SET is not set"));
  write(directory);
  await until(async () => (await call(ann)).status === 200);
  const output = gateway.output();
  for (const secret of [...Object.values(secrets), role.sessionToken]) expect(output).not.toContain(secret);
  expect(output).not.toMatch(/[0-9a-f]{64}/);
});

test("without a directory nobody gets in, and the log says why", async () => {
  const closed = await startGateway(bundle);
  try {
    expect(await call(ann, {}, closed)).toMatchObject({ status: 403, type: "UnrecognizedClientException" });
    expect(closed.output()).toContain("there is no directory of principals: start the gateway with --principals FILE");
    expect((await fetch(`${closed.url}/dev/health`)).status).toBe(200);
  } finally {
    await closed.stop();
  }
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 8_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`did not happen in time:\n${gateway.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
