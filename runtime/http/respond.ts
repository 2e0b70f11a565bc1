import { replaceCors } from "./cors.js";
import type { Exchange } from "./exchange.js";
import type { WireRequest } from "./wire/wire-request.js";

const rest = "rest";

/**
 * Writes the answer that a pipeline has set. The one place where answers are written, but for streams and refusals.
 *
 * @throws at header names, values or a status that HTTP does not allow; nothing has been sent then
 */
export function writeAnswer(x: Exchange, wire: WireRequest, closes: boolean): void {
  const { status, responseBody: body } = x;
  const headers = serviceHeaders(x, x.responseHeaders);
  if (status !== 204 && status !== 304) {
    const bytes = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
    headers.push("Content-Length", String(bytes));
  }
  wire.send(status, headers, body, closes);
}

/**
 * Adds what the service itself says (aws-behaviour.md 13.1): ids, the trace id where it shows, and a Content-Type,
 * which is on every answer. Framing is ours alone: fields that decide it are taken out. The list is changed and returned.
 */
export function serviceHeaders(x: Exchange, headers: string[]): string[] {
  let hasType = false;
  for (let at = headers.length - 2; at >= 0; at -= 2) {
    const name = headers[at] as string;
    switch (name.length) {
      case 12:
        hasType ||= name === "Content-Type" || name.toLowerCase() === "content-type";
        break;
      case 7:
      case 10:
      case 14:
      case 17:
        if (framingNames.has(name.toLowerCase())) headers.splice(at, 2);
    }
  }
  if (!hasType) headers.push("Content-Type", "application/json");
  const { kind, cors } = x.program.program.api;
  if (kind === rest) {
    headers.push("x-amzn-RequestId", x.requestId, "x-amz-apigw-id", x.extendedRequestId);
    x.program.program.edge?.answerHeaders(headers, x);
    if (x.showsTraceId && x.error === undefined) headers.push("X-Amzn-Trace-Id", shownTraceId(x));
  } else {
    headers.push("Apigw-Requestid", x.extendedRequestId);
    if (cors !== undefined) replaceCors(headers, x, cors);
  }
  return headers;
}

/** Answers of functions show a lineage besides what the function saw (recorded, aws-behaviour.md 5.4). */
function shownTraceId(x: Exchange): string {
  return x.route.lambda === undefined ? x.traceId : `${x.traceId};Lineage=1:${x.program.ids.hex(8)}:0`;
}

const framingNames: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
