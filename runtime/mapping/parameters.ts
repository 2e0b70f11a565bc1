import { contextReader } from "../http/context-value.js";
import type { BackendAnswer, Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { parseJsonBody } from "../http/json-body.js";
import { restSpelling } from "../integrations/request-headers.js";
import { parameterText, parseBodyPath, readBodyPath } from "./body-path.js";
import { decodePercent, parseQuery } from "./query-text.js";

/** Reads one mapped value; undefined when the source is absent, and then the parameter is not sent. */
export interface ParameterSource {
  (exchange: Exchange): string | readonly string[] | undefined;
  /** Body that has to be there, whole, before the source is read. */
  readonly reads?: "request body" | "response body";
}

/** `'static'`. */
export function fromStatic(text: string): ParameterSource {
  return () => text;
}

/** Always absent: `null` where a default is null. */
export function nothing(): ParameterSource {
  return () => undefined;
}

/** The value of a source, or of another where that has none. */
export function orElse(source: ParameterSource, otherwise: ParameterSource): ParameterSource {
  const read = (x: Exchange) => source(x) ?? otherwise(x);
  const reads = source.reads ?? otherwise.reads;
  return reads ? Object.assign(read, { reads }) : read;
}

/** Text with references in it; absent ones are empty. */
export function fromText(parts: readonly (string | ParameterSource)[]): ParameterSource {
  const source = (x: Exchange) => {
    let text = "";
    for (const part of parts) text += typeof part === "string" ? part : joined(part(x));
    return text;
  };
  const reads = parts.map((part) => (typeof part === "string" ? undefined : part.reads)).find(Boolean);
  return reads ? Object.assign(source, { reads }) : source;
}

/** A header of the client: the last of several values on REST, all of them joined on HTTP APIs (12.1, 28.2). */
export function fromHeader(name: string): ParameterSource {
  return (x) => (isRest(x) ? restHeader(x, name).at(-1) : joinedOrAbsent(httpHeader(x, name)));
}

/** All values of a header, joined with `,`. */
export function fromMultiHeader(name: string): ParameterSource {
  return (x) => joinedOrAbsent(isRest(x) ? restHeader(x, name) : httpHeader(x, name));
}

/** A query parameter, decoded: the last of several values on REST, all of them joined on HTTP APIs. */
export function fromQuery(name: string): ParameterSource {
  return (x) => (isRest(x) ? queryValues(x, name).at(-1) : joinedOrAbsent(queryValues(x, name)));
}

/** All values of a query parameter; mapped to a query parameter it is repeated. */
export function fromMultiQuery(name: string): ParameterSource {
  return (x) => {
    const values = queryValues(x, name);
    return values.length > 1 ? values : values[0];
  };
}

/** A path parameter: as received on REST, decoded on HTTP APIs (2.1, 2.2). */
export function fromPath(name: string): ParameterSource {
  return (x) => {
    const parameters = x.route.segments.filter((segment) => segment.startsWith("{"));
    const at = parameters.findIndex((segment) => segment === `{${name}}` || segment === `{${name}+}`);
    const value = x.pathValues[at];
    return value === undefined || isRest(x) ? value : decodePercent(value);
  };
}

/** HTTP APIs: `$request.path`, without the stage. */
export function fromRequestPath(): ParameterSource {
  return (x) => x.path;
}

/**
 * The request body, or a value of it. An empty one is `{}`; one that begins like JSON has to be JSON, even when it is
 * mapped whole; other text passes as it is (12.1).
 *
 * @param tail  of a simple JSONPath: `.pets[0].name`; empty for the whole body
 */
export function fromBody(tail = ""): ParameterSource {
  const read = bodyReader(tail);
  return Object.assign((x: Exchange) => read(x.body, invalidRequestBody), { reads: "request body" as const });
}

export function fromContext(name: string): ParameterSource {
  return contextReader(name);
}

export function fromStageVariable(name: string): ParameterSource {
  return (x) => x.stage.variables.get(name);
}

/** A header of the backend's answer: the last of several values on REST, all of them joined on HTTP APIs (12.2). */
export function fromResponseHeader(name: string): ParameterSource {
  return (x) => (isRest(x) ? backendHeader(x, name).at(-1) : joinedOrAbsent(backendHeader(x, name)));
}

export function fromMultiResponseHeader(name: string): ParameterSource {
  return (x) => joinedOrAbsent(backendHeader(x, name));
}

/** The backend's body, or a value of it. What begins like JSON and is none makes the call fail (12.2). */
export function fromResponseBody(tail = ""): ParameterSource {
  const read = bodyReader(tail);
  const source = (x: Exchange) => x.backend && read(x.backend.body, invalidResponseBody);
  return Object.assign(source, { reads: "response body" as const });
}

export function fromResponseStatus(): ParameterSource {
  return (x) => (x.backend === undefined ? undefined : String(x.backend.status));
}

function bodyReader(tail: string): (body: Buffer, invalid: () => GatewayError) => string | undefined {
  const steps = parseBodyPath(tail);
  return (body, invalid) => {
    const text = body.toString("utf8").trim();
    if (text === "") return tail === "" ? "{}" : undefined;
    const isJson = text.startsWith("{") || text.startsWith("[");
    const parsed = isJson ? parseJsonBody(body) : undefined;
    if (parsed?.ok === false) throw invalid();
    if (steps === undefined) return undefined;
    if (parsed === undefined) return tail === "" ? text : undefined;
    if (tail === "" && !/[\r\n]/.test(text)) return text;
    return parameterText(readBodyPath(parsed.value, steps));
  };
}

function invalidRequestBody(): GatewayError {
  return new GatewayError("BAD_REQUEST_BODY", "Invalid JSON in request body");
}

function invalidResponseBody(): GatewayError {
  return new GatewayError("API_CONFIGURATION_ERROR", undefined, { detail: "Invalid JSON in response body" });
}

/**
 * Values of a header under the spelling in which a REST API shows it: names are compared as they are written (12.1), and
 * what it drops is not seen (5.1).
 */
function restHeader(x: Exchange, name: string): string[] {
  const added = serviceHeader(x, name);
  if (added !== undefined) return [added];
  const values: string[] = [];
  for (let at = 0; at < x.headers.length; at += 2) {
    if (restSpelling(x.headers[at] as string) === name) values.push(x.headers[at + 1] as string);
  }
  return values;
}

function httpHeader(x: Exchange, name: string): string[] {
  const lower = name.toLowerCase();
  const values: string[] = [];
  for (let at = 0; at < x.headers.length; at += 2) {
    if ((x.headers[at] as string).toLowerCase() === lower) values.push(x.headers[at + 1] as string);
  }
  return values;
}

/** What the service adds to every request (2.4). */
function serviceHeader(x: Exchange, name: string): string | undefined {
  switch (name) {
    case "X-Amzn-Trace-Id":
      return x.traceId;
    case "X-Forwarded-For":
      return x.sourceIp;
    case "X-Forwarded-Port":
      return "443";
    case "X-Forwarded-Proto":
      return "https";
    default:
      return undefined;
  }
}

function backendHeader({ backend, program }: Exchange, name: string): string[] {
  const isExact = program.program.api.kind === "rest";
  const wanted = isExact ? name : name.toLowerCase();
  const headers: BackendAnswer["headers"] = backend?.headers ?? [];
  return headers.filter((_, at) => {
    const given = headers[at - 1] ?? "";
    return at % 2 === 1 && (isExact ? given : given.toLowerCase()) === wanted;
  });
}

function queryValues(x: Exchange, name: string): string[] {
  const pairs = parseQuery(x.query, isRest(x));
  return pairs.filter((_, at) => at % 2 === 1 && pairs[at - 1] === name);
}

function isRest(x: Exchange): boolean {
  return x.program.program.api.kind === "rest";
}

function joined(value: string | readonly string[] | undefined): string {
  return value === undefined ? "" : typeof value === "string" ? value : value.join(",");
}

function joinedOrAbsent(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join(",");
}
