import { type AddressInfo, createServer } from "node:net";

/**
 * A port for processes that are to share one where any will do: each asks for it by number, so that one that takes the place
 * of another listens where that one did. Other numbers than 0, and undefined, are given back.
 *
 * @throws Node's error where the address cannot be listened on
 */
export function sharedPort<T extends number | undefined>(port: T, host: string): Promise<T> {
  if (port !== 0) return Promise.resolve(port);
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, host, () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => resolve(free as T));
    });
  });
}
