import type { BackendAnswer, Exchange } from "../http/exchange.js";
import { answerStatus } from "./answer-status.js";
import { payloadBytes, responsePayload } from "./binary.js";
import { payloadClass, renderBody } from "./custom-body.js";
import type { HttpTargetResponse } from "./http-target.js";
import { mappedHeaders } from "./mapped-response.js";
import { chooseResponseTemplate } from "./passthrough.js";
import { selectResponse } from "./response-selection.js";

/**
 * Answers with what the backend gave: its status selects the integration response, whose template and mappings make the
 * answer (aws-behaviour.md 10 to 12 and 26).
 */
export function answerCustom(x: Exchange, backend: BackendAnswer, responses: readonly HttpTargetResponse[]): true {
  x.backend = backend;
  const response = selectResponse(responses, String(backend.status));
  x.status = response.status;
  const accept = x.header("accept");
  const payload = responsePayload(
    backend.body,
    payloadClass(x, contentTypeOf(backend.headers)),
    payloadClass(x, accept),
    response.contentHandling,
  );
  const key = chooseResponseTemplate(x, response);
  const template = key === undefined ? undefined : response.templates.get(key);
  const body = template === undefined ? payloadBytes(payload) : renderBody(x, template, payload);
  const headers = mappedHeaders(x, response, key ?? "application/json");
  x.showsTraceId = true;
  return x.answer(answerStatus(x, response, payload), headers, body);
}

function contentTypeOf(headers: readonly string[]): string | undefined {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === "content-type");
  return at === -1 ? undefined : headers[at + 1];
}
