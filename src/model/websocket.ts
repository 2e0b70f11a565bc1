import type { Authorization } from "./authorizers.js";
import type { PathStep } from "./expressions.js";
import type { Domain, Throttle } from "./gateway-model.js";
import type { Integration } from "./integrations.js";
import type { Route } from "./routes.js";
import type { JsonValue, Type } from "./types.js";

/** The WebSocket API of the file; on AWS an API of its own, beside the REST or HTTP one. */
export interface WebSocketApi {
  /** `shop-websocket`. */
  readonly name: string;
  readonly description: string | undefined;
  readonly selection: Selection;
  /** Who may connect: `none`, `iam`, or a Lambda authorizer of the type `request`. */
  readonly authorization: Authorization;
  readonly apiKeyRequired: boolean;
  /** TLS 1.2 and above, no mutual TLS. */
  readonly domain: Domain | undefined;
  /** In the order of the file. */
  readonly routes: readonly WebSocketRoute[];
  /** Messages that the server may send without being asked. */
  readonly events: readonly WebSocketEvent[];
  readonly limits: WebSocketLimits;
  /** Whether clients that ask for permessage-deflate get it. AWS never does. */
  readonly compression: boolean;
  /** Members of `AWS::ApiGatewayV2::Api`, by AWS's names. */
  readonly awsOptions: Readonly<Record<string, JsonValue>>;
}

export interface WebSocketRoute {
  /** `$connect`, `$disconnect`, `$default`, or what the selection yields. */
  readonly key: string;
  /** Unique among the WebSocket routes, a valid identifier. */
  readonly operation: string;
  readonly description: string | undefined;
  /** Type of the message, of several kinds their union; validated where it is there. */
  readonly body: Type | undefined;
  /** What a message is validated by, where an expression chooses; undefined: by `body`. */
  readonly bodies: SelectedBodies | undefined;
  /** Type of the answer; a route with one has a route response on AWS. */
  readonly reply: Type | undefined;
  readonly integration: Integration;
  /** Which request template a message gets, by its key; undefined: the one for JSON. */
  readonly templateSelection: Selection | undefined;
  readonly throttle: Throttle | undefined;
  /** Execution log; undefined: the stage's. */
  readonly log: Route["log"];
  /** Members of `AWS::ApiGatewayV2::Route`, by AWS's names. */
  readonly awsOptions: Readonly<Record<string, JsonValue>>;
}

/** Kinds of the messages of one route (aws-behaviour.md section 29.5, `modelSelectionExpression`). */
export interface SelectedBodies {
  readonly selection: Selection;
  /** By what the selection yields; `$default` is for all others. */
  readonly types: readonly { readonly key: string; readonly type: Type }[];
}

export interface WebSocketEvent {
  readonly name: string;
  readonly type: Type;
  readonly description: string | undefined;
}

/** API Gateway's quotas (aws-behaviour.md sections 29.2 and 33), or what the file says for the gateway here. */
export interface WebSocketLimits {
  readonly idleMs: number;
  readonly lifeMs: number;
  readonly messageBytes: number;
  readonly frameBytes: number;
}

export const awsWebSocketLimits: WebSocketLimits = {
  idleMs: 600_000,
  lifeMs: 7_200_000,
  messageBytes: 131_072,
  frameBytes: 32_768,
};

/** A selection expression over a message (section 29.1): constant texts and paths into the body, in order. */
export interface Selection {
  readonly parts: readonly (string | { readonly path: readonly PathStep[] })[];
  /** As AWS takes it. */
  readonly text: string;
}

/**
 * Names that lead to the member that a message chooses its route by, from the outside in.
 *
 * @returns undefined where it is no member: a text of several parts, or an item of a list
 */
export function selectedMember({ parts }: Selection): readonly string[] | undefined {
  const [part, ...more] = parts;
  if (typeof part !== "object" || more.length > 0) return undefined;
  const names = part.path.flatMap((step) => (step.kind === "member" ? [step.name] : []));
  return names.length === part.path.length ? names : undefined;
}

export const connectKey = "$connect";
export const disconnectKey = "$disconnect";
export const defaultKey = "$default";

/** A selection expression over an integration's answer and the message (section 29.5): which of its templates makes the reply. */
export interface AnswerSelection {
  readonly parts: readonly (string | AnswerPart)[];
  /** As AWS takes it. */
  readonly text: string;
}

type AnswerPart =
  | { readonly kind: "status" }
  /** Lower case; `isWhole`: all its values, else the last. */
  | { readonly kind: "header"; readonly name: string; readonly isWhole: boolean }
  | { readonly kind: "body"; readonly path: readonly PathStep[] }
  | { readonly kind: "message"; readonly path: readonly PathStep[] };

/** Whether a message can reach the route. */
export function isMessageRoute({ key }: Pick<WebSocketRoute, "key">): boolean {
  return key !== connectKey && key !== disconnectKey;
}

/**
 * The route as one of a REST API. API Gateway runs a message through the steps of a REST request, so what plans and
 * carries out routes need not know WebSocket APIs: the key stands for the path, and only `$connect` is authorized.
 */
export function asRestRoute(route: WebSocketRoute, api: WebSocketApi): Route {
  const isConnect = route.key === connectKey;
  return {
    key: route.key,
    method: isConnect ? "GET" : "POST",
    path: { text: route.key, segments: [] },
    operation: route.operation,
    summary: undefined,
    description: route.description,
    tags: [],
    deprecated: false,
    parameters: [],
    body: route.body && {
      ...{ type: route.body, mediaTypes: ["application/json"], required: true },
      ...(route.bodies && { selected: route.bodies }),
    },
    responses: [],
    authorization: isConnect ? api.authorization : { kind: "none" },
    apiKeyRequired: isConnect && api.apiKeyRequired,
    validation: { parameters: false, body: route.body !== undefined, strict: false },
    integration: route.integration,
    cors: undefined,
    throttle: route.throttle,
    log: route.log,
    cache: undefined,
    pagination: undefined,
    awsOptions: {},
  };
}
