import type { ServedApi } from "../../../host/host-table.js";
import type { ApiEntry, CorsEntry, RouteEntry } from "../../../program.js";
import { type AdminAnswer, type AdminRequest, jsonAnswer } from "../../admin-message.js";
import type { AdminTarget } from "../../admin-target.js";
import { missingApi } from "../../design/lookup-rules.js";
import { type Design, designOf, type Members, membersOf, said } from "../design.js";
import { gatewayOf, programOf } from "../served.js";

/** An API of the second version: an HTTP API, or the WebSocket API beside a REST or HTTP one. */
export interface V2Api {
  readonly apiId: string;
  readonly protocol: "HTTP" | "WEBSOCKET";
  readonly entry: ApiEntry;
  readonly routes: readonly RouteEntry[];
  /** What keeps its stages: a WebSocket API has those of the API beside it. */
  readonly served: ServedApi;
}

function v2Apis(target: AdminTarget): readonly V2Api[] {
  return gatewayOf(target).apis.flatMap((served) => {
    const { api, routes, websocket } = programOf(served);
    const http: readonly V2Api[] =
      api.kind === "http" ? [{ apiId: served.apiId, protocol: "HTTP", entry: api, routes, served }] : [];
    if (websocket === undefined) return http;
    const { api: entry } = websocket;
    const socketRoutes = websocket.routes.map(({ route }) => route);
    return [...http, { apiId: entry.apiId, protocol: "WEBSOCKET", entry, routes: socketRoutes, served }];
  });
}

/** @throws AdminProblem */
export function v2ApiOf(target: AdminTarget, apiId: string): V2Api {
  const api = v2Apis(target).find((candidate) => candidate.apiId === apiId);
  if (api === undefined) throw missingApi(apiId, "000000000000");
  return api;
}

/** GetApis. */
export function getApis(target: AdminTarget, { query }: AdminRequest): AdminAnswer {
  return jsonAnswer(
    v2Page(
      v2Apis(target).map((api) => apiView(target, api)),
      query,
    ),
  );
}

/** GetApi. @throws AdminProblem */
export function getApi(target: AdminTarget, _: AdminRequest, [id = ""]: readonly string[]): AdminAnswer {
  return jsonAnswer(apiView(target, v2ApiOf(target, id)));
}

function apiView(target: AdminTarget, api: V2Api): Members {
  const { apiId, protocol, entry, served } = api;
  const design = v2Design(target, api);
  const isHttp = protocol === "HTTP";
  const { description } = isHttp ? membersOf(design?.document["info"]) : (design?.document ?? {});
  const takesKeys = api.routes.some(({ needsKey }) => needsKey);
  const selection = isHttp ? "$request.method $request.path" : design?.document["routeSelectionExpression"];
  return {
    apiId,
    name: entry.name,
    protocolType: protocol,
    ...said({ description, version: isHttp ? entry.version : undefined }),
    // Without a document beside it the gateway has it as code alone.
    routeSelectionExpression: selection ?? "",
    ...((isHttp || takesKeys) && { apiKeySelectionExpression: "$request.header.x-api-key" }),
    apiEndpoint: `${isHttp ? "https" : "wss"}://${apiId}.execute-api.${entry.region}.amazonaws.com`,
    disableExecuteApiEndpoint: programOf(served).api.disableExecuteApiEndpoint === true,
    ...(isHttp && entry.cors && { corsConfiguration: corsView(entry.cors) }),
    tags: {},
  };
}

function corsView(cors: CorsEntry): Members {
  const list = (text: string) => text.split(",").map((part) => part.trim());
  const { allowOrigins, allowMethods, allowHeaders, exposeHeaders, allowCredentials, maxAgeSeconds } = cors;
  const lists = {
    allowMethods: allowMethods === "" ? [] : list(allowMethods),
    allowHeaders: allowHeaders === "" ? [] : list(allowHeaders),
    exposeHeaders: exposeHeaders === "" ? [] : list(exposeHeaders),
  };
  return { allowCredentials, ...said({ allowOrigins, ...lists, maxAge: maxAgeSeconds }) };
}

/** The document that API Gateway would import, or for a WebSocket API what it would be made of. */
export function v2Design(target: AdminTarget, { protocol, served }: V2Api): Design | undefined {
  return designOf(target, served, protocol === "HTTP" ? "oas30" : "websocket");
}

/** `maxResults` and `nextToken` of a list. */
export function v2Page(items: readonly unknown[], query: URLSearchParams): Members {
  const from = Number(query.get("nextToken") ?? 0) || 0;
  const most = Math.min(500, Math.max(1, Number(query.get("maxResults") ?? 500) || 500));
  const rest = from + most < items.length;
  return { items: items.slice(from, from + most), ...(rest && { nextToken: String(from + most) }) };
}

/** A time, as answers of the second version have it. @param ms  milliseconds, or ISO 8601 */
export function isoTime(ms: number | string): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
}
