export interface Patience {
  /** How long an answer is waited for, ms of this process's own time. */
  readonly timeoutMs: number;
  /** It is late after so long; default: never. */
  readonly lateMs?: number;
  readonly onLate?: () => void;
}

const tickMs = 10;

/**
 * A promise that fails when it takes too long. Time is counted in ticks that this process has really had: while it was
 * busy, or got no processor, nothing is held against the store. Sockets are read before each tick is counted: the answer
 * may be there already.
 */
export function inTime<T>(promise: Promise<T>, { timeoutMs, lateMs, onLate }: Patience): Promise<T> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    let waitedMs = 0;
    const count = () => {
      if (isOver) return;
      const before = waitedMs;
      waitedMs += tickMs;
      if (lateMs !== undefined && before < lateMs && waitedMs >= lateMs) onLate?.();
      if (waitedMs < timeoutMs) timer = setTimeout(tick, tickMs);
      else reject(new Error(`no answer within ${timeoutMs} ms`));
    };
    const tick = () => void setImmediate(count);
    let timer = setTimeout(tick, tickMs);
    promise.then(resolve, reject).finally(() => {
      isOver = true;
      clearTimeout(timer);
    });
  });
}
