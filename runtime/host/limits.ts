import { accountThrottle } from "../limits/admission.js";
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
  /** Of all throttled routes together, as AWS has it for an account; undefined: none. */
  readonly accountThrottle: TokenBucket | undefined;
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
  accountThrottle,
};
