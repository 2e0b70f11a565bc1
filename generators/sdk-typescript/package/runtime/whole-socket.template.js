import { openSocket } from "./socket.js";
import { events } from "./socket-events.js";
import { rollOver } from "./socket-roll-over.js";

/** A connection with all parts. @param frames  the part that knows the sizes of the API */
export function wholeSocket(api, options = {}, frames) {
  const socket = openSocket(api, options);
  const { rollOverMs } = options;
  frames(socket);
  if (rollOverMs !== 0) rollOver(socket, rollOverMs);
  return Object.assign(socket, {
    events: (...more) => events(socket, ...more),
    /** Node's way to say `using`. */
    [Symbol.dispose ?? Symbol.for("Symbol.dispose")]: () => socket.close(),
  });
}
