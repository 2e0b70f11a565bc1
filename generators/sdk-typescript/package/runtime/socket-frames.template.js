import { core, SocketError } from "./socket.js";

/**
 * Messages of more than one frame: the package `ws` can send frames one by one. Browsers decide themselves, and so does Bun, though its
 * WebSocket has a `ping` as well. What is too large for the gateway is told before it is sent.
 */
export function frames(socket, messageBytes, frameBytes) {
  const inner = socket[core]();
  const given = inner.options.WebSocket ?? globalThis.WebSocket;
  const { sendText, write } = inner;
  const isAble = (connection) => given !== globalThis.WebSocket && typeof connection?.ping === "function";
  inner.sendText = (text, entry) => {
    const { length } = new TextEncoder().encode(text);
    const most = isAble(inner.current) ? messageBytes : Math.min(messageBytes, frameBytes);
    if (length > most) throw new SocketError("too-large", `${length} bytes; at most ${most}`);
    sendText(text, entry);
  };
  inner.write = (connection, text) => {
    if (text.length * 3 <= frameBytes || !isAble(connection)) return write(connection, text);
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; at += frameBytes) {
      const part = bytes.subarray(at, at + frameBytes);
      connection.send(part, { binary: false, fin: at + frameBytes >= bytes.length });
    }
  };
}
