import type { GatewayModel } from "../../src/model/gateway-model.js";
import { object } from "../../src/model/type-builders.js";
import { type ModelLookup, membersOf, resolved } from "../../src/model/type-questions.js";
import type { Type } from "../../src/model/types.js";
import { isMessageRoute, selectedMember, type WebSocketApi, type WebSocketRoute } from "../../src/model/websocket.js";
import { type BaseUrl, baseUrlsOf } from "./base-urls.js";
import { type CredentialPlan, socketCredentials } from "./credentials.js";

/** The WebSocket client of a package, before any language names it. */
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
  /** Whether no route takes it, so that the gateway answers it with an error. */
  readonly isHeartbeatRefused: boolean;
  /** What the handshake carries. */
  readonly credentials: readonly CredentialPlan[];
  /** Whether the handshake's address is signed (IAM). */
  readonly isSigned: boolean;
}

export interface SocketRoutePlan {
  readonly key: string;
  readonly description: string | undefined;
  /** As the file declares it; undefined: a message may be anything, or be left out. */
  readonly message: Type | undefined;
  /** Member that the client fills in with the key, so that callers leave it out. */
  readonly keyMember: string | undefined;
  /** What callers give: the message without `keyMember`. */
  readonly sent: Type | undefined;
  /** Whether callers may give nothing: it may be anything, or an object of which nothing is required. */
  readonly isOptional: boolean;
  readonly reply: Type | undefined;
  /** Whether the reply says which message it is to. */
  readonly isCorrelated: boolean;
}

export function planSocket(model: GatewayModel): SocketPlan | undefined {
  const { websocket } = model;
  if (websocket === undefined) return undefined;
  const keyPath = selectedMember(websocket.selection);
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
    isHeartbeatRefused: !websocket.routes.some(({ key }) => ["heartbeat", "ping", "$default"].includes(key)),
    credentials: socketCredentials(websocket, model),
    isSigned: websocket.authorization.kind === "iam",
  };
}

function planRoute(
  route: WebSocketRoute,
  keyPath: readonly string[] | undefined,
  model: GatewayModel,
): SocketRoutePlan {
  const { key, description, body, reply, integration } = route;
  const isTyped = integration.kind === "lambda" && integration.proxy;
  const keyMember = keyPath?.length === 1 && key !== "$default" ? keyPath[0] : undefined;
  const lookup = lookupIn(model);
  const sent = body && keyMember !== undefined ? without(body, keyMember, lookup) : body;
  return {
    key,
    description,
    message: body,
    keyMember,
    sent,
    isOptional: sent === undefined || mayBeEmpty(sent, lookup),
    reply,
    isCorrelated: isTyped && reply !== undefined && (body === undefined || admitsMore(body, lookup)),
  };
}

/**
 * What callers give in a language whose objects write members of one value by themselves: the message as it is declared, with
 * its own name, unless the key would have to be given.
 */
export function givenMessage({ message, keyMember, sent }: SocketRoutePlan, lookup: ModelLookup): Type | undefined {
  if (message === undefined || keyMember === undefined) return message;
  return isConstant(message, keyMember, lookup) ? message : sent;
}

function isConstant(type: Type, name: string, lookup: ModelLookup): boolean {
  const target = resolved(type, lookup);
  if (target.kind === "union") return target.members.every((member) => isConstant(member, name, lookup));
  const member = membersOf(target, lookup)?.properties.get(name);
  return member === undefined || (member.type.kind === "literal" && !member.optional);
}

function lookupIn({ models }: GatewayModel): ModelLookup {
  const types = new Map(models.map((entry) => [entry.name, entry.type]));
  return (name) => types.get(name);
}

/** An object without one of its members, a union of objects without that of each; anything else as it is. */
function without(type: Type, name: string, lookup: ModelLookup): Type {
  const target = resolved(type, lookup);
  if (target.kind === "union") {
    const members = target.members.map((member) => without(member, name, lookup));
    if (members.every((member, at) => member === target.members[at])) return type;
    const { discriminator } = target;
    return { ...target, members, discriminator: discriminator?.property === name ? undefined : discriminator };
  }
  const members = membersOf(target, lookup);
  if (!members?.properties.has(name)) return type;
  return object(
    [...members.properties.values()].filter((property) => property.name !== name),
    members.additional,
  );
}

function mayBeEmpty(type: Type, lookup: ModelLookup): boolean {
  const members = membersOf(type, lookup);
  return members !== undefined && [...members.properties.values()].every(({ optional }) => optional);
}

/** Whether a message may have a member besides the declared ones: the client's `$id`. */
function admitsMore(type: Type, lookup: ModelLookup): boolean {
  const target = resolved(type, lookup);
  if (target.kind === "primitive") return target.name === "any";
  if (target.kind === "union") return target.members.every((member) => admitsMore(member, lookup));
  return membersOf(target, lookup)?.additional === true;
}

/** `wss://live.example.com` where a domain leads to the stage, else where the generated gateway listens. */
function urlsOf(model: GatewayModel, { domain }: WebSocketApi): readonly BaseUrl[] {
  const domains = domain === undefined ? [] : [domain];
  return baseUrlsOf({ ...model, domains }).map(({ stage, url }) => ({ stage, url: url.replace(/^http/, "ws") }));
}

/** A route for it, if there is one, costs least; without one the gateway answers with an error that nobody waits for. */
function heartbeatText({ routes }: WebSocketApi, keyPath: readonly string[] | undefined): string {
  const key = routes.find((route) => route.key === "heartbeat" || route.key === "ping")?.key ?? "heartbeat";
  const nested = [...(keyPath ?? ["action"])].reverse().reduce<unknown>((inner, name) => ({ [name]: inner }), key);
  return JSON.stringify(nested);
}
