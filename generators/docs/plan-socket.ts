import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { JsonValue, Type } from "../../src/model/types.js";
import { isMessageRoute, type WebSocketApi } from "../../src/model/websocket.js";
import { sampleValue } from "../emit/sample.js";
import { uniqueNames } from "../emit/unique-names.js";
import type { BaseUrl } from "../sdk-shared/base-urls.js";
import { planSocket } from "../sdk-shared/socket.js";
import type { Example, SocketExamples } from "./examples.js";
import { slugOf } from "./html.js";
import { renderMarkdown } from "./markdown.js";
import { type Models, sampleJson, type TypeUse } from "./models.js";
import { typeHtml } from "./type-html.js";

export interface SocketPlan {
  readonly name: string;
  readonly urls: readonly BaseUrl[];
  /** What a message's reply and an event look like on the wire. */
  readonly isCorrelated: boolean;
  readonly selection: string;
  readonly access: string;
  readonly aboutHtml: string;
  readonly messages: readonly MessagePlan[];
  readonly events: readonly MessagePlan[];
}

export interface MessagePlan {
  readonly id: string;
  readonly name: string;
  readonly aboutHtml: string;
  readonly typeHtml: string;
  readonly replyHtml: string;
  readonly sample: string;
  readonly examples: readonly Example[];
}

type Kind = "message" | "event";

/** Anchors on the page, by name. */
function anchorsOf({ routes, events }: WebSocketApi): Readonly<Record<Kind, ReadonlyMap<string, string>>> {
  const anchors = (kind: Kind, names: readonly string[]) =>
    new Map([...uniqueNames(names, slugOf)].map(([name, slug]) => [name, `${kind}-${slug}`]));
  return {
    message: anchors(
      "message",
      routes.filter(isMessageRoute).map(({ key }) => key),
    ),
    event: anchors(
      "event",
      events.map(({ name }) => name),
    ),
  };
}

/** What messages and events use of the models. */
export function socketUses({ websocket }: GatewayModel): readonly TypeUse[] {
  if (websocket === undefined) return [];
  const anchors = anchorsOf(websocket);
  const use = (kind: Kind, name: string, types: readonly (Type | undefined)[]) => ({
    label: name,
    href: `websocket.html#${anchors[kind].get(name)}`,
    types: types.flatMap((type) => type ?? []),
  });
  return [
    ...websocket.routes.filter(isMessageRoute).map(({ key, body, reply }) => use("message", key, [body, reply])),
    ...websocket.events.map(({ name, type }) => use("event", name, [type])),
  ];
}

export function socketPlan(
  model: GatewayModel,
  models: Models,
  examples: SocketExamples | undefined,
): SocketPlan | undefined {
  const { websocket } = model;
  if (websocket === undefined) return undefined;
  const shared = planSocket(model);
  const messages = websocket.routes.filter(isMessageRoute);
  const anchors = anchorsOf(websocket);
  const message = (
    name: string,
    type: Type | undefined,
    reply: Type | undefined,
    description: string | undefined,
    kind: Kind,
  ) => ({
    id: anchors[kind].get(name) ?? "",
    name,
    aboutHtml: renderMarkdown(description ?? ""),
    typeHtml: type ? typeHtml(type, models.link) : "",
    replyHtml: reply ? typeHtml(reply, models.link) : "",
    sample: type ? wireSample(name, type, kind, models) : "",
    examples: (kind === "message" ? examples?.routes : examples?.events)?.get(name) ?? [],
  });
  const { authorization } = websocket;
  const carried = (shared?.credentials ?? [])
    .map(({ place, key }) => `${place === "query" ? "the query parameter" : "the header"} ${key}`)
    .join(" and ");
  return {
    name: websocket.name,
    urls: shared?.urls ?? [],
    isCorrelated: shared?.routes.some((route) => route.isCorrelated) ?? false,
    selection: websocket.selection.text,
    access:
      authorization.kind === "authorizer"
        ? `the handshake carries ${carried || "a credential"}, read by ${authorization.name}`
        : authorization.kind === "iam"
          ? "the handshake is signed by AWS credentials (Signature Version 4)"
          : "open to everybody",
    aboutHtml: renderMarkdown(websocket.description ?? ""),
    messages: messages.map(({ key, body, reply, description }) => message(key, body, reply, description, "message")),
    events: websocket.events.map(({ name, type, description }) => message(name, type, undefined, description, "event")),
  };
}

/** An event comes with its name. */
function wireSample(name: string, type: Type, kind: Kind, models: Models): string {
  if (kind === "message") return sampleJson(type, models);
  return JSON.stringify({ event: name, data: sampleValue(type, models.lookup) as JsonValue }, undefined, 2);
}
