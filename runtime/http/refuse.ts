import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { LiveProgram } from "../host/live-program.js";
import { closeGentlyAfterAnswer, endGently } from "./close-gently.js";
import { type Refusal, type RefusalKind, refusals, tooLargeMessage } from "./refusals.js";

/** Answers a request that the gate refuses, behind earlier answers of the connection, and closes it. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  kind: RefusalKind,
  program: LiveProgram,
): void {
  const { kind: apiKind } = program.program.api;
  const tooLarge = { message: tooLargeMessage(apiKind, program.limits.maxBodyBytes) };
  const refusal: Refusal = kind === "body" ? { ...refusals.body, ...tooLarge } : refusals[kind];
  const body = bodyOf(refusal);
  closeGentlyAfterAnswer(request.socket);
  response.writeHead(refusal.status, [
    ...headersOf(refusal, program),
    "Content-Length",
    String(Buffer.byteLength(body)),
    "Connection",
    "close",
  ]);
  response.end(body);
}

/** Answers on the bare connection, for what Node's parser refused: there is no request and no response then. */
export function refuseRaw(socket: Duplex, kind: RefusalKind): void {
  const refusal: Refusal = refusals[kind];
  const body = bodyOf(refusal);
  socket.write(
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\nContent-Type: application/json\r\n` +
      `x-amzn-ErrorType: ${refusal.errorType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  endGently(socket);
}

function bodyOf({ message }: Refusal): string {
  return `{"message":${JSON.stringify(message)}}`;
}

function headersOf({ errorType }: Refusal, { program, ids }: LiveProgram): string[] {
  const json = ["Content-Type", "application/json"];
  if (program.api.kind === "http") return [...json, "Apigw-Requestid", ids.extendedRequestId()];
  const requestIds = ["x-amzn-RequestId", ids.requestId(), "x-amz-apigw-id", ids.extendedRequestId()];
  return [...json, "x-amzn-ErrorType", errorType, ...requestIds];
}
