import { core } from "./socket.js";

/** Messages of more than one frame: the package `ws` can send frames one by one. Browsers decide themselves. */
export function frames(socket) {
  const inner = socket[core]();
  const { messageBytes, frameBytes } = inner.api;
  const { limit, write } = inner;
  const isAble = (connection) => typeof connection?.ping === "function";
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
