import type { GatewayModel } from "../../src/model/gateway-model.js";
import { membersOf, resolved } from "../../src/model/type-questions.js";
import type { Type } from "../../src/model/types.js";
import { isMessageRoute, type WebSocketApi, type WebSocketRoute } from "../../src/model/websocket.js";
import { type BaseUrl, baseUrlsOf } from "./base-urls.js";
import { type CredentialPlan, credentialsOf } from "./credentials.js";

/** The WebSocket client of a package, before any language has named it. */
export interface SocketPlan {
  readonly description: string | undefined;
  readonly urls: readonly BaseUrl[];
  /** Where the route's key stands in a message; undefined: it is made of several values, and the caller sets them. */
  readonly keyPath: readonly string[] | undefined;
  readonly routes: readonly SocketRoutePlan[];
  readonly events: readonly { readonly name: string; readonly type: Type; readonly description: string | undefined }[];
  readonly messageBytes: number;
  readonly frameBytes: number;
  /** Text of the message that keeps a connection alive where the platform cannot ping. */
  readonly heartbeat: string;
  /** What the handshake carries, as the authorizer of `$connect` and the API key want it. */
  readonly credentials: readonly CredentialPlan[];
  /** Whether the handshake is signed (IAM). */
  readonly isSigned: boolean;
}

export interface SocketRoutePlan {
  readonly key: string;
  readonly description: string | undefined;
  readonly message: Type | undefined;
  /** Whether the client fills in the key, so that callers leave the member out. */
  readonly keyMember: string | undefined;
  readonly reply: Type | undefined;
  /** Whether the reply says which message it is to. */
  readonly isCorrelated: boolean;
}

export function planSocket(model: GatewayModel): SocketPlan | undefined {
  const { websocket } = model;
  if (websocket === undefined) return undefined;
  const keyPath = keyPathOf(websocket);
  const { messageBytes, frameBytes } = websocket.limits;
  return {
    description: websocket.description,
    urls: urlsOf(model, websocket),
    keyPath,
    routes: websocket.routes.filter(isMessageRoute).map((route) => planRoute(route, keyPath, model)),
    events: websocket.events,
    messageBytes,
    frameBytes,
    heartbeat: heartbeatText(websocket, keyPath),
    credentials: credentialsOf(websocket, model),
    isSigned: websocket.authorization.kind === "iam",
  };
}

/** Members only: the way to an item of a list cannot be made. */
function keyPathOf({ selection }: WebSocketApi): readonly string[] | undefined {
  const [part, ...more] = selection.parts;
  if (typeof part !== "object" || more.length > 0) return undefined;
  const names = part.path.flatMap((step) => (step.kind === "member" ? [step.name] : []));
  return names.length === part.path.length ? names : undefined;
}

function planRoute(
  route: WebSocketRoute,
  keyPath: readonly string[] | undefined,
  model: GatewayModel,
): SocketRoutePlan {
  const { key, description, body, reply, integration } = route;
  const isTyped = integration.kind === "lambda" && integration.proxy;
  return {
    key,
    description,
    message: body,
    keyMember: keyPath?.length === 1 && key !== "$default" ? keyPath[0] : undefined,
    reply,
    isCorrelated: isTyped && reply !== undefined && (body === undefined || admitsMore(body, model)),
  };
}

/** Whether a message may have a member besides the declared ones: the client's `$id`. */
function admitsMore(type: Type, { models }: GatewayModel): boolean {
  const types = new Map(models.map((entry) => [entry.name, entry.type]));
  const lookup = (name: string) => types.get(name);
  const target = resolved(type, lookup);
  if (target.kind === "primitive") return target.name === "any";
  if (target.kind === "union") return target.members.every((member) => admitsMore(member, { models } as GatewayModel));
  return membersOf(target, lookup)?.additional === true;
}

/** `wss://live.example.com` where the file names a domain, else where the generated gateway listens. */
function urlsOf(model: GatewayModel, { domain }: WebSocketApi): readonly BaseUrl[] {
  return baseUrlsOf({ ...model, domains: [] }).map(({ stage, url }, at) => ({
    stage,
    url: domain === undefined ? url.replace(/^http/, "ws") : `wss://${domain}${at === 0 ? "" : `/${stage}`}`,
  }));
}

/** A route for it, if there is one, costs least; without one the gateway answers with an error that nobody waits for. */
function heartbeatText({ routes }: WebSocketApi, keyPath: readonly string[] | undefined): string {
  const key = routes.find((route) => route.key === "heartbeat" || route.key === "ping")?.key ?? "heartbeat";
  const nested = [...(keyPath ?? ["action"])].reverse().reduce<unknown>((inner, name) => ({ [name]: inner }), key);
  return JSON.stringify(nested);
}
