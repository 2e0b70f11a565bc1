import { openSocket } from "./socket.js";
import { events } from "./socket-events.js";
import { frames } from "./socket-frames.js";
import { request } from "./socket-request.js";
import { rollOver } from "./socket-roll-over.js";

/** A connection with all parts. */
export function wholeSocket(api, options = {}) {
  const socket = openSocket(api, options);
  const { rollOverMs } = options;
  frames(socket);
  if (rollOverMs !== 0) rollOver(socket, rollOverMs);
  return Object.assign(socket, {
    request: (...more) => request(socket, ...more),
    events: (...more) => events(socket, ...more),
    /** Node's way to say `using`. */
    [Symbol.dispose ?? Symbol.for("Symbol.dispose")]: () => socket.close(),
  });
}
