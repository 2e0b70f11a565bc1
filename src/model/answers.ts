import type { GatewayModel } from "./gateway-model.js";
import type { ResponseBody } from "./routes.js";
import type { Type } from "./types.js";

type Answering = Pick<GatewayModel, "routes" | "websocket">;

/** Types of all that clients are answered: bodies of responses, replies and events of WebSocket APIs. */
export function answeredTypes({ routes, websocket }: Answering): readonly Type[] {
  const typesOf = (body: ResponseBody | undefined) =>
    body ? [body.type, ...(body.alternatives ?? []).map(({ type }) => type)] : [];
  return [
    ...routes.flatMap(({ responses, otherwise }) => [
      ...responses.flatMap(({ body }) => typesOf(body)),
      ...typesOf(otherwise?.body),
    ]),
    ...(websocket?.routes ?? []).flatMap(({ reply }) => reply ?? []),
    ...(websocket?.events ?? []).map(({ type }) => type),
  ];
}

/** The routes and messages with other types of what they answer. */
export function mapAnswers({ routes, websocket }: Answering, change: (type: Type) => Type): Answering {
  const bodyOf = (body: ResponseBody | undefined): ResponseBody | undefined =>
    body && {
      ...body,
      type: change(body.type),
      ...(body.alternatives && {
        alternatives: body.alternatives.map((other) => ({ ...other, type: change(other.type) })),
      }),
    };
  return {
    routes: routes.map((route) => ({
      ...route,
      responses: route.responses.map((response) => ({ ...response, body: bodyOf(response.body) })),
      ...(route.otherwise && { otherwise: { ...route.otherwise, body: bodyOf(route.otherwise.body) } }),
    })),
    websocket: websocket && {
      ...websocket,
      routes: websocket.routes.map((route) => ({ ...route, reply: route.reply && change(route.reply) })),
      events: websocket.events.map((event) => ({ ...event, type: change(event.type) })),
    },
  };
}
