import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";

/**
 * A function that failed, or whose result API Gateway cannot read: 502 on REST APIs, 500 on HTTP APIs
 * (aws-behaviour.md section 9).
 *
 * @param detail  for the execution log
 */
export function badLambdaResult(x: Exchange, detail: string): GatewayError {
  const options = x.program.program.api.kind === "rest" ? { status: 502, detail } : { detail };
  return new GatewayError("API_CONFIGURATION_ERROR", undefined, options);
}

/** The integration did not answer in time: 504 on REST APIs, 503 on HTTP APIs (6.6 and 28.1). */
export function integrationTimeout(timeoutMs: number): GatewayError {
  return new GatewayError("INTEGRATION_TIMEOUT", undefined, { detail: `no answer within ${timeoutMs} ms` });
}

/** The endpoint could not be reached, or broke its answer off: 504 on REST APIs, 503 on HTTP APIs (6.6). */
export function networkFailure(detail: string): GatewayError {
  return new GatewayError("INTEGRATION_FAILURE", undefined, { detail });
}

/** What the file says cannot be done at all: 500 (6.6, "Execution failed due to configuration error"). */
export function configurationError(detail: string): GatewayError {
  return new GatewayError("API_CONFIGURATION_ERROR", undefined, {
    detail: `Execution failed due to configuration error: ${detail}`,
  });
}

/** `name: message` of whatever was thrown, at most 4,096 characters; never throws itself. */
export function describeThrown(error: unknown): string {
  try {
    const text = error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
    return text.slice(0, 4096);
  } catch {
    return "a value that cannot be described";
  }
}
