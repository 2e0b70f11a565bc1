import { compilePolicy, type Decision, decide, type PolicyResult } from "../../runtime/auth/policy/index.js";
import type { AreaRunner } from "./case.js";
import { show } from "./compare.js";

const outcomes: Readonly<Record<Decision, string>> = {
  allow: "Allow",
  "explicit-deny": "ExplicitDeny",
  "implicit-deny": "ImplicitDeny",
};

/** Tables A and B, by policies that say what the case says of them. */
export const runPolicyTable: AreaRunner = ({ given, expect }) => {
  const caller = resultOf(String(given["authorizerPolicy"]), "identity");
  const resource = resultOf(String(given["resourcePolicy"]), "resource");
  const actual = outcomes[decide(caller, resource, given["sameAccount"] === true)];
  return actual === expect["decision"] ? undefined : `decides ${actual}, wanted ${show(expect["decision"])}`;
};

function resultOf(effect: string, kind: "identity" | "resource"): PolicyResult {
  const base = { Action: "execute-api:Invoke", ...(kind === "resource" && { Principal: "*" }) };
  const statement =
    effect === "None" ? { ...base, Effect: "Allow", Resource: "other" } : { ...base, Effect: effect, Resource: "*" };
  return compilePolicy({ Version: "2012-10-17", Statement: [statement] }, { kind }).evaluate({
    action: "execute-api:Invoke",
    resource: "arn:aws:execute-api:eu-west-1:111122223333:abc123/prod/GET/pets",
    principal: undefined,
    context: new Map(),
  });
}
