import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import type { Clock } from "../clock.js";
import type { Limits } from "../host/limits.js";
import { refuseRaw } from "../http/wire/close-gently.js";
import type { Logger } from "../observe/logger.js";
import { within } from "../state/local-messages.js";
import {
  type ClientEnd,
  Connection,
  type ConnectionInfo,
  type ConnectionLimits,
  type ConnectionOwner,
} from "./connection.js";
import type { ConnectionDescription, Connections, ConnectionTarget } from "./connections.js";
import { acceptDeflate } from "./deflate.js";
import { acceptance, type Handshake, refuseHandshake } from "./handshake.js";
import { offerInProcess } from "./in-process-port.js";
import type { SocketObserver } from "./observer.js";
import { Outbox } from "./outbox.js";
import { closeCodes } from "./protocol.js";
import { type ConnectionState, type LocalConnections, RemoteConnections } from "./remote-connections.js";
import type { ConnectAnswer } from "./run-connect.js";
import type { SocketRequest } from "./run-route.js";
import { SocketEvents } from "./socket-events.js";
import type { SocketMessage } from "./socket-message.js";
import type { ServedSocketStage, WebSocketProgram } from "./web-socket-program.js";

/** What the connections of a host need of it. */
export interface SocketServices {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly observer: SocketObserver | undefined;
  /** Bytes that handlers of this process may send to a client at once. */
  readonly messageBytes: number;
  /** Finds the connections of other nodes, and lets them find those of this one. */
  readonly state: ConnectionState;
  /** What serves a stage of an API now; undefined: nothing does any more. */
  stageOf(apiName: string, stageName: string): ServedSocketStage | undefined;
}

/** A handshake that the host has read and located. */
export interface SocketArrival {
  readonly served: ServedSocketStage;
  readonly request: SocketRequest;
  readonly handshake: Handshake & { readonly ok: true };
  readonly sourceIp: string;
  readonly isSecure: boolean;
  readonly host: string;
  readonly userAgent: string | undefined;
  /** What came behind the handshake. */
  readonly head: Buffer;
}

/** The WebSocket connections that end at this host. They live through deployments. */
export interface Sockets extends Connections {
  readonly size: number;
  /** Runs `$connect` and completes or refuses the handshake. */
  accept(arrival: SocketArrival, socket: Duplex): void;
  /** Open connections of this host, at most so many; for people. */
  list(most: number): readonly ListedConnection[];
  /** Closes what is idle, too old, or does not answer a close frame. The host's timer calls it; tests do. */
  sweep(): void;
  /** Another build is served: stages are looked up anew. */
  stagesChanged(): void;
  /** Closes all connections and waits until the last `$disconnect` is done. */
  close(code: number): Promise<void>;
  /** Cuts what is left. */
  terminate(): void;
}

export interface ListedConnection {
  readonly connectionId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly sourceIp: string;
  /** Wall clock, ms. */
  readonly connectedAt: number;
  readonly lastActiveAt: number;
}

export type OpenSockets = (services: SocketServices) => Sockets;

export const openSockets: OpenSockets = (services) => new HostSockets(services);

const sweepMs = 1000;

class HostSockets implements Sockets, ConnectionOwner {
  readonly outbox = new Outbox();
  readonly #services: SocketServices;
  readonly #events: SocketEvents;
  readonly #connections = new Map<string, Connection>();
  readonly #limits = new WeakMap<WebSocketProgram, ConnectionLimits>();
  readonly #remote: RemoteConnections;
  readonly #withdraw: () => void;
  readonly #disconnecting = new Set<Promise<void>>();
  #generation = 0;
  #pending = 0;
  #timer: NodeJS.Timeout | undefined = undefined;

  constructor(services: SocketServices) {
    this.#services = services;
    this.#events = new SocketEvents(services.observer);
    this.#remote = new RemoteConnections(services.state, this.#local);
    this.#withdraw = offerInProcess(this, services.messageBytes);
  }

  get size(): number {
    return this.#connections.size;
  }

  list(most: number): readonly ListedConnection[] {
    const listed: ListedConnection[] = [];
    for (const [connectionId, { isOpen, info, lastActiveAt }] of this.#connections) {
      if (!isOpen) continue;
      const { apiId, stageName: stage, sourceIp, connectedAt } = info;
      listed.push({
        ...{ connectionId, apiId, stage, sourceIp, connectedAt },
        lastActiveAt: this.#wallTime(lastActiveAt),
      });
      if (listed.length === most) break;
    }
    return listed;
  }

  monotonic(): number {
    return this.#services.clock.monotonic();
  }

  now(): number {
    return this.#services.clock.now();
  }

  /** A moment of the monotonic clock as people read it. */
  #wallTime(monotonicMs: number): number {
    const { clock } = this.#services;
    return Math.round(clock.now() - (clock.monotonic() - monotonicMs));
  }

  accept(arrival: SocketArrival, socket: Duplex): void {
    const { rawPath, query } = arrival.request;
    const urlBytes = rawPath.length + (query === "" ? 0 : query.length + 1);
    if (urlBytes > this.#services.limits.maxWebSocketUrlBytes) {
      refuseRaw(socket, "url");
      return;
    }
    if (this.#connections.size + this.#pending >= this.#services.limits.maxWebSockets) {
      const headers = ["Content-Type", "application/json", "x-amzn-ErrorType", "LimitExceededException"];
      refuseHandshake(socket, 429, headers, '{"message":"Too Many Requests"}');
      return;
    }
    this.#pending++;
    const client = new HandshakingClient(socket);
    void this.#connect(arrival, socket, client).finally(() => {
      client.end();
      this.#pending--;
    });
  }

  async #connect(arrival: SocketArrival, socket: Duplex, client: HandshakingClient): Promise<void> {
    const { served, request, handshake } = arrival;
    const { entry } = served.websocket;
    const info = this.#infoOf(arrival);
    const { protocols } = handshake;
    const answer = await entry.engine.connect(served, { request, info, protocols, client }, this.#events);
    if (client.isGone) return;
    if (!answer.accepted) {
      refuseHandshake(socket, answer.status, answer.headers, answer.body);
      return;
    }
    // Once the client knows that it is connected, every node finds it.
    await this.#register(info.connectionId);
    if (client.isGone) {
      this.#unregister(info.connectionId);
      return;
    }
    const compression = entry.compression ? acceptDeflate(handshake.extensions) : undefined;
    socket.write(acceptance(handshake.key, answer.protocol, compression?.accepted));
    const connection = new Connection(admitted(info, answer), socket, this, this.#limitsOf(entry), compression);
    this.#connections.set(info.connectionId, connection);
    this.#timer ??= setInterval(() => this.sweep(), sweepMs).unref();
    connection.start(arrival.head);
  }

  async #register(connectionId: string): Promise<void> {
    try {
      await within(registerMs, this.#services.state.registry.add(connectionId));
    } catch (error) {
      this.#complain("a connection could not be registered: other nodes do not find it", error);
    }
  }

  #unregister(connectionId: string): void {
    this.#services.state.registry.remove(connectionId).catch((error: unknown) => {
      this.#complain("a connection could not be taken out of the registry", error);
    });
  }

  #complain(message: string, error: unknown): void {
    this.#services.logger.write({ level: "error", message, detail: String(error) });
  }

  #infoOf({ served, sourceIp, isSecure, host, userAgent }: SocketArrival): ConnectionInfo {
    const { besideApi, live } = served.websocket;
    return {
      connectionId: newConnectionId(),
      connectedAt: this.#services.clock.now(),
      sourceIp,
      isSecure,
      userAgent,
      host,
      besideApi,
      apiId: live.program.api.apiId,
      stageName: served.stage.name,
      caller: undefined,
      apiKey: undefined,
    };
  }

  /** One for all connections of an API: objects of their own would have shapes of their own, and be slow to read. */
  #limitsOf(entry: WebSocketProgram): ConnectionLimits {
    let limits = this.#limits.get(entry);
    if (limits === undefined) {
      const { webSocketSendBufferBytes, webSocketMessagesAtOnce, webSocketCloseTimeoutMs } = this.#services.limits;
      limits = {
        ...entry.limits,
        sendBufferBytes: webSocketSendBufferBytes,
        maxInFlight: webSocketMessagesAtOnce,
        closeMs: webSocketCloseTimeoutMs,
      };
      this.#limits.set(entry, limits);
    }
    return limits;
  }

  onMessage(connection: Connection, message: SocketMessage): void {
    const served = this.#servedBy(connection);
    if (served === undefined) connection.close(closeCodes.goingAway);
    else served.websocket.entry.engine.message(served, connection, message, this.#events);
  }

  onClosed(connection: Connection, code: number, reason: string): void {
    this.#connections.delete(connection.info.connectionId);
    this.#unregister(connection.info.connectionId);
    const served = this.#servedBy(connection);
    if (served === undefined) return;
    const done = served.websocket.entry.engine.disconnect(served, connection, code, reason, this.#events);
    this.#disconnecting.add(done);
    void done.finally(() => this.#disconnecting.delete(done));
  }

  stagesChanged(): void {
    this.#generation++;
  }

  #servedBy(connection: Connection): ServedSocketStage | undefined {
    if (connection.generation !== this.#generation) {
      const { besideApi, stageName } = connection.info;
      connection.served = this.#services.stageOf(besideApi, stageName);
      connection.generation = this.#generation;
    }
    return connection.served;
  }

  post(target: ConnectionTarget, text: Buffer): boolean | Promise<boolean> {
    return this.#isHere(target) ? this.#local.post(target, text) : this.#remote.post(target, text);
  }

  get(target: ConnectionTarget): ConnectionDescription | undefined | Promise<ConnectionDescription | undefined> {
    return this.#isHere(target) ? this.#local.get(target) : this.#remote.get(target);
  }

  delete(target: ConnectionTarget): boolean | Promise<boolean> {
    return this.#isHere(target) ? this.#local.delete(target) : this.#remote.delete(target);
  }

  #isHere({ connectionId }: ConnectionTarget): boolean {
    return this.#connections.has(connectionId);
  }

  readonly #local: LocalConnections = {
    post: (target, text) => {
      const connection = this.#find(target);
      if (connection === undefined || !connection.send(text)) return false;
      const served = this.#servedBy(connection);
      if (served !== undefined) this.#events.counted("MessageCount", served.stage, undefined);
      return true;
    },
    get: (target) => {
      const connection = this.#find(target);
      if (connection === undefined) return undefined;
      const { connectedAt, sourceIp, userAgent } = connection.info;
      return { connectedAt, sourceIp, userAgent, lastActiveAt: this.#wallTime(connection.lastActiveAt) };
    },
    delete: (target) => {
      const connection = this.#find(target);
      connection?.close(closeCodes.normal, "Connection Closed Normally");
      return connection !== undefined;
    },
  };

  /** An id of another API or stage is as good as none. */
  #find({ connectionId, apiId, stage }: ConnectionTarget): Connection | undefined {
    const connection = this.#connections.get(connectionId);
    if (connection === undefined || !connection.isOpen) return undefined;
    const { info } = connection;
    const isOfApi = apiId === undefined || info.apiId === apiId;
    return isOfApi && (stage === undefined || info.stageName === stage) ? connection : undefined;
  }

  sweep(): void {
    const now = this.monotonic();
    for (const connection of this.#connections.values()) {
      const { limits, openedAt, lastActiveAt, phase } = connection;
      if (phase === "open") {
        const isOver = now - lastActiveAt >= limits.idleMs || now - openedAt >= limits.lifeMs;
        if (isOver) connection.close(closeCodes.goingAway);
      } else if (now >= connection.closeBy) connection.terminate();
    }
  }

  async close(code: number): Promise<void> {
    for (const connection of this.#connections.values()) connection.finish(code);
    while (this.#connections.size > 0 || this.#disconnecting.size > 0 || this.#pending > 0) {
      await new Promise((resolve) => setTimeout(resolve, closePollMs));
      for (const connection of this.#connections.values()) if (connection.isOpen) connection.finish(code);
    }
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#remote.close();
    this.#withdraw();
  }

  terminate(): void {
    for (const connection of this.#connections.values()) connection.terminate();
  }
}

const closePollMs = 10;
/** A client is let in although other nodes may not find it yet, when State does not answer. */
const registerMs = 100;

/** All infos are made alike, so that all have one shape. */
function admitted(
  info: ConnectionInfo,
  { caller, apiKey }: ConnectAnswer & { readonly accepted: true },
): ConnectionInfo {
  const { connectionId, connectedAt, sourceIp, isSecure, userAgent, host, besideApi, apiId, stageName } = info;
  return {
    connectionId,
    connectedAt,
    sourceIp,
    isSecure,
    userAgent,
    host,
    besideApi,
    apiId,
    stageName,
    caller,
    apiKey,
  };
}

/**
 * 96 random bits (reliability.md, "guessed or foreign ids") in the look of AWS's ids, which have one character less
 * (aws-behaviour.md section 29.3): no 16 of base64 with a `=` at their end hold as much.
 */
function newConnectionId(): string {
  return `${randomBytes(12).toString("base64url")}=`;
}

/** A client whose handshake waits for `$connect`. */
class HandshakingClient implements ClientEnd {
  readonly #watchers = new Set<() => void>();
  readonly #onClose = () => {
    for (const onGone of this.#watchers) onGone();
  };
  /** Who ends its side before the answer does not want it. */
  readonly #onEnd = () => this.socket.destroy();

  constructor(private readonly socket: Duplex) {
    socket.on("error", ignore);
    socket.on("close", this.#onClose);
    socket.on("end", this.#onEnd);
  }

  get isGone(): boolean {
    return this.socket.destroyed;
  }

  watch(onGone: () => void): () => void {
    this.#watchers.add(onGone);
    return () => void this.#watchers.delete(onGone);
  }

  end(): void {
    this.socket.off("close", this.#onClose);
    this.socket.off("end", this.#onEnd);
  }
}

function ignore(): void {}
