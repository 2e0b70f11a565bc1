import type { ConnectionDescription, Connections } from "./connections.js";

/**
 * How handlers of this process reach the connections without a hop. They are bundled by other builds than the host's, so
 * the place is a symbol that everybody knows and not a module.
 */
interface InProcessPort {
  post(connectionId: string, text: string): boolean | Promise<boolean>;
  delete(connectionId: string): boolean | Promise<boolean>;
  get(connectionId: string): ConnectionDescription | undefined | Promise<ConnectionDescription | undefined>;
}

const place = Symbol.for("gatewayc.connections");

/** Lets handlers find these connections. They are trusted: whatever the API and stage of an id, it is found. @returns ends it */
export function offerInProcess(connections: Connections, maxBytes: number): () => void {
  const shared = globalThis as { [place]?: Set<InProcessPort> };
  shared[place] ??= new Set();
  const ports = shared[place];
  const port: InProcessPort = {
    post: (connectionId, text) => {
      const bytes = Buffer.from(text, "utf8");
      if (bytes.length > maxBytes) throw new RangeError(`a message to a client has at most ${maxBytes} bytes`);
      return connections.post({ ...anywhere, connectionId }, bytes);
    },
    delete: (connectionId) => connections.delete({ ...anywhere, connectionId }),
    get: (connectionId) => connections.get({ ...anywhere, connectionId }),
  };
  ports.add(port);
  return () => void ports.delete(port);
}

const anywhere = { apiId: undefined, stage: undefined };
