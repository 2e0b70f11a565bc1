import type { Exchange } from "./exchange.js";

/** What answering a request needs of the host. */
export interface Answering {
  /** Called when an answer has been written or given up; undefined costs nothing. */
  readonly onAnswered: ((x: Exchange) => void) | undefined;
  /** True while the host drains: answers say `Connection: close`. */
  isClosing: boolean;
}
