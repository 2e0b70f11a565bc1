import type { Exchange } from "../http/exchange.js";
import { answerStatus } from "./answer-status.js";
import { payloadBytes, responsePayload } from "./binary.js";
import { payloadClass, renderBody } from "./custom-body.js";
import type { LambdaMapping } from "./lambda-target.js";
import { mappedHeaders } from "./mapped-response.js";
import { chooseResponseTemplate } from "./passthrough.js";
import { selectResponse } from "./response-selection.js";

/** How a function ended. A failure is no failure of the integration: Lambda answers 200 with it (section 6.4). */
export interface CustomOutcome {
  /** Of the Invoke API: 200, or 202 of an asynchronous call. */
  readonly status: number;
  /** The `errorMessage` of a function that failed; undefined: it did not. */
  readonly errorMessage: string | undefined;
  /** Result or error as JSON. */
  readonly body: Buffer;
}

/** The error message selects the integration response; its template makes the answer (sections 10, 11 and 26). */
export function answerOutcome(x: Exchange, { responses }: LambdaMapping, outcome: CustomOutcome): true {
  const response = selectResponse(responses, outcome.errorMessage ?? "");
  const accept = x.header("accept");
  x.backend = { status: outcome.status, headers: [], body: outcome.body };
  x.status = response.status;
  const { contentHandling } = response;
  const acceptClass = payloadClass(x, accept);
  const isDecoded =
    contentHandling === "CONVERT_TO_BINARY" || (contentHandling === undefined && acceptClass === "binary");
  const source = isDecoded ? withoutQuotes(outcome.body) : outcome.body;
  const payload = responsePayload(source, "text", acceptClass, contentHandling);
  const key = chooseResponseTemplate(x, response);
  const template = key === undefined ? undefined : response.templates.get(key);
  const body = template === undefined ? payloadBytes(payload) : renderBody(x, template, payload);
  const headers = mappedHeaders(x, response, key ?? "application/json");
  x.showsTraceId = true;
  return x.answer(answerStatus(x, response, payload), headers, body);
}

/** A function gives base64 as a JSON string (developer guide, "Return binary media from a Lambda function"). */
function withoutQuotes(body: Buffer): Buffer {
  const quote = 0x22;
  return body.length >= 2 && body[0] === quote && body.at(-1) === quote ? body.subarray(1, -1) : body;
}
