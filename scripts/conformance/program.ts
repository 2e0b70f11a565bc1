import type { Exchange } from "../../runtime/http/exchange.js";
import { type ApiEntry, type Program, programFormat, type RouteEntry, route } from "../../runtime/program.js";

/** A Program made by hand: one stage `dev`, no routes, unless said otherwise. */
export function testProgram(
  routes: readonly RouteEntry[],
  { api, stages }: { readonly api?: Partial<ApiEntry>; readonly stages?: Program["stages"] } = {},
): Program {
  return {
    format: programFormat,
    api: {
      name: "test",
      version: "1.0.0",
      kind: "rest",
      apiId: "abcdefghij",
      region: "eu-west-1",
      account: "123456789012",
      binaryMediaTypes: [],
      minimumCompressionSize: undefined,
      cors: undefined,
      gatewayResponses: new Map(),
      ...api,
    },
    stages: stages ?? [{ name: "dev", variables: [], log: "off" }],
    routes,
  };
}

/** `GET /orders/{id}` with a pipeline; the answer of `run` decides. */
export function testRoute(key: string, run: RouteEntry["run"] = answerKey, more: Partial<RouteEntry> = {}): RouteEntry {
  const [method = "", resourcePath = ""] = key === "$default" ? ["ANY", "$default"] : key.split(" ");
  const segments = key === "$default" ? [] : resourcePath.split("/").filter((segment) => segment !== "");
  return route({ key, method, resourcePath, resourceId: "abc123", segments, run, ...more });
}

/** Answers with what the route saw, as JSON. */
export function answerKey(x: Exchange): boolean {
  const seen = {
    key: x.route.key,
    stage: x.stage.name,
    path: x.path,
    rawPath: x.rawPath,
    values: x.pathValues,
    body: x.body.toString("utf8"),
  };
  return x.answer(200, ["Content-Type", "application/json"], JSON.stringify(seen));
}
