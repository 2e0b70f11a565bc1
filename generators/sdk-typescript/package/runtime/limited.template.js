/** Does some work within a time and while the caller's signal lasts; else yields what `fail` makes of the reason. */
export async function limited(ms, signal, fail, goesOn, work) {
  const controller = new AbortController();
  const limit = controller.signal;
  const abort = () => controller.abort(fail("aborted", signal.reason));
  const timer = setTimeout(() => controller.abort(fail("timeout")), Math.min(ms, 1e9));
  const stopped = new Promise((resolve) => {
    limit.onabort = () => resolve(limit.reason);
  });
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  try {
    return await Promise.race([stopped, work(limit)]);
  } finally {
    clearTimeout(timer);
    // A stream goes on after its call, and the caller may still give it up.
    if (!goesOn) signal?.removeEventListener("abort", abort);
  }
}
