import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { badLambdaResult, describeThrown } from "./failures.js";
import { functionOf, type LambdaFunction } from "./lambda-function.js";
import { invoke } from "./lambda-invocation.js";
import { protocolOf } from "./lambda-protocol.js";
import type { LambdaHandler } from "./lambda-target.js";

/**
 * AWS_PROXY: hands the request to a function as an event and answers with its result (aws-behaviour.md sections 7 to
 * 9); a typed handler of ours reads the same from the exchange itself. The body has been read. Event and context are made for this call alone: what a handler does to them stays there.
 */
export function lambdaProxy(x: Exchange): Promise<boolean> {
  const fn = functionOf(x);
  return fn.handler === undefined ? loadAndCall(x, fn) : call(x, fn, fn.handler);
}

function call(x: Exchange, fn: LambdaFunction, handler: LambdaHandler): Promise<boolean> {
  const { event, local, answer } = protocolOf(x);
  // What is traced is shown with its event.
  if (fn.local !== undefined && local !== undefined && x.trace === undefined) {
    return invoke(x, fn, fn.local, local(x, fn), answer);
  }
  return invoke(x, fn, handler, event(x, fn), answer);
}

/** A module that cannot be loaded fails as a function does that cannot be initialised. */
async function loadAndCall(x: Exchange, fn: LambdaFunction): Promise<boolean> {
  let handler: LambdaHandler;
  try {
    handler = await fn.load();
  } catch (error) {
    throw error instanceof GatewayError ? error : badLambdaResult(x, `Function not loaded: ${describeThrown(error)}`);
  }
  return call(x, fn, handler);
}
