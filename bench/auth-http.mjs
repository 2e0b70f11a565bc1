// What authorizers cost a request over HTTP: a built gateway whose routes differ in nothing but who may call, against the open
// one; a token and a decision that are known by then, and a signature, which is verified each time. Each slice of a route has
// one of the open route before and behind it. Run: npm run bench -- auth-http [seconds per slice] [rounds]. Needs wrk.
import { execFileSync, spawn } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { load } from "./support/program.mjs";
import { median, wait } from "./support/servers.mjs";

const seconds = Math.max(1, Math.round(Number(process.argv[2] ?? 1)));
const rounds = Number(process.argv[3] ?? 9);
const { SigningKeys, signRequest } = await load("runtime/auth/sigv4/index.js");
const folder = mkdtempSync(join(tmpdir(), "bench-auth-"));
const pool = "eu-west-1_bench";
const secret = "bench-secret-0123456789abcdefghijklmnop";

writeFileSync(
  join(folder, "gateway.yaml"),
  `gateway: bench
aws: { region: eu-west-1, account: "123456789012" }
authorizers:
  pool: { cognito: "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/${pool}" }
  check: { lambda: check, type: token }
routes:
  GET /open: { mock: { status: ok } }
  GET /token: { auth: pool, mock: { status: ok } }
  GET /lambda: { auth: check, mock: { status: ok } }
  GET /iam: { auth: iam, mock: { status: ok } }
`,
);
mkdirSync(join(folder, "handlers"));
writeFileSync(
  join(folder, "handlers/check.ts"),
  `export const handler = async (event: { methodArn: string }) => ({
  principalId: "ann",
  policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect: "Allow", Resource: event.methodArn.replace(/\\/GET\\/.*/, "/*") }] },
});
`,
);
const statement = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
writeFileSync(
  join(folder, "principals.json"),
  JSON.stringify({
    principals: [
      {
        arn: "arn:aws:iam::123456789012:user/ann",
        policies: [{ Version: "2012-10-17", Statement: [statement] }],
        keys: [{ accessKeyId: "AKIABENCH", secretAccessKey: secret }],
      },
    ],
  }),
);
execFileSync(process.execPath, [fileURLToPath(new URL("../bin/gateway.js", import.meta.url)), "build"], {
  cwd: folder,
  stdio: "ignore",
});
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwks = JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k", alg: "RS256", use: "sig" }] });
const issuer = createServer((_, response) => response.end(jwks));
await new Promise((resolve) => issuer.listen(0, "127.0.0.1", resolve));
const child = spawn(process.execPath, ["build/gateway/gateway.mjs", "--port", "0", "--principals", "principals.json"], {
  cwd: folder,
  env: { ...process.env, GATEWAY_ISSUER_ENDPOINT_POOL: `http://127.0.0.1:${issuer.address().port}` },
});
let output = "";
for (const stream of [child.stdout, child.stderr]) {
  stream.on("data", (chunk) => {
    output += chunk;
  });
}
while (!/http:\/\/127\.0\.0\.1:\d+/.test(output)) {
  if (child.exitCode !== null) throw new Error(output);
  await wait(20);
}
const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)[0];
const host = new URL(url).host;
const routes = {
  "Cognito token, seen before": { path: "/dev/token", headers: () => [`Authorization: Bearer ${token()}`] },
  "Lambda authorizer, kept": { path: "/dev/lambda", headers: () => ["Authorization: Bearer ann"] },
  "IAM, SigV4": { path: "/dev/iam", headers: () => signature("/dev/iam") },
  "open (control)": { path: "/dev/open", headers: () => [] },
};
const found = Object.fromEntries(Object.keys(routes).map((name) => [name, { cpu: [], ratios: [] }]));
const open = () => slice("/dev/open", []);
for (const { path, headers } of Object.values(routes)) {
  // The issuer is asked for its keys while this process can answer: not during a slice.
  const fields = headers().map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]);
  const { status } = await fetch(url + path, { headers: fields });
  if (status !== 200) throw new Error(`${path} answers ${status}`);
  slice(path, headers());
}
let before = open();
const all = [];
for (let round = 0; round < rounds; round++) {
  for (const [name, { path, headers }] of Object.entries(routes)) {
    const cpu = slice(path, headers());
    const after = open();
    found[name].cpu.push(cpu);
    found[name].ratios.push(cpu / ((before + after) / 2));
    all.push(after);
    before = after;
  }
}
console.log(
  `\n${rounds} rounds of ${seconds} s\n\n| | CPU µs a request | ratio to the open route | range |\n|---|---|---|---|`,
);
console.log(`| open | ${median(all).toFixed(1)} | 1 | |`);
for (const [name, { cpu, ratios }] of Object.entries(found)) {
  const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  console.log(`| ${name} | ${median(cpu).toFixed(1)} | ${median(ratios).toFixed(2)} | ${range} |`);
}
child.kill();
issuer.close();
rmSync(folder, { recursive: true, force: true });

function token() {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: `https://cognito-idp.eu-west-1.amazonaws.com/${pool}`,
    aud: "bench",
    token_use: "id",
    sub: "ann",
    iat: now,
    // One token for the whole run.
    exp: 3_600 * Math.ceil(now / 3_600) + 3_600,
  };
  claims.iat = 3_600 * Math.floor(now / 3_600);
  const input = `${part({ alg: "RS256", kid: "k" })}.${part(claims)}`;
  return `${input}.${sign("sha256", Buffer.from(input), privateKey).toString("base64url")}`;
}

function signature(path) {
  const request = { method: "GET", path, query: "", headers: ["Host", host], body: "" };
  const credentials = { accessKeyId: "AKIABENCH", secretAccessKey: secret };
  const place = { region: "eu-west-1", service: "execute-api", nowMs: Date.now(), keys: new SigningKeys() };
  const added = signRequest(request, credentials, place);
  return Array.from({ length: added.length / 2 }, (_, at) => `${added[2 * at]}: ${added[2 * at + 1]}`).filter(
    (line) => !/^host:/i.test(line),
  );
}

/** CPU of the gateway, user and system, for each request of so many seconds. */
function slice(path, headers) {
  const from = cpuMicroseconds(child.pid);
  const fields = headers.flatMap((header) => ["-H", header]);
  const text = execFileSync("wrk", ["-t1", "-c64", `-d${seconds}s`, ...fields, url + path], { encoding: "utf8" });
  const spent = cpuMicroseconds(child.pid) - from;
  if (/Non-2xx|Socket errors/.test(text)) throw new Error(`${path}: ${text}`);
  return spent / Number(/(\d+) requests in/.exec(text)[1]);
}

/** By /proc; ticks of 10 ms. */
function cpuMicroseconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
