import { core, SocketError } from "./socket.js";

/** Sends a message and waits for its reply. */
export function request(socket, route, message, { timeoutMs, signal } = {}) {
  const inner = socket[core]();
  const { api, options, sendText, textOf } = inner;
  inner.waiting ??= waitingRoom(inner, socket);
  const { waiting } = inner;
  const mostMs = timeoutMs ?? options.timeoutMs ?? 30_000;
  return new Promise((resolve, reject) => {
    const entry = { route, id: undefined };
    const over = (how) => (value) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
      waiting.delete(entry);
      how(value);
    };
    Object.assign(entry, { resolve: over(resolve), reject: over(reject) });
    const late = () => entry.reject(new SocketError("timeout", `no reply to "${route}" within ${mostMs} ms`));
    const aborted = () => entry.reject(new SocketError("aborted", "the request was aborted", { cause: signal.reason }));
    const timer = setTimeout(late, mostMs);
    signal?.addEventListener("abort", aborted);
    if (signal?.aborted) return aborted();
    if (api.correlated.includes(route)) {
      inner.lastId = (inner.lastId ?? 0) + 1;
      entry.id = String(inner.lastId);
    }
    try {
      waiting.add(entry);
      sendText(textOf(route, message, entry.id && { $id: entry.id }), entry);
    } catch (error) {
      entry.reject(error);
    }
  });
}

/** Requests that wait for their replies, in the order sent. */
function waitingRoom(inner, socket) {
  const waiting = new Set();
  const { heartbeat, strays: isHeartbeatRefused, read = (value) => value } = inner.api;
  const { write } = inner;
  let strays = 0;
  inner.write = (connection, text) => {
    if (isHeartbeatRefused && text === heartbeat) strays++;
    write(connection, text);
  };
  const first = (fits) => [...waiting].find(fits);
  inner.take = (message, error) => {
    // A sign of life that no route takes is answered as well, and no request waits for that.
    if (strays > 0 && error?.message === "Forbidden") return strays--;
    const id = message?.$id;
    const isNamed = typeof id === "string" && message.reply !== undefined;
    // The gateway does not say which message has failed, nor some routes what they reply to: it is the one that has waited longest.
    const entry = first((one) => (isNamed ? one.id === id : one.connection && (error || one.id === undefined)));
    if (error) entry?.reject(error);
    else entry?.resolve(read(isNamed ? message.reply : message, "replies", entry.route));
    // A reply that comes too late is nobody's.
    return isNamed || entry !== undefined;
  };
  inner.lost = (connection, error) => {
    strays = 0;
    for (const entry of [...waiting]) if (entry.connection === connection) entry.reject(error);
  };
  socket.watch("closed", (error) => {
    for (const entry of [...waiting]) entry.reject(error);
  });
  return waiting;
}
