import type { ServedApi, StageSlot } from "../../host/host-table.js";
import type { RouteEntry } from "../../program.js";
import { type AdminRequest, badRequest, bodyObject, textOf } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { gatewayOf } from "./served.js";

/**
 * TestInvokeMethod, on the API's first stage. As on AWS it calls the backend; unlike there the request passes the
 * route's authorizer, key and limits as any other does.
 */
export async function testInvoke(
  target: AdminTarget,
  api: ServedApi,
  route: RouteEntry,
  request: AdminRequest,
): Promise<object> {
  const body = bodyObject(request);
  if (body["stageVariables"] !== undefined && Object.keys(body["stageVariables"] ?? {}).length > 0) {
    throw badRequest("stage variables are those of the stage: UpdateStage changes them");
  }
  const path = textOf(body, "pathWithQueryString") || route.resourcePath;
  const { live } = api.slots[0] as StageSlot;
  const method = route.method === "ANY" ? "GET" : route.method;
  return tracedView(
    await gatewayOf(target).trace({
      method,
      path: `${live.name === "$default" ? "" : `/${live.name}`}${path.startsWith("/") ? path : `/${path}`}`,
      headers: ["Host", `${api.apiId}.localhost`, ...headersOf(body)],
      ...(textOf(body, "body") && { body: textOf(body, "body") as string }),
    }),
  );
}

function tracedView(traced: Awaited<ReturnType<ReturnType<typeof gatewayOf>["trace"]>>): object {
  const { requestId, latencyMs, log, answer } = traced;
  const time = dateText(new Date());
  const lists = new Map<string, string[]>();
  for (const [name, value] of answer.headers) lists.set(name, [...(lists.get(name) ?? []), value]);
  return {
    status: answer.status,
    body: answer.body,
    headers: Object.fromEntries([...lists].map(([name, values]) => [name, values.at(-1)])),
    multiValueHeaders: Object.fromEntries(lists),
    log: [`Execution log for request ${requestId}`, ...log.map((line) => `${time} : ${line}`), ""].join("\n"),
    latency: Math.round(latencyMs),
  };
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
  return list.some((name, at) => at % 2 === 0 && name.toLowerCase() === "content-type") || body["body"] === undefined
    ? list
    : [...list, "Content-Type", "application/json"];
}

/** `Thu Nov 26 01:07:47 UTC 2026`, as Java prints dates. */
function dateText(date: Date): string {
  const [, day, number, month, year, time] = /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? [];
  return `${day} ${month} ${number} ${time} UTC ${year}`;
}
