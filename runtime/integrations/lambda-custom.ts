import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { configurationError, describeThrown } from "./failures.js";
import { answerOutcome, type CustomOutcome } from "./lambda-custom-answer.js";
import { callHeader, customEvent } from "./lambda-custom-event.js";
import { functionOf, type LambdaFunction } from "./lambda-function.js";
import { invoke, invokeAndForget } from "./lambda-invocation.js";
import { withOutcome } from "./lambda-outcome.js";
import type { LambdaHandler } from "./lambda-target.js";

/**
 * Lambda with templates: the request's template makes the event, the error message of a function that fails selects
 * the integration response, whose template makes the answer (aws-behaviour.md sections 6.4, 10 and 11). With
 * `X-Amz-Invocation-Type: Event` nobody waits for the function.
 */
export async function lambdaCustom(x: Exchange): Promise<boolean> {
  const mapping = x.route.lambda?.mapping;
  if (mapping === undefined) throw configurationError("the route has no Lambda integration with templates");
  const event = customEvent(x, mapping).value as object;
  const type = callHeader(x, mapping, "x-amz-invocation-type");
  const fn = functionOf(x);
  const handler = fn.handler ?? (await load(fn));
  const clientContext = clientContextOf(callHeader(x, mapping, "x-amz-client-context"));
  switch (type) {
    case "DryRun":
      return answerOutcome(x, mapping, { status: 204, errorMessage: undefined, body: nothing });
    case "Event":
      invokeAndForget(x, fn, handler, event, clientContext);
      return answerOutcome(x, mapping, { status: 202, errorMessage: undefined, body: nothing });
    default: {
      const answer = (_x: Exchange, outcome: unknown) => answerOutcome(x, mapping, outcome as CustomOutcome);
      return invoke(x, fn, withOutcome(handler, { succeed: successOf, fail: failureOf }), event, answer, clientContext);
    }
  }
}

const nothing = Buffer.alloc(0);

async function load(fn: LambdaFunction): Promise<LambdaHandler> {
  try {
    return await fn.load();
  } catch (error) {
    throw error instanceof GatewayError ? error : configurationError(`Function not loaded: ${describeThrown(error)}`);
  }
}

/** `X-Amz-Client-Context` is JSON in base64. */
function clientContextOf(header: string | undefined): unknown {
  if (header === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(header, "base64").toString("utf8"));
  } catch {
    throw configurationError("Client context must be a valid Base64-encoded JSON object.");
  }
}

function successOf(value: unknown): CustomOutcome {
  try {
    return { status: 200, errorMessage: undefined, body: Buffer.from(JSON.stringify(value) ?? "null", "utf8") };
  } catch (error) {
    return failureOf(error);
  }
}

/** As Lambda gives it, without the stack: that is for the log and not for callers. */
function failureOf(error: unknown): CustomOutcome {
  const errorType = error instanceof Error ? error.name : typeof error;
  const errorMessage = error instanceof Error ? error.message : messageOf(error);
  const body = Buffer.from(JSON.stringify({ errorType, errorMessage, trace: [] }), "utf8");
  return { status: 200, errorMessage, body };
}

function messageOf(error: unknown): string {
  return typeof error === "string" ? error : (JSON.stringify(error) ?? "null");
}
