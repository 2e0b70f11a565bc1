import { connect, type Socket } from "node:net";
import { BufferedSink } from "./line-sink.js";

/** Address of a receiver: `tcp://host:port`, or `unix:/path`. */
export type SocketAddress = { readonly host: string; readonly port: number } | { readonly path: string };

const firstRetryMs = 250;
const longestRetryMs = 10_000;

/** Lines over a connection that is made again when it breaks. While it is away lines are held, up to a limit. */
export class SocketSink extends BufferedSink {
  #socket: Socket | undefined = undefined;
  #isConnected = false;
  #isClosed = false;
  #retryMs = firstRetryMs;

  constructor(private readonly address: SocketAddress) {
    super();
    this.#connect();
  }

  close(): Promise<void> {
    this.flush();
    this.#isClosed = true;
    const socket = this.#socket;
    if (socket === undefined || !this.#isConnected) {
      socket?.destroy();
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const cut = setTimeout(() => socket.destroy(), 1000);
      socket.once("close", () => {
        clearTimeout(cut);
        resolve();
      });
      socket.end();
    });
  }

  protected put(lines: Buffer): boolean {
    if (!this.#isConnected || this.#socket === undefined || this.#socket.writableNeedDrain) return false;
    this.#socket.write(Buffer.from(lines));
    return true;
  }

  #connect(): void {
    if (this.#isClosed) return;
    const socket = connect(this.address);
    this.#socket = socket;
    socket.unref();
    socket.on("connect", () => {
      this.#isConnected = true;
      this.#retryMs = firstRetryMs;
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#isConnected = false;
      setTimeout(() => this.#connect(), this.#retryMs).unref();
      this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
    });
  }
}

/** @returns undefined for what is no address */
export function parseSocketAddress(text: string): SocketAddress | undefined {
  if (text.startsWith("unix:")) return text.length > 5 ? { path: text.slice(5) } : undefined;
  const match = /^tcp:\/\/(\[[0-9A-Fa-f:.]+\]|[^:/[\]]+):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) return undefined;
  return { host: (match[1] as string).replace(/^\[|\]$/g, ""), port };
}
