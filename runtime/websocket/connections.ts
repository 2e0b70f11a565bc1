/** Which connection is meant: ids are unique, but one of another API or stage is as good as none. */
export interface ConnectionTarget {
  /** Undefined: whichever it is; for handlers of this process alone. */
  readonly apiId: string | undefined;
  readonly stage: string | undefined;
  readonly connectionId: string;
}

/** What `GET @connections/{id}` tells (aws-behaviour.md section 29.6). Times are wall clock, ms. */
export interface ConnectionDescription {
  readonly connectedAt: number;
  readonly lastActiveAt: number;
  readonly sourceIp: string;
  readonly userAgent: string | undefined;
}

/**
 * The WebSocket connections of an API, wherever they end: in this process without a hop, or at another node by way of
 * State. What is not there, is closed, or is cut because its client does not read, is gone.
 */
export interface Connections {
  /** @param text  valid UTF-8. @returns whether the connection is there */
  post(target: ConnectionTarget, text: Buffer): boolean | Promise<boolean>;
  get(target: ConnectionTarget): ConnectionDescription | undefined | Promise<ConnectionDescription | undefined>;
  /** Closes it. @returns whether it was there */
  delete(target: ConnectionTarget): boolean | Promise<boolean>;
}
