// What authorizers cost, in process: a JWT that has been seen, a new one against node:crypto's bare verification and jose, a
// Lambda authorizer whose decision is kept and whose policy is asked about the method.
// Run: npm run bench -- auth-tokens
import { generateKeyPairSync, sign, verify } from "node:crypto";
import { createServer } from "node:http";
import process from "node:process";
import { createLocalJWKSet, jwtVerify } from "jose";
import { micro } from "./support/micro.mjs";
import { gatewayOf, load } from "./support/program.mjs";
import { median } from "./support/servers.mjs";

const issuer = "https://login.example.com/";
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwks = { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k1", use: "sig", alg: "RS256" }] };
const server = createServer((request, response) => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const isConfiguration = request.url.endsWith("openid-configuration");
  response.end(JSON.stringify(isConfiguration ? { issuer, jwks_uri: `${url}/jwks` } : jwks));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

/** About what an identity provider puts into an access token: 900 characters. */
function mint() {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    sub: "auth0|5f7c8ec7c33c6c004bbafe82",
    aud: ["https://api.example.com", "https://example.eu.auth0.com/userinfo"],
    iat: now,
    exp: now + 86_400,
    azp: "my_client_id_of_thirty_two_chars",
    scope: "openid profile email orders/read orders/write",
    permissions: ["orders:read", "orders:write", "customers:read"],
  };
  const input = `${part({ alg: "RS256", typ: "JWT", kid: "k1" })}.${part(claims)}`;
  return `${input}.${sign("RSA-SHA256", Buffer.from(input), privateKey).toString("base64url")}`;
}

const token = mint();
const headersOf = (credential) => [
  ...["Host", "api.example.com", "User-Agent", "curl/8.5.0", "Accept", "*/*", "Accept-Encoding", "gzip"],
  ...["Authorization", credential],
];
/** A string that nobody has hashed yet, as each request has one. */
const fresh = () => Buffer.from(`Bearer ${token}`, "latin1").toString("latin1");

const { Exchange } = await load("runtime/http/exchange.js");
const { jwtAuthorizer } = await load("runtime/auth/tokens/jwt-authorizer.js");
const { TokenVerifier } = await load("runtime/auth/tokens/token-verifier.js");
const { lambdaAuthorizer } = await load("runtime/auth/lambda/lambda-authorizer.js");

const jwt = {
  kind: "jwt",
  name: "people",
  identity: { in: "header", name: "authorization" },
  issuers: [issuer],
  audience: ["https://api.example.com"],
  issuerEndpoint: `http://127.0.0.1:${server.address().port}`,
  clockSkewSeconds: 5,
};
const arn = "arn:aws:execute-api:eu-west-1:123456789012:abcdefghij/dev";
const statement = (Effect, Resource) => ({ Action: "execute-api:Invoke", Effect, Resource });
const policyDocument = {
  Version: "2012-10-17",
  Statement: [statement("Allow", [`${arn}/GET/*`, `${arn}/POST/orders`]), statement("Deny", `${arn}/*/admin/*`)],
};
const lambda = {
  kind: "lambda",
  name: "guard",
  type: "token",
  function: {
    functionName: "guard",
    payloadFormat: "1.0",
    modules: new Map([
      ["", async () => ({ handler: async () => ({ principalId: "p", policyDocument, context: { a: 1 } }) })],
    ]),
  },
  identity: [{ in: "header", name: "authorization" }],
  validation: undefined,
  ttlSeconds: 3600,
  payloadFormat: "1.0",
  simpleResponses: false,
};

const { live } = await gatewayOf([
  { key: "GET /orders/{id}", run: () => true, authorizer: jwt, scopes: ["orders/read"] },
]);
const guarded = await gatewayOf([{ key: "GET /orders/{id}", run: () => true, authorizer: lambda }]);
const [stage] = live.stages.values();

function exchangeOf(program) {
  const headers = headersOf(fresh());
  const x = new Exchange(
    program,
    "GET",
    "/dev/orders/42",
    "/orders/42",
    "",
    headers,
    "192.0.2.1",
    Date.now(),
    undefined,
  );
  [x.stage] = program.stages.values();
  program.router.find("GET", "/orders/42", x);
  return x;
}

await jwtAuthorizer(exchangeOf(live));
await lambdaAuthorizer(exchangeOf(guarded.live));
const verifier = new TokenVerifier(jwt, live, stage);
const credential = fresh();
await verifier.verify(credential, Date.now());
const local = createLocalJWKSet(jwks);
const signingInput = Buffer.from(token.slice(0, token.lastIndexOf(".")));
const signature = Buffer.from(token.slice(token.lastIndexOf(".") + 1), "base64url");

await micro("what is known", {
  "JWT seen before, with a scope": [() => exchangeOf(live), jwtAuthorizer],
  "Lambda authorizer, kept, policy of two statements": [() => exchangeOf(guarded.live), lambdaAuthorizer],
});
await cpu("a new JWT, RS256", {
  "node:crypto verify alone": () => verify("RSA-SHA256", signingInput, publicKey, signature),
  "our verifier": () => verifier.verify(credential, Date.now()),
  "jose jwtVerify": () => jwtVerify(token, local, { issuer, audience: "https://api.example.com" }),
});
server.close();

/** CPU time of many rounds in turn: the lowest, and how it stands to the first case's, by the lowest and by the rounds' median. */
async function cpu(title, cases, rounds = 60, batch = 400) {
  const times = new Map(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, action] of Object.entries(cases)) {
      const begin = process.cpuUsage();
      let last;
      for (let at = 0; at < batch; at++) last = action();
      await last;
      const { user, system } = process.cpuUsage(begin);
      times.get(name).push((user + system) / batch);
    }
  }
  const [first] = times.values();
  console.log(`\n| ${title} | µs of CPU, lowest | ratio of the lowest | median ratio |\n|---|---|---|---|`);
  for (const [name, all] of times) {
    const ratio = Math.min(...all) / Math.min(...first);
    const middle = median(all.map((spent, round) => spent / first[round]));
    console.log(`| ${name} | ${Math.min(...all).toFixed(2)} | ${ratio.toFixed(2)} | ${middle.toFixed(2)} |`);
  }
}
