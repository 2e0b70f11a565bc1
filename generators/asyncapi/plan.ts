import type { GatewayModel } from "../../src/model/gateway-model.js";
import { reachableModels } from "../../src/model/type-questions.js";
import type { JsonValue } from "../../src/model/types.js";
import {
  defaultKey,
  isMessageRoute,
  selectedMember,
  type WebSocketApi,
  type WebSocketRoute,
} from "../../src/model/websocket.js";
import { type JsonObject, jsonObject, objectOf, unlessEmpty } from "../emit/stable-json.js";
import { freshName } from "../emit/unique-names.js";
import { type AsyncApiSchemas, componentName, planSchemas } from "./schemas.js";
import { planSecurity } from "./security.js";
import { planServers } from "./servers.js";

/**
 * The WebSocket API as AsyncAPI 3.0 has it: one channel, the connection; `receive` is what the API takes from clients, with
 * the reply of routes that reply; `send` is what it sends on its own, failures too. Undefined: the file has no WebSocket API.
 *
 * @see https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export function planAsyncApi(model: GatewayModel): JsonObject | undefined {
  const { websocket } = model;
  if (websocket === undefined) return undefined;
  const messages = planMessages(model, websocket);
  const security = planSecurity(model, websocket);
  return jsonObject({
    asyncapi: "3.0.0",
    info: jsonObject({
      title: websocket.name,
      version: model.version,
      description: websocket.description ?? model.description,
    }),
    defaultContentType: "application/json",
    servers: planServers(model, websocket, security.names),
    channels: {
      [channel]: jsonObject({
        address: "/",
        description: `One connection. Its route is chosen by the message: ${websocket.selection.text}`,
        messages: objectOf(messages.all.map(({ name }) => [name, { $ref: `#/components/messages/${name}` }])),
        bindings: security.bindings,
      }),
    },
    operations: planOperations(messages),
    components: jsonObject({
      messages: objectOf(messages.all.map(({ name, body }) => [name, body])),
      schemas: unlessEmpty(messages.schemas.components),
      securitySchemes: unlessEmpty(security.schemes),
    }),
  });
}

const channel = "connection";

interface PlannedMessage {
  readonly name: string;
  readonly body: JsonObject;
}

interface PlannedRoute {
  readonly operation: string;
  readonly description: string | undefined;
  readonly message: PlannedMessage;
  readonly reply: PlannedMessage | undefined;
}

interface PlannedMessages {
  readonly all: readonly PlannedMessage[];
  readonly routes: readonly PlannedRoute[];
  readonly events: readonly (PlannedMessage & { readonly operation: string })[];
  readonly schemas: AsyncApiSchemas;
}

function planMessages(model: GatewayModel, { routes, events, selection }: WebSocketApi): PlannedMessages {
  const types = new Map(model.models.map(({ name, type }) => [name, type]));
  const given = [...routes.flatMap(({ body, reply }) => [body, reply]), ...events.map(({ type }) => type)];
  const used = reachableModels(
    given.filter((type) => type !== undefined),
    (name) => types.get(name),
  );
  const schemas = planSchemas(model, used);
  const names = new Set<string>();
  const operations = new Set<string>();
  const named = (name: string, body: JsonObject): PlannedMessage => {
    const fresh = freshName(componentName(name), names);
    names.add(fresh);
    return { name: fresh, body };
  };
  const planned = routes.filter(isMessageRoute).map((route): PlannedRoute => {
    operations.add(route.operation);
    const payload = route.body ? schemas.of(route.body) : keyAlone(route.key, selectedMember(selection));
    return {
      operation: route.operation,
      description: route.description,
      message: named(route.operation, messageBody(route, payload, selection.text)),
      reply: route.reply && named(`${route.operation}Reply`, replyBody(route, schemas.of(route.reply))),
    };
  });
  const sent = events.map(({ name, type, description }) => {
    const operation = freshName(`send${name}`, operations);
    operations.add(operation);
    return { ...named(name, eventBody(name, description, schemas.of(type))), operation };
  });
  // Named last: events keep their names.
  const failure = { ...named("Failure", failureBody), operation: freshName("sendFailure", operations) };
  const pushed = [...sent, failure];
  const all = [...planned.flatMap(({ message, reply }) => (reply ? [message, reply] : [message])), ...pushed];
  return { all, routes: planned, events: pushed, schemas };
}

/** Without a declared type a message is whatever names its route. */
function keyAlone(key: string, path: readonly string[] | undefined): JsonValue | undefined {
  if (path === undefined || key === defaultKey) return undefined;
  return path.reduceRight<JsonValue>(
    (inner, member) => ({ type: "object", properties: { [member]: inner }, required: [member] }),
    { type: "string", const: key },
  );
}

function messageBody(route: WebSocketRoute, payload: JsonValue | undefined, selection: string): JsonObject {
  const where = route.key === "$default" ? "What no other route takes" : `\`${selection}\` is \`${route.key}\``;
  return jsonObject({
    name: route.key,
    title: route.key,
    summary: `${where}.`,
    description: route.description,
    contentType: "application/json",
    payload,
  });
}

function replyBody({ key, integration }: WebSocketRoute, payload: JsonValue): JsonObject {
  const isTyped = integration.kind === "lambda" && integration.proxy;
  return jsonObject({
    name: `reply to ${key}`,
    title: `Reply to ${key}`,
    summary: isTyped ? 'Where the message has a member `$id`, typed handlers answer `{"$id":…,"reply":…}`.' : undefined,
    contentType: "application/json",
    payload,
  });
}

/** What API Gateway says itself (aws-behaviour.md section 29.4); it does not say to which message. */
const failureBody: JsonObject = {
  name: "failure",
  title: "Failure",
  summary:
    "Sent in place of a reply, whether or not the route replies: `Forbidden` where no route takes a message, `Bad request body`, `Too Many Requests`, `Endpoint request timed out`, and `Internal server error` for all that fails behind the API.",
  contentType: "application/json",
  payload: {
    type: "object",
    properties: {
      message: { type: "string" },
      connectionId: { type: "string" },
      requestId: { type: "string", description: "What the logs call it." },
      messageId: { type: "string", description: "Of `Bad request body`, in place of `requestId`." },
    },
    required: ["message", "connectionId"],
  },
};

/** As the generated handlers' `push` writes it. */
function eventBody(name: string, description: string | undefined, data: JsonValue): JsonObject {
  return jsonObject({
    name,
    title: name,
    description,
    contentType: "application/json",
    payload: {
      type: "object",
      properties: { event: { type: "string", const: name }, data },
      required: ["event", "data"],
    },
  });
}

function planOperations({ routes, events }: PlannedMessages): JsonObject {
  const inChannel = (name: string) => ({ $ref: `#/channels/${channel}/messages/${name}` });
  const at = { $ref: `#/channels/${channel}` };
  return objectOf([
    ...routes.map(({ operation, description, message, reply }): [string, JsonValue] => [
      operation,
      jsonObject({
        action: "receive",
        channel: at,
        summary: description,
        messages: [inChannel(message.name)],
        reply: reply && { channel: at, messages: [inChannel(reply.name)] },
      }),
    ]),
    ...events.map(({ operation, name }): [string, JsonValue] => [
      operation,
      { action: "send", channel: at, messages: [inChannel(name)] },
    ]),
  ]);
}
