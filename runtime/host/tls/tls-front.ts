import type { X509Certificate } from "node:crypto";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from "node:tls";
import type { Clock } from "../../clock.js";
import type { Logger } from "../../observe/logger.js";
import { backlog } from "../backlog.js";
import type { Limits } from "../limits.js";
import { LoadError } from "../load-error.js";
import { certificatesIn, clientCertificateOf, isStillTrusted } from "./client-certificate.js";
import { readServerName } from "./client-hello.js";
import { readFiles, secureOptions, stampOf, type TlsSettings } from "./domain-files.js";
import { markSecure, type SecureConnection } from "./secure-connection.js";

export interface TlsFrontOptions {
  readonly limits: Limits;
  readonly logger: Logger;
  readonly clock: Clock;
  /** A connection whose handshake is done. */
  readonly onConnection: (socket: Socket) => void;
}

/** How often certificates are looked at. */
const watchMs = 2000;
/** TLS alert: fatal, unrecognized_name (RFC 6066 section 3). */
const unrecognizedName = Buffer.from([0x15, 3, 1, 0, 2, 2, 112]);

interface SecureDomain {
  readonly settings: TlsSettings;
  readonly server: TlsServer;
  stamp: string;
  authorities: readonly X509Certificate[];
  /** Rises with each other trust store. */
  generation: number;
}

/**
 * The TLS side of a host: many domains on one port, each with its certificate, its oldest version and its trust store.
 * The domain is read before the handshake. Files that change are taken up for the next connection; while a new one is
 * wrong, the old one holds.
 */
export class TlsFront {
  readonly #options: TlsFrontOptions;
  readonly #server: Server;
  #domains: ReadonlyMap<string, SecureDomain> = new Map();
  readonly #sockets = new Set<Socket>();
  /** Those whose handshake is not done, by the client's address. */
  readonly #greeting = new Map<string, Socket>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TlsFrontOptions) {
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#greet(socket));
    this.#server.maxConnections = options.limits.maxConnections;
  }

  /** The domains of now, by name. What stays as it is keeps its connections. @throws LoadError; nothing has changed then */
  setDomains(wanted: ReadonlyMap<string, TlsSettings>): void {
    const domains = new Map<string, SecureDomain>();
    for (const [name, settings] of wanted) {
      const known = this.#domains.get(name);
      const isSame = known !== undefined && JSON.stringify(known.settings) === JSON.stringify(settings);
      const domain = isSame ? known : this.#load(name, settings);
      domains.set(name, domain);
      if (known === undefined || isSame) continue;
      // Connections that are kept open from before answer to the trust store of now.
      known.authorities = domain.authorities;
      known.generation++;
    }
    this.#domains = domains;
  }

  listen(port: number, host: string): Promise<{ readonly port: number }> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ port, host, backlog }, () => {
        this.#server.off("error", reject);
        this.#timer = setInterval(() => this.reload(), watchMs);
        this.#timer.unref();
        resolve({ port: (this.#server.address() as AddressInfo).port });
      });
    });
  }

  /** Stops listening; `done` is called when the last connection has ended. */
  close(done: () => void): void {
    clearInterval(this.#timer);
    if (this.#server.listening) this.#server.close(done);
    else done();
  }

  /** Cuts every connection, those too whose handshake is under way. */
  closeAllConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Cuts connections whose handshake is not done: nobody has asked for anything on them. */
  closeHandshakes(): void {
    for (const socket of this.#greeting.values()) socket.destroy();
  }

  /** Takes up certificates that have changed. */
  reload(): void {
    for (const [name, domain] of this.#domains) {
      const stamp = stampOf(domain.settings);
      if (stamp === domain.stamp) continue;
      domain.stamp = stamp;
      try {
        this.#renew(name, domain);
      } catch (error) {
        this.#log("error", `the certificate of ${name} cannot be taken up; the old one holds`, error);
      }
    }
  }

  #renew(name: string, domain: SecureDomain): void {
    const files = readFiles(domain.settings);
    domain.server.setSecureContext(secureOptions(files, domain.settings.securityPolicy));
    const authorities = files.clientCa === undefined ? [] : certificatesIn(files.clientCa);
    if (fingerprints(authorities) !== fingerprints(domain.authorities)) domain.generation++;
    domain.authorities = authorities;
    this.#log("info", `the certificate of ${name} was taken up`);
  }

  #load(name: string, settings: TlsSettings): SecureDomain {
    try {
      const files = readFiles(settings);
      const isMutual = files.clientCa !== undefined;
      const authorities = files.clientCa === undefined ? [] : certificatesIn(files.clientCa);
      if (isMutual && authorities.length === 0) throw new Error("the trust store holds no certificate");
      const server = createTlsServer({
        ...secureOptions(files, settings.securityPolicy),
        requestCert: isMutual,
        // A client without a good certificate is told 403, as on AWS, and not cut off.
        rejectUnauthorized: false,
        ALPNProtocols: ["http/1.1"],
        handshakeTimeout: this.#options.limits.headersTimeoutMs,
      });
      const domain: SecureDomain = { settings, server, stamp: stampOf(settings), authorities, generation: 0 };
      server.on("secureConnection", (socket) => this.#take(name, domain, socket));
      server.on("tlsClientError", (_error, socket) => socket.destroy());
      return domain;
    } catch (error) {
      throw new LoadError(`TLS of ${name}: ${error instanceof Error ? error.message : error}`);
    }
  }

  /** Reads the ClientHello as far as the name of the server, and hands the connection to that domain. */
  #greet(socket: Socket): void {
    let bytes: Buffer = Buffer.alloc(0);
    const fail = () => socket.destroy();
    const timer = setTimeout(fail, this.#options.limits.headersTimeoutMs);
    const leave = () => {
      clearTimeout(timer);
      socket.off("error", fail);
      socket.off("data", onData);
      socket.off("end", fail);
    };
    const onData = (chunk: Buffer) => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      const reading = readServerName(bytes);
      if (reading.kind === "incomplete") return;
      leave();
      const domain = reading.kind === "read" ? this.#domainOf(reading.serverName) : undefined;
      if (domain === undefined) {
        socket.on("error", fail);
        if (reading.kind === "read") socket.end(unrecognizedName, fail);
        else socket.destroy();
        return;
      }
      socket.pause();
      socket.unshift(bytes);
      domain.server.emit("connection", socket);
    };
    socket.on("error", fail);
    socket.on("end", fail);
    this.#sockets.add(socket);
    const client = clientOf(socket);
    this.#greeting.set(client, socket);
    socket.on("close", () => {
      clearTimeout(timer);
      if (this.#greeting.get(client) === socket) this.#greeting.delete(client);
      this.#sockets.delete(socket);
    });
    socket.on("data", onData);
  }

  /** A client that names nobody gets the first domain that asks for no certificate. */
  #domainOf(serverName: string | undefined): SecureDomain | undefined {
    if (serverName !== undefined) {
      const dot = serverName.indexOf(".");
      return this.#domains.get(serverName) ?? this.#domains.get(`*${serverName.slice(dot)}`);
    }
    const all = [...this.#domains.values()];
    return all.find(({ settings }) => settings.clientCa === undefined) ?? all[0];
  }

  #take(name: string, domain: SecureDomain, socket: TLSSocket): void {
    this.#greeting.delete(clientOf(socket));
    const isMutual = domain.settings.clientCa !== undefined;
    markSecure(socket, isMutual ? this.#mutual(name, domain, socket) : plainSecure(name));
    this.#options.onConnection(socket);
  }

  #mutual(name: string, domain: SecureDomain, socket: TLSSocket): SecureConnection {
    let certificate = clientCertificateOf(socket);
    let { generation } = domain;
    const { clock } = this.#options;
    return {
      domain: name,
      isMutual: true,
      clientCertificate: () => {
        if (generation !== domain.generation) {
          generation = domain.generation;
          if (!isStillTrusted(socket, domain.authorities, clock.now())) certificate = undefined;
        }
        return certificate;
      },
    };
  }

  #log(level: "error" | "info", message: string, error?: unknown): void {
    const detail = error instanceof Error ? error.message : undefined;
    this.#options.logger.write({ level, message, detail });
  }
}

function clientOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function plainSecure(domain: string): SecureConnection {
  return { domain, isMutual: false, clientCertificate: () => undefined };
}

function fingerprints(authorities: readonly X509Certificate[]): string {
  return authorities.map(({ fingerprint256 }) => fingerprint256).join(" ");
}
