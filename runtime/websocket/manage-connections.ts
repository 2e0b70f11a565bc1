import { isUtf8 } from "node:buffer";
import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { decodePercent } from "../mapping/query-text.js";
import type { ConnectionDescription, ConnectionTarget } from "./connections.js";

/** As the service's own errors show themselves to AWS's SDKs (aws-behaviour.md section 29.6). */
const gone = failure(410, "GoneException", "Gone");
const tooLarge = failure(413, "PayloadTooLargeException", "Message payload too large");
const notText = failure(400, "BadRequestException", "The message is not UTF-8: frames are text");

/** Step: `POST`, `GET` and `DELETE /@connections/{id}`, signed requests that have been authorized before. */
export function manageConnections(x: Exchange): boolean | Promise<boolean> {
  // The step before has seen to it; should a gateway ever lack that step, nobody gets through.
  if (x.caller?.authorizer.kind !== "iam") throw new GatewayError("MISSING_AUTHENTICATION_TOKEN");
  const target = targetOf(x);
  switch (x.method) {
    case "POST":
      return post(x, target);
    case "GET":
      return after(x.program.connections?.get(target), (found) => answerDescription(x, found));
    default:
      return after(x.program.connections?.delete(target), (isThere) => (isThere ? x.answer(204, [], "") : gone(x)));
  }
}

/** The id as clients write it: its `=` may be percent-encoded. */
function targetOf({ program, stage, pathValues }: Exchange): ConnectionTarget {
  const { apiId } = program.program.api;
  return { apiId, stage: stage.name, connectionId: decodePercent(pathValues[0] ?? "") };
}

async function post(x: Exchange, target: ConnectionTarget): Promise<boolean> {
  const { messageBytes } = x.route.connections ?? { messageBytes: 0 };
  if (!x.isBodyRead && x.transport.hasBody) x.body = await x.transport.readBody(x.program.limits.maxBodyBytes);
  if (x.body.length > messageBytes) return tooLarge(x);
  if (!isUtf8(x.body)) return notText(x);
  const sent = await x.program.connections?.post(target, x.body);
  return sent ? x.answer(200, [], "") : gone(x);
}

function answerDescription(x: Exchange, found: ConnectionDescription | undefined): true {
  if (found === undefined) return gone(x);
  const { connectedAt, lastActiveAt, sourceIp, userAgent } = found;
  const body = {
    connectedAt: new Date(connectedAt).toISOString(),
    identity: { sourceIp, ...(userAgent !== undefined && { userAgent }) },
    lastActiveAt: new Date(lastActiveAt).toISOString(),
  };
  return x.answer(200, ["Content-Type", "application/json"], JSON.stringify(body));
}

/** What is here is answered at once. */
function after<T>(value: T | Promise<T>, answer: (value: T) => true): true | Promise<true> {
  return value instanceof Promise ? value.then(answer) : answer(value);
}

function failure(status: number, errorType: string, message: string) {
  const body = JSON.stringify({ message });
  return (x: Exchange): true =>
    x.answer(status, ["Content-Type", "application/json", "x-amzn-ErrorType", errorType], body);
}
