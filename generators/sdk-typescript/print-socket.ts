import { referencesOf } from "../../src/model/type-questions.js";
import { noDocs, type Type } from "../../src/model/types.js";
import { printPlanned, propertyName, stringLiteral } from "../emit/code-literal.js";
import { docComment } from "../emit/doc-comment.js";
import { freeName } from "../emit/names.js";
import { typeText } from "../emit/type-text.js";
import { credentialUses } from "../sdk-shared/plan.js";
import type { SocketPlan, SocketRoutePlan } from "../sdk-shared/socket.js";
import { wrappedNames } from "./import-names.js";
import { messageShapes, socketShapes } from "./integers.js";
import type { SdkPlan } from "./plan.js";
import { placeOf } from "./plan-operation.js";
import { wireType } from "./wire-types.js";

/** `socket.js`: what the runtime has to know of this API. */
export function printSocket(plan: SocketPlan, { integers, settings }: Pick<SdkPlan, "integers" | "settings">): string {
  const areTexts = settings.typescript.int64 === "string";
  const shapes = integers && socketShapes(plan, integers);
  const messages = integers && areTexts ? messageShapes(plan, integers) : {};
  const words = shapes ? printPlanned({ ...shapes, messages }) : "";
  const constants = (integers?.constants ?? []).map(({ name }) => name).filter((name) => words.includes(` => ${name}`));
  const urls = plan.urls.map(({ stage, url }) => `    ${propertyName(stage)}: ${stringLiteral(url)},\n`);
  const correlated = plan.routes.filter(({ isCorrelated }) => isCorrelated).map(({ key }) => key);
  const auth = plan.credentials.map((credential) => [credential.name, placeOf(credential), credential.key]);
  const imports = [
    ...(constants.length > 0 ? [`import {${wrappedNames(constants)}} from "./integers.js";\n`] : []),
    ...(shapes ? [`import { parseExact${areTexts ? "" : ", writeExact"} } from "./runtime/exact-json.js";\n`] : []),
    ...(shapes ? [`import { integersAt${areTexts ? ", messagesBy" : ""} } from "./runtime/integers.js";\n`] : []),
  ];
  return `${imports.join("")}import { openSocket as opened } from "./runtime/socket.js";
import { frames as framed } from "./runtime/socket-frames.js";
import { wholeSocket } from "./runtime/whole-socket.js";

export { SocketError } from "./runtime/socket.js";
export { events } from "./runtime/socket-events.js";
export { request } from "./runtime/socket-request.js";
export { rollOver } from "./runtime/socket-roll-over.js";

const api = {
  stage: ${stringLiteral(plan.urls[0]?.stage ?? "")},
  urls: {
    __proto__: null,
${urls.join("")}  },
  keyPath: ${plan.keyPath === undefined ? "undefined" : printPlanned(plan.keyPath)},
  correlated: ${printPlanned(correlated)},
  heartbeat: ${stringLiteral(plan.heartbeat)},
  strays: ${plan.isHeartbeatRefused ? 1 : 0},
${auth.length > 0 ? `  auth: ${printPlanned(auth)},\n` : ""}${shapes ? `  json: { parse: parseExact, stringify: ${areTexts ? `/* @__PURE__ */ messagesBy(${printPlanned(messages, "  ")})` : "writeExact"} },\n  read: /* @__PURE__ */ integersAt(${printPlanned(shapes, "  ")}),\n` : ""}};

export function connect(options) {
  return wholeSocket(api, options, frames);
}

export function frames(socket) {
  framed(socket, ${plan.messageBytes}, ${plan.frameBytes});
}

export function openSocket(options) {
  return opened(api, options);
}
`;
}

/** The part of `socket.d.ts` that depends on the gateway. */
export function printSocketTypes(socket: SocketPlan, { models, modelName, settings }: SdkPlan): string {
  const used = new Set<string>();
  const locals = localNames(models.map(({ name }) => name));
  const nameOf = (model: string) => locals.get(modelName(model)) ?? modelName(model);
  const text = (type: Type, indent: string) => {
    for (const model of referencesOf(type)) used.add(model);
    return typeText(wireType(type), { nameOf, int64: settings.typescript.int64 }, indent);
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

/** Arguments behind the route: a message of which nothing is required may be left out. */
type MessageArguments<M, Options extends readonly unknown[]> = undefined extends M
  ? [message?: M, ...options: Options]
  : [message: M, ...options: Options];

/** Routes that reply. */
export type ReplyingRoute = {
  [K in keyof SocketRoutes]: SocketRoutes[K] extends { readonly reply: unknown } ? K : never;
}[keyof SocketRoutes];

type ReplyOf<K extends ReplyingRoute> = SocketRoutes[K] extends { readonly reply: infer R } ? R : never;

export interface BasicSocketOptions extends CommonSocketOptions {
  /** Address of the WebSocket API with its stage; without it, \`stage\` decides. */
  readonly url?: string | undefined;
  readonly stage?: ${stages === "" ? "never" : stages} | undefined;
${authText(socket)}  /** Subscribes again after a loss, before messages that have been waiting are sent. */
  readonly onReopen?: ((socket: BasicSocket) => void | Promise<void>) | undefined;
}

export interface SocketOptions extends Omit<BasicSocketOptions, "onReopen"> {
  /** Subscribes again after a loss or a roll-over, before messages that have been waiting are sent. */
  readonly onReopen?: ((socket: Socket) => void | Promise<void>) | undefined;
  /** Age at which another connection takes over, below the gateway's two hours; default 110 minutes, 0: never. */
  readonly rollOverMs?: number | undefined;
}

/** A connection that opens itself again, with what every program needs of it. Messages that cannot be sent at once wait, up to a limit. */
export interface BasicSocket {
  readonly state: "connecting" | "open" | "closed";
  /** Until the first handshake is done. Rejects with a \`SocketError\` when no attempt is left. */
  readonly ready: Promise<void>;
  /** Sends a message; it waits where there is no connection. @throws SocketError */
  send<K extends keyof SocketRoutes>(route: K, ...message: MessageArguments<SocketRoutes[K]["message"], []>): void;
  /** Sends a message and waits for the reply. Rejects with a \`SocketError\`. */
  request<K extends ReplyingRoute>(
    route: K,
    ...message: MessageArguments<SocketRoutes[K]["message"], [options?: RequestSocketOptions]>
  ): Promise<ReplyOf<K>>;
  /** Listens to an event of the server. @returns ends it */
  on<K extends keyof SocketEvents>(event: K, listener: (data: SocketEvents[K]) => void): () => void;
  /** Listens to the life of the connection. @returns ends it */
  watch<K extends keyof SocketLife>(what: K, listener: (value: SocketLife[K]) => void): () => void;
  close(code?: number, reason?: string): void;
}

/** A connection that opens itself again, takes over from itself before it is too old, and knows the sizes that the gateway takes. */
export interface Socket extends BasicSocket {
  /**
   * Events one by one, until the connection is closed for good. Throws a \`SocketError\` when more than \`limit\` (default
   * 10,000) wait to be read.
   */
  events<K extends keyof SocketEvents>(
    event: K,
    options?: { readonly signal?: AbortSignal | undefined; readonly limit?: number | undefined },
  ): AsyncGenerator<SocketEvents[K], void, undefined>;
}

${comment(socket.description, "")}export declare function connect(options?: SocketOptions): Socket;

/**
 * \`connect\` with less in it, for small bundles: without roll-over, walks through events, and sizes, which are asked for by the functions
 * below. A message of more than one frame (${socket.frameBytes / 1024} KB) ends the connection with the meaning \`too-big\`, unless \`frames\` was called.
 */
export declare function openSocket(options?: BasicSocketOptions): BasicSocket;

/** \`socket.request\` as a function. */
export declare function request<K extends ReplyingRoute>(
  socket: BasicSocket,
  route: K,
  ...message: MessageArguments<SocketRoutes[K]["message"], [options?: RequestSocketOptions]>
): Promise<ReplyOf<K>>;

/** Events one by one, as \`Socket.events\`. */
export declare function events<K extends keyof SocketEvents>(
  socket: BasicSocket,
  event: K,
  options?: { readonly signal?: AbortSignal | undefined; readonly limit?: number | undefined },
): AsyncGenerator<SocketEvents[K], void, undefined>;

/** Lets another connection take over at this age (default 110 minutes), before the gateway's two hours are over. */
export declare function rollOver(socket: BasicSocket, afterMs?: number): void;

/**
 * Refuses what is too large for the gateway before it is sent (\`too-large\`), and sends messages that are larger than one frame in several,
 * where the constructor is that of the package \`ws\`.
 */
export declare function frames(socket: BasicSocket): void;
`;
  const imports = importText([...used].map(modelName).sort(), locals);
  return `${imports}${body.trimStart()}`;
}

/** A model that has the name of something in this file gets another one here. */
function localNames(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set([...ownNames, ...names]);
  return new Map(
    names
      .filter((name) => ownNames.has(name))
      .map((name) => {
        const free = freeName(name, "Model", (candidate) => taken.has(candidate));
        taken.add(free);
        return [name, free];
      }),
  );
}

const ownNames: ReadonlySet<string> = new Set(
  (
    "BasicSocket BasicSocketOptions CloseMeaning CommonSocketOptions MessageArguments ReplyOf ReplyingRoute RequestSocketOptions Socket SocketConstructor " +
    "SocketCredential SocketCredentials SocketError SocketEvents SocketLife SocketLike SocketOptions SocketRoutes connect " +
    "events frames openSocket request rollOver AsyncGenerator Omit"
  ).split(" "),
);

function importText(names: readonly string[], locals: ReadonlyMap<string, string>): string {
  if (names.length === 0) return "";
  const list = names.map((name) => (locals.has(name) ? `${name} as ${locals.get(name)}` : name));
  return `import type { ${list.join(", ")} } from "./models.js";\n\n`;
}

/** Only what $connect asks for. */
function authText({ credentials, isSigned }: SocketPlan): string {
  if (credentials.length === 0 && !isSigned) return "";
  const members = credentialUses([{ credentials }]).map(({ name, uses }) => {
    const where = uses.map(({ place, key }) =>
      place === "query" ? `the query parameter \`${key}\`` : `the header \`${key}\`, which browsers cannot send`,
    );
    return `${comment(`Sent in ${where.join(", and in ")}.`, "    ")}    readonly ${propertyName(name)}?: SocketCredential | undefined;\n`;
  });
  const iam = isSigned
    ? `    /** The address with a signature in its query: \`sigv4Url({ region, credentials })\`, or a signer of your own. */
    readonly iam?: ((url: URL) => URL | string | Promise<URL | string>) | undefined;\n`
    : "";
  return `  /** What $connect asks for. */\n  readonly auth?: {\n${members.join("")}${iam}  } | undefined;\n`;
}

function routeText(route: SocketRoutePlan, text: TextOf): string {
  const { key, description, message, keyMember, sent, isOptional, reply } = route;
  const own = message === undefined ? "unknown" : text(message, "    ");
  // A model keeps its name; what has none is written without the member.
  const left =
    message?.kind === "reference" && keyMember !== undefined && sent !== message
      ? `Omit<${own}, ${stringLiteral(keyMember)}>`
      : sent === undefined
        ? own
        : text(sent, "    ");
  const replies = reply === undefined ? "" : `    readonly reply: ${text(reply, "    ")};\n`;
  return `${comment(description)}  readonly ${propertyName(key)}: {\n    readonly message: ${left}${isOptional && message ? " | undefined" : ""};\n${replies}  };\n`;
}

type TextOf = (type: Type, indent: string) => string;

function comment(description: string | undefined, indent = "  "): string {
  return description === undefined ? "" : docComment({ docs: { ...noDocs, description }, tags: [] }, indent);
}
