import type { Environment } from "../host/load-program.js";

/** A service as requests to it need it; made at build time. */
export interface AwsService {
  /** Host name without region and domain: `sqs`, `bucket.s3`, `sync-states`. */
  readonly host: string;
  /** Name in the credential scope of signatures: `ses` for `email`. */
  readonly signingName: string;
  /** Environment variables that may hold its address, best first, such as AWS_ENDPOINT_URL_SQS. */
  readonly endpointVariables: readonly string[];
  /** Region of a service that has but one for all; undefined: the API's. */
  readonly region?: string | undefined;
  /** Host name of such a service, `iam.amazonaws.com`. */
  readonly globalHost?: string | undefined;
}

/**
 * Origin and base path of a service: what AWS_ENDPOINT_URL_<SERVICE> or AWS_ENDPOINT_URL say, else AWS's own.
 *
 * @returns without a slash at the end
 * @see AWS SDKs and Tools reference guide, "Service-specific endpoints"
 */
export function serviceUrl(service: AwsService, region: string, environment: Environment): string {
  const configured = configuredUrl(service.endpointVariables, environment);
  if (configured !== undefined) return configured.replace(/\/+$/, "");
  if (service.globalHost !== undefined) return `https://${service.globalHost}`;
  return `https://${service.host}.${region}.${region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com"}`;
}

function configuredUrl(names: readonly string[], environment: Environment): string | undefined {
  if (environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.toLowerCase() === "true") return undefined;
  for (const name of [...names, "AWS_ENDPOINT_URL"]) {
    const url = environment[name];
    if (url) return url;
  }
  return undefined;
}
