import type { Coercion, LambdaContext, ParameterSpec, RouteSpec } from "./contract.template.js";
import { headerValues, isV2, type ProxyEvent, queryValues } from "./incoming.template.js";
import { Buffer, globals } from "./node.template.js";

/** The request is not what its declaration promises; answered with 400. */
export class BadRequest extends Error {}

export function decode(route: RouteSpec, event: ProxyEvent, context: LambdaContext): object {
  const { requestContext, pathParameters } = event;
  const request = {
    route: route.key,
    params: decodeGroup("path parameter", route.params, (name) => pathValue(event, pathParameters?.[name])),
    query: decodeGroup("query parameter", route.query, (name, isList) => queryValues(event, name, isList)),
    headers: decodeGroup("header", route.headers, (name, isList) => {
      const values = headerValues(event, name);
      return isList ? values?.flatMap((value) => value.split(/\s*,\s*/)) : values;
    }),
    body: decodeBody(route, event),
    auth: decodeAuth(route, event),
    stageVariables: event.stageVariables ?? {},
    requestId: requestContext.requestId,
    stage: requestContext.stage,
    sourceIp: requestContext.http?.sourceIp ?? String(requestContext.identity?.["sourceIp"] ?? ""),
    context,
    [given]: event,
  };
  Object.defineProperty(request, "event", wholeEvent);
  return withSignal(request);
}

export const given = Symbol();

interface Lazy {
  readonly [given]: ProxyEvent;
  readonly context: Pick<LambdaContext, "getRemainingTimeInMillis">;
}

/** The event, which the gateway makes for those who read it. */
export const wholeEvent = lazily("event", (request) => request[given].whole ?? request[given]);
const signal = lazily("signal", ({ context }) =>
  globals.AbortSignal.timeout(Math.max(1, context.getRemainingTimeInMillis() - 200)),
);

/** Adds what is aborted shortly before the function's time is over. */
export function withSignal<T extends { readonly context: Lazy["context"] }>(request: T): T {
  return Object.defineProperty(request, "signal", signal);
}

/**
 * A member that is made when it is read, one descriptor for all requests: of an accessor in the literal above V8 makes a new
 * shape for each request, which costs more than all else here (16 µs of CPU a request).
 */
function lazily(name: string, make: (request: Lazy) => unknown): PropertyDescriptor & ThisType<Lazy> {
  return {
    enumerable: true,
    configurable: true,
    get() {
      const value = make(this);
      Object.defineProperty(this, name, { value, enumerable: true });
      return value;
    },
  };
}

/** Path values of format 1.0 are as the client typed them; format 2.0 has decoded them. */
function pathValue(event: ProxyEvent, value: string | undefined): readonly string[] | undefined {
  return value === undefined ? value : [isV2(event) ? value : percentDecode(value)];
}

export function percentDecode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function decodeGroup(
  what: string,
  specs: Readonly<Record<string, ParameterSpec>>,
  read: (name: string, isList?: boolean) => readonly string[] | undefined,
): object {
  const decoded: Record<string, unknown> = Object.create(null);
  for (const name in specs) {
    const spec = specs[name] as ParameterSpec;
    const values = read(name, spec.isList);
    const last = values?.[values.length - 1];
    if (values === undefined || last === undefined) {
      if (spec.isRequired) throw new BadRequest(`Missing required ${what} ${name}`);
      continue;
    }
    const coerce = (text: string) => {
      const value = readText(text, spec.type);
      if (value !== undefined && (spec.values?.includes(value) ?? true)) return value;
      throw new BadRequest(`Invalid ${what} ${name}: expected ${spec.values?.join(" or ") ?? forms[spec.type]}`);
    };
    decoded[name] = spec.isList ? values.map(coerce) : coerce(last);
  }
  return decoded;
}

const forms: Readonly<Record<string, string>> = {
  boolean: "true or false",
  number: "a number",
  integer: "an integer",
  bigint: "an integer",
};

function readText(text: string, type: Coercion): string | number | bigint | boolean | undefined {
  switch (type) {
    case "string":
      return text;
    case "boolean":
      return text === "true" || (text === "false" ? false : undefined);
    case "bigint":
      return /^-?\d+$/.test(text.trim()) ? BigInt(text) : undefined;
    default: {
      const number = Number(text);
      const isRight = type === "number" ? Number.isFinite(number) : Number.isInteger(number);
      return isRight && text.trim() !== "" ? number : undefined;
    }
  }
}

function decodeBody(route: RouteSpec, event: ProxyEvent): unknown {
  const { json } = event;
  if (json && route.body === "json" && !route.json) return json.value;
  const bytes = event.bytes ?? (event.isBase64Encoded ? Buffer.from(event.body ?? "", "base64") : undefined);
  if (route.body === "bytes") return bytes ?? Buffer.from(event.body ?? "", "utf8");
  const text = bytes ? Buffer.from(bytes).toString("utf8") : (event.body ?? undefined);
  if (route.body === "none") return text;
  if (route.body === "text") return text ?? (route.isOptional ? undefined : "");
  if (!text) {
    if (route.isOptional) return undefined;
    if (isV2(event)) throw new BadRequest("Invalid request body");
    // REST APIs validate an empty body as `{}`.
    return {};
  }
  try {
    return (route.json ?? JSON).parse(text);
  } catch {
    throw new BadRequest("Invalid request body");
  }
}

/** Claims, context or identity of the caller, whichever authorizer gave it; undefined on open routes. */
function decodeAuth({ readAuth, isSigned }: RouteSpec, event: ProxyEvent): unknown {
  const { requestContext } = event;
  const { authorizer } = requestContext;
  if (isSigned) {
    const iam = authorizer?.["iam"] as Readonly<Record<string, unknown>> | undefined;
    return iam ? { ...iam, user: iam["userId"], caller: iam["callerId"] } : requestContext.identity;
  }
  if (!authorizer) return undefined;
  if (isV2(event)) return authorizer["lambda"] ?? authorizer["jwt"] ?? ("lambda" in authorizer ? {} : undefined);
  return readAuth ? readAuth(authorizer) : authorizer;
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
    read[name] = readText(String(text), type);
    if (read[name] === undefined) throw new Error(`the authorizer's ${name} is no ${type}`);
  }
  return read;
}
