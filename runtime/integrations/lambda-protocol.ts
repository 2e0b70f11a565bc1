import type { Exchange } from "../http/exchange.js";
import type { SocketContext } from "../websocket/socket-context.js";
import { http1Event, http2Event } from "./lambda-event-http.js";
import { restEvent } from "./lambda-event-rest.js";
import { webSocketEvent } from "./lambda-event-websocket.js";
import type { LambdaFunction } from "./lambda-function.js";
import type { AnswerResult } from "./lambda-invocation.js";
import { LocalHttpRequest } from "./lambda-local-http.js";
import { LocalRestRequest } from "./lambda-local-rest.js";
import { LocalSocketMessage } from "./lambda-local-websocket.js";
import { answerHttp1Result, answerRestResult, answerSocketResult } from "./lambda-result.js";
import { answerHttp2Result } from "./lambda-result-http2.js";

/** How a proxy's event is made, and its result answered with. */
export interface LambdaProtocol {
  readonly event: (x: Exchange, fn: LambdaFunction) => object;
  /** What typed handlers read in its place; undefined: nothing. */
  readonly local?: (x: Exchange, fn: LambdaFunction) => object;
  readonly answer: AnswerResult;
}

const rest: LambdaProtocol = {
  event: restEvent,
  local: (x, fn) => new LocalRestRequest(x, fn),
  answer: answerRestResult,
};

const http1: LambdaProtocol = { event: http1Event, answer: answerHttp1Result };
const http2: LambdaProtocol = {
  event: http2Event,
  local: (x, fn) => new LocalHttpRequest(x, fn),
  answer: answerHttp2Result,
};

const connectionLife: LambdaProtocol = {
  event: (x) => webSocketEvent(x, x.socket as SocketContext),
  answer: answerSocketResult,
};
const message: LambdaProtocol = {
  ...connectionLife,
  local: (x) => new LocalSocketMessage(x, x.socket as SocketContext),
};

export function protocolOf({ program, route, socket }: Exchange): LambdaProtocol {
  if (socket !== undefined) return socket.eventType === "MESSAGE" ? message : connectionLife;
  if (program.program.api.kind === "rest") return rest;
  return route.lambda?.payloadFormat === "1.0" ? http1 : http2;
}
