import type { IdSource } from "../host/live-program.js";
import { type JsonBody, parseJsonText } from "../http/json-body.js";
import type { ConnectionInfo } from "./connection.js";
import type { SocketMessage } from "./socket-message.js";

export type SocketEventType = "CONNECT" | "MESSAGE" | "DISCONNECT";

/** What an exchange of a WebSocket API carries beside what every exchange has (aws-behaviour.md section 29.3). */
export class SocketContext {
  /** What the route's template selection expression yields for the message; undefined: the route has none. */
  templateKey: string | undefined = undefined;
  #messageId = "";
  #json: JsonBody | undefined = undefined;

  constructor(
    readonly connection: ConnectionInfo,
    readonly eventType: SocketEventType,
    /** Undefined where the event has none. */
    readonly message: SocketMessage | undefined,
    private readonly ids: IdSource,
    /** Of a DISCONNECT. */
    readonly end: { readonly code: number; readonly reason: string } | undefined = undefined,
  ) {}

  /** The message as JSON, parsed once; undefined where there is none. */
  get json(): JsonBody | undefined {
    if (this.message === undefined) return undefined;
    this.#json ??= parseJsonText(this.message.text);
    return this.#json;
  }

  /** Sixteen characters that look like base64, as AWS's; undefined where there is no message. */
  get messageId(): string | undefined {
    if (this.eventType !== "MESSAGE") return undefined;
    if (this.#messageId === "") this.#messageId = this.ids.extendedRequestId();
    return this.#messageId;
  }
}
