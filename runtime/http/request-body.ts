import type { IncomingMessage } from "node:http";
import { GatewayError } from "./gateway-error.js";

/**
 * Reads a whole body. Nothing past `maxBytes` is kept.
 *
 * @throws GatewayError REQUEST_TOO_LARGE past the limit; BodyCutOff when the client goes or breaks the framing
 */
export function readWhole(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (action: () => void) => {
      request.off("data", onData).off("end", onEnd).off("error", onCut).off("close", onCut);
      action();
    };
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > maxBytes) settle(() => reject(new GatewayError("REQUEST_TOO_LARGE")));
    };
    const onEnd = () => settle(() => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    const onCut = () => settle(() => reject(new BodyCutOff()));
    request.on("data", onData).on("end", onEnd).on("error", onCut).on("close", onCut);
    if (request.destroyed) onCut();
  });
}

/** The client went away, or its body was malformed: there is nobody to answer, or Node's parser has been answered for. */
export class BodyCutOff extends Error {
  override readonly name = "BodyCutOff";
}
