import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAddress } from "../../../runtime/auth/policy/addresses.js";
import { compilePolicy, decide, PolicyError, type PolicyRequest } from "../../../runtime/auth/policy/index.js";
import { patternParts, wildcardMatcher } from "../../../runtime/auth/policy/wildcards.js";
import { runIamPolicyVectors } from "../../../scripts/vectors/iam-policy.js";
import { sharedFolder } from "../../support/paths.js";
import { type PlainPolicy, slowEvaluate } from "./slow-policy.js";

const account = "111122223333";
const arn = `arn:aws:execute-api:eu-west-1:${account}:abc123/prod/GET/pets`;

function ask(
  context: Readonly<Record<string, string | readonly string[]>> = {},
  more: Partial<PolicyRequest> = {},
): PolicyRequest {
  return {
    action: "execute-api:Invoke",
    resource: arn,
    principal: undefined,
    context: new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value])),
    ...more,
  };
}

const allow = (more: object = {}) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "*", ...more }],
});
const resource = { kind: "resource", account, apiArn: `arn:aws:execute-api:eu-west-1:${account}:abc123/` } as const;
const evaluate = (document: unknown, request: PolicyRequest) => compilePolicy(document, resource).evaluate(request);

test.skipIf(sharedFolder() === undefined)("the decision tables and conditions of AWS's documentation", () => {
  expect(runIamPolicyVectors(join(sharedFolder() ?? "", "vectors/iam-policy")).failed).toEqual([]);
});

test("50,000 random policies: the same as the slow evaluator says", () => {
  fc.assert(
    fc.property(anyPolicy(), anyRequest(), (policy, request) => {
      expect(compilePolicy(policy, resource).evaluate(request)).toBe(slowEvaluate(policy, request, account));
    }),
    { numRuns: 50_000 },
  );
});

describe("conditions", () => {
  const cases: readonly [string, object, Readonly<Record<string, string | readonly string[]>>, boolean][] = [
    ["ForAllValues holds without the key", { "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] } }, {}, true],
    ["ForAnyValue does not", { "ForAnyValue:StringEquals": { "aws:TagKeys": ["a"] } }, {}, false],
    ["one of many", { "ForAnyValue:StringLike": { "aws:TagKeys": ["a*"] } }, { "aws:TagKeys": ["b", "ab"] }, true],
    [
      "all of many",
      { "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "b"] } },
      { "aws:TagKeys": ["b", "c"] },
      false,
    ],
    ["IfExists with the key", { StringEqualsIfExists: { "aws:SourceVpc": "v" } }, { "aws:SourceVpc": "w" }, false],
    ["keys without case", { StringEquals: { "AWS:sourcevpc": "v" } }, { "aws:SourceVpc": "v" }, true],
    [
      "epoch seconds",
      { DateGreaterThan: { "aws:EpochTime": "2020-01-01T00:00:00Z" } },
      { "aws:EpochTime": "1700000000" },
      true,
    ],
    [
      "an ARN part by part",
      { ArnLike: { "aws:SourceArn": "arn:aws:*:*:1:x" } },
      { "aws:SourceArn": "arn:aws:s:r:q:1:x" },
      false,
    ],
    [
      "an ARN",
      { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:1:t*" } },
      { "aws:SourceArn": "arn:aws:sns:r:1:topic:x" },
      true,
    ],
    ["numbers as JSON", { NumericLessThanEquals: { n: 5 } }, { n: "5.0" }, true],
    ["what is no number equals none", { NumericNotEquals: { n: "5" } }, { n: "five" }, true],
    ["Null false", { Null: { k: "false" } }, { k: "" }, true],
    ["a wildcard that is meant as one letter", { StringLike: { k: "a${*}" } }, { k: "ab" }, false],
    [
      "a variable with wildcards in its value",
      { StringLike: { k: "${aws:username}" } },
      { k: "ab", "aws:username": "a*" },
      false,
    ],
    ["a default of a variable", { StringEquals: { k: "${aws:username, 'me'}" } }, { k: "me" }, true],
    ["IPv6 within", { IpAddress: { "aws:SourceIp": "2001:db8::/32" } }, { "aws:SourceIp": "2001:db8:1::7" }, true],
  ];
  test.each(cases)("%s", (_, Condition, context, isAllowed) => {
    expect(evaluate(allow({ Condition }), ask(context))).toBe(isAllowed ? "allow" : "silent");
  });
});

test("principals: everybody, an account, a user, the session of a role; all but", () => {
  const user = { accountId: "999988887777", arns: ["arn:aws:iam::999988887777:user/eve"] };
  const session = {
    accountId: account,
    arns: [`arn:aws:sts::${account}:assumed-role/r/s`, `arn:aws:iam::${account}:role/r`],
  };
  const says = (element: object, principal: PolicyRequest["principal"]) =>
    evaluate(allow({ Principal: undefined, ...element }), ask({}, { principal }));
  const wanted: readonly [object, PolicyRequest["principal"], string][] = [
    [{ Principal: { AWS: "*" } }, undefined, "allow"],
    [{ Principal: { AWS: "999988887777" } }, undefined, "silent"],
    [{ Principal: { AWS: "999988887777" } }, user, "allow"],
    [{ Principal: { AWS: `arn:aws:iam::${account}:role/r` } }, session, "allow"],
    // The owner's own account: its users' identity policies decide.
    [{ Principal: { AWS: `arn:aws:iam::${account}:root` } }, session, "silent"],
    [{ Principal: { Service: "sns.amazonaws.com" } }, user, "silent"],
  ];
  for (const [element, principal, result] of wanted) {
    const { Principal, ...rest } = allow().Statement[0] as Record<string, unknown>;
    const document = { Version: "2012-10-17", Statement: [{ ...rest, ...element }] };
    expect([element, compilePolicy(document, resource).evaluate(ask({}, { principal }))]).toEqual([element, result]);
    expect(Principal).toBe("*");
  }
  expect(() => says({}, user)).toThrow(PolicyError);
});

test("execute-api:/ stands for the API", () => {
  expect(evaluate(allow({ Resource: "execute-api:/prod/*/pets" }), ask())).toBe("allow");
  expect(evaluate(allow({ Resource: "execute-api:/dev/*" }), ask())).toBe("silent");
});

test.each([
  ["no object", []],
  ["no statement", { Version: "2012-10-17" }],
  ["another version", { Version: "2020-01-01", Statement: [] }],
  ["a misspelt effect", allow({ Effect: "allow" })],
  ["a misspelt member", allow({ Conditions: {} })],
  ["a misspelt operator", allow({ Condition: { StringEqual: { a: "b" } } })],
  ["both Action and NotAction", allow({ NotAction: "*" })],
  ["no list of texts", allow({ Resource: [{}] })],
  ["no address", allow({ Condition: { IpAddress: { "aws:SourceIp": "10.0.0" } } })],
  ["no date", allow({ Condition: { DateLessThan: { "aws:CurrentTime": "soon" } } })],
  ["a principal with wildcards", allow({ Principal: { AWS: "arn:aws:iam::111122223333:user/*" } })],
])("refused: %s", (_, document) => {
  expect(() => compilePolicy(document, resource)).toThrow(PolicyError);
});

test("any JSON is a policy or a PolicyError", () => {
  const odd = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant({ toString: 1 }));
  const names = [
    "Version",
    "Statement",
    "Effect",
    "Principal",
    "Action",
    "Resource",
    "Condition",
    "NotAction",
    "AWS",
    "IpAddress",
  ];
  const document = fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(odd, fc.array(fc.dictionary(fc.constantFrom(...names), odd))),
  );
  fc.assert(
    fc.property(
      document,
      fc.constantFrom("Version", "Effect", "Principal", "Action", "Resource", "Condition", "none"),
      odd,
      (value, replaced, by) => {
        const statement = { ...(allow().Statement[0] as object), ...(replaced === "none" ? {} : { [replaced]: by }) };
        for (const candidate of [
          value,
          { Version: replaced === "Version" ? by : "2012-10-17", Statement: statement },
        ]) {
          try {
            compilePolicy(candidate, resource).evaluate(ask());
          } catch (error) {
            expect(error).toBeInstanceOf(PolicyError);
          }
        }
      },
    ),
    { numRuns: 5_000 },
  );
});

test("a policy of the caller names no principal", () => {
  expect(() => compilePolicy(allow(), { kind: "identity" })).toThrow(PolicyError);
});

test("tables A and B", () => {
  expect(decide("allow", "silent", true)).toBe("allow");
  expect(decide("silent", "allow", true)).toBe("allow");
  expect(decide("allow", "silent", false)).toBe("implicit-deny");
  expect(decide("allow", "allow", false)).toBe("allow");
  expect(decide("deny", "allow", true)).toBe("explicit-deny");
  expect(decide("silent", "silent", true)).toBe("implicit-deny");
});

test("wildcards are bounded: a pattern of stars does not take long", () => {
  const matches = wildcardMatcher(patternParts(`${"*a?".repeat(200)}b`));
  const start = performance.now();
  expect(matches("a".repeat(10_000))).toBe(false);
  expect(performance.now() - start).toBeLessThan(500);
});

test("addresses of version 6, with a version 4 tail too", () => {
  expect(parseAddress("::ffff:192.0.2.1")).toEqual([0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201]);
  expect(parseAddress("2001:db8::")).toEqual([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0]);
  expect(parseAddress("1:2:3:4:5:6:1.2.3.4")).toHaveLength(8);
  for (const wrong of ["", "1.2.3", "1.2.3.256", "::1::", "1:2:3:4:5:6:7:8:9", "g::", ":1", "1:2:3:4:5:6:7:1.2.3.4"]) {
    expect([wrong, parseAddress(wrong)]).toEqual([wrong, undefined]);
  }
});

function anyPolicy(): fc.Arbitrary<PlainPolicy> {
  const some = (...values: string[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
  const principals = fc.oneof(
    fc.constant("*" as const),
    fc.record({
      AWS: some(
        account,
        "999988887777",
        `arn:aws:iam::${account}:root`,
        "arn:aws:iam::999988887777:user/eve",
        `arn:aws:iam::${account}:user/ann`,
      ),
    }),
  );
  const actions = some(
    "execute-api:Invoke",
    "EXECUTE-API:inv*",
    "*",
    "s3:*",
    "execute-api:In?oke",
    "execute-api:ManageConnections",
  );
  const resources = some(
    "*",
    arn,
    "arn:aws:execute-api:*:*:abc123/prod/*",
    "arn:*/dev/*",
    "*/GET/?ets",
    "*/${aws:username}",
    "*${*}*",
    "*/GET/pets*",
  );
  const texts = some("a", "A", "a*", "?b", "${aws:username}", "${nobody}", "${nobody, 'a'}", "${*}");
  const condition = fc.oneof(
    fc.tuple(
      fc.constantFrom(
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringNotLike",
      ),
      fc.constantFrom("k", "many", "nobody"),
      texts,
    ),
    fc.tuple(
      fc.constantFrom("IpAddress", "NotIpAddress"),
      fc.constant("aws:SourceIp"),
      some("10.0.0.0/8", "10.1.2.3", "0.0.0.0/0", "2001:db8::/33", "::/0", "10.1.2.77/25"),
    ),
    fc.tuple(
      fc.constantFrom("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals"),
      fc.constantFrom("n", "nobody"),
      some("1", "2.5", "-3"),
    ),
    fc.tuple(fc.constant("DateLessThan"), fc.constant("aws:CurrentTime"), some("2026-01-01T00:00:00Z", "2025-01-01")),
    fc.tuple(fc.constant("Bool"), fc.constant("aws:SecureTransport"), some("true", "FALSE")),
  );
  const conditions = fc
    .tuple(fc.constantFrom("", "ForAllValues:", "ForAnyValue:"), condition, fc.boolean())
    .map(([set, [operator, key, values], isOptional]) => ({
      [`${set}${operator}${isOptional ? "IfExists" : ""}`]: { [key]: values },
    }));
  const nulls = fc
    .tuple(fc.constantFrom("k", "nobody"), some("true", "false"))
    .map(([key, values]) => ({ Null: { [key]: values } }));
  const statement = fc
    .record({
      Effect: fc.constantFrom("Allow" as const, "Allow" as const, "Deny" as const),
      who: fc.tuple(fc.constantFrom("Principal", "Principal", "NotPrincipal"), principals),
      what: fc.tuple(fc.constantFrom("Action", "Action", "NotAction"), actions),
      where: fc.tuple(fc.constantFrom("Resource", "Resource", "NotResource"), resources),
      Condition: fc.option(fc.oneof(conditions, nulls), { nil: undefined }),
    })
    .map(({ Effect, who, what, where, Condition }) => ({
      Effect,
      [who[0]]: who[1],
      [what[0]]: what[1],
      [where[0]]: where[1],
      ...(Condition && { Condition }),
    }));
  return fc.record({
    Version: fc.constantFrom("2012-10-17" as const, "2012-10-17" as const, "2008-10-17" as const),
    Statement: fc.array(statement, { minLength: 1, maxLength: 4 }),
  });
}

function anyRequest(): fc.Arbitrary<PolicyRequest> {
  const text = fc.constantFrom("a", "A", "ab", "bb", "*", "", "${aws:username}");
  const context = fc.record(
    {
      k: text,
      many: fc.array(text, { minLength: 1, maxLength: 3 }),
      n: fc.constantFrom("1", "2.5", "-3", "7"),
      "aws:username": fc.constantFrom("a", "pets", "*"),
      "aws:sourceip": fc.constantFrom("10.1.2.3", "10.1.2.100", "192.0.2.1", "2001:db8::1", "2001:db8:8000::1"),
      "aws:currenttime": fc.constantFrom("2025-06-01T00:00:00Z", "2027-01-01T00:00:00Z"),
      "aws:securetransport": fc.constantFrom("true", "false"),
    },
    { requiredKeys: [] },
  );
  const principal = fc.constantFrom(
    undefined,
    { accountId: account, arns: [`arn:aws:iam::${account}:user/ann`] },
    { accountId: "999988887777", arns: ["arn:aws:iam::999988887777:user/eve"] },
  );
  return fc.record({
    action: fc.constantFrom("execute-api:Invoke", "execute-api:Invoke", "execute-api:ManageConnections"),
    resource: fc.constantFrom(arn, arn.replace("prod", "dev"), `${arn}/*`, arn.replace("abc123", "other")),
    principal,
    context: context.map((values) => new Map(Object.entries(values) as [string, string | string[]][])),
  });
}
