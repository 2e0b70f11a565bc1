import type { TokenBucket } from "../state/state.js";

/** What one request, one connection and the whole gateway may use. Defaults are API Gateway's (aws-behaviour.md 33). */
export interface Limits {
  /** Request body, after decompression too. */
  readonly maxBodyBytes: number;
  /** Sum of all header values: 431 beyond. */
  readonly maxHeaderValueBytes: number;
  readonly maxHeaderCount: number;
  /** Path and query: 414 beyond. */
  readonly maxUrlBytes: number;
  /** From the first byte to the end of the head. */
  readonly headersTimeoutMs: number;
  /** From the first byte to the end of the body. */
  readonly requestTimeoutMs: number;
  /** An idle connection between two requests. */
  readonly keepAliveTimeoutMs: number;
  /** A client that does not take its answer; above the longest integration timeout. */
  readonly inactivityTimeoutMs: number;
  /** Connections above this are closed at once. */
  readonly maxConnections: number;
  /** Lag of the event loop that is borne; beyond it requests are refused with 503. 0: never. */
  readonly maxLagMs: number;
  /** Of all routes together, as AWS has it for an account (10,000 a second, 5,000 at once); undefined: none. */
  readonly accountThrottle: TokenBucket | undefined;
  /** WebSocket connections, besides the others; a handshake above this is answered with 429. */
  readonly maxWebSockets: number;
  /** Path and query of a handshake: 414 beyond. */
  readonly maxWebSocketUrlBytes: number;
  /** Bytes that may wait for a WebSocket client that does not read; then the connection is cut. */
  readonly webSocketSendBufferBytes: number;
  /** Messages of one WebSocket client at work at once; further ones are not read until some are done. */
  readonly webSocketMessagesAtOnce: number;
  /** How long a WebSocket client may take to answer a close frame. */
  readonly webSocketCloseTimeoutMs: number;
}

export const defaultLimits: Limits = {
  maxBodyBytes: 10_485_760,
  maxHeaderValueBytes: 10_240,
  maxHeaderCount: 200,
  maxUrlBytes: 10_240,
  headersTimeoutMs: 20_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 60_000,
  inactivityTimeoutMs: 65_000,
  maxConnections: 10_000,
  maxLagMs: 100,
  accountThrottle: undefined,
  maxWebSockets: 100_000,
  maxWebSocketUrlBytes: 4096,
  webSocketSendBufferBytes: 1_048_576,
  webSocketMessagesAtOnce: 100,
  webSocketCloseTimeoutMs: 5000,
};
