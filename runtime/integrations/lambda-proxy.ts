import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { badLambdaResult, describeThrown } from "./failures.js";
import { http1Event, http2Event } from "./lambda-event-http.js";
import { restEvent } from "./lambda-event-rest.js";
import { functionOf, type LambdaFunction } from "./lambda-function.js";
import { type AnswerResult, invoke } from "./lambda-invocation.js";
import { answerHttp1Result, answerRestResult } from "./lambda-result.js";
import { answerHttp2Result } from "./lambda-result-http2.js";
import type { LambdaHandler } from "./lambda-target.js";

/**
 * AWS_PROXY: hands the request to a function as an event and answers with its result (aws-behaviour.md sections 7 to
 * 9). The body has been read. Event and context are made for this call alone: what a handler does to them stays there.
 */
export function lambdaProxy(x: Exchange): Promise<boolean> {
  const fn = functionOf(x);
  return fn.handler === undefined ? loadAndCall(x, fn) : call(x, fn, fn.handler);
}

function call(x: Exchange, fn: LambdaFunction, handler: LambdaHandler): Promise<true> {
  const { event, answer } = protocolOf(x);
  return invoke(x, fn, handler, event(x, fn), answer);
}

/** A module that cannot be loaded fails as a function does that cannot be initialised. */
async function loadAndCall(x: Exchange, fn: LambdaFunction): Promise<true> {
  let handler: LambdaHandler;
  try {
    handler = await fn.load();
  } catch (error) {
    throw error instanceof GatewayError ? error : badLambdaResult(x, `Function not loaded: ${describeThrown(error)}`);
  }
  return call(x, fn, handler);
}

interface Protocol {
  readonly event: (x: Exchange, fn: LambdaFunction) => object;
  readonly answer: AnswerResult;
}

const rest: Protocol = { event: restEvent, answer: answerRestResult };
const http1: Protocol = { event: http1Event, answer: answerHttp1Result };
const http2: Protocol = { event: http2Event, answer: answerHttp2Result };

function protocolOf({ program, route }: Exchange): Protocol {
  if (program.program.api.kind === "rest") return rest;
  return route.lambda?.payloadFormat === "1.0" ? http1 : http2;
}
