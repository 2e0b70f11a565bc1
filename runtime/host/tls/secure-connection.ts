import type { Socket } from "node:net";
import type { ClientCertificate } from "../../auth/caller.js";

/** What the host knows of a connection of TLS beyond its bytes. */
export interface SecureConnection {
  /** The domain that the client named when it connected. */
  readonly domain: string;
  readonly isMutual: boolean;
  /** The client's certificate as the trust store of now sees it; undefined: none that is good. */
  clientCertificate(): ClientCertificate | undefined;
}

const secureConnection = Symbol("secure connection");

type SecureSocket = Socket & { [secureConnection]?: SecureConnection };

/** Undefined for a plain connection. */
export function secureOf(socket: Socket): SecureConnection | undefined {
  return (socket as SecureSocket)[secureConnection];
}

export function markSecure(socket: Socket, connection: SecureConnection): void {
  (socket as SecureSocket)[secureConnection] = connection;
}
