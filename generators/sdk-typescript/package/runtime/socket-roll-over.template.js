import { core, isOpen } from "./socket.js";

/** Before the gateway's two hours are over another connection takes over. The old one gives its replies before it goes. */
export function rollOver(socket, afterMs = 6_600_000) {
  const inner = socket[core]();
  const timers = new Set();
  const after = (ms, action) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, ms);
    timers.add(timer);
  };
  const retiring = new Set();
  const retire = (connection) => {
    retiring.add(connection);
    if ([...inner.waiting].some((entry) => entry.connection === connection))
      return after(1000, () => retire(connection));
    retiring.delete(connection);
    connection.close(1000);
  };
  const watch = (connection) =>
    after(afterMs, () => {
      if (connection === inner.current && isOpen(connection)) inner.open(true);
    });
  inner.opened = (connection, previous) => {
    if (previous !== connection) retire(previous);
    watch(connection);
  };
  if (isOpen(inner.current)) watch(inner.current);
  socket.watch("closed", () => {
    for (const timer of timers) clearTimeout(timer);
    for (const connection of retiring) connection.close(1000);
  });
}
