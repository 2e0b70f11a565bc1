import type { Type } from "../../src/model/types.js";
import { NameTable } from "../sdk-shared/name-table.js";
import { givenMessage, type SocketPlan, type SocketRoutePlan } from "../sdk-shared/socket.js";
import { goName } from "./go-names.js";
import type { GoTypes, GoUse } from "./go-types.js";
import { socketMethods } from "./runtime-files.js";

/** The WebSocket client with its final names. */
export interface GoSocket extends Omit<SocketPlan, "routes" | "events"> {
  readonly routes: readonly GoSocketRoute[];
  readonly events: readonly GoSocketEvent[];
}

export interface GoSocketRoute extends Omit<SocketRoutePlan, "message" | "sent" | "reply" | "isOptional"> {
  readonly send: string;
  /** Type of the message. */
  readonly message: string;
  /** Where the route replies. */
  readonly request: { readonly name: string; readonly type: string; readonly decoder: string } | undefined;
}

export interface GoSocketEvent {
  /** On the wire. */
  readonly name: string;
  readonly description: string | undefined;
  readonly listen: string;
  readonly type: string;
  readonly data: GoUse;
}

export function planGoSocket(socket: SocketPlan, types: GoTypes): GoSocket {
  const methods = new NameTable(socketMethods());
  return {
    ...socket,
    routes: socket.routes.map((route): GoSocketRoute => {
      const { reply } = route;
      const name = goName(route.key);
      const used = reply && types.use(reply, `${name}Reply`);
      return {
        key: route.key,
        description: route.description,
        keyMember: route.keyMember,
        isCorrelated: route.isCorrelated,
        send: methods.take(`Send${name}`, "Route"),
        message: messageType(givenMessage(route, types.lookup), types, `${name}Message`),
        request: used && {
          name: methods.take(`Request${name}`, "Route"),
          type: used.isRecord ? `*${used.type}` : used.type,
          decoder: used.isRecord ? `plain[*${used.type}]` : used.decoder,
        },
      };
    }),
    events: socket.events.map(({ name: wire, type, description }) => {
      const name = goName(wire);
      return {
        name: wire,
        description,
        listen: methods.take(`On${name}`, "Event"),
        type: types.names.take(/Event$/.test(name) ? name : `${name}Event`, "Type"),
        data: types.use(type, `${name}Data`),
      };
    }),
  };
}

function messageType(type: Type | undefined, types: GoTypes, hint: string): string {
  return type === undefined ? "any" : types.use(type, hint).type;
}
