import { NameTable } from "../sdk-shared/name-table.js";
import { credentialUses } from "../sdk-shared/plan.js";
import { givenMessage, type SocketPlan, type SocketRoutePlan } from "../sdk-shared/socket.js";
import { javaClass, javaName, objectMethods } from "./java-names.js";
import type { JavaTypes, JavaUse } from "./java-types.js";
import type { JavaPlan } from "./plan.js";

/** The WebSocket client with its final names. */
export interface JavaSocket extends Omit<SocketPlan, "routes" | "events"> {
  readonly name: string;
  readonly routes: readonly JavaSocketRoute[];
  readonly events: readonly JavaSocketEvent[];
  readonly setters: JavaPlan["credentials"];
}

export interface JavaSocketRoute extends Omit<SocketRoutePlan, "message" | "sent" | "reply" | "isOptional"> {
  readonly send: string;
  readonly message: JavaUse;
  readonly request: { readonly name: string; readonly reply: JavaUse } | undefined;
}

export interface JavaSocketEvent {
  /** On the wire. */
  readonly name: string;
  readonly description: string | undefined;
  readonly listen: string;
  /** A record inside of `Event`. */
  readonly type: string;
  readonly data: JavaUse;
}

/** Classes that the client has inside, or that it mentions. */
export const socketClasses: readonly string[] = [
  "Event",
  "UnknownEvent",
  "Consumer",
  "Function",
  "Runnable",
  "AutoCloseable",
];

const methods = ["builder", "connect", "state", "onEvent", "watch", "close", ...objectMethods];

const builderMethods =
  "url stage query header subprotocols httpClient reconnect heartbeat rollOver replyTimeout queueLimit onReopen iam build".split(
    " ",
  );

export function planJavaSocket(socket: SocketPlan, name: string, types: JavaTypes): JavaSocket {
  const table = new NameTable(methods);
  const setters = new NameTable([...builderMethods, ...objectMethods]);
  return {
    ...socket,
    name,
    routes: socket.routes.map((route): JavaSocketRoute => {
      const { reply } = route;
      const message = givenMessage(route, types.lookup);
      const own = javaClass(route.key.replace(/^[^\p{L}]+/u, ""));
      return {
        key: route.key,
        description: route.description,
        keyMember: route.keyMember,
        isCorrelated: route.isCorrelated,
        send: table.take(javaName(`send ${route.key}`), "Route"),
        message: message === undefined ? anything : types.use(message, `${own}Message`),
        request: reply && {
          name: table.take(javaName(`request ${route.key}`), "Route"),
          reply: types.use(reply, `${own}Reply`),
        },
      };
    }),
    events: socket.events.map(({ name: wire, type, description }) => {
      const own = javaClass(wire);
      return {
        name: wire,
        description,
        listen: table.take(javaName(`on ${wire}`), "Event"),
        type: types.names.take(/Event$/.test(own) ? own : `${own}Event`, "Type"),
        data: types.use(type, `${own}Data`),
      };
    }),
    setters: credentialUses([socket]).map((entry) => ({
      ...entry,
      setter: setters.take(javaName(entry.name), "Credential"),
    })),
  };
}

const anything: JavaUse = { type: "Object", codec: "Codec.ANY", nullable: false, primitive: undefined, isOwn: false };
