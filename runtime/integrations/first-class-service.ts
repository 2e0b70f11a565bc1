import type { Exchange } from "../http/exchange.js";
import { awsAccessOf } from "./aws-access-of.js";
import { callAws } from "./call-aws.js";
import { configurationError } from "./failures.js";
import { firstClassRequest } from "./first-class-call.js";
import { endpointOf } from "./http-endpoint.js";
import { mappedHead } from "./proxy-response.js";

/**
 * A first-class integration of HTTP APIs: one action of a service, its parameters by name, signed with the gateway's own
 * credentials. Status and body of the service's answer pass, but for what the route's responses change (28.1 and 28.2).
 */
export async function firstClassService(x: Exchange): Promise<boolean> {
  const target = x.route.aws;
  const call = target?.firstClass;
  if (target === undefined || call === undefined) throw configurationError("the route has no service integration");
  const access = awsAccessOf(x);
  const endpoint = endpointOf(x, target, () => access.url(target.service));
  const request = firstClassRequest(x, call);
  const body = Buffer.from(request.body, "utf8");
  const headers = ["Host", endpoint.authority, "Accept", "application/json"];
  if (target.contentType !== undefined) headers.push("Content-Type", target.contentType);
  headers.push(...target.protocolHeaders, "X-Amzn-Trace-Id", x.traceId);
  const { method, path, query } = request;
  const answer = await callAws(x, access, endpoint, target.service, { method, path, query, headers, body });
  const head = { status: answer.status, headers: shown(answer.headers), contentLength: -1, contentEncoding: "" };
  const mapped = mappedHead(x, head, target.responses, answer.body);
  return x.answer(mapped.status, mapped.headers, answer.body);
}

/** Of the service's headers the client gets the body's type. */
function shown(headers: readonly string[]): string[] {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === "content-type");
  return at === -1 ? [] : ["Content-Type", headers[at + 1] as string];
}
