/** Names that AWS lets nothing behind the gateway set, whatever the integration (aws-behaviour.md 13.2). */
const always: ReadonlySet<string> = new Set(["connection", "content-length", "date", "server"]);

/** The same for AWS_PROXY, and for mapped headers of HTTP and AWS. */
const longer: ReadonlySet<string> = new Set([
  ...always,
  "authorization",
  "content-md5",
  "expect",
  "host",
  "max-forwards",
  "proxy-authenticate",
  "trailer",
  "upgrade",
  "user-agent",
  "www-authenticate",
  "x-amz-apigw-id",
  "x-amzn-requestid",
  "x-amzn-trace-id",
]);

const proxied: ReadonlySet<string> = new Set([...always, "x-amz-apigw-id", "x-amzn-requestid"]);

/**
 * Name under which a header leaves a REST API: the same, `x-amzn-Remapped-…`, or empty when it is dropped. The ids of
 * the service are remapped too, so that a client can trust those it reads.
 *
 * @param isHttpProxy  HTTP_PROXY, which remaps the short list and keeps neither coding nor `Via`
 */
export function restResponseName(name: string, isHttpProxy: boolean): string {
  const lower = name.toLowerCase();
  if (lower === "transfer-encoding") return "";
  if (isHttpProxy) {
    if (hopByHop.has(lower)) return "";
    return proxied.has(lower) ? `x-amzn-Remapped-${name}` : name;
  }
  return longer.has(lower) ? `x-amzn-Remapped-${name}` : name;
}

/** Connection-level headers of a backend that mean nothing to the client. */
const hopByHop: ReadonlySet<string> = new Set([
  "content-encoding",
  "keep-alive",
  "proxy-connection",
  "trailer",
  "upgrade",
  "via",
]);

const droppedFromHttp: ReadonlySet<string> = new Set([
  "apigw-requestid",
  "connection",
  "content-length",
  "keep-alive",
  "proxy-connection",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Name under which a header leaves an HTTP API; empty when framing or the connection is none of the integration's. */
function httpResponseName(name: string): string {
  return droppedFromHttp.has(name.toLowerCase()) ? "" : name;
}

/** Name of a header of a function's result on a REST API; empty: dropped; null: no header can have it. */
export function restResultName(name: string): string | null {
  return isHeaderName(name) ? restResponseName(name, false) : null;
}

/** The same for an HTTP API, which begins names with a capital letter (9.1). */
export function httpResultName(name: string): string | null {
  if (!isHeaderName(name)) return null;
  const wireName = httpResponseName(name);
  return wireName.charAt(0).toUpperCase() + wireName.slice(1);
}

/** What becomes of a header of an HTTP_PROXY backend's answer. */
export interface BackendName {
  /** On the wire; empty: dropped. */
  readonly name: string;
  /** Whether its value says how the body is framed or coded. */
  readonly tells: "length" | "coding" | undefined;
}

export function restBackendName(name: string): BackendName {
  return { name: restResponseName(name, true), tells: told(name) };
}

export function httpBackendName(name: string): BackendName {
  const tells = told(name);
  return { name: httpResponseName(name), tells: tells === "coding" ? undefined : tells };
}

function told(name: string): BackendName["tells"] {
  const lower = name.toLowerCase();
  return lower === "content-length" ? "length" : lower === "content-encoding" ? "coding" : undefined;
}

const nameForm = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what a header value cannot hold (RFC 9110, 5.5)
const control = /[\u0000-\u0008\u000a-\u001f\u007f]/;
/** What nearly every value is made of: goes out as it is. */
const plain = /^[\t\u0020-\u007e]*$/;

/** Whether a name can be a header's; anything else could end the line and begin another (RFC 9110, 5.1). */
export function isHeaderName(name: string): boolean {
  return nameForm.test(name);
}

/**
 * The value as it goes onto the wire, other characters than ASCII as UTF-8; undefined when it holds a line break or
 * another control character, which would let it begin a header of its own.
 */
export function headerValue(value: string): string | undefined {
  if (plain.test(value)) return value;
  return control.test(value) ? undefined : Buffer.from(value, "utf8").toString("latin1");
}
