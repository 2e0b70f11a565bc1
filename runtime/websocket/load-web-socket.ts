import { type LoadOptions, loadProgram } from "../host/load-program.js";
import type { Program } from "../program.js";
import { RouteKeys } from "./route-keys.js";
import type { LiveWebSocket, WebSocketProgram } from "./web-socket-program.js";

/** Takes a WebSocket API into service, as a Program of its own on the stages of the one it stands in. @throws LoadError */
export function loadWebSocket(program: Program, entry: WebSocketProgram, options: LoadOptions): LiveWebSocket {
  const live = loadProgram(
    {
      format: program.format,
      api: { ...entry.api, isWebSocket: true },
      // Canaries are REST's alone.
      stages: program.stages.map((stage) => ({ ...stage, accessLog: stage.socketAccessLog, canary: undefined })),
      ...(program.limits && { limits: program.limits }),
      ...(program.built && { built: program.built }),
      ...(entry.guards && { guards: entry.guards }),
      routes: [...entry.routes.map(({ route }) => route), ...entry.management],
    },
    options,
  );
  // As the stage's settings have them.
  const served = entry.routes.map((each, at) => ({ ...each, route: live.program.routes[at] ?? each.route }));
  const routes = new Map(served.map((each) => [each.route.key, each]));
  const own = (key: string) => {
    const found = routes.get(key);
    routes.delete(key);
    return found;
  };
  // No message reaches the three by their names.
  const [connect, disconnect, fallback] = [own("$connect"), own("$disconnect"), own("$default")];
  const messageKeys = new RouteKeys(routes);
  return { entry, besideApi: program.api.name, live, messages: routes, messageKeys, connect, disconnect, fallback };
}
