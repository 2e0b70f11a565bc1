import { socketStageOf } from "../websocket/web-socket-program.js";
import type { ServedApi } from "./host-table.js";

/** Where `@connections` of each stage is found in this host, by `{id of the WebSocket API}/{stage}`. */
export type ConnectionsEndpoints = ReadonlyMap<string, string>;

/**
 * Addresses as AWS's SDKs take them, `http://127.0.0.1:8080/dev`. Stages whose own endpoint is closed have none: their domain
 * leads to them.
 *
 * @param origin  of the port without TLS
 */
export function connectionsEndpoints(apis: readonly ServedApi[], origin: string): ConnectionsEndpoints {
  const endpoints = new Map<string, string>();
  for (const { apiId, slots } of apis) {
    for (const { live } of slots) {
      const served = socketStageOf(live);
      if (served === undefined || live.program.program.api.disableExecuteApiEndpoint === true) continue;
      const path = [apis.length > 1 ? apiId : "", live.name === "$default" ? "" : live.name].filter(
        (part) => part !== "",
      );
      endpoints.set(`${served.websocket.live.program.api.apiId}/${live.name}`, [origin, ...path].join("/"));
    }
  }
  return endpoints;
}

/** The address that a host listens at, for itself. @param host  as it was told to listen; a wildcard is this machine */
export function ownOrigin(host: string, port: number): string {
  if (host === "0.0.0.0" || host === "") return `http://127.0.0.1:${port}`;
  if (host === "::") return `http://[::1]:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

type Find = (apiId: string, stage: string) => string | undefined;

const place = Symbol.for("gatewayc.connections.endpoint");

/**
 * Lets handlers of this process find them: they are bundled by other builds, so the place is a symbol that everybody knows. Of several
 * hosts in one process the last one counts. @returns ends it
 */
export function offerEndpoints(endpoints: ConnectionsEndpoints): () => void {
  const shared = globalThis as { [place]?: Find | undefined };
  // Nearly all messages are of one stage.
  let last: { readonly apiId: string; readonly stage: string; readonly found: string | undefined } | undefined;
  const find: Find = (apiId, stage) => {
    if (last?.apiId !== apiId || last.stage !== stage)
      last = { apiId, stage, found: endpoints.get(`${apiId}/${stage}`) };
    return last.found;
  };
  shared[place] = find;
  return () => {
    if (shared[place] === find) shared[place] = undefined;
  };
}

/** What AWS's SDKs read where a program names no endpoint (AWS SDKs and tools guide, "Service-specific endpoints"). */
export const endpointVariable = "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI";

/**
 * Tells AWS's SDKs in handlers of this process where `@connections` is. What the environment says already counts; of several stages
 * none can be meant.
 */
export function tellSdks(endpoint: string | undefined, environment: NodeJS.ProcessEnv = process.env): void {
  if (endpoint !== undefined) environment[endpointVariable] ??= endpoint;
}
