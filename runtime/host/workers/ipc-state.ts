import { randomBytes } from "node:crypto";
import type { Clock } from "../../clock.js";
import type { Logger } from "../../observe/logger.js";
import type { AnswerBackend } from "../../state/answers/answer-store.js";
import { BoundedAnswers } from "../../state/answers/bounded-answers.js";
import { KeyMap } from "../../state/key-map.js";
import type { LeaseReply } from "../../state/leased/lease-store.js";
import { LeasedState } from "../../state/leased/leased-state.js";
import { within } from "../../state/local-messages.js";
import { RemoteMessages } from "../../state/shared/remote-messages.js";
import type { KeyStore, Registry, State, UsageDay } from "../../state/state.js";
import { type FromHub, type HubAnswer, type HubLook, isWrapped, type ToHub, type Wrapped } from "./messages.js";

/** The channel to the primary process; `process` is one in a process that was forked. */
export interface HubChannel {
  send(message: Wrapped<ToHub>): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** The primary process only keeps the state: an answer of so long ago is late, and one that does not come is stuck, ms. */
const lateMs = 1000;
const timeoutMs = 3000;
const readyMs = 2000;
/** A request whose answer may be kept by the primary process waits no longer for it, ms. */
const answerTimeoutMs = 40;
const retryMs = 250;

/** State of a serving process, kept by the primary process of the machine. */
export function ipcState(channel: HubChannel, clock: Clock, logger: Logger): State {
  const nodeId = randomBytes(9).toString("base64url");
  const keyMap = new KeyMap();
  const hub = new HubClient(channel);
  const messages = new RemoteMessages(nodeId, {
    broadcast: (topic, message) => hub.tell({ kind: "publish", topic, bytes: message.toString("base64") }),
    send: async (to, message) => (await hub.ask({ kind: "send", to, bytes: message.toString("base64") })) === true,
    listen: () => undefined,
  });
  let sealKey: Buffer | undefined;
  const firstKeys = new Promise<void>((resolve) => {
    hub.listen((message) => {
      if (message.kind === "published") messages.onBroadcast(message.topic, Buffer.from(message.bytes, "base64"));
      else if (message.kind === "sent") messages.onDirect(Buffer.from(message.bytes, "base64"));
      else if (message.kind === "seal") sealKey = Buffer.from(message.key, "base64");
      else if (message.kind === "keys") {
        keyMap.replace(new Map(message.keys.map((key) => [key.id, key])));
        resolve();
      }
    });
  });
  hub.tell({ kind: "hello", nodeId });
  return new LeasedState({
    store: { exchange: async (batch) => (await hub.ask({ kind: "exchange", batch })) as LeaseReply },
    clock,
    onFailure: "local",
    lateMs,
    timeoutMs,
    retryMs,
    onUp: () => logger.write({ level: "info", message: "limits are shared by all processes again" }),
    onDown: (detail) =>
      logger.write({ level: "error", message: "the primary process is away: limits are kept alone", detail }),
    parts: {
      keys: keysOf(keyMap, hub),
      messages,
      registry: registryOf(nodeId, hub),
      answers: new BoundedAnswers(answersOf(hub), { timeoutMs: answerTimeoutMs, retryMs, sealKey: () => sealKey }),
      readUsage: async (range) => (await hub.ask({ kind: "usage", range })) as readonly UsageDay[],
      ready: async () => void (await within(readyMs, firstKeys)),
      close: async () => undefined,
    },
  });
}

function keysOf(map: KeyMap, hub: HubClient): KeyStore {
  return {
    get version() {
      return map.version;
    },
    all: () => map.all(),
    put: async (key) => void (await hub.ask({ kind: "put", key })),
    remove: async (keyId) => void (await hub.ask({ kind: "remove", keyId })),
  };
}

function answersOf(hub: HubClient): AnswerBackend {
  return {
    look: async (shelf, key, generation) => {
      const { found, ...look } = (await hub.ask({ kind: "look", shelf, key, generation })) as HubLook;
      return { ...look, found: found && { bytes: Buffer.from(found.bytes, "base64"), leftMs: found.leftMs } };
    },
    put: async (shelf, key, { bytes, ...rest }) =>
      (await hub.ask({ kind: "shelve", shelf, key, bytes: bytes.toString("base64"), ...rest })) === true,
    drop: async (shelf, key, ticket) => void (await hub.ask({ kind: "drop", shelf, key, ticket })),
    flush: async (shelf) => (await hub.ask({ kind: "flush", shelf })) as string,
  };
}

function registryOf(nodeId: string, hub: HubClient): Registry {
  const own = new Set<string>();
  return {
    nodeId,
    add: async (connection) => {
      own.add(connection);
      hub.tell({ kind: "connected", connection });
    },
    remove: async (connection) => {
      own.delete(connection);
      hub.tell({ kind: "gone", connection });
    },
    find: async (connection) => {
      if (own.has(connection)) return nodeId;
      const found = await hub.ask({ kind: "find", connection });
      return typeof found === "string" ? found : undefined;
    },
  };
}

type WithoutId<Message> = Message extends { readonly id: number } ? Omit<Message, "id"> : never;

/** Questions to the hub and its answers, matched by number. */
class HubClient {
  readonly #pending = new Map<
    number,
    { readonly resolve: (value: HubAnswer) => void; readonly reject: (error: Error) => void }
  >();
  #lastId = 0;

  constructor(private readonly channel: HubChannel) {}

  tell(message: Extract<ToHub, { readonly kind: "hello" | "publish" | "connected" | "gone" }>): void {
    this.channel.send({ gatewayState: message });
  }

  ask(question: WithoutId<ToHub>): Promise<HubAnswer> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.channel.send({ gatewayState: { ...question, id } as ToHub });
    });
  }

  listen(listener: (message: FromHub) => void): void {
    this.channel.onMessage((message) => {
      if (!isWrapped(message)) return;
      const told = message.gatewayState as FromHub;
      if (told.kind !== "answer" && told.kind !== "refused") return listener(told);
      const waiting = this.#pending.get(told.id);
      this.#pending.delete(told.id);
      if (told.kind === "answer") waiting?.resolve(told.value);
      else waiting?.reject(new Error(told.problem));
    });
  }
}
