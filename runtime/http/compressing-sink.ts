import type { Duplex } from "node:stream";
import type { ResponseSink } from "./exchange.js";

/** A streamed answer that is compressed on its way, with back-pressure. */
export class CompressingSink implements ResponseSink {
  constructor(
    private readonly sink: ResponseSink,
    private readonly compressor: Duplex,
  ) {
    compressor.on("data", (chunk: Buffer) => {
      if (sink.write(chunk)) return;
      compressor.pause();
      sink.onDrain(() => compressor.resume());
    });
    compressor.on("end", () => sink.end());
    compressor.on("error", () => sink.abort());
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
    this.compressor.destroy();
    this.sink.abort();
  }
}
