import type { LiveStage } from "../host/live-program.js";
import type { Exchange } from "../http/exchange.js";
import type { GatewayError } from "../http/gateway-error.js";
import { writeExecutionLog } from "../observe/execution-log.js";
import { logs } from "../observe/logger.js";
import type { SocketMetric, SocketObserver } from "./observer.js";

/** Where the events of a WebSocket API are told once they are over: the logs, and an observer if there is one. */
export class SocketEvents {
  constructor(private readonly observer: SocketObserver | undefined) {}

  get isObserved(): boolean {
    return this.observer !== undefined;
  }

  /** @param routeKey  undefined: of a message to a client, and of one that no route takes */
  counted(metric: SocketMetric, stage: LiveStage, routeKey: string | undefined): void {
    this.observer?.count(metric, stage, routeKey);
  }

  /**
   * A route has answered, or nothing took the event.
   *
   * @param routeKey  undefined: no route took it
   * @param status    of a handshake; of a message that of its integration, or of the failure that was told
   * @param error     what was thrown, where something was
   */
  ended(x: Exchange, routeKey: string | undefined, status: number, error: unknown): void {
    x.status = status;
    if (error !== undefined) logFailure(x, error, routeKey);
    if (routeKey !== undefined) writeExecutionLog(x);
    const { observer } = this;
    if (observer === undefined) return;
    const metric = metricOf(status, error);
    if (metric !== undefined) observer.count(metric, x.stage, routeKey);
    observer.finished?.(x);
  }
}

/**
 * Answers 4xx and 5xx of an integration, refusals before one was called, and failures of calling it
 * (aws-behaviour.md section 31).
 */
function metricOf(status: number, error: unknown): "IntegrationError" | "ClientError" | "ExecutionError" | undefined {
  if (error === undefined) return status >= 400 ? "IntegrationError" : undefined;
  return isGatewayError(error) && status < 500 ? "ClientError" : "ExecutionError";
}

/** By its shape: events of one build may be told by the code of another. */
function isGatewayError(error: unknown): error is GatewayError {
  return error instanceof Error && "type" in error && "options" in error;
}

function logFailure(x: Exchange, error: unknown, route: string | undefined): void {
  const known = isGatewayError(error) ? error : undefined;
  const level = known === undefined || known.options.detail !== undefined ? "error" : "info";
  if (!logs(x.stage.entry, level)) return;
  x.program.logger.write({
    level,
    message: known?.message ?? "a step failed unexpectedly",
    stage: x.stage.name,
    requestId: x.requestId,
    route,
    type: known?.type,
    detail: known ? (known.options.detail ?? known.options.note) : error instanceof Error ? error.stack : String(error),
  });
}
