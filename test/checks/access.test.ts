import { describe, expect, test } from "vitest";
import { diagnose, marked, modelOf, routeOf, testMistakes, whole } from "../support/diagnose.js";

const pool = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/";

describe("authorization", () => {
  testMistakes([
    ["misspelt", "unknown-authorizer", `authorizers: { customers: { cognito: "${pool}x" } }\nauth: «custmers»`],
    ["on a route", "unknown-authorizer", "routes:\n  GET /o: { lambda: x, auth: «imm» }"],
    ["a built-in name", "reserved-authorizer", `authorizers: { «iam»: { cognito: "${pool}x" } }`],
    ["characters", "bad-authorizer-name", `authorizers: { «my pool»: { cognito: "${pool}x" } }`],
    ["of IAM", "scopes-not-here", "routes:\n  GET /o: { lambda: x, auth: { name: iam, scopes: [«read»] } }"],
    [
      "of a Lambda authorizer",
      "scopes-not-here",
      "authorizers: { a: { lambda: check } }\nauth: { name: a, scopes: [«read»] }",
    ],
    [
      "more than ten scopes",
      "over-limit",
      `authorizers: { a: { cognito: "${pool}x" } }\nauth: { name: a, scopes: [a, b, c, d, e, f, g, h, i, j, «k»] }`,
    ],
    [
      "more than ten authorizers",
      "over-quota",
      `authorizers:\n${Array.from({ length: 11 }, (_, i) => `  ${i === 10 ? "«a10»" : `a${i}`}: { lambda: check }\n`).join("")}`,
    ],
  ]);

  test("a route is open only where it says so, once the top wants somebody", async () => {
    const { routes } = await modelOf(
      `authorizers: { c: { cognito: "${pool}x" } }\nauth: { name: c, scopes: [read] }\nroutes:\n  GET /a: { lambda: a }\n  GET /b: { lambda: b, auth: none }\n  GET /c: { lambda: c, auth: iam }`,
    );
    expect(routes.map((route) => route.authorization)).toEqual([
      { kind: "authorizer", name: "c", scopes: ["read"] },
      { kind: "none" },
      { kind: "iam" },
    ]);
  });

  test("one wrong default is one mistake, whatever the number of routes", async () => {
    const found = await diagnose("gateway: a\nauth: x\nroutes:\n  GET /a: { lambda: a }\n  GET /b: { lambda: b }\n");
    expect(found.map(({ code }) => code)).toEqual(["unknown-authorizer"]);
  });
});

describe("authorizers", () => {
  testMistakes([
    ["no pool", "bad-user-pool-arn", "authorizers: { a: { cognito: «arn:aws:s3:::bucket» } }"],
    [
      "a variable for the region",
      "bad-user-pool-arn",
      "stages: { dev: { variables: { r: x } } }\nauthorizers: { a: { cognito: «'arn:aws:cognito-idp:${stageVariables.r}:123456789012:userpool/x'» } }",
    ],
    ["a range", "out-of-range", `authorizers: { a: { cognito: "${pool}x", ttl: «3601» } }`],
    ["on HTTP", "not-on-http-apis", `kind: http\nauthorizers: { «a»: { cognito: "${pool}x" } }`],
    ["TOKEN on HTTP", "not-on-http-apis", "kind: http\nauthorizers: { a: { lambda: check, type: «token» } }"],
    ["JWT on REST", "not-on-rest-apis", "authorizers: { «a»: { jwt: https://idp.example, audience: [x] } }"],
    ["format on REST", "not-on-rest-apis", 'authorizers: { a: { lambda: check, payloadFormat: «"2.0"» } }'],
    ["plain http", "bad-issuer", "kind: http\nauthorizers: { a: { jwt: «http://idp.example», audience: [x] } }"],
    [
      "keys over plain http",
      "bad-issuer-endpoint",
      "kind: http\nauthorizers: { a: { jwt: https://idp.example, audience: [x], issuerEndpoint: «http://idp.example» } }",
    ],
    ["no audience", "audience-missing", "kind: http\nauthorizers: { «a»: { jwt: https://idp.example } }"],
    [
      "a pattern with a look-ahead",
      "bad-token-pattern",
      'authorizers: { a: { lambda: check, type: token, validation: «"Bearer (?!x)[a-z]+"» } }',
    ],
    [
      "pattern of a REQUEST authorizer",
      "authorizer-option",
      "authorizers: { a: { lambda: check, type: request, validation: «^x$» } }",
    ],
    [
      "simple answers with policies",
      "authorizer-option",
      "authorizers: { a: { lambda: check, simpleResponses: «true» } }",
    ],
    [
      "no identity",
      "identity-missing",
      "authorizers: { «a»: { lambda: check, type: request, identity: [], ttl: 60 } }",
    ],
    [
      "two headers of a token",
      "bad-identity-source",
      "authorizers: { a: { lambda: check, type: token, identity: [$request.header.A, «$request.header.B»] } }",
    ],
    ["a body", "expression-not-here", "authorizers: { a: { lambda: check, identity: [«$request.body.token»] } }"],
    ["no expression", "expression-syntax", "authorizers: { a: { lambda: check, identity: [«Authorization»] } }"],
    ["a pattern", "bad-selection-pattern", "authorizers: { a: { lambda: check, validation: «'(x'» } }"],
    ["an attack", "slow-selection-pattern", "authorizers: { a: { lambda: check, validation: «'^(a+)+$'» } }"],
  ]);

  test("defaults of each kind", async () => {
    const rest = await modelOf(
      `authorizers:\n  c: { cognito: "${pool}x" }\n  t: { lambda: check, validation: "^Bearer .+$" }\n  r: { lambda: check }`,
    );
    const authorization = { kind: "header", name: "Authorization" };
    expect(rest.authorizers).toMatchObject([
      { kind: "cognito", header: "Authorization", ttlSeconds: 300, providerArns: [{ parts: [`${pool}x`] }] },
      { kind: "lambda", type: "token", identity: [authorization], ttlSeconds: 300, payloadFormat: "1.0" },
      { kind: "lambda", type: "request", identity: [authorization], ttlSeconds: 300, function: "check" },
    ]);
    expect(rest.functions.map(({ name }) => name)).toContain("check");
    const http = await modelOf(
      "kind: http\nauthorizers:\n  j: { jwt: https://idp.example, audience: [shop] }\n  r: { lambda: check }",
    );
    expect(http.authorizers).toMatchObject([
      {
        kind: "jwt",
        issuer: { parts: ["https://idp.example"] },
        audience: [{ parts: ["shop"] }],
        identity: authorization,
      },
      { kind: "lambda", ttlSeconds: 0, payloadFormat: "2.0", simpleResponses: false },
    ]);
  });

  test("a stage variable may be the pool's id", async () => {
    const { authorizers } = await modelOf(
      `stages: { dev: { variables: { pool: local } } }\nauthorizers: { a: { cognito: "${pool}\${stageVariables.pool}" } }\nroutes:\n  GET /o: { mock: {}, auth: a }`,
    );
    expect(authorizers[0]).toMatchObject({
      providerArns: [{ parts: [pool, { kind: "stageVariable", name: "pool" }] }],
    });
  });
});

describe("CORS", () => {
  testMistakes([
    ["a path", "bad-origin", "cors: { origins: [«https://shop.example.com/»] }"],
    ["no scheme", "bad-origin", "cors: { origins: [«shop.example.com»] }"],
    ["upper case", "bad-origin", "cors: { origins: [«https://Shop.example.com»] }"],
    ["half a star on REST", "bad-origin", "cors: { origins: [«https://*»] }"],
    ["a variable", "expression-not-here", "cors: { origins: ['https://«${stageVariables.host}»'] }"],
    ["star", "cors-star-with-credentials", 'cors: { origins: [«"*"»], credentials: true }'],
    ["star left out", "cors-star-with-credentials", "cors: { credentials: «true» }"],
    [
      "of two routes of one path",
      "preflight-of-another-route",
      "routes:\n  GET /o: { mock: {}, cors: { origins: [https://a.example] } }\n  PUT /o: { mock: {}, cors: «{ origins: [https://b.example] }» }",
    ],
    [
      "behind an authorizer of all methods",
      "protected-preflight",
      "kind: http\ncors: true\nroutes:\n  «ANY /o»: { lambda: x, auth: iam }",
    ],
    [
      "behind the authorizer of $default, with an OPTIONS route elsewhere",
      "protected-preflight",
      "kind: http\ncors: true\nroutes:\n  OPTIONS /a: { lambda: y }\n  «$default»: { lambda: x, auth: iam }",
    ],
    ["method", "unknown-method", "cors: { methods: [«FETCH»] }"],
    ["header", "bad-token", 'cors: { headers: [«"X A"»] }'],
    ["of a route on HTTP", "not-on-http-apis", "kind: http\nroutes:\n  GET /o: { lambda: x, cors: «true» }"],
  ]);

  test("an origin that was meant is offered as the fix", async () => {
    const [found] = await diagnose(
      'gateway: a\ncors: { origins: ["https://Shop.Example.com:443/a"] }\nroutes:\n  GET /: { mock: {} }\n',
    );
    expect(found).toMatchObject({
      help: "did you mean https://shop.example.com?",
      fix: { text: "https://shop.example.com" },
    });
  });

  test("true is every origin", async () => {
    const { cors } = await routeOf("routes:\n  GET /o: { lambda: x, cors: true }");
    expect(cors).toEqual({
      origins: ["*"],
      methods: undefined,
      headers: [],
      exposeHeaders: [],
      credentials: false,
      maxAgeSeconds: undefined,
    });
  });
});

describe("resource policies", () => {
  const many = Array.from({ length: 800 }, (_, i) => `10.0.${i % 256}.${i >> 8}`).join(", ");
  const allowed = 'Effect: Allow, Principal: "*", Action: "execute-api:Invoke", Resource: "*"';
  const allowing = `{ ${allowed} }`;
  testMistakes([
    ["an address", "bad-ip", "policy: { allow: { ips: [«10.0.0.256»] } }"],
    ["a prefix", "bad-ip", "policy: { allow: { ips: [«10.0.0.0/33»] } }"],
    ["a principal", "bad-principal", "policy: { allow: { accounts: [«acme»] } }"],
    ["too long", "policy-too-long", `policy: «{ allow: { ips: [${many}] } }»`],
    ["a statement", "bad-policy", `policy: { Statement: [${allowing}, «{ ${allowed}, Conditions: {} }»] }`],
    ["an operator", "bad-policy", `policy: { Statement: [«{ ${allowed}, Condition: { StringEqual: { a: b } } }»] }`],
    ["a version", "bad-policy", `policy: «{ Version: "2020-01-01", Statement: [${allowing}] }»`],
    ["a window", "bad-waf-window", "waf: { rate: { limit: 100, window: «90» } }"],
    ["an address of a rule", "bad-ip", "waf: { block: { ips: [«1.2.3»] } }"],
    ["a named path", "waf-name-not-here", "waf: { patterns: [{ in: path, name: «x», match: y }] }"],
    ["a broken pattern", "bad-selection-pattern", "waf: { patterns: [{ in: path, match: «'('» }] }"],
    ["a slow pattern", "slow-selection-pattern", "waf: { patterns: [{ in: path, match: «'(a+)+$'» }] }"],
    ["rules on HTTP", "not-on-http-apis", "kind: http\nwaf: «{ block: { ips: [10.0.0.1] } }»"],
    ["private without", "private-without-policy", "endpoint: «private»"],
    ["on HTTP", "not-on-http-apis", "kind: http\npolicy: «{ deny: { ips: [10.0.0.1] } }»"],
  ]);

  test("a pattern that nobody can judge in time is refused as a slow one is", async () => {
    const { text, span } = marked(whole("waf: { patterns: [{ in: path, match: «'(?:(?=(a+))\\\\1)*b'» }] }"));
    const [found, ...others] = (await diagnose(text)).filter(({ severity }) => severity === "error");
    expect(others).toEqual([]);
    expect(found?.span).toEqual(span);
    // How far the analysis comes in its second is the machine's affair; the pattern is refused either way.
    expect(["unproven-waf-pattern", "slow-selection-pattern"]).toContain(found?.code);
  });

  test("shorthands become statements; who only denies allows the rest", async () => {
    const { policy } = await modelOf(
      "policy: { deny: { ips: [10.0.0.0/8, '2001:db8::/32'], accounts: ['123456789012'] } }",
    );
    const base = { Action: "execute-api:Invoke", Resource: "execute-api:/*" };
    expect(policy).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Deny",
          Principal: { AWS: ["arn:aws:iam::123456789012:root"] },
          ...base,
          Condition: { IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "2001:db8::/32"] } },
        },
        { Effect: "Allow", Principal: "*", ...base },
      ],
    });
  });
});

describe("plans and keys", () => {
  const plan = "plans: { gold: { throttle: { rate: 5 } } }\n";
  testMistakes([
    ["a plan", "unknown-plan", `${plan}keys: { acme: { plan: «golf» } }`],
    ["a stage", "unknown-stage", "plans: { gold: { stages: [«prd»] } }\nstages: { prod: {} }"],
    ["a route", "unknown-route", "plans: { gold: { routes: { «GET /helo»: { rate: 1 } } } }"],
    [
      "two plans of one stage",
      "key-in-two-plans",
      "stages: { prod: {} }\nplans: { a: {}, b: {} }\nkeys: { acme: { plans: [a, «b»] } }",
    ],
    ["offset of a day", "out-of-range", "plans: { gold: { quota: { limit: 1, period: day, offset: «1» } } }"],
    ["offset of a week", "out-of-range", "plans: { gold: { quota: { limit: 1, period: week, offset: «7» } } }"],
    ["no requests", "out-of-range", "plans: { gold: { quota: { limit: «0», period: week } } }"],
    ["short", "bad-key-length", `${plan}keys: { acme: { plan: gold, value: «abc» } }`],
    ["a secret", "key-in-file", `${plan}keys: { acme: { plan: gold, value: «abcdefghijklmnopqrstuvwxyz» } }`],
    ["a variable", "expression-not-here", `${plan}keys: { acme: { plan: gold, value: "«\${stageVariables.x}»" } }`],
    ["no plan", "api-key-without-plan", "routes:\n  GET /o: { lambda: x, apiKey: «true» }"],
    ["no Redis", "bad-redis-url", "state: { redis: «localhost:6379» }"],
    ["a Redis with its password", "key-in-file", 'state: { redis: «"redis://:secret@localhost:6379"» }'],
    ["the account's limit", "throttle-over-quota", "throttle: { rate: «20000», burst: 10 }"],
    ["plans on HTTP", "not-on-http-apis", "kind: http\nplans: { «gold»: { throttle: { rate: 5 } } }"],
    [
      "more than twenty routes",
      "over-quota",
      `plans:\n  gold:\n    routes:\n${Array.from({ length: 21 }, (_, i) => `      ${i === 20 ? "«GET /r20»" : `GET /r${i}`}: { rate: 1 }\n`).join("")}routes:\n${Array.from({ length: 21 }, (_, i) => `  GET /r${i}: { lambda: f${i} }\n`).join("")}`,
    ],
  ]);

  test("a plan without stages is for all of them", async () => {
    const { plans, keys } = await modelOf(
      'stages: { dev: {}, prod: {} }\nplans: { gold: { quota: { limit: 10, period: month, offset: 27 }, routes: { GET /hello: { rate: 1 } } } }\nkeys: { acme: { plan: gold, value: "${env.ACME}" } }',
    );
    expect(plans).toMatchObject([
      {
        stages: ["dev", "prod"],
        quota: { limit: 10, offset: 27, period: "MONTH" },
        routes: [{ routeKey: "GET /hello", throttle: { rate: 1, burst: 1 } }],
      },
    ]);
    expect(keys).toMatchObject([{ plans: ["gold"], enabled: true, value: { parts: [{ kind: "env", name: "ACME" }] } }]);
  });
});
