import type { ServerResponse } from "node:http";
import type { ResponseSink } from "./exchange.js";

/** A streamed answer. Where a Content-Length was announced, an answer of another length is cut, never completed. */
export class NodeSink implements ResponseSink {
  readonly #announced: number | undefined;
  #written = 0;

  constructor(
    private readonly response: ServerResponse,
    /** The Content-Length that the answer carries. */
    announced: number | undefined,
  ) {
    this.#announced = announced;
  }

  write(chunk: Uint8Array): boolean {
    this.#written += chunk.byteLength;
    if (this.#announced !== undefined && this.#written > this.#announced) {
      this.abort();
      return false;
    }
    return this.response.write(chunk);
  }

  onDrain(callback: () => void): void {
    this.response.once("drain", callback);
  }

  end(): void {
    if (this.#isShort()) this.abort();
    else this.response.end();
  }

  abort(): void {
    this.response.destroy();
  }

  /** HEAD, 204 and 304 carry the length of a body that is not sent. */
  #isShort(): boolean {
    if (this.#announced === undefined || this.#written === this.#announced) return false;
    const { statusCode, req } = this.response;
    return req.method !== "HEAD" && statusCode !== 204 && statusCode !== 304;
  }
}

/** Content-Length in a flat list of headers; undefined when there is none, or one that is no length. */
export function announcedLength(headers: readonly string[]): number | undefined {
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    if (name.length !== 14 || name.toLowerCase() !== "content-length") continue;
    const value = headers[at + 1] as string;
    return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  }
  return undefined;
}
