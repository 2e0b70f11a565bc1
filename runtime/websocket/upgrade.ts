import type { Socket } from "node:net";
import { secureOf } from "../host/tls/secure-connection.js";
import { admissionOf } from "../http/domain-door.js";
import { locate } from "../http/locate.js";
import type { Serving } from "../http/serve.js";
import { refuseRaw } from "../http/wire/close-gently.js";
import type { RequestHead } from "../http/wire/request-head.js";
import { readHandshake, refuseHandshake } from "./handshake.js";
import type { Sockets } from "./sockets.js";
import { socketStageOf } from "./web-socket-program.js";

/**
 * A request that asks to leave HTTP: read by the same gate as every other, located, and handed to the connections of the
 * host.
 *
 * @returns false for other protocols than WebSocket: the request is answered as if it had not asked
 *   (RFC 9110 section 7.8)
 */
export function upgrade(serving: Serving, sockets: Sockets, head: RequestHead, socket: Socket, rest: Buffer): boolean {
  if (head.upgrade !== "websocket") return false;
  // The server lets go of the socket when this returns; nothing is read before somebody listens.
  socket.pause();
  setImmediate(open, serving, sockets, head, socket, rest);
  return true;
}

function open(serving: Serving, sockets: Sockets, head: RequestHead, socket: Socket, rest: Buffer): void {
  if (socket.destroyed) return;
  socket.on("error", ignore);
  const gated = serving.gate.read(head);
  if (typeof gated === "string") {
    refuseRaw(socket, gated);
    return;
  }
  const handshake = readHandshake(gated.method, gated.headers);
  if (!handshake.ok) {
    refuseHandshake(socket, handshake.status, [...json, ...handshake.headers], '{"message":"Bad Request"}');
    return;
  }
  const location = locate(serving.table, gated.host, gated.path);
  if (serving.table.domains !== undefined) {
    const { kind } = admissionOf(serving, socket, gated.headers, location.domain);
    const isElsewhere = location.domain?.isSocket === false;
    if (kind !== "open" || isElsewhere) {
      refuseHandshake(socket, kind === "misdirected" ? 421 : 403, json, '{"message":"Forbidden"}');
      return;
    }
  }
  const served = location.slot && socketStageOf(location.slot.live);
  if (served === undefined || location.path.length > 1 || serving.isClosing) {
    const status = serving.isClosing ? 503 : 403;
    refuseHandshake(socket, status, json, `{"message":"${status === 403 ? "Forbidden" : "Service Unavailable"}"}`);
    return;
  }
  const { method, query, headers, host } = gated;
  const request = { method, rawPath: location.rawPath, query, headers };
  const sourceIp = serving.sourceIp.of(socket.remoteAddress, headers);
  const isSecure = secureOf(socket) !== undefined || serving.sourceIp.isSafe(socket.remoteAddress, headers);
  const userAgent = headerOf(headers, "user-agent");
  sockets.accept({ served, request, handshake, sourceIp, isSecure, host, userAgent, head: rest }, socket);
}

const json = ["Content-Type", "application/json"];

function headerOf(headers: readonly string[], lowerCaseName: string): string | undefined {
  for (let at = headers.length - 2; at >= 0; at -= 2) {
    if ((headers[at] as string).toLowerCase() === lowerCaseName) return headers[at + 1];
  }
  return undefined;
}

function ignore(): void {}
