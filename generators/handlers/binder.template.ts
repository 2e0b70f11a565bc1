/** What a function's route says about its parameters; the binder decodes strings by it. */
export interface RouteSpec {
  readonly key: string;
  readonly method: string;
  readonly resource: string;
  readonly params: Readonly<Record<string, Coercion>>;
  readonly query: Readonly<Record<string, ParameterSpec>>;
  readonly headers: Readonly<Record<string, ParameterSpec>>;
  /** `json`: parsed; `text`: as sent; `bytes`: decoded from base64; `none`: not declared, the text if any. */
  readonly body: "json" | "text" | "bytes" | "none";
  /** Statuses whose declared body is JSON. */
  readonly jsonStatuses: readonly number[];
  /** Media types of declared bodies, by status; what is not here is application/json. */
  readonly mediaTypes: Readonly<Record<string, string>>;
  /** Media types by status under which a body is sent as it is, where the status's own body is JSON. */
  readonly texts?: Readonly<Record<string, readonly string[]>>;
  /** Reads and writes bodies whose whole numbers are exact; the platform's own JSON where there are none. */
  readonly json?: JsonSpec;
  readonly cors: CorsSpec | undefined;
  /** Members of the authorizer's context that events of REST APIs have as text and that are none. */
  readonly authContext?: Readonly<Record<string, "number" | "boolean">>;
}

export type Coercion = "string" | "number" | "integer" | "bigint" | "boolean";

export interface JsonSpec {
  parse(text: string): unknown;
  stringify(value: unknown): string;
}

export interface ParameterSpec {
  readonly type: Coercion;
  readonly isList: boolean;
  readonly isRequired: boolean;
}

/** Headers that this handler adds, because API Gateway adds none to proxy answers of a REST API. */
export interface CorsSpec {
  readonly origins: readonly string[];
  readonly exposeHeaders: string;
  readonly credentials: boolean;
}

export type ResponseHeaders = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** What a typed handler returns, whatever its statuses. */
export interface AnyResponse {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: ResponseHeaders | undefined;
}

/** `reply[404](body)` makes the response of that status. */
export type Replies<R extends AnyResponse> = {
  readonly [T in R as T["status"]]: (
    ...args: T extends { readonly body: infer B } ? [body: B, headers?: ResponseHeaders] : [headers?: ResponseHeaders]
  ) => T;
};

/** The part of AWS Lambda's context object that is used here. */
export interface LambdaContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** A Node.js Lambda handler: deploy it as it is, or let the gateway call it in process. */
export type LambdaHandler = (event: unknown, context: LambdaContext) => Promise<unknown>;

/** `AbortSignal`, where the project knows its type: by the library "DOM" or by @types/node. */
export type Signal = typeof globalThis extends { readonly AbortSignal: { readonly prototype: infer S } } ? S : unknown;

type EventValues = Readonly<Record<string, string | undefined>>;
type EventLists = Readonly<Record<string, readonly string[] | undefined>>;

/** The event in format 1.0: of a REST API, or of an HTTP API that asks for it. */
export interface RestEvent {
  readonly version?: "1.0";
  readonly resource: string;
  readonly path: string;
  readonly httpMethod: string;
  readonly headers: EventValues | null;
  readonly multiValueHeaders: EventLists | null;
  readonly queryStringParameters: EventValues | null;
  readonly multiValueQueryStringParameters: EventLists | null;
  readonly pathParameters: EventValues | null;
  readonly stageVariables: EventValues | null;
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    readonly authorizer?: Readonly<Record<string, unknown>> | null;
    readonly deploymentId?: string;
    readonly domainName?: string;
    readonly domainPrefix?: string;
    readonly extendedRequestId: string;
    readonly httpMethod: string;
    readonly identity: Readonly<Record<string, unknown>> & {
      readonly sourceIp: string;
      readonly userAgent: string | null;
    };
    readonly operationName?: string;
    readonly path: string;
    readonly protocol: string;
    readonly requestId: string;
    readonly requestTime: string;
    readonly requestTimeEpoch: number;
    readonly resourceId: string;
    readonly resourcePath: string;
    readonly stage: string;
  };
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
}

/** The event of an HTTP API in format 2.0. What a request does not have is left out. */
export interface HttpEvent {
  readonly version: "2.0";
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers: EventValues;
  readonly queryStringParameters?: EventValues;
  readonly pathParameters?: EventValues;
  readonly stageVariables?: EventValues;
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    readonly authentication?: Readonly<Record<string, unknown>> | null;
    readonly authorizer?: Readonly<Record<string, unknown>>;
    readonly domainName: string;
    readonly domainPrefix: string;
    readonly http: {
      readonly method: string;
      readonly path: string;
      readonly protocol: string;
      readonly sourceIp: string;
      readonly userAgent: string;
    };
    readonly requestId: string;
    readonly routeKey: string;
    readonly stage: string;
    readonly time: string;
    readonly timeEpoch: number;
  };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

/** What every typed request has. */
export interface RequestBase {
  readonly requestId: string;
  readonly stage: string;
  readonly sourceIp: string;
  /** Aborted shortly before the function's time is over. */
  readonly signal: Signal;
  /** The event as API Gateway sent it. */
  readonly event: RestEvent | HttpEvent;
  readonly context: LambdaContext;
}

/** A request as middleware sees it, whatever the route. */
export interface AnyRequest extends RequestBase {
  readonly route: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly auth: unknown;
  readonly stageVariables: object;
}

/** Stands around a handler: may answer by itself, look at the answer, or change it. */
export type Middleware = (
  request: AnyRequest,
  next: (request?: AnyRequest) => Promise<AnyResponse>,
) => Promise<AnyResponse> | AnyResponse;

/** Makes a Lambda handler of a typed one. One function may serve several routes. */
export function bind(
  routes: readonly RouteSpec[],
  handler: (request: never, reply: never) => Promise<AnyResponse> | AnyResponse,
  middleware: readonly Middleware[] = [],
): LambdaHandler {
  const byKey = new Map(routes.map((route) => [route.key, route]));
  const typed = handler as unknown as (request: object, reply: unknown) => Promise<AnyResponse> | AnyResponse;
  const run = middleware.reduceRight<(request: AnyRequest) => Promise<AnyResponse>>(
    (next, layer) => async (request) => layer(request, (changed = request) => next(changed)),
    async (request) => typed(request, replies),
  );
  return async (event, context) => {
    const incoming = readEvent(event as ProxyEvent);
    const route = byKey.get(incoming.routeKey) ?? byKey.get(`ANY ${incoming.resource}`);
    const called = route ? { route, incoming } : calledByUrl(routes, incoming);
    return called ? answer(called.route, called.incoming, event, context) : notFound;
  };

  async function answer(route: RouteSpec, incoming: Incoming, event: unknown, context: LambdaContext): Promise<object> {
    let request: object;
    try {
      request = decode(route, incoming, event, context);
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      return encode(route, incoming, { status: 400, body: { message: error.message } });
    }
    return encode(route, incoming, await run(request as AnyRequest));
  }
}

/** As HTTP APIs answer. */
const notFound = {
  statusCode: 404,
  headers: { "Content-Type": "application/json" },
  body: '{"message":"Not Found"}',
  isBase64Encoded: false,
};

/** The URL of a function, or a proxy in front of it, knows no routes: method and path decide, the most specific route first. */
function calledByUrl(
  routes: readonly RouteSpec[],
  incoming: Incoming,
): { readonly route: RouteSpec; readonly incoming: Incoming } | undefined {
  const { event } = incoming;
  const called = event.requestContext.http?.method ?? event.httpMethod;
  const path = event.rawPath ?? event.path ?? "";
  let best: { readonly route: RouteSpec; readonly values: object; readonly rank: string } | undefined;
  for (const route of routes) {
    const { method, resource } = route;
    const values = method === called || method === "ANY" ? matched(resource, path) : undefined;
    const rank = resource.replace(/\{[^}]+\+\}/g, "\uffff").replace(/\{[^}]+\}/g, "\ufffe");
    if (values && (best === undefined || rank < best.rank)) best = { route, values, rank };
  }
  if (best === undefined) return undefined;
  const { route, values } = best;
  return { route, incoming: { ...incoming, event: { ...event, pathParameters: { ...values } } } };
}

/** Decoded path parameters; undefined where the path is another. */
function matched(template: string, path: string): object | undefined {
  const values: Record<string, string> = Object.create(null);
  const [wanted, given] = [template.split("/"), path.split("/")];
  for (const [at, part] of wanted.entries()) {
    const name = /^\{(.+?)(\+?)\}$/.exec(part);
    const rest = name?.[2] ? given.slice(at).join("/") : given[at];
    if (name?.[1] ? !rest : rest !== part) return undefined;
    if (name?.[1]) values[name[1]] = percentDecode(rest ?? "");
    if (name?.[2]) return values;
  }
  return wanted.length === given.length ? values : undefined;
}

/** What is used of Node here, so that nobody needs @types/node for it. */
declare const Buffer: { from(data: string | Uint8Array, encoding?: Encoding): Uint8Array & Encoded };
type Encoding = "base64" | "utf8";
interface Encoded {
  toString(encoding: Encoding): string;
}
const globals = globalThis as unknown as { readonly AbortSignal: { timeout(milliseconds: number): Signal } };

/** The request is not what its declaration promises; answered with 400. */
class BadRequest extends Error {}

const replies: unknown = new Proxy(
  {},
  {
    get: (_target, status) => {
      if (typeof status !== "string" || !/^[1-5]\d\d$/.test(status)) return undefined;
      return (body?: unknown, headers?: ResponseHeaders) => ({ status: Number(status), body, headers });
    },
  },
);

type Values = Readonly<Record<string, string | undefined>> | null | undefined;
type MultiValues = Readonly<Record<string, readonly string[] | undefined>> | null | undefined;

interface ProxyEvent {
  readonly version?: string;
  readonly routeKey?: string;
  readonly rawPath?: string;
  readonly path?: string;
  readonly resource?: string;
  readonly httpMethod?: string;
  readonly headers?: Values;
  readonly multiValueHeaders?: MultiValues;
  readonly queryStringParameters?: Values;
  readonly multiValueQueryStringParameters?: MultiValues;
  readonly pathParameters?: Values;
  readonly stageVariables?: Values;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly stage: string;
    readonly requestId: string;
    readonly routeKey?: string;
    readonly authorizer?: Readonly<Record<string, unknown>> | null;
    readonly identity?: Readonly<Record<string, unknown>>;
    readonly http?: { readonly method: string; readonly sourceIp: string };
  };
}

/** Both event formats in one shape. */
interface Incoming {
  readonly isV2: boolean;
  readonly event: ProxyEvent;
  readonly routeKey: string;
  readonly resource: string;
}

function readEvent(event: ProxyEvent): Incoming {
  const isV2 = event.version === "2.0";
  const key = event.routeKey ?? event.requestContext.routeKey ?? "";
  const resource = isV2 ? key.replace(/^\S+ /, "") : (event.resource ?? "");
  return { isV2, event, routeKey: isV2 ? key : `${event.httpMethod} ${resource}`, resource };
}

/** All values of a header, whatever its spelling; format 2.0 has joined them with commas. */
function headerValues({ event }: Incoming, name: string): readonly string[] | undefined {
  const wanted = name.toLowerCase();
  for (const [candidate, list] of Object.entries(event.multiValueHeaders ?? {})) {
    if (list && candidate.toLowerCase() === wanted) return list;
  }
  for (const [candidate, value] of Object.entries(event.headers ?? {})) {
    if (value !== undefined && candidate.toLowerCase() === wanted) return [value];
  }
  return undefined;
}

function queryValues({ event }: Incoming, name: string): readonly string[] | undefined {
  const list = event.multiValueQueryStringParameters?.[name];
  if (list) return list;
  const value = event.queryStringParameters?.[name];
  return value === undefined ? undefined : [value];
}

function decode(route: RouteSpec, incoming: Incoming, event: unknown, context: LambdaContext): object {
  const { requestContext, pathParameters, stageVariables } = incoming.event;
  let signal: Signal | undefined;
  return {
    route: route.key,
    params: decodeParams(route, pathParameters, incoming.isV2),
    query: decodeGroup("query parameter", route.query, (name) => queryValues(incoming, name), incoming.isV2),
    headers: decodeGroup("header", route.headers, (name) => headerValues(incoming, name), true),
    body: decodeBody(route, incoming.event),
    auth: decodeAuth(route, incoming),
    stageVariables: stageVariables ?? {},
    requestId: requestContext.requestId,
    stage: requestContext.stage,
    sourceIp: requestContext.http?.sourceIp ?? String(requestContext.identity?.["sourceIp"] ?? ""),
    get signal() {
      signal ??= globals.AbortSignal.timeout(Math.max(1, context.getRemainingTimeInMillis() - 200));
      return signal;
    },
    event,
    context,
  };
}

/** Path values of format 1.0 are as the client typed them; format 2.0 has decoded them. */
function decodeParams(route: RouteSpec, values: Values, isDecoded: boolean): object {
  const decoded: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries(values ?? {})) {
    if (value === undefined) continue;
    decoded[name] = coerce(
      isDecoded ? value : percentDecode(value),
      route.params[name] ?? "string",
      `path parameter ${name}`,
    );
  }
  return decoded;
}

function percentDecode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function decodeGroup(
  what: string,
  specs: Readonly<Record<string, ParameterSpec>>,
  read: (name: string) => readonly string[] | undefined,
  isJoined: boolean,
): object {
  const decoded: Record<string, unknown> = Object.create(null);
  for (const [name, spec] of Object.entries(specs)) {
    const values = read(name);
    const last = values?.[values.length - 1];
    if (values === undefined || last === undefined) {
      if (spec.isRequired) throw new BadRequest(`Missing required ${what} ${name}`);
      continue;
    }
    const list = isJoined && values.length === 1 ? last.split(",") : values;
    decoded[name] = spec.isList
      ? list.map((value) => coerce(value.trim(), spec.type, `${what} ${name}`))
      : coerce(last, spec.type, `${what} ${name}`);
  }
  return decoded;
}

function coerce(value: string, type: Coercion, what: string): string | number | bigint | boolean {
  switch (type) {
    case "string":
      return value;
    case "boolean":
      if (value === "true" || value === "false") return value === "true";
      throw new BadRequest(`Invalid ${what}: expected true or false`);
    case "bigint":
      if (/^-?\d+$/.test(value.trim())) return BigInt(value);
      throw new BadRequest(`Invalid ${what}: expected an integer`);
    case "number":
    case "integer": {
      const number = Number(value);
      if (value.trim() !== "" && Number.isFinite(number) && (type === "number" || Number.isInteger(number)))
        return number;
      throw new BadRequest(`Invalid ${what}: expected ${type === "integer" ? "an integer" : "a number"}`);
    }
  }
}

function decodeBody(route: RouteSpec, { body, isBase64Encoded, version }: ProxyEvent): unknown {
  if (route.body === "bytes") return Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8");
  const text = body == null ? undefined : isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body;
  if (route.body !== "json") return text;
  // REST APIs validate an empty body as `{}`.
  if (text === undefined || text === "") {
    if (version === "2.0") throw new BadRequest("Invalid request body");
    return {};
  }
  try {
    return (route.json ?? JSON).parse(text);
  } catch {
    throw new BadRequest("Invalid request body");
  }
}

/** Claims, context or identity of the caller, whichever authorizer gave it; undefined on open routes. */
function decodeAuth({ authContext }: RouteSpec, { isV2, event }: Incoming): unknown {
  const { authorizer, identity } = event.requestContext;
  if (!authorizer) return isV2 || !identity?.["userArn"] ? undefined : identity;
  return isV2
    ? (authorizer["lambda"] ?? authorizer["jwt"] ?? authorizer["iam"])
    : authContext
      ? readContext(authorizer, authContext)
      : authorizer;
}

/** What an authorizer declares as a number or boolean arrives as text. @throws Error when it is something else. */
export function readContext(
  context: Readonly<Record<string, unknown>>,
  types: Readonly<Record<string, "number" | "boolean">>,
): Readonly<Record<string, unknown>> {
  const read: Record<string, unknown> = { ...context };
  for (const [name, type] of Object.entries(types)) {
    const text = context[name];
    if (text === undefined || text === null) continue;
    const value = type === "number" ? Number(text) : String(text) === "true";
    const isRight =
      type === "number" ? String(text).trim() !== "" && Number.isFinite(value) : /^(?:true|false)$/.test(String(text));
    if (!isRight) throw new Error(`the authorizer's ${name} is no ${type}`);
    read[name] = value;
  }
  return read;
}

function encode(route: RouteSpec, incoming: Incoming, response: AnyResponse): object {
  const headers: Record<string, string> = Object.create(null);
  const lists: Record<string, readonly string[]> = Object.create(null);
  for (const [name, value] of Object.entries(response.headers ?? {})) {
    if (Array.isArray(value)) lists[name] = value.map(String);
    else headers[name] = String(value);
  }
  if (route.cors) addCors(headers, route.cors, headerValues(incoming, "origin")?.[0]);
  const named = Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const { body, isBase64Encoded, type } = encodeBody(route, response, named);
  const hasType = Object.keys({ ...headers, ...lists }).some((name) => name.toLowerCase() === "content-type");
  if (type !== undefined && !hasType) headers["Content-Type"] = route.mediaTypes[response.status] ?? type;
  const result = { statusCode: response.status, headers, body, isBase64Encoded };
  if (!incoming.isV2) return Object.keys(lists).length > 0 ? { ...result, multiValueHeaders: lists } : result;
  const cookies: string[] = [];
  for (const [name, list] of Object.entries(lists)) {
    if (name.toLowerCase() === "set-cookie") cookies.push(...list);
    else headers[name] = list.join(", ");
  }
  return cookies.length > 0 ? { ...result, cookies } : result;
}

function encodeBody(
  route: RouteSpec,
  { status, body }: AnyResponse,
  contentType = "",
): { body: string; isBase64Encoded: boolean; type?: string } {
  if (body === undefined) return { body: "", isBase64Encoded: false };
  if (body instanceof Uint8Array) {
    return { body: Buffer.from(body).toString("base64"), isBase64Encoded: true, type: "application/octet-stream" };
  }
  const isText = route.texts?.[status]?.includes((contentType.split(";")[0] ?? "").trim().toLowerCase()) ?? false;
  if (typeof body === "string" && (isText || !route.jsonStatuses.includes(status))) {
    return { body, isBase64Encoded: false, type: "text/plain; charset=utf-8" };
  }
  return { body: (route.json ?? JSON).stringify(body), isBase64Encoded: false, type: "application/json" };
}

function addCors(headers: Record<string, string>, cors: CorsSpec, origin: string | undefined): void {
  const anybody = cors.origins.includes("*");
  if (!anybody && (origin === undefined || !cors.origins.includes(origin))) {
    if (cors.origins.length > 1) varyByOrigin(headers);
    return;
  }
  headers["Access-Control-Allow-Origin"] = anybody ? "*" : (origin as string);
  if (!anybody && cors.origins.length > 1) varyByOrigin(headers);
  if (cors.credentials) headers["Access-Control-Allow-Credentials"] = "true";
  if (cors.exposeHeaders !== "") headers["Access-Control-Expose-Headers"] = cors.exposeHeaders;
}

/** What the handler varies by stays. */
function varyByOrigin(headers: Record<string, string>): void {
  const name = Object.keys(headers).find((candidate) => candidate.toLowerCase() === "vary") ?? "Vary";
  headers[name] = headers[name] === undefined ? "Origin" : `${headers[name]}, Origin`;
}
