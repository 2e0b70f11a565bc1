import type { LambdaAuthorizerEntry } from "../authorizer-entry.js";
import { type AuthorizerPolicy, isRecord, readPolicy } from "./authorizer-policy.js";
import { ResultProblem } from "./result-problem.js";

/** What an authorizer's function has decided. */
export interface AuthorizerResult {
  readonly principalId: string | undefined;
  readonly policy: AuthorizerPolicy;
  readonly context: ReadonlyMap<string, unknown>;
  readonly usageIdentifierKey: string | undefined;
}

/**
 * Reads the answer of an authorizer's function: a policy, or `{ isAuthorized }` where the authorizer has simple responses
 * (aws-behaviour.md sections 20 and 28.4).
 *
 * @param value     as the function returned it; what Lambda's JSON would lose is lost
 * @param maxBytes  that it may have as JSON
 * @throws ResultProblem for any other shape
 */
export function readResult(
  value: unknown,
  entry: LambdaAuthorizerEntry,
  kind: "rest" | "http",
  maxBytes = Number.POSITIVE_INFINITY,
): AuthorizerResult {
  const result = asJson(value, maxBytes);
  if (!isRecord(result)) throw new ResultProblem("the function answered with no object");
  const context = kind === "rest" ? restContext(result["context"]) : anyContext(result["context"]);
  if (entry.simpleResponses) return { ...simpleResult(result), context };
  return {
    principalId: principalOf(result["principalId"]),
    policy: readPolicy(result["policyDocument"]),
    context,
    usageIdentifierKey: usageKeyOf(result["usageIdentifierKey"]),
  };
}

/** Only what is true lets anybody in: `"true"` and 1 are mistakes. */
function simpleResult({ isAuthorized }: Record<string, unknown>): Omit<AuthorizerResult, "context"> {
  if (typeof isAuthorized !== "boolean") throw new ResultProblem("isAuthorized is neither true nor false");
  return { principalId: undefined, policy: isAuthorized ? everything : nothing, usageIdentifierKey: undefined };
}

const everything: AuthorizerPolicy = { effectOn: () => "allow", onlyMethod: undefined };
const nothing: AuthorizerPolicy = { effectOn: () => "deny", onlyMethod: undefined };

function principalOf(principalId: unknown): string {
  if (typeof principalId === "number") return String(principalId);
  if (typeof principalId !== "string") throw new ResultProblem("principalId is missing");
  return principalId;
}

function usageKeyOf(key: unknown): string | undefined {
  if (key === undefined || key === null) return undefined;
  if (typeof key !== "string") throw new ResultProblem("usageIdentifierKey is no text");
  return key;
}

/** Scalars only, read as text: `1` is `"1"`; null stays null. */
function restContext(context: unknown): ReadonlyMap<string, unknown> {
  const texts = new Map<string, unknown>();
  for (const [name, value] of anyContext(context)) {
    if (typeof value === "object" && value !== null) throw new ResultProblem(`context.${name} is no scalar`);
    texts.set(name, value === null ? null : String(value));
  }
  return texts;
}

function anyContext(context: unknown): ReadonlyMap<string, unknown> {
  if (context === undefined || context === null) return new Map();
  if (!isRecord(context)) throw new ResultProblem("context is no object");
  return new Map(Object.entries(context));
}

/** What is left after Lambda has written the answer as JSON. */
function asJson(value: unknown, maxBytes: number): unknown {
  let text: string;
  try {
    text = JSON.stringify(value) ?? "null";
  } catch {
    throw new ResultProblem("the answer cannot be written as JSON");
  }
  if (Buffer.byteLength(text) > maxBytes) throw new ResultProblem(`the answer has more than ${maxBytes} bytes`);
  return JSON.parse(text);
}
