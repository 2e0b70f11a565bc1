export interface Beats {
  /** Length of one, ms. */
  readonly timeoutMs: number;
  /** So many without an answer are a failure. Default 1. */
  readonly beats?: number;
  /** Told after the first. */
  readonly onLate?: () => void;
}

/** A busy process gives a store so many beats beyond those that count, at most. */
const maxUncounted = 4;

/**
 * A promise that fails when it takes too long. A beat whose end this process has noticed late, because it was busy or got
 * no processor, proves nothing about the store: it does not count, and the time that was lost is waited again. Sockets are
 * read before a beat is judged: the answer may be there already.
 */
export function inTime<T>(promise: Promise<T>, { timeoutMs, beats = 1, onLate }: Beats): Promise<T> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    let timer: NodeJS.Timeout;
    let [missed, uncounted] = [0, 0];
    const beat = (waitMs: number) => {
      const begin = performance.now();
      timer = setTimeout(() => {
        const lateMs = performance.now() - begin - waitMs;
        setImmediate(() => judge(lateMs));
      }, waitMs);
    };
    const judge = (lateMs: number) => {
      if (isOver) return;
      if (lateMs > timeoutMs / 4 && uncounted < maxUncounted) {
        uncounted++;
        beat(Math.min(lateMs, timeoutMs));
        return;
      }
      missed++;
      if (missed === 1) onLate?.();
      if (missed < beats) beat(timeoutMs);
      else reject(new Error(`no answer within ${timeoutMs * beats} ms`));
    };
    beat(timeoutMs);
    promise.then(resolve, reject).finally(() => {
      isOver = true;
      clearTimeout(timer);
    });
  });
}
