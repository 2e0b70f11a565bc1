import type { Exchange } from "../http/exchange.js";
import { parseQuery } from "../mapping/query-text.js";
import type { StageEntry } from "../program.js";
import type { SocketContext } from "../websocket/socket-context.js";
import { logName } from "./logger.js";
import { Redactor, redactedText } from "./redact.js";
import { Trace, type TraceStep } from "./trace.js";

/** API Gateway's limit of one event of the execution log, bytes (aws-behaviour.md section 30). */
const maxLineBytes = 1024;

/** How much of the execution of this request is logged: the route's own word, or the stage's. */
export function logLevelOf(x: Exchange): StageEntry["log"] {
  return (x.route as Exchange["route"] | undefined)?.log ?? x.stage.entry.log;
}

/** What the execution log is to know of a request: times of the integration, and with data all that is noted. */
export function beginExecutionLog(x: Exchange): void {
  const log = logLevelOf(x);
  if (log !== "debug" && log !== "info") return;
  if (x.startedAt === -1) x.startedAt = x.program.clock.monotonic();
  if (log === "debug") x.trace ??= new Trace(false);
  if (x.trace !== undefined) x.trace.redactor = new Redactor(x.route.secrets);
}

/** Writes the request's lines, each with its id; with data where it was traced for the log. Failures have been written before. */
export function writeExecutionLog(x: Exchange): void {
  const log = logLevelOf(x);
  if (log !== "debug" && log !== "info") return;
  const { logger } = x.program;
  const { requestId } = x;
  const common = { level: "info" as const, stage: logName(x.stage), requestId, route: x.route?.key };
  for (const message of executionLines(x, log === "debug" ? x.trace : undefined, false))
    logger.write({ ...common, message });
}

/**
 * The lines that API Gateway writes of an execution, in its order (recorded; aws-behaviour.md section 30), secrets masked
 * and each cut at 1,024 bytes.
 *
 * @param trace        undefined: no requests, answers and bodies are shown
 * @param hasFailures  whether what went wrong has a line
 */
export function executionLines(x: Exchange, trace: Trace | undefined, hasFailures: boolean): readonly string[] {
  const test = trace?.test;
  const lines = [...(test === undefined ? planLines(x) : []), ...startLines(x)];
  // A test of an authorizer has lines of its own, and no integration.
  if (test?.kind === "authorizer") {
    const failure = x.error === undefined ? [] : [authorizerFailure(x)];
    return [...test.lines, ...failure].map(cut);
  }
  if (trace !== undefined) lines.push(...requestLines(x, trace));
  const steps = trace?.steps ?? [];
  const redactor = trace?.redactor ?? new Redactor();
  for (const step of steps) lines.push(...stepLines(step, x, redactor));
  const isReceived = steps.some(({ step }) => step === "integration response" || step === "function result");
  if (!isReceived) lines.push(...received(x));
  if (hasFailures && x.error !== undefined) lines.push(failureLine(x));
  if (trace !== undefined && x.error === undefined) lines.push(...responseLines(x, trace));
  if (x.error === undefined) lines.push("Successfully completed execution");
  else if (test === undefined) lines.push(`Gateway response type: ${x.error.type} with status code: ${x.status}`);
  lines.push(endLine(x));
  return lines.map((line) => cut(redactor.text(line)));
}

/**
 * What API Gateway writes of a REST request before its execution, with both of its ids. No test of a method has these lines
 * (recorded); a log of requests has (as quoted from live logs).
 */
function planLines(x: Exchange): readonly string[] {
  const route = x.route as Exchange["route"] | undefined;
  const { kind, apiId } = x.program.program.api;
  if (x.socket !== undefined || kind !== "rest") return [];
  const ids = `Extended Request Id: ${x.extendedRequestId}`;
  if (route === undefined || route.connections !== undefined) return [ids];
  const value = x.apiKey?.value ?? (route.needsKey ? sentKey(x) : undefined);
  const key = value === undefined ? "" : redactedText(value);
  const stage = `${apiId}/${x.stage.name}`;
  const isKeyless = !route.needsKey;
  const isRefused = !isKeyless && (x.apiKey === undefined || planFailures.has(x.error?.type ?? ""));
  return [
    ids,
    `Verifying Usage Plan for request: ${x.requestId}. API Key: ${key} API Stage: ${stage}`,
    ...(isKeyless
      ? [
          `API Key ${key} authorized because method '${route.key}' does not require API Key. Request will not contribute to throttle or quota limits`,
        ]
      : []),
    ...(x.error?.type === "INVALID_API_KEY"
      ? [
          `API Key ${key} not authorized because method '${route.key}' requires API Key and API Key is not associated with a usage plan for API Stage ${stage}: No active quota found for API Stage`,
        ]
      : []),
    ...(isRefused ? [] : [`Usage Plan check succeeded for API Key ${key} and API Stage ${stage}`]),
  ];
}

/** The key that a caller sent, whether there is one like it or not. */
function sentKey(x: Exchange): string | undefined {
  return x.program.admission.readsHeader ? x.header("x-api-key") : x.caller?.usageIdentifierKey;
}

const planFailures: ReadonlySet<string> = new Set(["INVALID_API_KEY", "QUOTA_EXCEEDED", "THROTTLED"]);

function startLines(x: Exchange): readonly string[] {
  const start = `Starting execution for request: ${x.requestId}`;
  if (x.socket !== undefined)
    return [`Extended Request Id: ${x.extendedRequestId}`, start, ...socketStart(x, x.socket)];
  return [start, `HTTP Method: ${x.method}, Resource Path: ${x.path}`];
}

function socketStart(x: Exchange, { eventType, connection }: SocketContext): readonly string[] {
  const route = `WebSocket Request Route: [${x.route.key}]`;
  const { apiId } = x.program.program.api;
  switch (eventType) {
    case "CONNECT": {
      const client = `Client [UserAgent: ${connection.userAgent ?? "null"}, SourceIp: ${connection.sourceIp}]`;
      return [route, `${client} is connecting to WebSocket API [${apiId}].`];
    }
    case "MESSAGE": {
      const client = `client [Connection Id: ${connection.connectionId}]`;
      return [route, `WebSocket API [${apiId}] received message from ${client}.`];
    }
    case "DISCONNECT":
      return [route];
  }
}

function endLine(x: Exchange): string {
  const { socket, status } = x;
  if (socket === undefined) return `Method completed with status: ${status}`;
  const { apiId } = x.program.program.api;
  const client = `[Connection Id: ${socket.connection.connectionId}]`;
  switch (socket.eventType) {
    case "CONNECT":
      if (status >= 200 && status < 300) return `Client ${client} connected to API [${apiId}] successfully.`;
      return `Client ${client} was refused by API [${apiId}] with status code [${status}].`;
    case "MESSAGE":
      return `Message from client ${client} sent to API [${apiId}] with response status code [${status}].`;
    case "DISCONNECT": {
      const { code, reason } = socket.end ?? { code: 1006, reason: "" };
      const answer = `with integration response status code [${status}]`;
      return `Client ${client} disconnected from API [${apiId}] ${answer}. Close reason: [${code}: ${reason}]`;
    }
  }
}

function responseLines(x: Exchange, trace: Trace): readonly string[] {
  const { responseBody: body } = x;
  const { redactor } = trace;
  const shown = x.isStreaming ? "(a stream)" : redactor.body(typeof body === "string" ? body : trace.body(body));
  const line = `Method response body after transformations: ${shown}`;
  // What a message is answered with has no headers.
  if (x.socket?.eventType === "MESSAGE") return [line];
  return [line, `Method response headers: ${javaMap(redactor.headers(x.responseHeaders))}`];
}

function requestLines(x: Exchange, { redactor }: Trace): readonly string[] {
  const body = `Method request body before transformations: ${redactor.body(textOf(x.body))}`;
  if (x.socket?.eventType === "MESSAGE") return [body];
  const segments = (x.route as Exchange["route"] | undefined)?.segments ?? [];
  const names = segments.filter((segment) => segment.startsWith("{"));
  const path = x.pathValues.map((value, at) => redactor.pair((names[at] ?? "").replace(/^\{|\+?\}$/g, ""), value));
  const query = parseQuery(redactor.query(x.query), true);
  const pairs = query.flatMap((name, at) => (at % 2 === 0 ? [[name, query[at + 1] ?? ""] as const] : []));
  return [
    `Method request path: ${javaMap(path)}`,
    `Method request query string: ${javaMap(pairs)}`,
    `Method request headers: ${javaMap(redactor.headers(x.headers))}`,
    body,
  ];
}

function stepLines({ step, data }: TraceStep, x: Exchange, redactor: Redactor): readonly string[] {
  switch (step) {
    case "function":
      return [
        `Endpoint request URI: ${String(data["name"])}`,
        `Endpoint request body after transformations: ${eventText(data["event"], redactor)}`,
        `Sending request to ${String(data["name"])}`,
      ];
    case "integration request":
      return [
        `Endpoint request URI: ${String(data["url"])}`,
        `Endpoint request headers: ${javaMap(pairsOf(data["headers"]))}`,
        `Endpoint request body after transformations: ${redactor.body(String(data["body"]))}`,
        `Sending request to ${String(data["url"])}`,
      ];
    case "integration response":
      return [
        ...received(x),
        `Endpoint response headers: ${javaMap(pairsOf(data["headers"]))}`,
        `Endpoint response body before transformations: ${redactor.body(String(data["body"]))}`,
      ];
    case "function result":
      return [...received(x), `Endpoint response body before transformations: ${eventText(data["result"], redactor)}`];
    default:
      return [];
  }
}

function received({ integration }: Exchange): readonly string[] {
  if (integration?.status === undefined) return [];
  const latency = Math.round(Math.max(0, integration.latencyMs));
  return [`Received response. Status: ${integration.status}, Integration latency: ${latency} ms`];
}

function failureLine({ error, status }: Exchange): string {
  const { detail, note, rule } = error?.failure.options ?? {};
  const why = detail ?? note ?? rule ?? error?.message ?? error?.type;
  return `Execution failed${status >= 500 ? " due to configuration error" : ""}: ${why}`;
}

/** Unauthorized is no failure of the execution: the caller has shown nothing that would open the API. */
function authorizerFailure({ error, status }: Exchange): string {
  const { detail, note } = error?.failure.options ?? {};
  const why = detail ?? note ?? error?.message ?? error?.type;
  return status === 401 ? `Unauthorized request: ${why}` : `Execution failed due to configuration error: ${why}`;
}

/** `{name=value, name2=value2}`, as Java prints maps. */
function javaMap(pairs: readonly (readonly [string, string])[]): string {
  return `{${pairs.map(([name, value]) => `${name}=${value}`).join(", ")}}`;
}

function pairsOf(value: unknown): readonly (readonly [string, string])[] {
  return Array.isArray(value) ? (value as readonly (readonly [string, string])[]) : [];
}

/** An event or a result, whose `body` is a text of its own. */
function eventText(event: unknown, redactor: Redactor): string {
  if (typeof event !== "object" || event === null) return redactor.body(JSON.stringify(event) ?? "");
  const { body } = event as { readonly body?: unknown };
  return JSON.stringify(typeof body === "string" ? { ...event, body: redactor.body(body) } : event);
}

/** How much of a body is read to find its secrets; only the first KB of it is shown. */
const maxParsed = 65_536;

function textOf(body: Buffer): string {
  return body.length > maxParsed + 1 ? body.toString("utf8", 0, maxParsed + 1) : body.toString("utf8");
}

function cut(line: string): string {
  if (line.length * 3 <= maxLineBytes || Buffer.byteLength(line) <= maxLineBytes) return line;
  return `${Buffer.from(line)
    .subarray(0, maxLineBytes - 3)
    .toString("utf8")
    .replace(/\uFFFD$/, "")}…`;
}
