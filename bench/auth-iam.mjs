// Authentication by signature and policy, in process: CPU a step, beside the bare cost of its hashes. Many rounds, each a
// slice of CPU time; the lowest and the median. Run: npm run bench -- auth-iam
import { createHash, createHmac, createSecretKey, hash, timingSafeEqual } from "node:crypto";
import process from "node:process";
import { load } from "./support/program.mjs";

const { checkClaims, checkSession, readClaims, SigningKeys, signRequest, verifySignature } =
  await load("runtime/auth/sigv4/index.js");
const { compilePolicy } = await load("runtime/auth/policy/index.js");

const rounds = Number(process.argv[2] ?? 60);
const region = "eu-west-1";
const nowMs = Date.parse("2026-03-01T12:00:00Z");
const place = { region, service: "execute-api", nowMs };
const known = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "x".repeat(40),
  sessionToken: undefined,
  expiresAtMs: undefined,
};
const plain = {
  method: "GET",
  path: "/dev/orders/8f14e45f-ceea-467f-9575-2b1e1b1a7a6b",
  query: "limit=20&cursor=abc",
  headers: [
    "Host",
    "api.example.com",
    "Accept",
    "*/*",
    "User-Agent",
    "aws-sdk-js/3",
    "Accept-Encoding",
    "gzip, br",
    "Connection",
    "keep-alive",
  ],
  body: "",
};
const keys = new SigningKeys();
const signed = { ...plain, headers: [...plain.headers, ...signRequest(plain, known, { ...place, keys })] };
const posted = { ...plain, method: "POST", body: Buffer.alloc(1024, 0x61) };
const signedPost = { ...posted, headers: [...posted.headers, ...signRequest(posted, known, { ...place, keys })] };

const verify = (request) => {
  const claims = readClaims(request);
  checkClaims(claims, request.headers, place);
  checkSession(claims, known, nowMs);
  verifySignature(request, claims, known, keys);
};
const canonical = `GET\n${plain.path}\ncursor=abc&limit=20\nhost:api.example.com\nx-amz-date:20260301T120000Z\n\nhost;x-amz-date\n${"e".repeat(64)}`;
const toSign = `AWS4-HMAC-SHA256\n20260301T120000Z\n20260301/eu-west-1/execute-api/aws4_request\n`;
const key = createSecretKey(Buffer.alloc(32, 7));
const expected = createHmac("sha256", key)
  .update(toSign + hash("sha256", canonical, "hex"))
  .digest();
const bare = () => {
  if (
    !timingSafeEqual(
      createHmac("sha256", key)
        .update(toSign + hash("sha256", canonical, "hex"))
        .digest(),
      expected,
    )
  )
    throw new Error("differs");
};

const policy = compilePolicy(
  {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "execute-api:Invoke",
        Resource: ["arn:aws:execute-api:*:123456789012:abcdefghij/dev/GET/*"],
      },
      {
        Effect: "Deny",
        Action: "execute-api:*",
        Resource: "*/admin/*",
        Condition: { NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } },
      },
    ],
  },
  { kind: "identity" },
);
const asked = {
  action: "execute-api:Invoke",
  resource: "arn:aws:execute-api:eu-west-1:123456789012:abcdefghij/dev/GET/orders/7",
  principal: undefined,
  context: new Map([["aws:sourceip", "10.1.2.3"]]),
};

const cases = {
  "bare: one SHA-256, one HMAC, one comparison": bare,
  "verify, no body": () => verify(signed),
  "verify, 1 kB body": () => verify(signedPost),
  "bare: SHA-256 of 1 kB": () => createHash("sha256").update(posted.body).digest(),
  "sign, no body": () => signRequest(plain, known, { ...place, keys }),
  "policy of two statements": () => policy.evaluate(asked),
};
const times = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, run] of Object.entries(cases)) times[name].push(microseconds(run));
}
console.log("| step | µs of CPU, lowest | median |\n|---|---|---|");
for (const [name, all] of Object.entries(times)) {
  const later = all.slice(rounds >> 2).sort((a, b) => a - b);
  console.log(`| ${name} | ${later[0].toFixed(2)} | ${later[later.length >> 1].toFixed(2)} |`);
}

/** CPU of one run, over a slice of runs. */
function microseconds(run) {
  const runs = 2_000;
  const start = process.cpuUsage();
  for (let at = 0; at < runs; at++) run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / runs;
}
