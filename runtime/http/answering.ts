import type { Tracer } from "../observe/trace.js";
import type { Exchange } from "./exchange.js";

/** What answering a request needs of the host. */
export interface Answering {
  /** Called when an answer has been written or given up; undefined costs nothing. */
  readonly onAnswered: ((x: Exchange) => void) | undefined;
  /** Traces requests that ask for it; for development only. */
  tracer?: Tracer | undefined;
  /** True while the host drains: answers say `Connection: close`. */
  isClosing: boolean;
}
