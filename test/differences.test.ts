import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { planCloudFormation } from "../generators/cloudformation/plan.js";
import { gateway as gatewayGenerator } from "../generators/gateway/index.js";
import { planAwsDocument } from "../generators/openapi/plan-aws.js";
import type { AdminRequest } from "../runtime/admin/admin-message.js";
import type { AdminTarget } from "../runtime/admin/admin-target.js";
import { controlPlane } from "../runtime/admin/control/operations.js";
import { RequestContext } from "../runtime/auth/policy-context.js";
import { cached } from "../runtime/cache/cached.js";
import { parseArguments } from "../runtime/host/arguments.js";
import { createGateway } from "../runtime/host/gateway.js";
import { contextValue } from "../runtime/http/context-value.js";
import type { Exchange } from "../runtime/http/exchange.js";
import { SourceIp } from "../runtime/http/source-ip.js";
import { httpProxy } from "../runtime/integrations/http-proxy.js";
import { lambdaCustom } from "../runtime/integrations/lambda-custom.js";
import type { LambdaMapping } from "../runtime/integrations/lambda-target.js";
import { runHttp, targetResponses } from "../scripts/conformance/http-route.js";
import { renderCase } from "../scripts/vtl/template-case.js";
import { modelOf } from "./import/support.js";
import { lambdaOf } from "./runtime/integrations/support.js";
import { diagnose } from "./support/diagnose.js";
import { root } from "./support/paths.js";
import { testProgram, testRoute } from "./support/program.js";

const lambda = "routes:\n  GET /o: { lambda: x }\n";

async function templateText(yaml: string): Promise<string> {
  return JSON.stringify(planCloudFormation(await modelOf(`gateway: a\n${yaml}`)).template);
}

/** A gateway with one cached route, whose caller is named in a header. */
function cachedGateway(integrate: (x: Exchange) => boolean) {
  const run = (x: Exchange) => {
    const caller = x.header("x-caller");
    if (caller !== undefined) x.caller = { cacheIdentity: caller } as NonNullable<Exchange["caller"]>;
    return cached(x, integrate);
  };
  const entry = { ...testRoute("GET /x", run), cache: { ttlSeconds: undefined, keys: [], shared: false } };
  const cache = {
    maxBytes: 1e6,
    ttlSeconds: 300,
    encrypted: false,
    invalidate: "anyone" as const,
    unauthorized: "FAIL_WITH_403" as const,
  };
  const gateway = createGateway({
    program: testProgram([entry], { stages: [{ name: "dev", variables: [], log: "off", cache }] }),
  });
  const ask = async (caller?: string) => {
    const headers = caller === undefined ? [] : ["X-Caller", caller];
    return (await gateway.inject({ path: "/dev/x", headers })).body.toString();
  };
  return { ask };
}

/** Each shows one row of docs/differences.md, by its id. */
const shown: Readonly<Record<string, () => Promise<void>>> = {
  async "edge-endpoint"() {
    expect(await diagnose(`gateway: a\nendpoint: edge\n${lambda}`, ["node"])).toMatchObject([
      { code: "key-only-on-aws" },
    ]);
    expect(await templateText(`endpoint: edge\n${lambda}`)).toContain('"EndpointConfiguration":{"Types":["EDGE"]}');
  },
  async cdn() {
    const domain = "domains: { api.example.com: { cdn: true, paths: { '': dev } } }\n";
    const file = `endpoint: edge\n${lambda}stages: { dev: {} }\n${domain}`;
    expect((await diagnose(`gateway: a\n${file}`, ["node"])).map(({ code }) => code)).toContain("key-only-on-aws");
    const text = await templateText(file);
    expect(text).toContain("AWS::CloudFront::Distribution");
    // The policy that passes on neither the domain's name nor the headers that CloudFront adds.
    expect(text).toContain('"OriginRequestPolicyId":"b689b0a8-53d0-40ab-baf2-68738e2966ac"');
  },
  async "strict-parameters"() {
    const file = "gateway: a\nroutes:\n  GET /o: { query: { n: integer }, lambda: x, validate: strict }\n";
    expect(await diagnose(file)).toMatchObject([{ code: "aws-checks-less", severity: "info" }]);
  },
  async "secure-transport"() {
    const from = new SourceIp(["192.0.2.1"]);
    const https = ["X-Forwarded-Proto", "https"];
    for (const own of ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1"]) expect(from.isSafe(own, [])).toBe(true);
    for (const other of ["198.51.100.7", "10.0.0.1", "2001:db8::1", undefined]) {
      expect(from.isSafe(other, https)).toBe(false);
    }
    expect(from.isSafe("192.0.2.1", https)).toBe(true);
    expect(from.isSafe("192.0.2.1", ["X-Forwarded-Proto", "http"])).toBe(false);
    expect(from.isSafe("192.0.2.1", [])).toBe(false);
    const seen = (isSecure: boolean) =>
      new RequestContext({ isSecure, program: { network: {} } } as unknown as Exchange, undefined).get(
        "aws:securetransport",
      );
    expect([seen(true), seen(false)]).toEqual(["true", "false"]);
  },
  async "climbing-path"() {
    const { result, request } = await runHttp({
      target: { overwritePath: () => "/../admin" },
      api: { kind: "http" },
      stages: [{ name: "$default", variables: [], log: "off" }],
      run: httpProxy,
      request: { method: "GET" },
    });
    expect(result.status).toBe(400);
    expect(request).toBeUndefined();
  },
  async "kept-coding"() {
    const headers = ["Content-Encoding", "zstd"];
    const { result } = await runHttp({ target: {}, reply: { headers, body: "coded" }, run: httpProxy });
    expect(result.headers).toEqual(expect.arrayContaining(headers));
  },
  async "proxy-bytes"() {
    const bytes = Buffer.from([1, 255]);
    const headers = ["Content-Type", "image/png"];
    for (const binaryMediaTypes of [[], ["image/png"]]) {
      const { result, request } = await runHttp({
        target: {},
        api: { binaryMediaTypes },
        reply: { headers, body: bytes },
        request: { method: "POST", headers: [...headers, "Accept", "text/plain"], body: bytes },
        run: httpProxy,
      });
      expect([result.body, request?.body]).toEqual([bytes, bytes]);
    }
  },
  async "function-stack"() {
    const handler = async () => {
      throw new TypeError("bad");
    };
    const mapping: LambdaMapping = {
      templates: new Map(),
      passthrough: "WHEN_NO_MATCH",
      contentHandling: undefined,
      responses: targetResponses([{ statusCode: "200" }]),
    };
    const route = testRoute("GET /x", lambdaCustom, { lambda: lambdaOf(handler, { mapping }) });
    const answer = await createGateway({ program: testProgram([route]) }).inject({ path: "/dev/x" });
    expect(JSON.parse(answer.body.toString())).toEqual({ errorType: "TypeError", errorMessage: "bad", trace: [] });
  },
  async "webacl-arn"() {
    const run = (x: Exchange) => x.answer(200, [], contextValue(x, "webaclArn") ?? "none");
    const gateway = createGateway({ program: testProgram([testRoute("GET /x", run)]) });
    expect((await gateway.inject({ path: "/dev/x" })).body.toString()).toBe("none");
  },
  async "template-regex"() {
    const template = (set: string, pattern: string) =>
      `gateway: a\nroutes:\n  GET /o: { http: 'https://x.example/', responses: { 200: { template: "${set}$input.body.replaceAll(${pattern}, 'x')" } } }\n`;
    expect(await diagnose(template("", "'(?<=a)b'"))).toMatchObject([{ code: "template-regex", severity: "error" }]);
    expect(await diagnose(template("#set($p = $input.body)", "$p"))).toEqual([]);
    expect(renderCase("#set($p = $input.body)$p.replaceAll($p, 'x')", { body: "(?<=a)b" })).toEqual({
      error: "method",
    });
  },
  async "protected-preflight"() {
    const file = (more: string) =>
      `gateway: a\nkind: http\ncors: { origins: [https://a.example] }\nauthorizers: { login: { jwt: "https://login.example", audience: [a] } }\nauth: login\nroutes:\n  ANY /o: { lambda: x }\n${more}`;
    expect(await diagnose(file(""), ["aws"])).toMatchObject([{ code: "protected-preflight", severity: "warning" }]);
    expect(await diagnose(file(""), ["node"])).toEqual([]);
    expect(await diagnose(file("  OPTIONS /{proxy+}: { lambda: y, auth: none }\n"), ["aws"])).toEqual([]);
    const cors = {
      allowOrigins: ["https://a.example"],
      allowMethods: "GET",
      allowHeaders: "",
      allowCredentials: false,
      exposeHeaders: "",
      maxAgeSeconds: undefined,
    };
    const program = testProgram(
      [
        testRoute("ANY /o", () => {
          throw new Error("asked");
        }),
      ],
      { api: { kind: "http", cors }, stages: [{ name: "$default", variables: [], log: "off" }] },
    );
    const headers = ["Origin", "https://a.example", "Access-Control-Request-Method", "GET"];
    expect((await createGateway({ program }).inject({ method: "OPTIONS", path: "/o", headers })).status).toBe(204);
  },
  async environment() {
    const text = await templateText(`${lambda}stages: { dev: { variables: { host: "\${env.BACKEND}" } } }\n`);
    expect(text).toContain('"Variables":{"host":{"Ref":"EnvBackend"}}');
  },
  async "vpc-link"() {
    const file = 'gateway: a\nroutes:\n  GET /o: { http: "http://inside.example/", vpcLink: abc123 }\n';
    expect(await diagnose(file, ["node"])).toMatchObject([{ code: "key-only-on-aws" }]);
    expect(await templateText(file.slice(file.indexOf("routes")))).toContain('"connectionType":"VPC_LINK"');
  },
  async "canary-choice"() {
    const text = await templateText(
      `${lambda}stages: { prod: { canary: { percent: 10, sticky: $context.identity.sourceIp } } }\n`,
    );
    expect(text).toContain('"PercentTraffic":10,"StageVariableOverrides":{},"UseStageCache":false}');
  },
  async "cache-invalidation"() {
    const text = await templateText(`${lambda}stages: { prod: { cache: { invalidate: anyone } } }\n`);
    expect(text).toContain('"CacheClusterEnabled":true');
    expect(text).not.toMatch(/[Aa]uthorizationForCacheControl/);
  },
  async "cached-errors"() {
    let calls = 0;
    const { ask } = cachedGateway((x) => x.answer(++calls === 1 ? 500 : 200, [], `call ${calls}`));
    expect([await ask(), await ask(), await ask()]).toEqual(["call 1", "call 2", "call 2"]);
  },
  async "cached-callers"() {
    let calls = 0;
    const { ask } = cachedGateway((x) => x.answer(200, [], `call ${++calls}`));
    expect([await ask("ann"), await ask("bob"), await ask("ann")]).toEqual(["call 1", "call 2", "call 1"]);
  },
  async "account-throttle"() {
    const burstOf = async (argument: readonly string[]) => {
      const parsed = parseArguments(argument, {});
      return parsed.kind === "serve" ? parsed.accountThrottle?.burst : parsed.kind;
    };
    expect(await burstOf([])).toBeUndefined();
    expect(await burstOf(["--account-throttle", "aws"])).toBe(5000);
  },
  async "tls-1-3"() {
    const text = await templateText(`${lambda}domains: { api.example.com: { securityPolicy: TLS_1_3 } }\n`);
    expect(text).toContain('"SecurityPolicy":"TLS_1_2"');
  },
  async "websocket-default-stage"() {
    const text = await templateText(`kind: http\n${lambda}websocket: { routes: { $default: { lambda: y } } }\n`);
    expect(text).toContain('"StageName":"$default"');
    expect(text).toContain('"StageName":"default"');
  },
  async "issuer-endpoint"() {
    const jwt = "{ jwt: https://login.example/, audience: [a], issuerEndpoint: http://127.0.0.1:9000 }";
    const text = await templateText(`kind: http\nauthorizers: { t: ${jwt} }\nauth: t\n${lambda}`);
    expect(text).not.toContain("127.0.0.1");
  },
  async "aws-options"() {
    const file =
      'gateway: a\nroutes:\n  GET /o: { http: "https://x.example/", request: { aws-options: { timeoutInMillis: 90 } } }\n';
    expect(await templateText(file.slice(file.indexOf("routes")))).toContain('"timeoutInMillis":90');
    expect((await modelOf(file)).routes[0]?.integration.timeoutMs).toBe(29_000);
    expect(await diagnose(file, ["node"])).toMatchObject([{ code: "aws-option-has-key" }]);
  },
  async "answer-checks"() {
    const file = `gateway: a\nvalidateResponses: fail\n${lambda}`;
    expect(await diagnose(file, ["aws"])).toMatchObject([{ code: "key-only-on-node" }]);
    expect(JSON.stringify(planAwsDocument(await modelOf(file)))).toBe(
      JSON.stringify(planAwsDocument(await modelOf(`gateway: a\n${lambda}`))),
    );
  },
  async "integration-timeout"() {
    const file = `gateway: a\ntimeout: 2m\n${lambda}`;
    expect(await diagnose(file, ["aws"])).toMatchObject([{ code: "timeout-over-quota" }]);
    expect(await diagnose(file, ["node"])).toEqual([]);
    expect((await modelOf(file)).routes[0]?.integration.timeoutMs).toBe(120_000);
  },
  async "service-credentials"() {
    const role = "arn:aws:iam::123456789012:role/orders";
    const file = `gateway: a\nroutes:\n  POST /o: { aws: sqs:SendMessage, with: { QueueUrl: q }, credentials: ${role} }\n`;
    expect(await templateText(file.slice(file.indexOf("routes")))).toContain(role);
    const files = await gatewayGenerator.generate(await modelOf(file), {
      projectDir: root,
      outDir: join(root, "build"),
    });
    expect(files.map(({ content }) => String(content)).join("\n")).not.toContain(role);
  },
  async "websocket-limits"() {
    const socket = "websocket: { limits: { message: 1048576 }, routes: { $default: { lambda: y } } }\n";
    expect(await diagnose(`gateway: a\n${lambda}${socket}`, ["aws"])).toMatchObject([{ code: "websocket-beyond-aws" }]);
    expect((await modelOf(`gateway: a\n${lambda}${socket}`)).websocket?.limits.messageBytes).toBe(1_048_576);
  },
  async "path-in-cache-key"() {
    const route = "routes:\n  GET /o/{id}: { lambda: x, cache: { keys: [] } }\nstages: { dev: { cache: true } }\n";
    expect(await templateText(route)).toContain('"cacheKeyParameters":["method.request.path.id"]');
  },
  async "http-2"() {
    const gateway = createGateway({
      ...{ program: testProgram([testRoute("GET /x", (x) => x.answer(200, [], "ok"))]), port: 0, host: "127.0.0.1" },
    });
    const { port } = await gateway.listen();
    try {
      const socket = connect(port, "127.0.0.1");
      socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      const [first] = (await once(socket, "data")) as [Buffer];
      expect(first.toString("latin1")).toMatch(/^HTTP\/1\.1 (?:400|505) /);
      socket.destroy();
    } finally {
      await gateway.close();
    }
  },
  async "design-by-file"() {
    const gateway = createGateway({ program: testProgram([testRoute("GET /x", (x) => x.answer(200, [], "ok"))]) });
    const [api] = gateway.apis;
    const request: AdminRequest = {
      ...{ method: "POST", path: `/restapis/${api?.apiId}/models`, query: new URLSearchParams(), headers: {} },
      body: Buffer.from('{"name":"Order","schema":"{}"}'),
    };
    const target = { gateway: () => gateway } as unknown as AdminTarget;
    await expect(controlPlane(target, request)).rejects.toThrow("a model stands in gateway.yaml");
  },
  async "null-in-models"() {
    const model = await modelOf(
      'gateway: a\nmodels: "interface A { b: string | null }"\nroutes:\n  POST /o: { body: A, lambda: x }\n',
    );
    expect(JSON.stringify(planAwsDocument(model))).toContain('"anyOf":[{"type":"string"},{"enum":[null]}]');
  },
};

describe("known differences", () => {
  const page = readFileSync(join(root, "docs/differences.md"), "utf8");
  const ids = [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, id]) => id as string);

  test("every row has a test, and every test a row", () => expect(Object.keys(shown).sort()).toEqual([...ids].sort()));

  test.each(ids)("%s", async (id) => shown[id]?.());
});
