import type { DomainSyntax } from "./gateway-syntax.js";
import type { IntegrationSyntax, RequestSyntax, ResponseSyntax } from "./route-syntax.js";
import type { MapNode, Name } from "./tree.js";
import type {
  AuthSyntax,
  BooleanValue,
  ChoiceValue,
  NumberValue,
  Syntax,
  TextValue,
  ThrottleSyntax,
} from "./values-syntax.js";

/** `websocket:`, the WebSocket API beside the REST or HTTP one. */
export interface WebSocketSyntax extends Syntax {
  readonly description: TextValue | undefined;
  /** The route selection expression. */
  readonly select: TextValue | undefined;
  /** Applies to `$connect`. */
  readonly auth: AuthSyntax | undefined;
  readonly apiKey: BooleanValue | undefined;
  /** Regional, with TLS 1.2 and above, without mutual TLS, as on AWS. */
  readonly domain: DomainSyntax | undefined;
  /** Only the generated gateway has it. */
  readonly compression: BooleanValue | undefined;
  readonly limits: WebSocketLimitsSyntax | undefined;
  readonly routes: readonly WebSocketRouteSyntax[];
  readonly events: readonly WebSocketEventSyntax[];
  readonly awsOptions: MapNode | undefined;
}

export interface WebSocketRouteSyntax extends Syntax {
  /** `$connect`, `$disconnect`, `$default`, or what `select` yields. */
  readonly key: Name;
  readonly operation: Name | undefined;
  readonly description: TextValue | undefined;
  /** Type expression of the message. */
  readonly body: TextValue | undefined;
  /** Type expressions by what `bodySelection` yields for the message. */
  readonly bodies: readonly MessageBodySyntax[];
  readonly bodySelection: TextValue | undefined;
  /** Type expression of the answer; a route with one has a route response on AWS. */
  readonly reply: TextValue | undefined;
  /** Undefined only where none could be read, which has been reported. */
  readonly integration: IntegrationSyntax | undefined;
  readonly request: RequestSyntax | undefined;
  /** Which of `request.templates` a message gets: a selection expression. */
  readonly templateSelection: TextValue | undefined;
  readonly responses: readonly ResponseSyntax[];
  readonly throttle: ThrottleSyntax | undefined;
  readonly log: ChoiceValue<"off" | "error" | "info" | "debug"> | undefined;
  /** Milliseconds. */
  readonly timeout: NumberValue | undefined;
  readonly awsOptions: MapNode | undefined;
}

/** One of the types that a message may have. */
export interface MessageBodySyntax {
  readonly key: Name;
  /** A type expression. */
  readonly type: TextValue;
}

/** A message that the server may send without being asked. */
export interface WebSocketEventSyntax extends Syntax {
  readonly name: Name;
  /** A type expression. */
  readonly type: TextValue | undefined;
  readonly description: TextValue | undefined;
}

/** What the generated gateway allows beyond AWS's quotas. */
export interface WebSocketLimitsSyntax extends Syntax {
  /** Seconds. */
  readonly idle: NumberValue | undefined;
  /** Seconds. */
  readonly life: NumberValue | undefined;
  /** Bytes. */
  readonly message: NumberValue | undefined;
  /** Bytes. */
  readonly frame: NumberValue | undefined;
}
