import { createHash } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { endGently } from "../http/wire/close-gently.js";

/** The handshake of RFC 6455 section 4.2.1, as far as it is about WebSocket. */
export type Handshake =
  | {
      readonly ok: true;
      readonly key: string;
      readonly protocols: readonly string[];
      readonly extensions: string | undefined;
    }
  | { readonly ok: false; readonly status: 400 | 426; readonly headers: readonly string[] };

const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** @param headers  flat list, as received */
export function readHandshake(method: string, headers: readonly string[]): Handshake {
  const keys = valuesOf(headers, "sec-websocket-key");
  const version = valuesOf(headers, "sec-websocket-version");
  if (version.length !== 1 || version[0] !== "13") {
    return { ok: false, status: 426, headers: ["Sec-WebSocket-Version", "13", "Upgrade", "websocket"] };
  }
  const [key] = keys;
  const isKey = keys.length === 1 && key !== undefined && /^[A-Za-z0-9+/]{21}[AQgw]==$/.test(key);
  const protocols = valuesOf(headers, "sec-websocket-protocol").flatMap((line) => line.split(",").map((p) => p.trim()));
  const areProtocols = protocols.every((name) => token.test(name)) && new Set(protocols).size === protocols.length;
  if (!isKey || method !== "GET" || !areProtocols) return { ok: false, status: 400, headers: [] };
  const offers = valuesOf(headers, "sec-websocket-extensions");
  return { ok: true, key, protocols, extensions: offers.length > 0 ? offers.join(",") : undefined };
}

function valuesOf(headers: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    if ((headers[at] as string).toLowerCase() === name) values.push((headers[at + 1] as string).trim());
  }
  return values;
}

/** The answer that completes the handshake (section 4.2.2). */
export function acceptance(key: string, protocol: string | undefined, extensions: string | undefined): string {
  const accept = createHash("sha1")
    .update(key + guid)
    .digest("base64");
  return (
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n` +
    (protocol === undefined ? "" : `Sec-WebSocket-Protocol: ${protocol}\r\n`) +
    (extensions === undefined ? "" : `Sec-WebSocket-Extensions: ${extensions}\r\n`) +
    "\r\n"
  );
}

/** Answers a handshake with an HTTP response and ends the connection. */
export function refuseHandshake(
  socket: Duplex,
  status: number,
  headers: readonly string[],
  body: string | Uint8Array,
): void {
  if (socket.destroyed) return;
  const bytes = Buffer.from(body as string);
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Unknown"}\r\n`;
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    const value = headers[at + 1] as string;
    if (isSendable(name, value)) head += `${name}: ${value}\r\n`;
  }
  socket.write(
    Buffer.concat([
      Buffer.from(`${head}Content-Length: ${bytes.length}\r\nConnection: close\r\n\r\n`, "latin1"),
      bytes,
    ]),
  );
  endGently(socket);
}

const ownHeaders: ReadonlySet<string> = new Set(["connection", "content-length", "transfer-encoding"]);

function isSendable(name: string, value: string): boolean {
  return token.test(name) && !/[^\t\x20-\x7e\x80-\xff]/.test(value) && !ownHeaders.has(name.toLowerCase());
}
