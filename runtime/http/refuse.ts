import type { LiveProgram } from "../host/live-program.js";
import { type Refusal, type RefusalKind, refusalBody, refusals, tooLargeMessage } from "./refusals.js";
import type { WireRequest } from "./wire/wire-request.js";

/** Answers a request that the gate refuses, behind earlier answers of the connection, and closes it. */
export function refuse(wire: WireRequest, kind: RefusalKind, program: LiveProgram): void {
  const { kind: apiKind } = program.program.api;
  const tooLarge = { message: tooLargeMessage(apiKind, program.limits.maxBodyBytes) };
  const refusal: Refusal = kind === "body" ? { ...refusals.body, ...tooLarge } : refusals[kind];
  const body = refusalBody(refusal);
  const headers = headersOf(refusal, program);
  headers.push("Content-Length", String(Buffer.byteLength(body)));
  wire.send(refusal.status, headers, body, true);
}

function headersOf({ errorType }: Refusal, { program, ids }: LiveProgram): string[] {
  const json = ["Content-Type", "application/json"];
  if (program.api.kind === "http") return [...json, "Apigw-Requestid", ids.extendedRequestId()];
  const requestIds = ["x-amzn-RequestId", ids.requestId(), "x-amz-apigw-id", ids.extendedRequestId()];
  return [...json, "x-amzn-ErrorType", errorType, ...requestIds];
}
