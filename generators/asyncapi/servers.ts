import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { WebSocketApi } from "../../src/model/websocket.js";
import { type JsonObject, jsonObject, objectOf } from "../emit/stable-json.js";
import { componentName } from "./schemas.js";

/** A server a stage: the custom domain where there is one, else where the generated gateway listens, and AWS's own name. */
export function planServers(model: GatewayModel, { domain }: WebSocketApi, security: readonly string[]): JsonObject {
  const needed = security.map((name) => ({ $ref: `#/components/securitySchemes/${name}` }));
  const servers = model.stages.flatMap(({ name, description }) => {
    const path = domain?.paths.find(({ stage }) => stage === name);
    const pathname = name === "$default" ? "/" : `/${name}`;
    const common = { pathname, description, security: needed.length > 0 ? needed : undefined };
    const own =
      domain === undefined || path === undefined
        ? { host: "127.0.0.1:8080", protocol: "ws", ...common }
        : { host: domain.name, protocol: "wss", ...common, pathname: `/${path.basePath}` };
    const aws = {
      host: `{apiId}.execute-api.${model.aws.region}.amazonaws.com`,
      protocol: "wss",
      ...common,
      pathname: name === "$default" ? "/default" : pathname,
      variables: { apiId: { description: "Id of the WebSocket API on AWS." } },
    };
    const key = componentName(name);
    return [
      [key, jsonObject(own)],
      [`${key}-aws`, jsonObject(aws)],
    ] as const;
  });
  return objectOf(servers.map(([key, server]) => [key, server]));
}
