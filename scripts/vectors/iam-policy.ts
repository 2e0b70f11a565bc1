import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compilePolicy, decide, type PolicyPrincipal, type PolicyResult } from "../../runtime/auth/policy/index.js";
import type { VectorResult } from "./json-schema.js";

interface PolicyCase {
  readonly id: string;
  readonly auth: "NONE" | "AWS_IAM";
  readonly resourcePolicy: unknown;
  readonly identityPolicy: unknown;
  readonly request: {
    readonly arn: string;
    readonly action: string;
    readonly context: Readonly<Record<string, string | readonly string[]>>;
    readonly principal?: string;
  };
  readonly expect: "allow" | "deny";
  readonly why: string;
}

/** Decisions of API Gateway's authorization flow by resource and identity policy, same account and other. */
export function runIamPolicyVectors(dir: string): VectorResult {
  const { cases } = JSON.parse(readFileSync(join(dir, "cases.json"), "utf8")) as {
    readonly cases: readonly PolicyCase[];
  };
  const failed: string[] = [];
  for (const testCase of cases) {
    const actual = decisionOf(testCase);
    if (actual !== testCase.expect)
      failed.push(`${testCase.id}: ${actual}, wanted ${testCase.expect} (${testCase.why})`);
  }
  return { passed: cases.length - failed.length, failed, known: [] };
}

function decisionOf({ auth, resourcePolicy, identityPolicy, request }: PolicyCase): string {
  const [, , , region, account = "", rest = ""] = request.arn.split(":");
  const apiArn = `arn:aws:execute-api:${region}:${account}:${rest.split("/")[0]}/`;
  const asked = {
    action: request.action,
    resource: request.arn,
    principal: request.principal === undefined ? undefined : principalOf(request.principal),
    context: new Map(Object.entries(request.context).map(([key, value]) => [key.toLowerCase(), value])),
  };
  const resource: PolicyResult =
    resourcePolicy === null
      ? "silent"
      : compilePolicy(resourcePolicy, { kind: "resource", account, apiArn }).evaluate(asked);
  if (auth === "NONE") return resource === "allow" ? "allow" : "deny";
  const identity: PolicyResult =
    identityPolicy === null ? "silent" : compilePolicy(identityPolicy, { kind: "identity", apiArn }).evaluate(asked);
  return decide(identity, resource, asked.principal?.accountId === account) === "allow" ? "allow" : "deny";
}

/** The session of a role is the role too. */
function principalOf(arn: string): PolicyPrincipal {
  const accountId = arn.split(":")[4] ?? "";
  const role = /^arn:(aws[\w-]*):sts::(\d+):assumed-role\/([^/]+)\//.exec(arn);
  return { accountId, arns: role ? [arn, `arn:${role[1]}:iam::${role[2]}:role/${role[3]}`] : [arn] };
}
