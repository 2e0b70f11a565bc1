const reserved: ReadonlySet<string> = new Set([
  "authorization",
  "connection",
  "content-encoding",
  "content-length",
  "content-location",
  "forwarded",
  "keep-alive",
  "origin",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailers",
  "transfer-encoding",
  "upgrade",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
]);

const reservedPrefixes: readonly string[] = ["access-control-", "apigw-", "x-amz-", "x-amzn-"];

/** Whether parameter mapping of an HTTP API may set a header of this name (aws-behaviour.md 28.2, reserved headers). */
export function isMappableHttpHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return !reserved.has(lower) && !reservedPrefixes.some((prefix) => lower.startsWith(prefix));
}
