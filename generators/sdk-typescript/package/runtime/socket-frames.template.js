import { core } from "./socket.js";

/**
 * Messages of more than one frame: the package `ws` can send frames one by one. Browsers decide themselves, and so does Bun, though its
 * WebSocket has a `ping` as well.
 */
export function frames(socket) {
  const inner = socket[core]();
  const { messageBytes, frameBytes } = inner.api;
  const given = inner.options.WebSocket ?? globalThis.WebSocket;
  const { limit, write } = inner;
  const isAble = (connection) => given !== globalThis.WebSocket && typeof connection?.ping === "function";
  inner.limit = () => (isAble(inner.current) ? messageBytes : limit());
  inner.write = (connection, text) => {
    if (text.length * 3 <= frameBytes || !isAble(connection)) return write(connection, text);
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; at += frameBytes) {
      const part = bytes.subarray(at, at + frameBytes);
      connection.send(part, { binary: false, fin: at + frameBytes >= bytes.length });
    }
  };
}
