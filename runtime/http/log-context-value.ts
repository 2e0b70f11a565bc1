import { type ContextReader, contextReader } from "./context-value.js";
import type { Exchange } from "./exchange.js";

/**
 * A variable of `$context` as access logs know it: what the answer was and what the steps did (aws-behaviour.md 14.5),
 * else what everybody knows of the request.
 */
export function logContextReader(name: string): ContextReader {
  const [own, common] = [readers.get(name), contextReader(name)];
  return own === undefined ? common : (x) => own(x) ?? common(x);
}

const integrationLatency: ContextReader = ({ integration }) =>
  integration === undefined || integration.latencyMs < 0 ? undefined : milliseconds(integration.latencyMs);
const integrationStatus: ContextReader = ({ integration }) =>
  integration?.status === undefined ? undefined : String(integration.status);
const integrationError: ContextReader = ({ integration }) => integration?.error;
const responseLength: ContextReader = (x) => String(x.transport.responseBytes);

const callStatus: ContextReader = ({ authorizerCall: call }) => call && String(call.status);
const callLatency: ContextReader = ({ authorizerCall: call }) => call && milliseconds(call.latencyMs);
const callError: ContextReader = ({ authorizerCall: call }) => call?.error;
const callIntegrationStatus: ContextReader = ({ authorizerCall: call }) =>
  call?.integrationStatus === undefined ? undefined : String(call.integrationStatus);

/** Of the authorizer's function where it has been called in this process: its invocation has the request's own id. */
function callRequestId({ route, authorizerCall, requestId }: Exchange): string | undefined {
  const entry = (route as Exchange["route"] | undefined)?.authorizer;
  const isHere = entry?.kind === "lambda" && entry.function.arn === undefined;
  return isHere && authorizerCall?.integrationStatus !== undefined ? requestId : undefined;
}

/** `authorize.*` is IAM's and the authorizer's decision, `authorizer.*` the call of the authorizer. */
const readers: ReadonlyMap<string, ContextReader> = new Map<string, ContextReader>([
  ["requestId", replacedId],
  ["status", (x) => (x.status === 0 ? undefined : String(x.status))],
  ["responseLength", responseLength],
  ["dataProcessed", responseLength],
  ["responseLatency", responseLatency],
  ["integrationLatency", integrationLatency],
  ["integration.latency", integrationLatency],
  ["integrationStatus", integrationStatus],
  ["integration.integrationStatus", integrationStatus],
  ["integration.status", integrationStatus],
  ["integrationErrorMessage", integrationError],
  ["integration.error", integrationError],
  ["integration.requestId", contextReader("awsEndpointRequestId")],
  ["authorizer.status", callStatus],
  ["authorize.status", callStatus],
  ["authenticate.status", callStatus],
  ["authorizer.latency", callLatency],
  ["authorizer.integrationLatency", callLatency],
  ["authorize.latency", callLatency],
  ["authenticate.latency", callLatency],
  ["authorizer.integrationStatus", callIntegrationStatus],
  ["authorizer.requestId", callRequestId],
  ["authorizer.error", callError],
  ["authorize.error", callError],
  ["authenticate.error", callError],
  ["waf.status", ({ program, error }) => program.waf && (error?.type === "WAF_FILTERED" ? "403" : "200")],
]);

/** A client's own id that is no UUID stands in access logs as AWS writes it (aws-behaviour.md 13.1). */
function replacedId(x: Exchange): string | undefined {
  if (x.socket !== undefined || x.program.program.api.kind !== "rest") return undefined;
  const own = x.header("x-amzn-requestid");
  return own === undefined || own === x.requestId ? undefined : "UUID_REPLACED_INVALID_REQUEST_ID";
}

function responseLatency(x: Exchange): string | undefined {
  return x.startedAt === -1 ? undefined : milliseconds(x.program.clock.monotonic() - x.startedAt);
}

function milliseconds(ms: number): string {
  return String(Math.max(0, Math.round(ms)));
}
