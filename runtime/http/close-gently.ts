import type { Duplex } from "node:stream";

/** How long a closing connection may still send before it is cut. */
const lingerMs = 1000;

/** The same in every copy of this file: a host and the Programs it serves may be of different builds. */
const closing: unique symbol = Symbol.for("gateway.closing");

type Closing = Duplex & { destroySoon?: () => void; [closing]?: true };

/**
 * Lets the client read the last answer although it is still sending: our side is ended, what comes is read and thrown
 * away for a moment, then the connection is cut. Closing at once would make the client's system drop the answer.
 */
export function endGently(socket: Closing): void {
  if (socket.destroyed) return;
  socket[closing] = true;
  socket.end();
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  timer.unref();
  socket.once("close", () => clearTimeout(timer));
}

/** Makes Node end this connection gently when the answer that says `Connection: close` has been written. */
export function closeGentlyAfterAnswer(socket: Closing): void {
  socket[closing] = true;
  socket.destroySoon = () => endGently(socket);
}

/** Whether the last answer of the connection is decided: what the parser still finds in it is not a request to us. */
export function isClosing(socket: Closing): boolean {
  return socket[closing] === true;
}
