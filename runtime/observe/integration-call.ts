import type { Exchange } from "../http/exchange.js";

/**
 * Begins to measure the call of an integration. Nothing is done where nobody observes the exchange.
 *
 * @param origin  of the backend, `https://host:port`; undefined: a function in this process
 */
export function integrationBegins(x: Exchange, origin?: string): void {
  if (x.startedAt === -1) return;
  x.integration = {
    origin,
    startedAt: x.program.clock.monotonic(),
    latencyMs: -1,
    status: undefined,
    error: undefined,
  };
}

/** Its answer is there, or its failure; what comes later counts no more. */
export function integrationEnds(x: Exchange, status: number | undefined, error?: string): void {
  const { integration } = x;
  if (integration === undefined || integration.latencyMs !== -1) return;
  integration.latencyMs = x.program.clock.monotonic() - integration.startedAt;
  integration.status = status;
  integration.error = error;
}
