import { referencesOf } from "../../src/model/type-questions.js";
import { noDocs, type Type } from "../../src/model/types.js";
import { printPlanned, propertyName, stringLiteral } from "../emit/code-literal.js";
import { docComment } from "../emit/doc-comment.js";
import { typeText } from "../emit/type-text.js";
import type { SocketPlan, SocketRoutePlan } from "../sdk-shared/socket.js";
import type { SdkPlan } from "./plan.js";
import { wireType } from "./wire-types.js";

/** `socket.js`: what the runtime has to know of this API. */
export function printSocket(plan: SocketPlan): string {
  const urls = plan.urls.map(({ stage, url }) => `    ${propertyName(stage)}: ${stringLiteral(url)},\n`);
  const correlated = plan.routes.filter(({ isCorrelated }) => isCorrelated).map(({ key }) => key);
  return `import { openSocket } from "./runtime/socket.js";

export { SocketError } from "./runtime/socket.js";

const api = {
  stage: ${stringLiteral(plan.urls[0]?.stage ?? "")},
  urls: {
    __proto__: null,
${urls.join("")}  },
  keyPath: ${plan.keyPath === undefined ? "undefined" : printPlanned(plan.keyPath)},
  correlated: ${printPlanned(correlated)},
  messageBytes: ${plan.messageBytes},
  frameBytes: ${plan.frameBytes},
  heartbeat: ${stringLiteral(plan.heartbeat)},
};

export function connect(options) {
  return openSocket(api, options);
}
`;
}

/** The part of `socket.d.ts` that depends on the gateway. */
export function printSocketTypes(socket: SocketPlan, { modelName }: SdkPlan): string {
  const used = new Set<string>();
  const text = (type: Type, indent: string) => {
    for (const model of referencesOf(type)) used.add(modelName(model));
    return typeText(wireType(type), { nameOf: modelName }, indent);
  };
  const routes = socket.routes.map((route) => routeText(route, text)).join("");
  const events = socket.events.map(
    ({ name, type, description }) => `${comment(description)}  ${propertyName(name)}: ${text(type, "  ")};\n`,
  );
  const stages = socket.urls.map(({ stage }) => stringLiteral(stage)).join(" | ");
  const body = `
/** Messages by route, and replies of routes that reply. */
export interface SocketRoutes {
${routes}}

/** What the server sends on its own. */
export interface SocketEvents {
${events.join("")}}

/** Routes that reply. */
export type ReplyingRoute = {
  [K in keyof SocketRoutes]: SocketRoutes[K] extends { readonly reply: unknown } ? K : never;
}[keyof SocketRoutes];

type ReplyOf<K extends ReplyingRoute> = SocketRoutes[K] extends { readonly reply: infer R } ? R : never;

export interface SocketOptions extends CommonSocketOptions {
  /** Address of the WebSocket API with its stage; without it, \`stage\` decides. */
  readonly url?: string | undefined;
  readonly stage?: ${stages === "" ? "never" : stages} | undefined;
  /** Subscribes again after a loss, before messages that have been waiting are sent. */
  readonly onReopen?: ((socket: Socket) => void | Promise<void>) | undefined;
}

/** A connection that opens itself again. */
export interface Socket {
  readonly state: "connecting" | "open" | "closed";
  /** Until the first handshake is done. Rejects with a \`SocketError\` when no attempt is left. */
  readonly ready: Promise<void>;
  /** Sends a message; it waits where there is no connection. @throws SocketError */
  send<K extends keyof SocketRoutes>(route: K, message: SocketRoutes[K]["message"]): void;
  /** Sends a message and waits for the reply. Rejects with a \`SocketError\`. */
  request<K extends ReplyingRoute>(
    route: K,
    message: SocketRoutes[K]["message"],
    options?: RequestSocketOptions,
  ): Promise<ReplyOf<K>>;
  /** Listens to an event of the server. @returns ends it */
  on<K extends keyof SocketEvents>(event: K, listener: (data: SocketEvents[K]) => void): () => void;
  /** Events one by one, until the connection is closed for good. */
  events<K extends keyof SocketEvents>(
    event: K,
    options?: { readonly signal?: AbortSignal | undefined },
  ): AsyncGenerator<SocketEvents[K], void, undefined>;
  /** Listens to the life of the connection. @returns ends it */
  watch<K extends keyof SocketLife>(what: K, listener: (value: SocketLife[K]) => void): () => void;
  close(code?: number, reason?: string): void;
}

${comment(socket.description, "")}export declare function connect(options?: SocketOptions): Socket;
`;
  const names = [...used].sort();
  const imports = names.length === 0 ? "" : `import type { ${names.join(", ")} } from "./models.js";\n\n`;
  return `${imports}${body.trimStart()}`;
}

function routeText({ key, description, message, keyMember, reply }: SocketRoutePlan, text: TextOf): string {
  const own = message === undefined ? "unknown" : text(message, "    ");
  const left = message !== undefined && keyMember !== undefined ? `Omit<${own}, ${stringLiteral(keyMember)}>` : own;
  const replies = reply === undefined ? "" : `    readonly reply: ${text(reply, "    ")};\n`;
  return `${comment(description)}  readonly ${propertyName(key)}: {\n    readonly message: ${left};\n${replies}  };\n`;
}

type TextOf = (type: Type, indent: string) => string;

function comment(description: string | undefined, indent = "  "): string {
  return description === undefined ? "" : docComment({ docs: { ...noDocs, description }, tags: [] }, indent);
}
