import { Server, type Socket } from "node:net";
import type { Limits } from "../../host/limits.js";
import { AnswerHeads } from "./answer-head.js";
import { Connection, type ConnectionOwner } from "./connection.js";
import { Overload, type OverloadReport } from "./overload.js";
import type { RequestHead } from "./request-head.js";
import type { WireRequest } from "./wire-request.js";

export interface WireServerOptions {
  readonly limits: Limits;
  /** Wall clock, ms. */
  readonly now: () => number;
  readonly onRequest: (request: WireRequest) => void;
  /** Told of what `onRequest` has thrown; the request is cut. */
  readonly onFault?: (error: unknown) => void;
  readonly onOverload?: OverloadReport;
}

/** Takes a connection over for another protocol. False: it does not, and the request is answered as any other. */
export type OnUpgrade = (head: RequestHead, socket: Socket, rest: Buffer) => boolean;

/**
 * The HTTP/1.1 server. Every time and size has a limit, and no fault of a client goes unanswered. Connections of TLS
 * come by `server.emit("connection", socket)`, as Node's own take them.
 */
export class WireServer extends Server implements ConnectionOwner {
  readonly limits: Limits;
  readonly heads: AnswerHeads;
  /** Up to one round of looking ahead, so that no connection ends early. */
  coarseNow = performance.now();
  /** True while the gateway drains: answers say `Connection: close`. */
  isClosing = false;
  /** Undefined: every upgrade is ignored. */
  upgrades: OnUpgrade | undefined = undefined;
  readonly overload: Overload | undefined;
  readonly #onRequest: (request: WireRequest) => void;
  readonly #onFault: ((error: unknown) => void) | undefined;
  readonly #connections = new Set<Connection>();
  #sweep: NodeJS.Timeout | undefined = undefined;
  readonly #sweepMs: number;

  constructor({ limits, now, onRequest, onFault, onOverload = silent }: WireServerOptions) {
    super({ allowHalfOpen: true, noDelay: true });
    this.limits = limits;
    this.heads = new AnswerHeads(now, limits.keepAliveTimeoutMs);
    const { maxLagMs } = limits;
    if (maxLagMs > 0) this.overload = new Overload(maxLagMs, onOverload, () => performance.now());
    this.maxConnections = limits.maxConnections;
    this.#onRequest = onRequest;
    this.#onFault = onFault;
    this.#sweepMs = Math.max(100, Math.min(1000, limits.headersTimeoutMs / 4));
    this.on("connection", (socket) => this.#accept(socket));
  }

  /** Never throws: behind it may be the answer to the request before, and behind that the process. */
  onRequest(request: WireRequest): void {
    try {
      this.#onRequest(request);
    } catch (error) {
      request.cut();
      this.#onFault?.(error);
    }
  }

  onUpgrade(head: RequestHead, socket: Socket, rest: Buffer): boolean {
    return this.upgrades?.(head, socket, rest) ?? false;
  }

  forget(connection: Connection): void {
    this.#connections.delete(connection);
    if (this.#connections.size > 0 || this.#sweep === undefined) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
    this.overload?.stop();
  }

  closeIdleConnections(): void {
    for (const connection of this.#connections) if (connection.isIdle) connection.socket.destroy();
  }

  /** Cuts connections on which a head has begun, or nothing has come yet, and no request is at work. */
  closeUnaskedConnections(): void {
    for (const connection of this.#connections) if (connection.isUnasked) connection.socket.destroy();
  }

  closeAllConnections(): void {
    for (const { socket } of this.#connections) socket.destroy();
  }

  #accept(socket: Socket): void {
    if (this.#sweep === undefined) {
      this.coarseNow = performance.now() + this.#sweepMs;
      // Behind what can be read: who has sent something in time has done so however late this process is.
      this.#sweep = setInterval(() => setImmediate(this.#expireConnections), this.#sweepMs);
      this.#sweep.unref();
      this.overload?.start();
    }
    this.#connections.add(new Connection(socket, this));
  }

  readonly #expireConnections = (): void => {
    const now = performance.now();
    this.coarseNow = now + this.#sweepMs;
    for (const connection of this.#connections) if (connection.deadlineAt <= now) connection.expire();
  };
}

const silent: OverloadReport = { begins: () => undefined, refuses: () => undefined, ends: () => undefined };
