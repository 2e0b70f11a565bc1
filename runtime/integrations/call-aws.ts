import type { AwsAccess } from "../aws/aws-access.js";
import { type AwsCredentials, CredentialError } from "../aws/credentials.js";
import type { AwsService } from "../aws/endpoints.js";
import type { BackendAnswer, Exchange } from "../http/exchange.js";
import { type CallPlace, collect } from "./buffered-call.js";
import { withQuery } from "./custom-request.js";
import { configurationError } from "./failures.js";
import { upstreamsOf } from "./open-upstreams.js";

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
  place: CallPlace,
  service: AwsService,
  request: AwsRequest,
): Promise<BackendAnswer> {
  const credentials = await credentialsOf(access);
  const headers = [...request.headers, ...access.sign(request, service, credentials)];
  if (request.body.length > 0 || !bodiless.has(request.method)) {
    headers.push("Content-Length", String(request.body.length));
  }
  return collect(x, place, await upstreamsOf(x), {
    method: request.method,
    path: withQuery(request.path, request.query),
    headers,
    body: request.body.length > 0 ? request.body : null,
    bodyTimeoutMs: place.deadlines.durationMs,
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
