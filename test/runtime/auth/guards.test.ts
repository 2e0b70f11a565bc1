import { describe, expect, test } from "vitest";
import type { Guards } from "../../../runtime/auth/guards.js";
import { requirePrivate } from "../../../runtime/auth/require-private.js";
import { resourcePolicy } from "../../../runtime/auth/resource-policy.js";
import { policyAgrees, policyAllows, policyDenies } from "../../../runtime/auth/resource-policy-steps.js";
import { wafRules } from "../../../runtime/auth/waf/waf-rules.js";
import { ManualClock } from "../../../runtime/clock.js";
import { createGateway, type GatewayOptions } from "../../../runtime/host/gateway.js";
import { contextValue } from "../../../runtime/http/context-value.js";
import type { Exchange } from "../../../runtime/http/exchange.js";
import type { LogRecord } from "../../../runtime/observe/logger.js";
import { testProgram, testRoute } from "../../../scripts/conformance/program.js";

/** A gateway behind a proxy that says where a request comes from. */
function gatewayOf(
  guards: Guards,
  steps: readonly ((x: Exchange) => boolean)[],
  options: Partial<GatewayOptions> = {},
) {
  const route = testRoute("GET /a", (x) => {
    for (const step of steps) if (step(x)) return true;
    return x.answer(200, [], contextValue(x, "identity.vpceId") ?? "ok");
  });
  const program = { ...testProgram([route], { stages: [{ name: "dev", variables: [], log: "info" }] }), guards };
  const logged: LogRecord[] = [];
  const trusted = {
    trustedProxies: ["127.0.0.1"],
    environment: {},
    logger: { write: (line: LogRecord) => logged.push(line) },
  };
  const gateway = createGateway({ program, ...trusted, ...options });
  const ask = async (address: string, ...headers: string[]) => {
    const answer = await gateway.inject({ path: "/dev/a", headers: ["X-Forwarded-For", address, ...headers] });
    return { status: answer.status, body: answer.body.toString("utf8") };
  };
  return { ask, logged };
}

const policyOf = (...Statement: object[]) =>
  resourcePolicy({
    Version: "2012-10-17",
    Statement: Statement.map((more) => ({
      Effect: "Allow",
      Principal: "*",
      Action: "execute-api:Invoke",
      Resource: "*",
      ...more,
    })),
  });

const masked = "arn:aws:execute-api:eu-west-1:********9012:abcdefghij/dev/GET/a";
const refused = (how = "") => ({
  status: 403,
  body: `{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: ${masked}${how}"}`,
});

describe("resource policies", () => {
  test("an open route needs an explicit allow", async () => {
    const inside = policyOf({ Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } });
    const { ask } = gatewayOf({ policy: inside }, [policyAllows]);
    expect(await ask("192.0.2.7")).toEqual({ status: 200, body: "ok" });
    expect(await ask("203.0.113.7")).toEqual(refused());
  });

  test("an explicit deny wins and says so", async () => {
    const { ask } = gatewayOf({ policy: policyOf({}, { Effect: "Deny", Resource: "execute-api:/dev/GET/a" }) }, [
      policyAllows,
    ]);
    expect(await ask("192.0.2.7")).toEqual(refused(" with an explicit deny"));
  });

  test("headers: Referer and User-Agent", async () => {
    const { ask } = gatewayOf(
      { policy: policyOf({ Condition: { StringLike: { "aws:Referer": "https://a.example/*" } } }) },
      [policyAllows],
    );
    expect((await ask("192.0.2.7", "Referer", "https://a.example/x")).status).toBe(200);
    expect((await ask("192.0.2.7")).status).toBe(403);
  });

  test("a Lambda authorizer: a deny comes before it, then both decide by Table A", async () => {
    const asked: string[] = [];
    const authorizer = (effect: "allow" | "silent") => (x: Exchange) => {
      asked.push(effect);
      x.authorizerEffect = effect;
      return false;
    };
    const denies = gatewayOf({ policy: policyOf({ Effect: "Deny" }) }, [
      policyDenies,
      authorizer("allow"),
      policyAgrees,
    ]);
    expect(await denies.ask("192.0.2.7")).toEqual(refused(" with an explicit deny"));
    expect(asked).toEqual([]);
    const elsewhere = policyOf({ Resource: "execute-api:/other/*" });
    const cases: readonly [Guards["policy"], "allow" | "silent", number][] = [
      [policyOf({}), "silent", 200],
      [elsewhere, "allow", 200],
      [elsewhere, "silent", 403],
    ];
    for (const [policy, effect, status] of cases) {
      const { ask } = gatewayOf(policy ? { policy } : {}, [policyDenies, authorizer(effect), policyAgrees]);
      expect((await ask("192.0.2.7")).status).toBe(status);
    }
  });

  test("one that cannot be read ends the start", () => {
    expect(() => gatewayOf({ policy: policyOf({ Effect: "allow" }) }, [policyAllows])).toThrow(
      /^the resource policy cannot be used: Effect is/,
    );
  });
});

describe("private endpoints", () => {
  const policy = policyOf({ Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } } });
  const steps = [requirePrivate, policyAllows];

  test("callers of public addresses are refused, whatever the policy says", async () => {
    const { ask } = gatewayOf({ policy: policyOf({}), isPrivate: true }, steps);
    for (const address of ["10.1.2.3", "172.16.0.1", "192.168.1.1", "127.0.0.1", "fd00::1"]) {
      expect([address, (await ask(address)).status]).toEqual([address, 200]);
    }
    for (const address of ["203.0.113.1", "172.32.0.1", "2001:db8::1"]) {
      expect(await ask(address)).toEqual({ status: 403, body: '{"message":"Forbidden"}' });
    }
  });

  test("the endpoint that requests come through is what the operator says, and nothing that a client sends", async () => {
    const unsaid = gatewayOf({ policy, isPrivate: true }, steps);
    expect((await unsaid.ask("10.0.0.1", "X-Amzn-Vpce-Id", "vpce-1")).status).toBe(403);
    const said = gatewayOf({ policy, isPrivate: true }, steps, { vpcEndpoint: "vpce-1" });
    expect(await said.ask("10.0.0.1")).toEqual({ status: 200, body: "vpce-1" });
    const other = gatewayOf({ policy, isPrivate: true }, steps, { environment: { GATEWAY_VPC_ENDPOINT: "vpce-2" } });
    expect((await other.ask("10.0.0.1")).status).toBe(403);
  });

  test("x-apigw-api-id chooses this API, or none", async () => {
    const { ask } = gatewayOf({ policy: policyOf({}), isPrivate: true }, steps);
    expect((await ask("10.0.0.1", "x-apigw-api-id", "abcdefghij")).status).toBe(200);
    expect((await ask("10.0.0.1", "x-apigw-api-id", "otherotherx")).status).toBe(403);
  });

  test("addresses are aws:VpcSourceIp there", async () => {
    const byVpcAddress = policyOf({ Condition: { IpAddress: { "aws:VpcSourceIp": "10.0.0.0/8" } } });
    const byAddress = policyOf({ Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } });
    expect((await gatewayOf({ policy: byVpcAddress, isPrivate: true }, steps).ask("10.0.0.1")).status).toBe(200);
    expect((await gatewayOf({ policy: byAddress, isPrivate: true }, steps).ask("10.0.0.1")).status).toBe(403);
  });
});

describe("firewall rules", () => {
  const none = { allow: [], block: [], size: {}, patterns: [] };

  test("addresses that are blocked, and those that nothing stops", async () => {
    const waf = wafRules({
      ...none,
      allow: ["198.51.100.7"],
      block: ["198.51.100.0/24", "2001:db8::/32"],
      patterns: [{ in: "path", pattern: /dev/i }],
    });
    const { ask, logged } = gatewayOf({ waf }, []);
    expect((await ask("198.51.100.7")).status).toBe(200);
    expect(await ask("198.51.100.8")).toEqual({ status: 403, body: '{"message":"Forbidden"}' });
    expect((await ask("2001:db8::9")).status).toBe(403);
    expect((await ask("192.0.2.1")).status).toBe(403);
    const refusals = logged.filter(({ type }) => type !== undefined);
    expect(refusals.map(({ type, detail }) => `${type} ${detail}`)).toEqual([
      "WAF_FILTERED waf block",
      "WAF_FILTERED waf block",
      "WAF_FILTERED waf pattern 1",
    ]);
  });

  test("a rate slides: whoever goes on stays refused, whoever waits comes back", async () => {
    const clock = new ManualClock(0);
    const waf = wafRules({ ...none, rate: { limit: 10, windowSeconds: 60 } });
    const { ask } = gatewayOf({ waf }, [], { clock });
    for (let call = 0; call < 10; call++) expect((await ask("192.0.2.1")).status).toBe(200);
    expect((await ask("192.0.2.1")).status).toBe(403);
    expect((await ask("192.0.2.2")).status).toBe(200);
    clock.advance(30_000);
    expect((await ask("192.0.2.1")).status).toBe(403);
    clock.advance(66_000);
    expect((await ask("192.0.2.1")).status).toBe(200);
  });

  test("addresses of version 6 count by /64", async () => {
    const { ask } = gatewayOf({ waf: wafRules({ ...none, rate: { limit: 2, windowSeconds: 60 } }) }, []);
    expect((await ask("2001:db8::1")).status).toBe(200);
    expect((await ask("2001:db8::2")).status).toBe(200);
    expect((await ask("2001:db8::3")).status).toBe(403);
    expect((await ask("2001:db8:0:1::3")).status).toBe(200);
  });

  test("headers of any name, cookies, and bodies without a length", async () => {
    const waf = wafRules({
      ...none,
      size: { cookies: 10, headers: 200 },
      patterns: [{ in: "header", pattern: /\$\{jndi:/i }],
    });
    const { ask } = gatewayOf({ waf }, []);
    expect((await ask("192.0.2.1", "Cookie", "a=1")).status).toBe(200);
    expect((await ask("192.0.2.1", "Cookie", "a=1; b=23456789")).status).toBe(403);
    expect((await ask("192.0.2.1", "X-Api-Version", "${JNDI:ldap://x}")).status).toBe(403);
    expect((await ask("192.0.2.1", "X-Long", "x".repeat(200))).status).toBe(403);
  });
});
