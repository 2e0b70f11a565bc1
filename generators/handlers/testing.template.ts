import type { LambdaContext, LambdaHandler, RequestBase } from "./binder/contract.template.js";

/** Parts of a request that a test gives itself; all others are valid samples. */
export interface Given<R extends RequestBase & RequestParts> {
  readonly params?: Partial<R["params"]>;
  readonly query?: Partial<R["query"]>;
  readonly headers?: Partial<R["headers"]> & Readonly<Record<string, unknown>>;
  readonly body?: R["body"];
  readonly auth?: R["auth"];
  readonly stageVariables?: Partial<R["stageVariables"]>;
  /** Milliseconds that the function has left; default 3,000. */
  readonly remainingMs?: number;
}

interface RequestParts {
  readonly params: object;
  readonly query: object;
  readonly headers: object;
  readonly body: unknown;
  readonly auth: unknown;
  readonly stageVariables: object;
}

/** What a handler answered, decoded as a client would. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, text, or bytes; undefined when there is none. */
  readonly body: unknown;
}

interface Sample {
  readonly format: "1.0" | "2.0";
  readonly method: string;
  readonly resource: string;
  readonly params: object;
  readonly query: object;
  readonly headers: object;
  readonly body: unknown;
  readonly bodyForm: "json" | "text" | "bytes" | "none";
  readonly contentType: string;
  readonly auth: unknown;
  readonly authKind: "none" | "iam" | "claims" | "jwt" | "context";
  readonly stageVariables: object;
  /** Reads JSON answers whose whole numbers are exact. */
  readonly answers?: (text: string, status: number) => unknown;
}

/** What is used of Node here, so that nobody needs @types/node for it. */
declare const URLSearchParams: new (pairs: readonly (readonly [string, string])[]) => { toString(): string };
declare const Buffer: { from(data: string | Uint8Array, encoding?: Encoding): Uint8Array & Encoded };
type Encoding = "base64" | "utf8";
interface Encoded {
  toString(encoding: Encoding): string;
}

/** Calls a handler with an event as API Gateway sends it, made of a valid sample and what is given. */
export async function callHandler(
  handler: LambdaHandler,
  sample: Sample,
  given: Given<RequestBase & RequestParts>,
): Promise<Answer> {
  const event = sample.format === "2.0" ? eventV2(sample, given) : eventV1(sample, given);
  const context: LambdaContext = {
    awsRequestId: "00000000-0000-4000-8000-000000000000",
    getRemainingTimeInMillis: () => given.remainingMs ?? 3000,
  };
  return decode((await handler(event, context)) as Result, sample);
}

type Texts = Record<string, string>;
type Lists = Record<string, string[]>;

/** Parameters as they travel: lists repeated, what is undefined left out. */
function listsOf(...parts: readonly (object | undefined)[]): Lists {
  const lists: Lists = {};
  for (const part of parts) {
    for (const [name, value] of Object.entries(part ?? {})) {
      if (value === undefined) delete lists[name];
      else lists[name] = (Array.isArray(value) ? value : [value]).map(String);
    }
  }
  return lists;
}

function mapped(lists: Lists, text: (values: string[]) => string): Texts {
  return Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, text(values)]));
}

const last = (values: string[]) => values[values.length - 1] ?? "";
const joined = (values: string[]) => values.join(",");
const unlessEmpty = <T extends object>(value: T): T | null => (Object.keys(value).length === 0 ? null : value);

interface Parts {
  readonly params: Texts;
  readonly query: Lists;
  readonly headers: Lists;
  readonly stageVariables: Texts;
  readonly path: string;
  readonly auth: unknown;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
}

function partsOf(sample: Sample, given: Given<RequestBase & RequestParts>): Parts {
  const params = mapped(listsOf(sample.params, given.params), last);
  const value = "body" in given ? given.body : sample.body;
  const isBytes = value instanceof Uint8Array;
  const body = isBytes ? Buffer.from(value).toString("base64") : bodyText(sample, value);
  const type = body === null ? undefined : { "Content-Type": sample.contentType };
  return {
    params,
    query: listsOf(sample.query, given.query),
    headers: listsOf({ Host: "example.com" }, type, sample.headers, given.headers),
    stageVariables: mapped(listsOf(sample.stageVariables, given.stageVariables), last),
    path: sample.resource.replace(/\{([^}+]+)\+?\}/g, (_, name: string) =>
      (params[name] ?? "").split("/").map(encodeURIComponent).join("/"),
    ),
    auth: "auth" in given ? given.auth : sample.auth,
    body,
    isBase64Encoded: isBytes,
  };
}

function bodyText({ bodyForm }: Sample, value: unknown): string | null {
  if (value === undefined || value === null) return bodyForm === "json" && value === null ? "null" : null;
  return bodyForm === "json" ? JSON.stringify(value) : String(value);
}

/** Events of REST APIs have numbers and booleans of an authorizer's context as text. */
function asText(context: unknown): object {
  return Object.fromEntries(
    Object.entries(context as object).map(([name, value]) => [name, value === null ? null : String(value)]),
  );
}

function eventV1(sample: Sample, given: Given<RequestBase & RequestParts>): object {
  const { params, query, headers, stageVariables, path, auth, body, isBase64Encoded } = partsOf(sample, given);
  const isIam = sample.authKind === "iam";
  return {
    resource: sample.resource,
    path,
    httpMethod: methodOf(sample),
    headers: mapped(headers, last),
    multiValueHeaders: headers,
    queryStringParameters: unlessEmpty(mapped(query, last)),
    multiValueQueryStringParameters: unlessEmpty(query),
    // Format 1.0 has them as the client wrote them.
    pathParameters: unlessEmpty(mapped(listsOf(params), (values) => encodeURIComponent(last(values)))),
    stageVariables: unlessEmpty(stageVariables),
    requestContext: {
      resourcePath: sample.resource,
      httpMethod: methodOf(sample),
      path: `/test${path}`,
      stage: "test",
      requestId: "test-request",
      identity: { sourceIp: "127.0.0.1", userAgent: "test", ...(isIam ? (auth as object) : {}) },
      ...(isIam || auth === undefined ? {} : { authorizer: sample.authKind === "context" ? asText(auth) : auth }),
    },
    body,
    isBase64Encoded,
  };
}

function eventV2(sample: Sample, given: Given<RequestBase & RequestParts>): object {
  const { params, query, headers, stageVariables, path, auth, body, isBase64Encoded } = partsOf(sample, given);
  const kind = { none: "", iam: "iam", claims: "jwt", jwt: "jwt", context: "lambda" }[sample.authKind];
  const routeKey = sample.resource === "$default" ? "$default" : `${sample.method} ${sample.resource}`;
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    values.map((value): [string, string] => [name, value]),
  );
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: new URLSearchParams(pairs).toString(),
    headers: Object.fromEntries(
      Object.entries(mapped(headers, joined)).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    ...(pairs.length > 0 ? { queryStringParameters: mapped(query, joined) } : {}),
    ...(Object.keys(params).length > 0 ? { pathParameters: params } : {}),
    ...(Object.keys(stageVariables).length > 0 ? { stageVariables } : {}),
    requestContext: {
      http: { method: methodOf(sample), path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "test" },
      stage: "$default",
      requestId: "test-request",
      routeKey,
      ...(auth === undefined ? {} : { authorizer: { [kind]: auth } }),
    },
    ...(body === null ? {} : { body }),
    isBase64Encoded,
  };
}

function methodOf({ method }: Sample): string {
  return method === "ANY" ? "POST" : method;
}

interface Result {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

function decode(result: Result, { answers = (text) => JSON.parse(text) }: Sample): Answer {
  const { statusCode = 200, headers, multiValueHeaders, body, isBase64Encoded } = result;
  const all: Texts = {};
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) all[name.toLowerCase()] = values.join(", ");
  for (const [name, value] of Object.entries(headers ?? {})) all[name.toLowerCase()] = String(value);
  const isJson = /^[^;]+[/+]json *(;|$)/i.test(all["content-type"] ?? "");
  const decoded = !body
    ? undefined
    : isBase64Encoded
      ? new Uint8Array(Buffer.from(body, "base64"))
      : isJson
        ? answers(body, statusCode)
        : body;
  return { status: statusCode, headers: all, body: decoded };
}
