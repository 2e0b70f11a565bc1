import { printPlanned } from "../emit/code-literal.js";
import type { GatewayPlan } from "./plan.js";
import type { SocketsPlan } from "./plan-sockets.js";
import { printModuleImports } from "./print-imports.js";
import { calledNames, printRuntimeImports, runtimeModule } from "./runtime-names.js";

/** `gateway/websocket.ts`: the WebSocket API as constants. */
export function printSockets(sockets: SocketsPlan, plan: GatewayPlan): string {
  const routes = sockets.routes.map(
    ({ entry, replies, template }) =>
      `    {\n      route: route(${printPlanned(entry, "      ")}),\n      replies: ${replies},\n      template: ${template},\n    },\n`,
  );
  const management = sockets.management.map((entry) => `    route(${printPlanned(entry, "    ")}),\n`);
  const body = `export const websocket: WebSocketProgram = {
  api: ${printPlanned(sockets.api, "  ")},
  routes: [
${routes.join("")}  ],
  management: [
${management.join("")}  ],
  select: ${sockets.select},
  limits: ${printPlanned(sockets.limits, "  ")},
  compression: ${sockets.compression},
${sockets.guards === undefined ? "" : `  guards: ${printPlanned(sockets.guards.entry, "  ")},\n`}  engine: webSocketEngine,
};
`;
  const imports = printRuntimeImports([
    "route",
    "webSocketEngine",
    ...calledNames(body),
    ...(sockets.guards?.names ?? []),
  ]);
  const type = `import type { WebSocketProgram } from "${runtimeModule("websocket/web-socket-program")}";\n`;
  return `${imports}${type}${printModuleImports(body, plan)}\n${body}`;
}
