import type { Coercion, LambdaContext, ParameterSpec, RouteSpec, Signal } from "./contract.template.js";
import { headerValues, type Incoming, type ProxyEvent, queryValues, type Values } from "./incoming.template.js";
import { Buffer, globals } from "./node.template.js";

/** The request is not what its declaration promises; answered with 400. */
export class BadRequest extends Error {}

export function decode(route: RouteSpec, incoming: Incoming, event: unknown, context: LambdaContext): object {
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
