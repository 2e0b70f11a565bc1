import type { Exchange } from "../http/exchange.js";
import { applyMapped, changedQuery } from "./proxy-request.js";
import { mappedHead } from "./proxy-response.js";

/**
 * Parameter mapping of an HTTP API in front of a function: the event shows the changed headers and query; what the gateway
 * itself reads stays as the client sent it (aws-behaviour.md 28.2).
 */
export function mapFunctionRequest(x: Exchange): false {
  const changes = x.route.lambda?.changes;
  if (changes === undefined) return false;
  const headers = x.headers.slice();
  applyMapped(headers, x, changes.headers);
  x.mapped = { headers, query: changedQuery(x, changes.query) };
  return false;
}

/** The same of its answer, by the status that it gives. */
export function mapFunctionAnswer(x: Exchange): true {
  const changes = x.route.lambda?.changes;
  if (changes === undefined || x.isStreaming) return true;
  const body = typeof x.responseBody === "string" ? Buffer.from(x.responseBody, "utf8") : Buffer.from(x.responseBody);
  const head = { status: x.status, headers: x.responseHeaders, contentLength: -1, contentEncoding: "" };
  const { status, headers } = mappedHead(x, head, changes.responses, body);
  x.status = status;
  x.responseHeaders = headers;
  return true;
}
