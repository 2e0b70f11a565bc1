import type { Exchange } from "./exchange.js";

/** Variables of `$context` that only access logs know: what the answer was, and what the steps did (aws-behaviour.md 14.5). */
export function logContextValue(x: Exchange, name: string): string | undefined {
  switch (name) {
    case "status":
      return x.status === 0 ? undefined : String(x.status);
    case "responseLength":
    case "dataProcessed":
      return String(x.transport.responseBytes);
    case "responseLatency":
      return x.startedAt === -1 ? undefined : milliseconds(x.program.clock.monotonic() - x.startedAt);
    case "integrationLatency":
    case "integration.latency":
      return integrationLatency(x);
    case "integrationStatus":
    case "integration.integrationStatus":
    case "integration.status":
      return x.integration?.status === undefined ? undefined : String(x.integration.status);
    case "integrationErrorMessage":
    case "integration.error":
      return x.integration?.error;
    case "customDomain.basePathMatched":
      return x.basePath;
    default:
      return phaseValue(x, name);
  }
}

function integrationLatency({ integration }: Exchange): string | undefined {
  return integration === undefined || integration.latencyMs < 0 ? undefined : milliseconds(integration.latencyMs);
}

/** `authorize.*` is IAM's and the authorizer's decision, `authorizer.*` the call of the authorizer. */
function phaseValue({ authorizerCall: call, error, program }: Exchange, name: string): string | undefined {
  switch (name) {
    case "authorizer.status":
    case "authorize.status":
    case "authenticate.status":
      return call && String(call.status);
    case "authorizer.latency":
    case "authorizer.integrationLatency":
    case "authorize.latency":
    case "authenticate.latency":
      return call && milliseconds(call.latencyMs);
    case "authorizer.integrationStatus":
      return call?.integrationStatus === undefined ? undefined : String(call.integrationStatus);
    case "authorizer.error":
    case "authorize.error":
    case "authenticate.error":
      return call?.error;
    case "waf.status":
      return program.waf && (error?.type === "WAF_FILTERED" ? "403" : "200");
    default:
      return undefined;
  }
}

function milliseconds(ms: number): string {
  return String(Math.max(0, Math.round(ms)));
}
