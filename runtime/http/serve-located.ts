import type { ClientCertificate } from "../auth/caller.js";
import type { LiveStage } from "../host/live-program.js";
import { runBehind } from "../limits/run-behind.js";
import { beginExecutionLog, logLevelOf, writeExecutionLog } from "../observe/execution-log.js";
import { failureText } from "../observe/failure-text.js";
import { logName, logs } from "../observe/logger.js";
import { Redactor } from "../observe/redact.js";
import type { Trace } from "../observe/trace.js";
import type { Answering } from "./answering.js";
import { answerCoding, compress } from "./compression.js";
import { answerPreflight, isPreflight } from "./cors.js";
import { Exchange } from "./exchange.js";
import type { GatedRequest } from "./gate.js";
import { GatewayError } from "./gateway-error.js";
import type { Location } from "./locate.js";
import { missingRoute, missingStage } from "./missing-route.js";
import { listenTo } from "./outcome.js";
import { BodyCutOff } from "./request-body.js";
import { writeAnswer } from "./respond.js";
import type { WireRequest } from "./wire/wire-request.js";
import { WireTransport } from "./wire-transport.js";

/** A request that the host has read and located. */
export interface Arrival {
  readonly gated: GatedRequest;
  readonly location: Location;
  /** What answers: a stage or its canary. Undefined: the path names no stage. */
  readonly stage: LiveStage | undefined;
  readonly sourceIp: string;
  /** It came by TLS, or from this machine. */
  readonly isSecure: boolean;
  readonly clientCertificate: ClientCertificate | undefined;
  /** Edge endpoints: a trusted proxy sent it, which may be the CDN. */
  readonly isCdn: boolean;
}

/** One located request, through its route to its answer. */
export function serveLocated(serving: Answering, arrival: Arrival, wire: WireRequest): void {
  const { gated, location, stage } = arrival;
  const program = stage?.program ?? location.program;
  const isRest = program.program.api.kind === "rest";
  const { edge, api } = program.program;
  const sent =
    edge === undefined
      ? gated.headers
      : edge.requestHeaders(gated.headers, arrival.isCdn, { apiId: api.apiId, ids: program.ids });
  const transport = new WireTransport(wire);
  const traced = serving.tracer?.begin({ headers: sent, host: gated.host, remoteAddress: wire.remoteAddress });
  const x = new Exchange(
    program,
    isRest ? gated.overriddenMethod : gated.method,
    location.rawPath,
    location.path,
    gated.query,
    traced?.headers ?? sent,
    arrival.sourceIp,
    program.clock.now(),
    transport,
  );
  x.sent = gated;
  x.basePath = location.basePath;
  x.isSecure = arrival.isSecure;
  x.clientCertificate = arrival.clientCertificate;
  x.trace = traced?.trace;
  transport.exchange = x;
  if (serving.onAnswered !== undefined) x.startedAt = program.clock.monotonic();
  run(serving, x, transport, stage);
}

function run(serving: Answering, x: Exchange, transport: WireTransport, stage: LiveStage | undefined): void {
  if (stage === undefined) {
    fail(serving, x, transport, missingStage(x));
    return;
  }
  x.stage = stage;
  const { waf } = x.program;
  if (waf !== undefined) {
    const rule = waf.blockedBy(x);
    if (rule !== undefined) {
      fail(serving, x, transport, new GatewayError("WAF_FILTERED", undefined, { rule }));
      return;
    }
  }
  const { cors } = x.program.program.api;
  if (cors !== undefined && isPreflight(x)) {
    answerPreflight(x, cors);
    write(serving, x, transport.wire);
    return;
  }
  if (!x.program.router.find(x.method, x.path, x)) {
    fail(serving, x, transport, missingRoute(x));
    return;
  }
  beginExecutionLog(x);
  if (x.trace !== undefined) {
    x.trace.redactor = new Redactor(x.route.secrets);
    noteRoute(x, x.trace);
  }
  try {
    const done = runBehind(x, x.route);
    if (typeof done === "boolean") settle(serving, x, transport, done);
    else settleLater(serving, x, transport, done);
  } catch (error) {
    fail(serving, x, transport, error);
  }
}

function settleLater(serving: Answering, x: Exchange, transport: WireTransport, done: Promise<boolean>): void {
  listenTo(done, {
    over(isOver) {
      try {
        settle(serving, x, transport, isOver);
      } catch (error) {
        fail(serving, x, transport, error);
      }
    },
    failed(error) {
      fail(serving, x, transport, error);
    },
  });
}

function settle(serving: Answering, x: Exchange, transport: WireTransport, isOver: boolean): void {
  if (!isOver) fail(serving, x, transport, new GatewayError("API_CONFIGURATION_ERROR", undefined, noAnswer));
  else if (x.isStreaming) answered(serving, x, transport);
  else if (x.program.program.api.minimumCompressionSize === undefined || x.trace?.isAnswer)
    write(serving, x, transport.wire);
  else writeCompressed(serving, x, transport);
}

function writeCompressed(serving: Answering, x: Exchange, transport: WireTransport): void {
  const { responseBody: body, responseHeaders: headers } = x;
  const bytes = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
  const coding = answerCoding(x, x.status, headers, bytes);
  if (coding === undefined) {
    write(serving, x, transport.wire);
    return;
  }
  compress(body, coding)
    .then((compressed) => {
      x.answer(x.status, [...headers, "Content-Encoding", coding], compressed);
      write(serving, x, transport.wire);
    })
    .catch((error: unknown) => fail(serving, x, transport, error));
}

const noAnswer = { detail: "no step of the route answered" };

/** Answers a failure; never throws: a request must not be able to end the process. */
function fail(serving: Answering, x: Exchange, transport: WireTransport, error: unknown): void {
  try {
    answerFailure(serving, x, transport, error);
  } catch (problem) {
    transport.wire.cut();
    x.program.logger.write({ level: "error", message: "a failure could not be answered", detail: String(problem) });
  }
}

function answerFailure(serving: Answering, x: Exchange, { wire }: WireTransport, error: unknown): void {
  if (!(error instanceof BodyCutOff)) logFailure(x, error);
  // Once an answer has begun, all that is left is to cut it: the client must not take it for a whole one.
  if (wire.hasBegun && !wire.isOver) wire.cut();
  if (error instanceof BodyCutOff || wire.isGone || wire.hasBegun) {
    serving.onAnswered?.(x);
    return;
  }
  x.program.gatewayResponses.answer(x, error);
  if (x.trace !== undefined) noteFailure(x, x.trace);
  write(serving, x, wire);
}

function noteRoute(x: Exchange, trace: Trace): void {
  trace.note("route", {
    route: x.route.key,
    stage: x.stage.name,
    path: x.path,
    pathValues: x.pathValues,
    query: trace.query(x.query),
    headers: trace.headers(x.headers),
  });
}

function write(serving: Answering, x: Exchange, wire: WireRequest): void {
  const { status } = x;
  if (x.trace?.isAnswer) {
    if (isRouted(x)) writeExecutionLog(x);
    serving.tracer?.finish(x, x.trace);
  }
  if (!wire.isGone) {
    try {
      writeAnswer(x, wire, serving.isClosing);
    } catch (error) {
      writeInstead(x, wire, serving.isClosing, error);
    }
  }
  // Who observes is told of the answer, not of the trace that was given instead.
  if (x.trace?.isAnswer) x.status = status;
  else if (isRouted(x)) writeExecutionLog(x);
  if (serving.onAnswered !== undefined) serving.onAnswered(x);
}

function isRouted(x: Exchange): boolean {
  return (x.route as Exchange["route"] | undefined) !== undefined;
}

function noteFailure({ error }: Exchange, trace: Trace): void {
  const { detail, rule } = error?.failure.options ?? {};
  trace.note("failure", { type: error?.type, message: error?.message, detail: detail ?? rule });
}

/** A header name, value or status that HTTP does not allow came from a handler, a mapping or a customised response. */
function writeInstead(x: Exchange, wire: WireRequest, closes: boolean, error: unknown): void {
  logFailure(x, new GatewayError("API_CONFIGURATION_ERROR", undefined, { detail: `unsendable answer: ${error}` }));
  x.program.gatewayResponses.answerPlainly(x);
  writeAnswer(x, wire, closes);
}

/** A stream that has ended or will end by itself. */
function answered(serving: Answering, x: Exchange, { wire }: WireTransport): void {
  writeExecutionLog(x);
  if (serving.onAnswered !== undefined) wire.onSettled(() => serving.onAnswered?.(x));
}

function quoted(x: Exchange, text: string | undefined): string | undefined {
  return text && failureText(x, text);
}

function logFailure(x: Exchange, error: unknown): void {
  if (x.stage === undefined) return;
  const log = logLevelOf(x);
  if (log === "off") return;
  const isGatewayError = error instanceof GatewayError;
  const isOurs = !isGatewayError || error.options.detail !== undefined;
  const level = isOurs ? "error" : "info";
  if (!logs({ log }, level)) return;
  x.program.logger.write({
    level,
    message: isGatewayError ? failureText(x, error.message) : "a step failed unexpectedly",
    stage: logName(x.stage),
    requestId: x.requestId,
    route: x.route?.key,
    type: isGatewayError ? error.type : undefined,
    detail: isGatewayError
      ? quoted(x, error.options.detail ?? error.options.note ?? error.options.rule)
      : error instanceof Error
        ? error.stack
        : String(error),
  });
}
