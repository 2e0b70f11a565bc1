import type { Exchange } from "../../http/exchange.js";
import { GatewayError } from "../../http/gateway-error.js";
import { describeThrown } from "../../integrations/failures.js";
import { createFunction, type LambdaFunction } from "../../integrations/lambda-function.js";
import { invoke } from "../../integrations/lambda-invocation.js";
import { type Outcome, outcomeOf } from "../../integrations/lambda-outcome.js";
import { resolveText } from "../../integrations/target-text.js";
import type { LambdaAuthorizerEntry } from "../authorizer-entry.js";
import { identityValue } from "../identity-source.js";
import { authorizerEvent } from "./authorizer-event.js";
import { type AuthorizerResult, readResult } from "./authorizer-result.js";
import { ResultProblem } from "./result-problem.js";

/** How long an authorizer may take: an HTTP API's function 10 s (API Gateway quotas), a REST API's as any other. */
const timeoutMs = { rest: 29_000, http: 10_000 } as const;

/** What a WebSocket API takes of an authorizer (API Gateway quotas, aws-behaviour.md section 33). */
const maxSocketBytes = 8192;

/** The authorizer's function as the stage of an exchange has it. */
export function authorizerFunction(x: Exchange, { function: target }: LambdaAuthorizerEntry): LambdaFunction {
  const { program, stage } = x;
  const named = target.alias ?? target.arn;
  const text = named === undefined ? undefined : resolveText(named, stage.variables, program.environment);
  return createFunction(x, target, text, timeoutMs[program.program.api.kind]);
}

/**
 * Asks the function. Every way in which it can fail refuses the request: `Unauthorized`, thrown or called back, is 401,
 * anything else 500 (aws-behaviour.md section 20).
 *
 * @throws GatewayError
 */
export async function callAuthorizer(
  x: Exchange,
  entry: LambdaAuthorizerEntry,
  fn: LambdaFunction,
  arn: string,
): Promise<AuthorizerResult> {
  const value = await authorizerValue(x, entry, fn, arn);
  return readAuthorizerValue(x, entry, value);
}

/** What the function answers, unread. @throws GatewayError when it fails */
export async function authorizerValue(
  x: Exchange,
  entry: LambdaAuthorizerEntry,
  fn: LambdaFunction,
  arn: string,
): Promise<unknown> {
  // What an authorizer is asked and answers holds credentials: it is in no trace and no log.
  const { trace } = x;
  x.trace = undefined;
  const outcome = await outcomeOfCall(x, entry, fn, arn).finally(() => {
    x.trace = trace;
  });
  if (!outcome.ok) {
    if (outcome.message === "Unauthorized") throw new GatewayError("UNAUTHORIZED");
    throw misconfigured(x, entry, `${outcome.type}: ${outcome.message}`);
  }
  return outcome.value;
}

/** @throws GatewayError for an answer that decides nothing */
export function readAuthorizerValue(x: Exchange, entry: LambdaAuthorizerEntry, value: unknown): AuthorizerResult {
  try {
    return readResult(value, entry, x.program.program.api.kind, x.socket && maxSocketBytes);
  } catch (error) {
    throw error instanceof ResultProblem ? misconfigured(x, entry, error.message) : error;
  }
}

async function outcomeOfCall(
  x: Exchange,
  entry: LambdaAuthorizerEntry,
  fn: LambdaFunction,
  arn: string,
): Promise<Outcome> {
  let outcome: Outcome | undefined;
  try {
    if (entry.invokeRemote !== undefined) return await remoteOutcome(x, entry, fn, arn);
    const handler = fn.handler ?? (await fn.load());
    await invoke(x, fn, outcomeOf(handler), authorizerEvent(x, entry, arn), (_x, result) => {
      outcome = result as Outcome;
      return true;
    });
  } catch (error) {
    const detail = error instanceof GatewayError ? (error.options.detail ?? error.message) : describeThrown(error);
    throw misconfigured(x, entry, detail);
  }
  return outcome ?? { ok: false, message: "no answer", type: "Error" };
}

/** A deployed function that fails says so in its answer (Lambda developer guide, "Function errors"). */
async function remoteOutcome(
  x: Exchange,
  entry: LambdaAuthorizerEntry,
  fn: LambdaFunction,
  arn: string,
): Promise<Outcome> {
  const event = Buffer.from(JSON.stringify(authorizerEvent(x, entry, arn)), "utf8");
  const answer = await entry.invokeRemote?.(x, fn, event);
  const value: unknown = JSON.parse(answer?.payload.toString("utf8") ?? "null");
  if (answer?.isError === false) return { ok: true, value };
  const { errorMessage, errorType } = Object(value) as {
    readonly errorMessage?: unknown;
    readonly errorType?: unknown;
  };
  return { ok: false, message: String(errorMessage), type: String(errorType) };
}

/** The log says why; a token that the function put into its message is taken out. */
function misconfigured(x: Exchange, entry: LambdaAuthorizerEntry, why: string): GatewayError {
  let detail = `authorizer "${entry.name}": ${why}`.slice(0, 4096);
  for (const source of entry.identity) {
    const value = identityValue(x, source);
    if (value !== undefined && value.length > 3) detail = detail.replaceAll(value, "***");
  }
  return new GatewayError("AUTHORIZER_CONFIGURATION_ERROR", undefined, { detail });
}
