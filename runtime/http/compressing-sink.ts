import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { ResponseSink } from "./exchange.js";

/** A streamed answer that is compressed on its way. */
export class CompressingSink implements ResponseSink {
  constructor(
    private readonly response: ServerResponse,
    private readonly compressor: Duplex,
  ) {
    compressor.pipe(response);
    compressor.on("error", () => response.destroy());
    response.on("close", () => compressor.destroy());
  }

  write(chunk: Uint8Array): boolean {
    return this.compressor.write(chunk);
  }

  onDrain(callback: () => void): void {
    this.compressor.once("drain", callback);
  }

  end(): void {
    this.compressor.end();
  }

  abort(): void {
    this.response.destroy();
  }
}
