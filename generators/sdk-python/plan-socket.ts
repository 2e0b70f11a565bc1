import type { Type } from "../../src/model/types.js";
import { upperFirst } from "../emit/names.js";
import type { CredentialPlan } from "../sdk-shared/credentials.js";
import type { SocketPlan } from "../sdk-shared/socket.js";
import { credentialArguments, pythonClass } from "./python-names.js";
import type { PythonTypes, TypeUse } from "./python-types.js";

/** The WebSocket client with its final names. */
export interface PythonSocket extends Omit<SocketPlan, "routes" | "events" | "credentials"> {
  readonly routes: readonly PythonSocketRoute[];
  readonly events: readonly PythonSocketEvent[];
  readonly credentials: readonly (CredentialPlan & { readonly argument: string })[];
  readonly hasAuth: boolean;
}

export interface PythonSocketRoute {
  readonly key: string;
  readonly description: string | undefined;
  /** Undefined: it may be anything. */
  readonly message: TypeUse | undefined;
  /** The same as a type of the file. */
  readonly sent: Type | undefined;
  readonly reply: TypeUse | undefined;
  readonly isCorrelated: boolean;
  readonly isOptional: boolean;
}

export interface PythonSocketEvent {
  readonly name: string;
  readonly description: string | undefined;
  readonly data: TypeUse;
}

export function nameSocket(socket: SocketPlan, types: PythonTypes): PythonSocket {
  const names = credentialArguments(socket.credentials.map(({ name }) => name));
  return {
    ...socket,
    hasAuth: socket.credentials.length > 0 || socket.isSigned,
    credentials: socket.credentials.map((credential) => ({
      ...credential,
      argument: names.get(credential.name) ?? credential.name,
    })),
    routes: socket.routes.map(({ key, description, sent, isOptional, reply, isCorrelated }) => {
      const base = classOf(key);
      return {
        key,
        description,
        sent,
        message: sent && types.use(sent, `${base}Message`),
        reply: reply && types.use(reply, `${base}Reply`),
        isCorrelated,
        isOptional,
      };
    }),
    events: socket.events.map(({ name, type, description }) => ({
      name,
      description,
      data: types.use(type, `${classOf(name)}Event`),
    })),
  };
}

/** `$default` → `Default`. */
function classOf(key: string): string {
  return pythonClass(upperFirst(key.replace(/^\$/, "")));
}
