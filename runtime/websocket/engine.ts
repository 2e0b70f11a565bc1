import { loadWebSocket } from "./load-web-socket.js";
import { runConnect } from "./run-connect.js";
import { runDisconnect } from "./run-disconnect.js";
import { runMessage } from "./run-message.js";
import { openSockets } from "./sockets.js";
import { upgrade } from "./upgrade.js";
import type { SocketEngine } from "./web-socket-program.js";

/** What a build links that has a WebSocket API. */
export const webSocketEngine: SocketEngine = {
  open: openSockets,
  upgrade,
  load: loadWebSocket,
  connect: runConnect,
  message: runMessage,
  disconnect: runDisconnect,
};
