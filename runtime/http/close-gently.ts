import type { Duplex } from "node:stream";

/** How long a closing connection may still send before it is cut. */
const lingerMs = 1000;

type Closing = Duplex & { destroySoon?: () => void };

/**
 * Lets the client read the last answer although it is still sending: our side is ended, what comes is read and thrown
 * away for a moment, then the connection is cut. Closing at once would make the client's system drop the answer.
 */
export function endGently(socket: Duplex): void {
  if (socket.destroyed) return;
  socket.end();
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  timer.unref();
  socket.once("close", () => clearTimeout(timer));
}

/** Makes Node end this connection gently when the answer that says `Connection: close` has been written. */
export function closeGentlyAfterAnswer(socket: Closing): void {
  socket.destroySoon = () => endGently(socket);
}
