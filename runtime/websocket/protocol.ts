/** Constants and small rules of RFC 6455. */

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Close codes that the gateway sends (RFC 6455 section 7.4.1, aws-behaviour.md section 29.2). */
export const closeCodes = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  unsupportedData: 1003,
  /** Never on the wire: a close frame without a code. */
  noStatus: 1005,
  /** Never on the wire: the connection ended without a close frame. */
  abnormal: 1006,
  invalidPayload: 1007,
  policyViolation: 1008,
  messageTooBig: 1009,
  internalError: 1011,
} as const;

/** Whether a peer may send the code: assigned ones, and those of libraries and applications. */
export function isCloseCode(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
}

/** A connection ends with a code: what its peer did wrong, or what the gateway wants. */
export class CloseReason extends Error {
  constructor(
    readonly code: number,
    readonly reason: string = "",
  ) {
    super(reason);
  }
}
