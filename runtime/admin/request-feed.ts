import type { Exchange } from "../http/exchange.js";
import type { Observer } from "../observe/observer.js";

/** An answered request, for people. No query, no headers, no bodies: nothing secret. */
export interface FedRequest {
  /** Grows by one: who has seen up to a number asks for what is newer. */
  readonly number: number;
  readonly at: number;
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly route: string | undefined;
  readonly stage: string | undefined;
  readonly isCanary: boolean;
  readonly status: number;
  readonly latencyMs: number;
  readonly error: string | undefined;
}

const kept = 200;
const maxPath = 300;

/** The last requests, in a ring. */
export class RequestFeed implements Observer {
  readonly #ring: FedRequest[] = [];
  #number = 0;

  answered(x: Exchange): void {
    const stage = x.stage as Exchange["stage"] | undefined;
    const route = x.route as Exchange["route"] | undefined;
    this.push({
      at: x.receivedAt,
      requestId: x.requestId,
      method: x.socket?.eventType ?? x.method,
      path: x.rawPath.slice(0, maxPath),
      route: route?.key,
      stage: stage?.name,
      isCanary: stage?.isCanary ?? false,
      status: x.status,
      latencyMs: x.startedAt === -1 ? 0 : x.program.clock.monotonic() - x.startedAt,
      error: x.error?.type,
    });
  }

  /** Takes one of another process, under a number of its own. */
  push(request: Omit<FedRequest, "number">): void {
    const number = ++this.#number;
    this.#ring[(number - 1) % kept] = { ...request, number };
  }

  /** Number of the last one; 0: there was none. */
  get latest(): number {
    return this.#number;
  }

  /** Oldest first. */
  since(number: number): readonly FedRequest[] {
    return this.#ring.filter((request) => request.number > number).sort((a, b) => a.number - b.number);
  }

  async close(): Promise<void> {
    // It keeps nothing open.
  }
}
