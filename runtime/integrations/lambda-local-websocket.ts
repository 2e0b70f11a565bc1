import { restAuthorizer } from "../auth/caller-view.js";
import type { Exchange } from "../http/exchange.js";
import type { ConnectionInfo } from "../websocket/connection.js";
import type { SocketContext } from "../websocket/socket-context.js";
import { webSocketEvent } from "./lambda-event-websocket.js";

/**
 * What a typed handler reads of a message in place of `webSocketEvent`: the same members, made by the same functions, each
 * when it is read; and the message as it has been parsed to be validated.
 */
export class LocalSocketMessage {
  #whole: object | undefined = undefined;

  constructor(
    private readonly x: Exchange,
    private readonly socket: SocketContext,
  ) {}

  get route(): string {
    return this.x.route.key;
  }

  /** The event itself. */
  get whole(): object {
    this.#whole ??= webSocketEvent(this.x, this.socket);
    return this.#whole;
  }

  get body(): string | undefined {
    return this.socket.message?.text;
  }

  get json(): { readonly value: unknown } | undefined {
    return this.x.knownJson;
  }

  get stageVariables(): Readonly<Record<string, string>> | null {
    const { eventVariables } = this.x.stage;
    return eventVariables && { ...eventVariables };
  }

  /** Its members are here, too: one object less a message. */
  get requestContext(): this {
    return this;
  }

  get routeKey(): string {
    return this.x.route.key;
  }

  get connectionId(): string {
    return this.socket.connection.connectionId;
  }

  get connectedAt(): number {
    return this.socket.connection.connectedAt;
  }

  get requestId(): string {
    return this.x.extendedRequestId;
  }

  get apiId(): string {
    return this.x.program.program.api.apiId;
  }

  get stage(): string {
    return this.x.stage.name;
  }

  get domainName(): string {
    const { program } = this.x;
    return program.targets.domains.of(this.socket.connection.host).name;
  }

  get identity(): Pick<ConnectionInfo, "sourceIp" | "userAgent"> {
    return this.socket.connection;
  }

  get authorizer(): Record<string, unknown> | undefined {
    return restAuthorizer(this.x.caller);
  }
}
