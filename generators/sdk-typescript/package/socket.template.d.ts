/** Why a connection ended, in API Gateway's terms. */
export type CloseMeaning =
  | "normal"
  /** Ten minutes without a message, two hours in all, or the server goes down. */
  | "going-away"
  | "protocol-error"
  | "not-text"
  /** Without a word: the network. */
  | "lost"
  | "not-utf8"
  | "refused"
  /** A message of more than 128 KB, or a frame of more than 32 KB. */
  | "too-big"
  | "server-error"
  | "application"
  | "other";

/**
 * A problem of a connection. `failed`: the gateway answered a message with an error; `requestId` finds it in the logs.
 * `refused`: no handshake was done.
 */
export declare class SocketError extends Error {
  readonly kind: "aborted" | "closed" | "failed" | "queue-full" | "refused" | "timeout" | "too-large";
  /** Of `closed`. */
  readonly code?: number;
  readonly reason?: string;
  readonly meaning?: CloseMeaning;
  /** Of `failed`. */
  readonly requestId?: string;
  /** Of `refused`, where the platform tells it: browsers do not. */
  readonly status?: number;
}

/** What opens a connection: the browser's or Node's own WebSocket, or that of the package `ws`. */
export type SocketConstructor = new (url: string, protocols?: string[]) => SocketLike;

/** A credential, or where to get it: asked again for each handshake. */
export type SocketCredential = string | (() => string | undefined | Promise<string | undefined>);

/** The part of a WebSocket that is used here. */
export interface SocketLike {
  readonly readyState: number;
  onopen: unknown;
  onmessage: unknown;
  onerror: unknown;
  onclose: unknown;
  // A method, so that any WebSocket fits.
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

export interface SocketCredentials {
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  readonly protocols?: readonly string[] | undefined;
}

export interface CommonSocketOptions {
  /** Sent with the handshake. */
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  readonly protocols?: readonly string[] | undefined;
  /** Sent with the handshake by Node's own WebSocket and that of the package `ws`. Browsers can send none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What else changes with each handshake: it is asked again. */
  readonly credentials?: SocketCredentials | (() => SocketCredentials | Promise<SocketCredentials>) | undefined;
  /** In place of the global one; Node before 22 has none. */
  readonly WebSocket?: SocketConstructor | undefined;
  /** Attempts in a row (default 10), first pause (250 ms, doubled each time, a random part of it), longest pause (30 s). */
  readonly reconnect?:
    | false
    | { readonly attempts?: number; readonly delayMs?: number; readonly maxDelayMs?: number }
    | undefined;
  /** Pause between two signs of life, below the gateway's ten minutes; default five minutes, 0: none. */
  readonly heartbeatMs?: number | undefined;
  /** How long replies are waited for; default 30,000 ms. */
  readonly timeoutMs?: number | undefined;
  /** Messages that may wait for the connection; default 100. */
  readonly queueLimit?: number | undefined;
}

export interface RequestSocketOptions {
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What `watch` tells of. */
export interface SocketLife {
  opened: undefined;
  /** After a loss or a roll-over, when `onReopen` is done. */
  reopened: undefined;
  reconnecting: { readonly error: SocketError; readonly attempt: number; readonly pauseMs: number };
  /** For good. */
  closed: SocketError;
  /** An event or a reply that nobody waits for. */
  unknown: unknown;
  /**
   * An error of a message that nobody waits for, of `onReopen`, or what a listener throws, which keeps nothing from the
   * others. Where nobody watches it, a listener's error is the platform's to report, as that of an EventTarget's is.
   */
  error: unknown;
}
