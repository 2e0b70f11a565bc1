import { SocketError } from "./socket.js";

/** Events one by one, until the connection is closed for good. */
export async function* events(socket, event, { signal, limit = 10_000 } = {}) {
  const waiting = [];
  let wake = () => {};
  let isTooSlow = false;
  const stops = [
    socket.on(event, (data) => {
      if (waiting.length < limit) waiting.push(data);
      else isTooSlow = true;
      wake();
    }),
    socket.watch("closed", () => wake()),
  ];
  const aborted = () => wake();
  signal?.addEventListener("abort", aborted);
  try {
    while (!signal?.aborted) {
      if (waiting.length > 0) yield waiting.shift();
      else if (isTooSlow) throw new SocketError("queue-full", `more than ${limit} events were waiting to be read`);
      else if (socket.state === "closed") return;
      else
        await new Promise((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    signal?.removeEventListener("abort", aborted);
    for (const stop of stops) stop();
  }
}
