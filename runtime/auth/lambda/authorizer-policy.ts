import type { Exchange } from "../../http/exchange.js";
import { type CompiledPolicy, compilePolicy, PolicyError, type PolicyResult } from "../policy/index.js";
import { RequestContext } from "../policy-context.js";
import { ResultProblem } from "./result-problem.js";

/** The policy that an authorizer's function answered with, ready to be asked about one method after the other. */
export interface AuthorizerPolicy {
  /** @param arn of the method; the action is always execute-api:Invoke */
  effectOn(arn: string, x: Exchange): PolicyResult;
  /** The one method that it can let in; undefined when it may be several, or none. */
  readonly onlyMethod: string | undefined;
}

/** Longest text of a resource (API Gateway quotas). */
const maxResourceCharacters = 512;

/**
 * Reads a policy document (aws-behaviour.md section 20). Whatever is not understood refuses: a policy with an unknown
 * effect, without a resource or with one that is too long is malformed as a whole.
 *
 * @throws ResultProblem
 */
export function readPolicy(document: unknown): AuthorizerPolicy {
  const resources = resourcesOf(document);
  if (resources.some((text) => text.length > maxResourceCharacters)) {
    throw new ResultProblem(`a resource of the policy has more than ${maxResourceCharacters} characters`);
  }
  const policy = compiled(document);
  const [only, ...others] = new Set(resources);
  const onlyMethod = others.length === 0 && only !== undefined && !/[*?]/.test(only) ? only : undefined;
  return {
    effectOn: (resource, x) =>
      policy.evaluate({ action, resource, principal: undefined, context: new RequestContext(x, undefined) }),
    onlyMethod,
  };
}

const action = "execute-api:Invoke";

function compiled(document: unknown): CompiledPolicy {
  try {
    return compilePolicy(document, { kind: "identity" });
  } catch (error) {
    throw error instanceof PolicyError ? new ResultProblem(`policyDocument: ${error.message}`) : error;
  }
}

/** Resources of all statements; what is no text is the compiler's to refuse. */
function resourcesOf(document: unknown): readonly string[] {
  const statements = isRecord(document) ? [document["Statement"]].flat() : [];
  return statements
    .flatMap((statement) => (isRecord(statement) ? [statement["Resource"], statement["NotResource"]].flat() : []))
    .filter((resource): resource is string => typeof resource === "string");
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
