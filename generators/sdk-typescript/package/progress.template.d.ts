import type { Middleware } from "./client.js";

/** How far a body has come. */
export interface Progress {
  /** Bytes, from the beginning of the attempt. */
  readonly transferred: number;
  /** Bytes of the whole body, where that is known. */
  readonly total: number | undefined;
}

/** Middleware of a call that tells how much of the answer's body has come: `{ middleware: [downloadProgress(show)] }`. */
export declare function downloadProgress(report: (progress: Progress) => void): Middleware;

/**
 * Middleware of a call that tells how much of its body was sent. The body is then sent as a stream, which browsers do over
 * HTTP/2 only.
 *
 * @param total  bytes of the body, as the caller knows them
 */
export declare function uploadProgress(report: (progress: Progress) => void, total?: number): Middleware;
