import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type Refusal, type RefusalKind, refusalBody, refusalFields, refusals } from "../refusals.js";

/** How long a closing connection may still send before it is cut. */
const lingerMs = 1000;

/** A connection; tests bring streams that keep no time. */
type Closable = Duplex & Partial<Pick<Socket, "setTimeout">>;

/** How long a client may take nothing of its last answer. */
const defaultPatienceMs = 65_000;

/**
 * Lets the client read the last answer although it is still sending: our side is ended, what comes is read and thrown
 * away for a moment, then the connection is cut. Closing at once would make the client's system drop the answer. The
 * moment begins when the answer has been handed over whole, however slow the client is with it.
 *
 * @param patienceMs  how long it may take nothing of it
 */
export function endGently(socket: Closable, patienceMs = defaultPatienceMs): void {
  if (socket.destroyed) return;
  socket.end();
  if (socket.writableLength === 0 || socket.setTimeout === undefined) {
    linger(socket);
    return;
  }
  // Not read meanwhile: what comes would count as activity.
  socket.pause();
  socket.setTimeout(patienceMs, () => socket.destroy());
  socket.once("finish", () => {
    socket.setTimeout?.(0);
    linger(socket);
  });
}

function linger(socket: Duplex): void {
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  timer.unref();
  socket.once("close", () => clearTimeout(timer));
}

/** Answers on the bare connection, for what the parser refuses: there is no request then. */
export function refuseRaw(socket: Closable, kind: RefusalKind, patienceMs?: number): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const refusal: Refusal = refusals[kind];
  const { status } = refusal;
  const line = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
  socket.write(`${line}${refusalFields(kind)}Connection: close\r\n\r\n${refusalBody(refusal)}`);
  endGently(socket, patienceMs);
}
