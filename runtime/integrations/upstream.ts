/**
 * Connections to backends. The one place behind which an HTTP client stands: what proxies need of it is that headers
 * and bodies pass as raw bytes, with back-pressure in both directions.
 */
export interface Upstreams {
  /**
   * Sends one request; everything that follows is told to the handler, never thrown.
   *
   * @returns nothing: a request that waits for a free connection is sent later
   */
  send(origin: UpstreamOrigin, request: UpstreamRequest, handler: UpstreamHandler): void;
  /** Lets requests under way end and closes what is idle. A request sent later opens a connection again. */
  close(): Promise<void>;
}

export interface UpstreamOrigin {
  /** `https://host:port`. */
  readonly origin: string;
  readonly insecureSkipVerification: boolean;
}

export interface UpstreamRequest {
  readonly method: string;
  /** Path and query as they go onto the wire: printable ASCII. */
  readonly path: string;
  /** Flat list, Host included. A Content-Length is kept and enforced; an iterable without one goes in chunks. */
  readonly headers: string[];
  readonly body: Buffer | AsyncIterable<Buffer> | null;
  /** Longest pause within the answer's body. */
  readonly bodyTimeoutMs: number;
}

/** The course of one request. The shape is that of undici's own handlers, so that nothing stands between. */
export interface UpstreamHandler {
  /** The request is about to be sent. `abort` ends it at any time from now on. */
  onConnect(abort: (reason?: Error) => void): void;
  /**
   * The head of an answer; informational ones come before the final one.
   *
   * @param headers  names and values in turn, as received
   * @param resume   continues after `onData` gave false
   */
  onHeaders(status: number, headers: readonly Buffer[], resume: () => void): boolean;
  /** @returns false to wait until `resume` is called */
  onData(chunk: Buffer): boolean;
  onComplete(): void;
  /** Ends the request at any point; nothing follows. */
  onError(error: Error): void;
}

/** A failure of the client for the execution log: its code where it has one, and what it says. */
export function describeUpstreamError(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? `${error.code}: ` : "";
  return `${code}${error.message}`.slice(0, 1024);
}
