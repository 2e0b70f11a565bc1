/**
 * Spelling under which a REST API shows a client's header; empty when it does not show it: the list of
 * aws-behaviour.md 5.1, and the names that the service sets itself (2.4), their `_` variants too, so that no client can
 * pretend to be the gateway. `authorization` and `user-agent` are respelled, all else stays as sent.
 */
export function restSpelling(name: string): string {
  // Length and first letter rule out nearly every header before anything is lower-cased.
  switch ((name.length << 8) | (name.charCodeAt(0) | 0x20)) {
    case key(2, "t"):
      return unless(name, "te");
    case key(4, "h"):
      return name.toLowerCase() === "host" ? "Host" : name;
    case key(6, "e"):
      return unless(name, "expect");
    case key(6, "s"):
      return unless(name, "server");
    case key(7, "t"):
      return unless(name, "trailer");
    case key(7, "u"):
      return unless(name, "upgrade");
    case key(10, "c"):
      return unless(name, "connection");
    case key(10, "u"):
      return name.toLowerCase() === "user-agent" ? "User-Agent" : name;
    case key(11, "c"):
      return unless(name, "content-md5");
    case key(12, "m"):
      return unless(name, "max-forwards");
    case key(13, "a"):
      return name.toLowerCase() === "authorization" ? "Authorization" : name;
    case key(14, "c"):
      return unless(name, "content-length");
    case key(15, "x"):
    case key(16, "x"):
    case key(17, "x"):
      return isServiceHeader(name) ? "" : name;
    case key(16, "w"):
      return unless(name, "www-authenticate");
    case key(17, "t"):
      return unless(name, "transfer-encoding");
    case key(18, "p"):
      return unless(name, "proxy-authenticate");
    default:
      return name;
  }
}

/** Headers of a client that never reach anything behind the gateway, lower case (aws-behaviour.md 5.1). */
export const droppedHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "content-md5",
  "expect",
  "max-forwards",
  "proxy-authenticate",
  "server",
  "te",
  "transfer-encoding",
  "trailer",
  "upgrade",
  "www-authenticate",
]);

/** Connection-level headers, lower case: meaningless past one hop (RFC 9110, 7.6.1). */
export const hopHeaders: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const serviceHeaders: ReadonlySet<string> = new Set([
  "x-amzn-trace-id",
  "x-forwarded-for",
  "x-forwarded-port",
  "x-forwarded-proto",
]);

/** Whether the service itself sets this header on every request, `_` counting as `-`. */
export function isServiceHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return serviceHeaders.has(lower.includes("_") ? lower.replaceAll("_", "-") : lower);
}

function unless(name: string, dropped: string): string {
  return name.toLowerCase() === dropped ? "" : name;
}

function key(length: number, firstLetter: string): number {
  return (length << 8) | firstLetter.charCodeAt(0);
}

/** Spelling under which REST sends a client's header on; empty: it does not (5.1, 5.2). */
export function restForwardName(name: string): string {
  const spelling = restSpelling(name);
  return spelling === "Host" || restDropped.has(spelling.toLowerCase().replaceAll("_", "-")) ? "" : spelling;
}

const restDropped: ReadonlySet<string> = new Set([
  "content-encoding",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "via",
  "x-amzn-apigateway-api-id",
]);

const httpDropped: ReadonlySet<string> = new Set([
  ...hopHeaders,
  "content-length",
  "expect",
  "forwarded",
  "host",
  "via",
  "x-amzn-trace-id",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
]);

/** The name under which an HTTP API sends a client's header on; empty: it does not. */
export function httpForwardName(name: string): string {
  return httpDropped.has(name.toLowerCase().replaceAll("_", "-")) ? "" : name;
}
