import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type Refusal, type RefusalKind, refusalBody, refusals } from "../refusals.js";

/** How long a closing connection may still send before it is cut. */
const lingerMs = 1000;

/**
 * Lets the client read the last answer although it is still sending: our side is ended, what comes is read and thrown
 * away for a moment, then the connection is cut. Closing at once would make the client's system drop the answer.
 */
export function endGently(socket: Duplex): void {
  if (socket.destroyed) return;
  socket.end();
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  timer.unref();
  socket.once("close", () => clearTimeout(timer));
}

/** Answers on the bare connection, for what the parser refuses: there is no request then. */
export function refuseRaw(socket: Duplex, kind: RefusalKind): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const refusal: Refusal = refusals[kind];
  const body = refusalBody(refusal);
  socket.write(
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}\r\nContent-Type: application/json\r\n` +
      `x-amzn-ErrorType: ${refusal.errorType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  endGently(socket);
}
