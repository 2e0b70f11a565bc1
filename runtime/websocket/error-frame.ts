import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import type { ConnectionInfo } from "./connection.js";

/**
 * What a client is told of a failure (aws-behaviour.md section 29.4): as a frame where a message failed, as the body of
 * the refused handshake where $connect did.
 */
export function errorText(x: Exchange, { connectionId }: ConnectionInfo, error: unknown): string {
  const failure = error instanceof GatewayError ? error : undefined;
  if (failure?.type === "BAD_REQUEST_BODY") {
    return `{"message":"Bad request body","connectionId":"${connectionId}","messageId":"${x.socket?.messageId ?? x.requestId}"}`;
  }
  const message = failure === undefined ? "Internal server error" : messageOf(x, failure);
  // With the blanks that the service writes here and not elsewhere.
  return `{"message": ${JSON.stringify(message)}, "connectionId":"${connectionId}", "requestId":"${x.requestId}"}`;
}

function messageOf(x: Exchange, failure: GatewayError): string {
  const { status, message } = x.program.gatewayResponses.builtIn(failure.type);
  // API Gateway says no more than these of integrations, whatever went wrong; of time-outs it does (recorded).
  if (failure.type === "INTEGRATION_TIMEOUT") return "Endpoint request timed out";
  if ((failure.options.status ?? status) >= 500) return "Internal server error";
  return failure.publicMessage ?? message ?? "Forbidden";
}

/** A message that no route takes. */
export function forbiddenText(x: Exchange, { connectionId }: ConnectionInfo): string {
  return `{"message":"Forbidden","connectionId":"${connectionId}","requestId":"${x.requestId}"}`;
}
