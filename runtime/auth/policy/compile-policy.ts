import { type ConditionTest, compileConditions, membersOf, textsOf } from "./conditions.js";
import {
  type CompiledPolicy,
  type PolicyContext,
  PolicyError,
  type PolicyRequest,
  type PolicyResult,
} from "./policy.js";
import { compilePrincipal, type PrincipalTest } from "./principals.js";
import { type PolicyText, policyText } from "./variables.js";
import { patternParts, wildcardMatcher } from "./wildcards.js";

export interface CompileOptions {
  /** An identity policy belongs to the caller and names no principal; a resource policy names who is meant. */
  readonly kind: "identity" | "resource";
  /** Resource policies: the account that owns the resource. */
  readonly account?: string;
  /** What `execute-api:/` at the beginning of a resource stands for: `arn:aws:execute-api:<region>:<account>:<api>/`. */
  readonly apiArn?: string;
}

/**
 * Compiles a policy document. Whatever is not understood is an error, so that nothing is allowed by a misspelling.
 *
 * @param document  the parsed JSON
 * @throws PolicyError
 * @see IAM user guide, "Grammar of the IAM JSON policy language" and "Policy evaluation logic"
 */
export function compilePolicy(document: unknown, options: CompileOptions): CompiledPolicy {
  const members = new Map(membersOf(document, "a policy"));
  refuseOthers(members, ["Version", "Id", "Statement"], "a policy");
  const version = members.get("Version") ?? "2008-10-17";
  if (version !== "2012-10-17" && version !== "2008-10-17")
    throw new PolicyError(`there is no version ${JSON.stringify(version)}`);
  const element = members.get("Statement");
  if (element === undefined) throw new PolicyError("a policy has to have a Statement");
  const list: readonly unknown[] = Array.isArray(element) ? element : [element];
  const statements = list.map((statement) => compileStatement(statement, version === "2012-10-17", options));
  return new StatementPolicy(statements, options.account);
}

interface Statement {
  readonly isDeny: boolean;
  readonly principal: PrincipalTest | undefined;
  readonly isNotPrincipal: boolean;
  readonly actions: PatternTest;
  readonly resources: PatternTest;
  readonly conditions: readonly ConditionTest[];
}

type PatternTest = (text: string, context: PolicyContext) => boolean;

class StatementPolicy implements CompiledPolicy {
  constructor(
    private readonly statements: readonly Statement[],
    private readonly account: string | undefined,
  ) {}

  evaluate(request: PolicyRequest): PolicyResult {
    const action = request.action.toLowerCase();
    let result: PolicyResult = "silent";
    for (const statement of this.statements) {
      if (result === "allow" && !statement.isDeny) continue;
      if (!this.#applies(statement, action, request)) continue;
      if (statement.isDeny) return "deny";
      result = "allow";
    }
    return result;
  }

  #applies(statement: Statement, action: string, { resource, principal, context }: PolicyRequest): boolean {
    if (statement.principal !== undefined) {
      const match = statement.principal(principal);
      if (statement.isNotPrincipal ? match !== "none" : match === "none") return false;
      // Naming one's own account leaves it to the identity policies of its users (IAM user guide, "AWS account principals").
      const isDelegated = match === "account" && principal?.accountId === this.account;
      if (isDelegated && !statement.isDeny) return false;
    }
    if (!statement.actions(action, context) || !statement.resources(resource, context)) return false;
    for (const holds of statement.conditions) if (!holds(context)) return false;
    return true;
  }
}

const statementMembers = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];

function compileStatement(statement: unknown, hasVariables: boolean, options: CompileOptions): Statement {
  const members = new Map(membersOf(statement, "a statement"));
  refuseOthers(members, statementMembers, "a statement");
  const effect = members.get("Effect");
  if (effect !== "Allow" && effect !== "Deny") throw new PolicyError(`Effect is "Allow" or "Deny"`);
  const expand = (text: string) =>
    options.apiArn !== undefined && text.startsWith("execute-api:/")
      ? options.apiArn + text.slice("execute-api:/".length)
      : text;
  return {
    isDeny: effect === "Deny",
    ...principalOf(members, options),
    actions: patternsOf(members, "Action", (text) => actionTest(text)),
    resources: patternsOf(members, "Resource", (text) => resourceTest(policyText(expand(text), hasVariables))),
    conditions: compileConditions(members.get("Condition"), hasVariables),
  };
}

function principalOf(
  members: ReadonlyMap<string, unknown>,
  { kind }: CompileOptions,
): Pick<Statement, "principal" | "isNotPrincipal"> {
  const isNotPrincipal = members.has("NotPrincipal");
  const element = members.get("Principal") ?? members.get("NotPrincipal");
  if (kind === "identity") {
    if (element !== undefined) throw new PolicyError("the policy of a caller names no Principal");
    return { principal: undefined, isNotPrincipal: false };
  }
  if (element === undefined || (isNotPrincipal && members.has("Principal"))) {
    throw new PolicyError("a statement of a resource policy has either Principal or NotPrincipal");
  }
  return { principal: compilePrincipal(element), isNotPrincipal };
}

/** `Action` or `NotAction`, `Resource` or `NotResource`: exactly one of the two. */
function patternsOf(
  members: ReadonlyMap<string, unknown>,
  name: "Action" | "Resource",
  compile: (text: string) => PatternTest,
): PatternTest {
  const isNegated = members.has(`Not${name}`);
  const element = members.get(name) ?? members.get(`Not${name}`);
  if (element === undefined || (isNegated && members.has(name))) {
    throw new PolicyError(`a statement has either ${name} or Not${name}`);
  }
  const tests = textsOf(element, name).map(compile);
  const [only] = tests;
  if (tests.length === 1 && only !== undefined && !isNegated) return only;
  return (text, context) => tests.some((test) => test(text, context)) !== isNegated;
}

/** Actions are compared without case. */
function actionTest(text: string): PatternTest {
  if (text !== "*" && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(text)) throw new PolicyError(`"${text}" is no action`);
  return wildcardMatcher(patternParts(text.toLowerCase()));
}

function resourceTest(text: PolicyText): PatternTest {
  if (text.isFixed) return wildcardMatcher(text.parts({ get: () => undefined }) ?? []);
  return (resource, context) => {
    const parts = text.parts(context);
    return parts !== undefined && wildcardMatcher(parts)(resource);
  };
}

function refuseOthers(members: ReadonlyMap<string, unknown>, known: readonly string[], what: string): void {
  for (const name of members.keys()) if (!known.includes(name)) throw new PolicyError(`${what} has no "${name}"`);
}
