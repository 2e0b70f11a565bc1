import type { ServedApi } from "../../host/host-table.js";
import { authorizerIdOf } from "../../host/stable-ids.js";
import type { RouteTest, RouteTestResult } from "../../http/test-route.js";
import type { RouteEntry } from "../../program.js";
import { type AdminRequest, badRequest, bodyObject, notFound, textOf } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { gatewayOf } from "./served.js";

/**
 * TestInvokeMethod: the route as if its authorizer, key and limits had let the request through, with the stage variables of
 * the request. Backends are called; nothing is counted.
 */
export async function testInvokeMethod(
  target: AdminTarget,
  api: ServedApi,
  route: RouteEntry,
  request: AdminRequest,
): Promise<object> {
  const body = bodyObject(request);
  const result = await gatewayOf(target).test(api.name, ({ routes }) => ({
    kind: "method",
    ...requestOf(body, route.resourcePath),
    // A deployment may have come in between.
    route: routes.find(({ key }) => key === route.key) ?? route,
    method: route.method === "ANY" ? "GET" : route.method,
  }));
  const lists = new Map<string, string[]>();
  result.headers.forEach((name, at) => {
    if (at % 2 === 0) lists.set(name, [...(lists.get(name) ?? []), result.headers[at + 1] ?? ""]);
  });
  return {
    status: result.status,
    body: result.body,
    headers: Object.fromEntries([...lists].map(([name, values]) => [name, values.at(-1)])),
    multiValueHeaders: Object.fromEntries(lists),
    log: logText(result),
    latency: Math.round(result.latencyMs),
  };
}

/**
 * TestInvokeAuthorizer: asks the authorizer anew about the request, on none of the stages. `clientStatus` is 0 where it has
 * decided, whatever it decided (API reference); else what the client would have got.
 */
export async function testInvokeAuthorizer(
  target: AdminTarget,
  api: ServedApi,
  authorizerId: string,
  request: AdminRequest,
): Promise<object> {
  const body = bodyObject(request);
  const result = await gatewayOf(target).test(api.name, ({ routes }) => {
    const isGuarded = ({ authorizer }: RouteEntry) =>
      authorizer !== undefined && authorizerIdOf(api.name, authorizer.name) === authorizerId;
    // An ID token opens routes without scopes.
    const route = routes.find((entry) => isGuarded(entry) && entry.scopes.length === 0) ?? routes.find(isGuarded);
    if (route === undefined) throw notFound("Invalid Authorizer identifier specified");
    // As AWS has it: of no resource, so that the method's ARN ends in GET/.
    const nowhere = { ...route, resourcePath: "/", segments: [] };
    return { kind: "authorizer", ...requestOf(body, "/"), route: nowhere, method: "GET" };
  });
  const { decision } = result;
  const context = decision?.context && [...decision.context].map(([name, value]) => [name, [String(value)]]);
  const claims = decision?.claims && [...decision.claims].map(([name, value]) => [name, claimText(value)]);
  return {
    clientStatus: decision === undefined ? result.status : 0,
    log: logText(result),
    latency: Math.round(result.latencyMs),
    ...(decision?.principalId !== undefined && { principalId: decision.principalId }),
    ...(decision?.policy !== undefined && { policy: decision.policy }),
    ...(context && { authorization: Object.fromEntries(context) }),
    ...(claims && { claims: Object.fromEntries(claims) }),
  };
}

/** Lists with a comma between, as `$context.authorizer.claims` has them. */
function claimText(value: unknown): string {
  if (Array.isArray(value)) return value.map(claimText).join(",");
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

/** Each line with its time, but for the first. */
function logText({ requestId, log }: RouteTestResult): string {
  const time = dateText(new Date());
  return [`Execution log for request ${requestId}`, ...log.map((line) => `${time} : ${line}`), ""].join("\n");
}

type RequestParts = Pick<RouteTest, "path" | "query" | "headers" | "body" | "variables">;

/** @param defaultPath  where the request has none @throws AdminProblem */
function requestOf(body: Readonly<Record<string, unknown>>, defaultPath: string): RequestParts {
  const whole = textOf(body, "pathWithQueryString") || defaultPath;
  if (/[^!-~]/.test(whole)) throw badRequest("pathWithQueryString is percent-encoded");
  const at = whole.indexOf("?");
  const path = at === -1 ? whole : whole.slice(0, at);
  return {
    path: path.startsWith("/") ? path : `/${path}`,
    query: at === -1 ? "" : whole.slice(at + 1),
    headers: headersOf(body),
    body: Buffer.from(textOf(body, "body") ?? ""),
    variables: variablesOf(body["stageVariables"]),
  };
}

/** @throws AdminProblem */
function variablesOf(value: unknown): ReadonlyMap<string, string> {
  if (value === undefined || value === null) return new Map();
  const pairs = typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : undefined;
  const wrong = pairs?.find(([name, text]) => !/^\w{1,64}$/.test(name) || typeof text !== "string");
  if (pairs === undefined || wrong !== undefined) throw badRequest(`Invalid stage variable: ${wrong?.[0] ?? "no map"}`);
  return new Map(pairs as [string, string][]);
}

/** `headers` and `multiValueHeaders`, as a flat list. @throws AdminProblem */
function headersOf(body: Readonly<Record<string, unknown>>): readonly string[] {
  const list: string[] = [];
  for (const member of ["headers", "multiValueHeaders"]) {
    for (const [name, value] of Object.entries((body[member] ?? {}) as Record<string, unknown>)) {
      const values = Array.isArray(value) ? value : [value];
      for (const text of values) {
        const isPlain = typeof text === "string" && /^[^\r\n\0]*$/.test(text) && /^[\w!#$%&'*+.^`|~-]+$/.test(name);
        if (!isPlain) throw badRequest(`not a header: ${name}`);
        list.push(name, text);
      }
    }
  }
  return list;
}

/** `Thu Nov 26 01:07:47 UTC 2026`, as Java prints dates. */
function dateText(date: Date): string {
  const [, day, number, month, year, time] = /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? [];
  return `${day} ${month} ${number} ${time} UTC ${year}`;
}
