/**
 * Watches how late this process gets its turn, from now on: on a machine that does other work too, every time that is
 * measured contains it.
 *
 * @returns the longest delay so far, ms; stops watching
 */
export function watchLag(): () => number {
  const everyMs = 2;
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - everyMs);
    last = now;
  }, everyMs);
  return () => {
    clearInterval(timer);
    return longest;
  };
}
