import type { AwsAccess } from "../aws/aws-access.js";
import type { Exchange } from "../http/exchange.js";
import { awsAccessOf } from "./aws-access-of.js";
import { callAws } from "./call-aws.js";
import { configurationError } from "./failures.js";
import type { MappedParameter } from "./http-target.js";
import type { LambdaFunction, RemoteFunction } from "./lambda-function.js";
import { withOverrides } from "./overrides.js";
import { applyMapped, mappedQuery } from "./proxy-request.js";

/** What the Invoke API answered. */
export interface RemoteOutcome {
  /** 200; 202 of an asynchronous call, 204 of a dry run. */
  readonly status: number;
  /** The function failed: `payload` is its error. */
  readonly isError: boolean;
  readonly payload: Buffer;
}

interface Mapped {
  readonly headers?: readonly MappedParameter[] | undefined;
  readonly query?: readonly MappedParameter[] | undefined;
}

/**
 * Calls a deployed function (Lambda API reference, Invoke).
 *
 * @throws GatewayError 500 where Lambda refuses the call: no such function, no permission, throttled (6.5)
 */
export async function invokeRemote(
  x: Exchange,
  fn: LambdaFunction,
  payload: Buffer,
  { headers: mapped = [], query = [] }: Mapped = {},
): Promise<RemoteOutcome> {
  const access = awsAccessOf(x);
  fn.remote ??= remoteOf(fn, access);
  const { service, place, authority, path } = fn.remote;
  const overrides = x.templates?.overrides().request;
  const headers = ["Host", authority, "Content-Type", "application/json", "X-Amzn-Trace-Id", x.traceId];
  applyMapped(headers, x, withOverrides(mapped, overrides?.header, true));
  const request = {
    method: "POST",
    path,
    query: mappedQuery(x, withOverrides(query, overrides?.querystring)),
    headers,
    body: payload,
  };
  const { status, headers: received, body } = await callAws(x, access, place, service, request);
  if (status >= 300)
    throw configurationError(`Lambda answered ${status} ${fieldOf(received, "x-amzn-errortype") ?? ""}`.trim());
  return { status, isError: fieldOf(received, "x-amz-function-error") !== undefined, payload: body };
}

function remoteOf({ arn, deadlines }: LambdaFunction, access: AwsAccess): RemoteFunction {
  const [, region] = /^arn:aws[\w-]*:lambda:([a-z0-9-]+):\d{12}:function:[\w-]+(?::[\w$-]+)?$/.exec(arn) ?? [];
  if (region === undefined) throw configurationError("Invalid ARN of a function");
  const service = { host: "lambda", signingName: "lambda", endpointVariables: ["AWS_ENDPOINT_URL_LAMBDA"], region };
  const { origin, host, pathname } = new URL(access.url(service));
  return {
    service,
    place: { origin, insecureSkipVerification: false, deadlines },
    authority: host,
    path: `${pathname.replace(/\/$/, "")}/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`,
  };
}

function fieldOf(headers: readonly string[], lowerCaseName: string): string | undefined {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === lowerCaseName);
  return at === -1 ? undefined : headers[at + 1];
}
