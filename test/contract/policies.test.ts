import fc from "fast-check";
import { expect, test } from "vitest";
import { compilePolicy } from "../../runtime/auth/policy/index.js";
import { Changes } from "../../src/contract/change.js";
import { comparePolicies } from "../../src/contract/compare-policies.js";
import type { JsonValue } from "../../src/model/types.js";

const some = (values: readonly string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 });
const addresses = ["192.0.2.0/24", "192.0.2.7", "198.51.100.0/25", "198.51.100.9", "2001:db8::/32", "0.0.0.0/0"];
const principals = fc.oneof(
  fc.constant("*"),
  some(["111111111111", "arn:aws:iam::222222222222:root", "arn:aws:iam::111111111111:user/ann"]).map((AWS) => ({
    AWS,
  })),
);
const condition = fc.option(
  fc.record(
    {
      IpAddress: fc.record({ "aws:SourceIp": some(addresses) }),
      NotIpAddress: fc.record({ "aws:SourceIp": some(addresses) }),
      StringEquals: fc.record({ "aws:SourceVpc": some(["vpc-1", "vpc-2"]) }),
      StringNotLike: fc.record({ "aws:UserAgent": some(["curl*", "bot", "*bot*"]) }),
      StringLikeIfExists: fc.record({ "aws:UserAgent": some(["curl*", "*"]) }),
    },
    { requiredKeys: [] },
  ),
);
const statement = fc
  .record({
    Effect: fc.constantFrom("Allow", "Allow", "Deny"),
    Principal: principals,
    Action: fc.constantFrom("execute-api:Invoke", "execute-api:*", "*"),
    Resource: some([
      "*",
      "arn:aws:execute-api:*:*:*/prod/GET/*",
      "arn:aws:execute-api:*:*:*/prod/GET/a",
      "arn:aws:execute-api:*:*:*/*/POST/?",
    ]),
    Condition: condition,
  })
  .map(({ Condition, ...rest }) => (Condition ? { ...rest, Condition } : rest) as JsonValue);
const policy = fc
  .array(statement, { minLength: 1, maxLength: 3 })
  .map((Statement) => ({ Version: "2012-10-17", Statement }));

const requests = ["GET/a", "GET/b", "POST/x", "DELETE/a"].flatMap((call) =>
  ["192.0.2.7", "192.0.2.200", "198.51.100.9", "198.51.100.200", "2001:db8::1", "203.0.113.1"].flatMap((ip) =>
    [undefined, "111111111111", "222222222222"].flatMap((account) =>
      [
        { "aws:useragent": "curl/8", "aws:sourcevpc": "vpc-1" },
        { "aws:useragent": "a bot of ours" },
        { "aws:sourcevpc": "vpc-2" },
      ].map((more) => ({
        action: "execute-api:Invoke",
        resource: `arn:aws:execute-api:us-east-1:123456789012:api/prod/${call}`,
        principal: account ? { accountId: account, arns: [`arn:aws:iam::${account}:user/ann`] } : undefined,
        context: new Map<string, string>(Object.entries({ "aws:sourceip": ip, ...more })),
      })),
    ),
  ),
);

test("no request that an older policy lets in is refused by one that breaks nobody", () => {
  let silent = 0;
  fc.assert(
    fc.property(policy, policy, fc.boolean(), (one, other, together) => {
      const older = one as JsonValue;
      const newer = (together ? { ...other, Statement: [...other.Statement, ...one.Statement] } : other) as JsonValue;
      const changes = new Changes();
      comparePolicies(older, newer, false, changes);
      if (changes.list.some(({ kind }) => kind === "breaking")) return;
      silent++;
      const [before, now] = [older, newer].map((document) => compilePolicy(document, { kind: "resource" }));
      for (const request of requests) {
        if (before?.evaluate(request) !== "allow") continue;
        expect(now?.evaluate(request), JSON.stringify([older, newer, request, [...request.context]])).toBe("allow");
      }
    }),
    { numRuns: 600 },
  );
  expect(silent).toBeGreaterThan(50);
});
