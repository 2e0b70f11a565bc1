import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { type Payload, payloadBytes, requestPayload } from "./binary.js";
import { configurationError, describeThrown } from "./failures.js";
import type { BodyTemplate } from "./http-target.js";
import { functionOf, type LambdaFunction } from "./lambda-function.js";
import { invoke } from "./lambda-invocation.js";
import type { LambdaHandler, LambdaMapping } from "./lambda-target.js";
import { mappedHeaders } from "./mapped-response.js";
import { choosePayload, chooseResponseTemplate } from "./passthrough.js";
import { selectResponse } from "./response-selection.js";

/** How a function ended. A failure is no failure of the integration: Lambda answers 200 with it (section 6.4). */
type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string; readonly type: string };

/**
 * Lambda with templates: the request's template makes the event, the error message of a function that fails selects
 * the integration response, whose template makes the answer (aws-behaviour.md sections 6.4, 10 and 11).
 */
export async function lambdaCustom(x: Exchange): Promise<boolean> {
  const mapping = x.route.lambda?.mapping;
  if (mapping === undefined) throw configurationError("the route has no Lambda integration with templates");
  const event = eventOf(x, mapping);
  const fn = functionOf(x);
  const handler = fn.handler ?? (await load(fn));
  return invoke(x, fn, outcomeOf(handler), event, (_x, outcome) => answer(x, mapping, outcome as Outcome));
}

async function load(fn: LambdaFunction): Promise<LambdaHandler> {
  try {
    return await fn.load();
  } catch (error) {
    throw error instanceof GatewayError ? error : configurationError(`Function not loaded: ${describeThrown(error)}`);
  }
}

function eventOf(x: Exchange, { templates, passthrough, contentHandling }: LambdaMapping): object {
  const type = x.header("content-type");
  const choice = choosePayload(templates, type, passthrough);
  if (choice.kind === "refused") throw new GatewayError("UNSUPPORTED_MEDIA_TYPE");
  const isBinary = x.program.targets.binaryTypes.matches(type);
  const payload = requestPayload(x.body, isBinary ? "binary" : "text", contentHandling);
  const template = choice.kind === "template" ? templates.get(choice.key) : undefined;
  const text = template === undefined ? payloadBytes(payload).toString("utf8") : render(x, template, payload);
  try {
    return text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    throw configurationError("Lambda execution failed with status 400: the request body is no JSON");
  }
}

function render(x: Exchange, template: BodyTemplate, payload: Payload): string {
  if (payload.kind === "bytes") throw configurationError("Unable to transform a binary payload");
  return typeof template === "string" ? template : template(x, payload.text);
}

/** A handler that does not fail: what it throws or calls back with becomes its outcome. */
function outcomeOf(handler: LambdaHandler): LambdaHandler {
  return (event, context) =>
    new Promise((resolve) => {
      const succeed = (value: unknown) => resolve({ ok: true, value } satisfies Outcome);
      const fail = (error: unknown) => resolve(failureOf(error));
      try {
        const returned = handler(event, context, (error, result) => {
          if (error === undefined || error === null) succeed(result);
          else fail(error);
        });
        if (returned instanceof Promise) returned.then(succeed, fail);
        else if (handler.length < 3) succeed(returned ?? null);
      } catch (error) {
        fail(error);
      }
    });
}

function failureOf(error: unknown): Outcome {
  if (error instanceof Error) return { ok: false, message: error.message, type: error.name };
  return {
    ok: false,
    message: typeof error === "string" ? error : (JSON.stringify(error) ?? "null"),
    type: typeof error,
  };
}

function answer(x: Exchange, { responses }: LambdaMapping, outcome: Outcome): true {
  const response = selectResponse(responses, outcome.ok ? "" : outcome.message);
  const body = Buffer.from(outcome.ok ? (JSON.stringify(outcome.value) ?? "null") : errorText(outcome), "utf8");
  x.backend = { status: 200, headers: [], body };
  const key = chooseResponseTemplate(response.templates, x.header("accept"));
  const template = key === undefined ? undefined : response.templates.get(key);
  const text =
    template === undefined ? body : typeof template === "string" ? template : template(x, body.toString("utf8"));
  const headers = mappedHeaders(x, response, key ?? "application/json");
  x.showsTraceId = true;
  return x.answer(x.templates?.overrides().response.status ?? response.status, headers, text);
}

/** As Lambda gives it, without the stack: that is for the log and not for callers. */
function errorText({ message, type }: { readonly message: string; readonly type: string }): string {
  return JSON.stringify({ errorType: type, errorMessage: message, trace: [] });
}
