import type { AwsAccess } from "../aws/aws-access.js";
import { type AwsCredentials, CredentialError } from "../aws/credentials.js";
import type { BackendAnswer, Exchange } from "../http/exchange.js";
import { awsAccessOf } from "./aws-access-of.js";
import type { AwsTarget } from "./aws-target.js";
import { collect } from "./buffered-call.js";
import { answerCustom } from "./custom-answer.js";
import { customBody } from "./custom-body.js";
import { customHeaders, customMethod, customQuery, passedContentType, withQuery } from "./custom-request.js";
import { configurationError } from "./failures.js";
import { endpointOf, type HttpEndpoint, pathOf } from "./http-endpoint.js";
import { upstreamsOf } from "./open-upstreams.js";

/**
 * AWS: calls an action or a path of a service, signed with the gateway's own credentials; status and body go through
 * the integration responses as those of an HTTP backend do (aws-behaviour.md 5.2, 6.4 and 10).
 */
export async function awsService(x: Exchange): Promise<boolean> {
  const target = x.route.aws;
  if (target === undefined) throw configurationError("the route has no AWS integration");
  const access = awsAccessOf(x);
  const endpoint = endpointOf(x, target, () => access.url(target.service));
  const body = customBody(x, target);
  const headers = customHeaders(x, endpoint, target.contentType ?? passedContentType(x));
  headers.push(...target.protocolHeaders);
  const query = joined(customQuery(x, endpoint), actionOf(target, body));
  const request = { method: customMethod(x, endpoint), path: pathOf(x, endpoint), query, headers, body };
  return answerCustom(x, await callAws(x, access, endpoint, target, request), target.responses);
}

/** A request to a service before it is signed. */
export interface AwsRequest {
  readonly method: string;
  readonly path: string;
  /** Without `?`. */
  readonly query: string;
  /** Flat list with Host, without Content-Length. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/**
 * Signs a request and sends it, within the route's time-out.
 *
 * @throws GatewayError 500 without credentials, 504 for network errors and time-outs
 */
export async function callAws(
  x: Exchange,
  access: AwsAccess,
  endpoint: HttpEndpoint,
  { service }: Pick<AwsTarget, "service">,
  request: AwsRequest,
): Promise<BackendAnswer> {
  const credentials = await credentialsOf(access);
  const headers = [...request.headers, ...access.sign(request, service, credentials)];
  if (request.body.length > 0 || !bodiless.has(request.method)) {
    headers.push("Content-Length", String(request.body.length));
  }
  return collect(x, endpoint, await upstreamsOf(x), {
    method: request.method,
    path: withQuery(request.path, request.query),
    headers,
    body: request.body.length > 0 ? request.body : null,
    bodyTimeoutMs: endpoint.deadlines.durationMs,
  });
}

const bodiless: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "DELETE"]);

async function credentialsOf(access: AwsAccess): Promise<AwsCredentials> {
  try {
    return await access.credentials();
  } catch (error) {
    const detail =
      error instanceof CredentialError ? error.message : `credentials: ${error instanceof Error ? error.message : ""}`;
    throw configurationError(detail);
  }
}

/** The action stands in the query, unless the body is a form that says it (section 6.4). */
function actionOf({ actionQuery = "" }: AwsTarget, body: Buffer): string {
  return actionQuery !== "" && /(?:^|&)Action=/.test(body.toString("latin1")) ? "" : actionQuery;
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("&");
}
