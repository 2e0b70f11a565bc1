import type { AddressInfo } from "node:net";
import type { WireServer } from "../http/wire/wire-server.js";
import { backlog } from "./backlog.js";
import type { TlsSettings } from "./tls/domain-files.js";
import type { TlsFront } from "./tls/tls-front.js";

export interface Listening {
  readonly port: number;
  readonly url: string;
  /** Undefined: TLS is not served. */
  readonly tlsPort: number | undefined;
  /** Where `@connections` is, for AWS's SDKs in handlers; undefined: no stage has any, or several have. */
  readonly connectionsEndpoint: string | undefined;
}

/** Where a host is reached: its server's own port, and that of TLS, whose connections the same server answers. */
export class Listeners {
  readonly #server: WireServer;
  #front: TlsFront | undefined;

  constructor(server: WireServer) {
    this.#server = server;
  }

  /** @returns the port. @throws Node's error, such as EADDRINUSE */
  openPlain(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ port, host, backlog }, () => {
        this.#server.off("error", reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** @returns the port. @throws LoadError for certificates that cannot be served; Node's error */
  async openSecure(
    front: TlsFront,
    domains: ReadonlyMap<string, TlsSettings>,
    { port, host }: { readonly port: number; readonly host: string },
  ): Promise<number> {
    front.setDomains(domains);
    const listening = await front.listen(port, host);
    this.#front = front;
    return listening.port;
  }

  /** The domains of now, where TLS is served. @throws LoadError; nothing has changed then */
  setDomains(domains: () => ReadonlyMap<string, TlsSettings>): void {
    this.#front?.setDomains(domains());
  }

  /** Takes up certificates that have changed. */
  reloadCertificates(): void {
    this.#front?.reload();
  }

  /** Listens no more; `done` is called when the last connection has ended. */
  close(done: () => void): void {
    let open = this.#front === undefined ? 1 : 2;
    const ended = () => {
      open--;
      if (open === 0) done();
    };
    this.#front?.close(ended);
    if (this.#server.listening) this.#server.close(ended);
    else ended();
  }

  /** Ends connections on which no request is under way. */
  closeIdle(): void {
    this.#server.closeIdleConnections();
  }

  /** Ends connections on which nothing has been asked for yet: half a head, or a handshake under way. */
  closeUnasked(): void {
    this.#server.closeUnaskedConnections();
    this.#front?.closeHandshakes();
  }

  /** Cuts every connection. */
  cut(): void {
    this.#server.closeAllConnections();
    this.#front?.closeAllConnections();
  }
}
