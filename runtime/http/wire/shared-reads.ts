import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** libuv offers this much for one read. */
export const readBytes = 65_536;
/** What the last read of any socket has brought. */
const sharedBytes = Buffer.allocUnsafeSlow(readBytes);

/**
 * Has all that comes on a socket put into one buffer for all sockets, and says how much it was, in place of a `data` event
 * with memory of its own: 64 KiB that are taken, cut to size and given back for each read cost more than what most messages
 * need besides (2 µs, bench/http-floor.mjs). It is what `onread` of net.Socket does (Node.js documentation, "new
 * net.Socket"), which a program can set only for sockets that it opens itself; for those of a server it is set in the socket
 * as Node does it. A socket that is read so already goes over to its new reader, with the buffer that it has: a build's own
 * code takes over from its host's.
 *
 * @param onRead  is given the first `length` bytes of `bytes`, which are overwritten when it has returned
 * @returns false: this socket, or this version of Node, cannot; nothing has been changed
 */
export function readShared(socket: Duplex, onRead: (bytes: Buffer, length: number) => void): boolean {
  const parts = partsOf(socket);
  if (parts === undefined) return false;
  const { fields, own } = parts;
  takeWaiting(socket, onRead);
  const isNew = fields[own.buffer] === null;
  if (isNew) fields[own.buffer] = sharedBytes;
  fields[own.callback] = (length: number, bytes: Buffer) => {
    onRead(bytes, length);
    return true;
  };
  if (isNew) (socket as HandledSocket)._handle.useUserBuffer(sharedBytes);
  return true;
}

/** Bytes that Node has read before anybody wanted them. */
function takeWaiting(socket: Duplex, onRead: (bytes: Buffer, length: number) => void): void {
  for (;;) {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    onRead(chunk, chunk.length);
  }
}

type HandledSocket = Socket & { readonly _handle: { useUserBuffer(bytes: Uint8Array): void } };

/** Of Node's own fields of a socket. */
interface ReadFields {
  readonly buffer: symbol;
  readonly callback: symbol;
}

/** Versions whose sockets have been seen to read so (test/runtime/shared-reads.test.ts). */
const knownMajors = new Set(["20", "22", "24", "26"]);
const isKnown = knownMajors.has(process.versions.node.split(".")[0] as string);

function partsOf(socket: Duplex) {
  if (!isKnown) return undefined;
  const { _handle } = socket as Partial<HandledSocket>;
  if (typeof _handle?.useUserBuffer !== "function") return undefined;
  const fields = socket as unknown as Record<symbol, unknown>;
  const own = readFieldsOf(socket);
  if (own === undefined) return undefined;
  return fields[own.buffer] === null || Buffer.isBuffer(fields[own.buffer]) ? { fields, own } : undefined;
}

/** The same for all sockets of a process. */
let readFields: ReadFields | undefined;

function readFieldsOf(socket: Duplex): ReadFields | undefined {
  if (readFields === undefined) {
    const symbols = Object.getOwnPropertySymbols(socket);
    const named = (name: string) => symbols.find(({ description }) => description === name);
    const [buffer, callback] = [named("kBuffer"), named("kBufferCb")];
    if (buffer !== undefined && callback !== undefined) readFields = { buffer, callback };
  }
  return readFields;
}
