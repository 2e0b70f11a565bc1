import type { Sockets } from "../websocket/sockets.js";
import type { Listeners } from "./listeners.js";

export interface CloseOptions {
  /** Default 10,000. */
  readonly drainMs?: number;
  /**
   * How long idle connections are kept, default 0: a request that is on its way when listening ends is answered, with
   * `Connection: close`, and not met by a closed connection.
   */
  readonly idleMs?: number;
  /** WebSocket connections go on until they end by themselves, within `drainMs`: another process has taken over. */
  readonly keepsSockets?: boolean;
}

/** What of a gateway ends. */
export interface Draining {
  readonly listeners: Listeners;
  /** WebSocket connections; undefined: there have been none. */
  readonly sockets: () => Sockets | undefined;
  /** From then on answers are the last ones of their connections. */
  readonly tellLastAnswers: () => void;
  /** Ends what requests have used: no connection of HTTP is left. */
  readonly closeBackends: () => Promise<unknown>;
}

/** By then all processes of a gateway have stopped listening, which they are told at about the same time. */
const closedFirstMs = 100;

/** How long a head, or a handshake, that has begun may take when the gateway ends: nobody waits for its answer yet. */
const headMs = 2000;

/** RFC 6455 section 7.4.1: the server goes down. */
const goingAway = 1001;

/**
 * Stops listening, has what is under way answered, and ends all connections: those that are idle after `idleMs`, those
 * that have asked for nothing two seconds later, all others after `drainMs`.
 */
export function drain(
  { listeners, sockets, tellLastAnswers, closeBackends }: Draining,
  { drainMs = 10_000, idleMs = 0, keepsSockets = false }: CloseOptions,
): Promise<void> {
  // Who is told to close its connection opens another: not before nobody listens any more, in no process.
  const keptMs = Math.min(idleMs, closedFirstMs);
  const lastAnswers = setTimeout(tellLastAnswers, keptMs);
  if (keptMs === 0) tellLastAnswers();
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      listeners.cut();
      sockets()?.terminate();
    }, drainMs);
    let sweep: NodeJS.Timeout | undefined;
    // A stream that began before has not said `Connection: close`: its connection goes when it is idle.
    // Behind what can be read: a request that has come is on no idle connection.
    const dropIdle = () => void setImmediate(() => listeners.closeIdle());
    const linger = setTimeout(() => {
      dropIdle();
      sweep = setInterval(dropIdle, 50);
    }, keptMs + idleMs);
    const unasked = setTimeout(() => listeners.closeUnasked(), idleMs + headMs);
    const socketsClosed = keepsSockets ? undefined : sockets()?.close(goingAway);
    const done = () => {
      for (const timer of [cut, lastAnswers, linger, unasked]) clearTimeout(timer);
      clearInterval(sweep);
      const ends = [socketsClosed ?? sockets()?.close(goingAway), closeBackends()];
      void Promise.allSettled(ends).then(() => resolve());
    };
    if (idleMs === 0) listeners.closeIdle();
    // Behind what is there already: connections that wait to be accepted would be lost.
    setImmediate(() => listeners.close(done));
  });
}
