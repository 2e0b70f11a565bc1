import type { IncomingMessage, ServerResponse } from "node:http";
import type { LiveProgram } from "../host/live-program.js";
import { logs } from "../observe/logger.js";
import { closeGentlyAfterAnswer, isClosing } from "./close-gently.js";
import { answerCoding, compress } from "./compression.js";
import { answerPreflight, isPreflight } from "./cors.js";
import { Exchange } from "./exchange.js";
import type { Gate } from "./gate.js";
import { GatewayError } from "./gateway-error.js";
import { locate } from "./locate.js";
import { missingRoute, missingStage } from "./missing-route.js";
import { NodeTransport } from "./node-transport.js";
import { refuse } from "./refuse.js";
import { BodyCutOff } from "./request-body.js";
import { writeAnswer } from "./respond.js";
import type { SourceIp } from "./source-ip.js";

/** What `serve` needs of the host; one object for the life of a Program. */
export interface Serving {
  readonly program: LiveProgram;
  readonly gate: Gate;
  readonly sourceIp: SourceIp;
  /** Called when an answer has been written or given up; undefined costs nothing. */
  readonly onAnswered: ((x: Exchange) => void) | undefined;
  /** True while the host drains: answers say `Connection: close`. */
  isClosing: boolean;
}

/** One request from Node's event to its answer. */
export function serve(
  serving: Serving,
  request: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
): void {
  if (isClosing(request.socket)) return;
  const { program } = serving;
  const gated = serving.gate.read(request);
  if (typeof gated === "string") {
    refuse(request, response, gated, program);
    return;
  }
  const { stage, rawPath, path } = locate(program, gated.path);
  const transport = new NodeTransport(request, response, gated.bodyBytes, expectsContinue);
  const x = new Exchange(
    program,
    gated.method,
    rawPath,
    path,
    gated.query,
    gated.headers,
    serving.sourceIp.of(request.socket.remoteAddress, gated.headers),
    program.clock.now(),
    transport,
  );
  transport.exchange = x;
  run(serving, x, transport, stage);
}

function run(serving: Serving, x: Exchange, transport: NodeTransport, stage: Exchange["stage"] | undefined): void {
  if (stage === undefined) {
    fail(serving, x, transport, missingStage(x));
    return;
  }
  x.stage = stage;
  const { cors } = x.program.program.api;
  if (cors !== undefined && isPreflight(x)) {
    answerPreflight(x, cors);
    write(serving, x, transport);
    return;
  }
  if (!x.program.router.find(x.method, x.path, x)) {
    fail(serving, x, transport, missingRoute(x));
    return;
  }
  try {
    const done = x.route.run(x);
    if (typeof done === "boolean") settle(serving, x, transport, done);
    else settleLater(serving, x, transport, done);
  } catch (error) {
    fail(serving, x, transport, error);
  }
}

function settleLater(serving: Serving, x: Exchange, transport: NodeTransport, done: Promise<boolean>): void {
  done.then(
    (isOver) => {
      try {
        settle(serving, x, transport, isOver);
      } catch (error) {
        fail(serving, x, transport, error);
      }
    },
    (error: unknown) => fail(serving, x, transport, error),
  );
}

function settle(serving: Serving, x: Exchange, transport: NodeTransport, isOver: boolean): void {
  if (!isOver) fail(serving, x, transport, new GatewayError("API_CONFIGURATION_ERROR", undefined, noAnswer));
  else if (x.isStreaming) answered(serving, x, transport);
  else if (x.program.program.api.minimumCompressionSize === undefined) write(serving, x, transport);
  else writeCompressed(serving, x, transport);
}

function writeCompressed(serving: Serving, x: Exchange, transport: NodeTransport): void {
  const { responseBody: body, responseHeaders: headers } = x;
  const bytes = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
  const coding = answerCoding(x, x.status, headers, bytes);
  if (coding === undefined) {
    write(serving, x, transport);
    return;
  }
  compress(body, coding)
    .then((compressed) => {
      x.answer(x.status, [...headers, "Content-Encoding", coding], compressed);
      write(serving, x, transport);
    })
    .catch((error: unknown) => fail(serving, x, transport, error));
}

const noAnswer = { detail: "no step of the route answered" };

/** Answers a failure; never throws: a request must not be able to end the process. */
function fail(serving: Serving, x: Exchange, transport: NodeTransport, error: unknown): void {
  try {
    answerFailure(serving, x, transport, error);
  } catch (problem) {
    transport.response.destroy();
    x.program.logger.write({ level: "error", message: "a failure could not be answered", detail: String(problem) });
  }
}

function answerFailure(serving: Serving, x: Exchange, transport: NodeTransport, error: unknown): void {
  const { response } = transport;
  if (!(error instanceof BodyCutOff)) logFailure(x, error);
  // Once an answer has begun, all that is left is to cut it: the client must not take it for a whole one.
  if (x.isStreaming || response.headersSent) response.destroy();
  if (error instanceof BodyCutOff || response.destroyed) {
    serving.onAnswered?.(x);
    return;
  }
  x.program.gatewayResponses.answer(x, error);
  write(serving, x, transport);
}

function write(serving: Serving, x: Exchange, transport: NodeTransport): void {
  const { response } = transport;
  if (response.destroyed) {
    serving.onAnswered?.(x);
    return;
  }
  const closes = serving.isClosing || transport.leavesMuchUnread;
  if (transport.leavesMuchUnread) closeGentlyAfterAnswer(transport.socket);
  try {
    writeAnswer(x, response, closes);
  } catch (error) {
    writeInstead(x, response, closes, error);
  }
  // The system's buffer is full: the client has to take its answer in time.
  if (transport.socket.writableLength > 0) transport.socket.setTimeout(x.program.limits.inactivityTimeoutMs);
  if (serving.onAnswered !== undefined) serving.onAnswered(x);
}

/** A header name, value or status that HTTP does not allow came from a handler, a mapping or a customised response. */
function writeInstead(x: Exchange, response: ServerResponse, closes: boolean, error: unknown): void {
  logFailure(x, new GatewayError("API_CONFIGURATION_ERROR", undefined, { detail: `unsendable answer: ${error}` }));
  x.program.gatewayResponses.answerPlainly(x);
  writeAnswer(x, response, closes);
}

/** A stream that has ended or will end by itself. */
function answered(serving: Serving, x: Exchange, { response }: NodeTransport): void {
  if (serving.onAnswered === undefined) return;
  if (response.writableEnded || response.destroyed) serving.onAnswered(x);
  else response.once("close", () => serving.onAnswered?.(x));
}

function logFailure(x: Exchange, error: unknown): void {
  if (x.stage === undefined || x.stage.entry.log === "off") return;
  const isGatewayError = error instanceof GatewayError;
  const isOurs = !isGatewayError || error.options.detail !== undefined;
  const level = isOurs ? "error" : "info";
  if (!logs(x.stage.entry, level)) return;
  x.program.logger.write({
    level,
    message: isGatewayError ? error.message : "a step failed unexpectedly",
    stage: x.stage.name,
    requestId: x.requestId,
    route: x.route?.key,
    type: isGatewayError ? error.type : undefined,
    detail: isGatewayError ? error.options.detail : error instanceof Error ? error.stack : String(error),
  });
}
