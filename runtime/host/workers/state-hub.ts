import { randomBytes } from "node:crypto";
import { MemoryAnswers } from "../../state/answers/memory-answers.js";
import type { EmbeddedState } from "../../state/embedded-state.js";
import { type FromHub, type HubAnswer, isWrapped, type ToHub, type Wrapped } from "./messages.js";
import { sendToWorker } from "./send-to-worker.js";

/** A serving process as the hub needs it; `cluster.Worker` and `ChildProcess` are such. */
export interface HubWorker {
  send(message: Wrapped<FromHub>, callback: (error: Error | null) => void): unknown;
  isConnected(): boolean;
  on(event: "message", listener: (message: unknown) => void): unknown;
  once(event: "exit" | "disconnect", listener: () => void): unknown;
}

/** How soon keys that have changed on the disk are told to the serving processes, ms. */
const keysMs = 250;

/** Keeps the state in the primary process and carries out what the serving processes ask of it. */
export class StateHub {
  readonly #workers = new Map<HubWorker, string>();
  /** Connection → the process that holds it. */
  readonly #connections = new Map<string, HubWorker>();
  /** Answers of caches; sealed ones by a key that the serving processes have and nobody else. */
  readonly #answers = new MemoryAnswers();
  readonly #sealKey = randomBytes(32).toString("base64");
  readonly #timer: NodeJS.Timeout;
  #state: EmbeddedState | undefined = undefined;
  #keyVersion = 0;

  /** @param open  called when a process first asks for the state: those that share it in another way never do */
  constructor(private readonly open: () => EmbeddedState) {
    this.#timer = setInterval(() => this.#tellKeys(), keysMs).unref();
  }

  get state(): EmbeddedState {
    this.#state ??= this.open();
    return this.#state;
  }

  attach(worker: HubWorker): void {
    worker.on("message", (message) => {
      if (isWrapped(message)) void this.#onMessage(worker, message.gatewayState as ToHub);
    });
    const forget = () => this.#forget(worker);
    worker.once("exit", forget);
    worker.once("disconnect", forget);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#state?.close();
  }

  async #onMessage(worker: HubWorker, message: ToHub): Promise<void> {
    switch (message.kind) {
      case "hello":
        this.#workers.set(worker, message.nodeId);
        tell(worker, { kind: "seal", key: this.#sealKey });
        tell(worker, { kind: "keys", keys: this.state.keys.all() });
        break;
      case "publish":
        for (const other of this.#workers.keys()) {
          tell(other, { kind: "published", topic: message.topic, bytes: message.bytes });
        }
        break;
      case "connected":
        this.#connections.set(message.connection, worker);
        break;
      case "gone":
        if (this.#connections.get(message.connection) === worker) this.#connections.delete(message.connection);
        break;
      default:
        await this.#answer(worker, message);
    }
  }

  async #answer(worker: HubWorker, message: Extract<ToHub, { readonly id: number }>): Promise<void> {
    const { id } = message;
    try {
      tell(worker, { kind: "answer", id, value: await this.#carryOut(message) });
    } catch (error) {
      tell(worker, { kind: "refused", id, problem: error instanceof Error ? error.message : String(error) });
    }
  }

  async #carryOut(message: Extract<ToHub, { readonly id: number }>): Promise<HubAnswer> {
    switch (message.kind) {
      case "exchange":
        return this.state.exchange(message.batch);
      case "usage":
        return this.state.readUsage(message.range);
      case "find": {
        const holder = this.#connections.get(message.connection);
        return (holder && this.#workers.get(holder)) ?? null;
      }
      case "put":
        await this.state.keys.put(message.key);
        this.#tellKeys();
        return true;
      case "remove":
        await this.state.keys.remove(message.keyId);
        this.#tellKeys();
        return true;
      case "look": {
        const { found, ...look } = await this.#answers.look(message.shelf, message.key, message.generation);
        return { ...look, found: found && { bytes: found.bytes.toString("base64"), leftMs: found.leftMs } };
      }
      case "shelve":
        return this.#answers.put(message.shelf, message.key, {
          ...message,
          bytes: Buffer.from(message.bytes, "base64"),
        });
      case "drop":
        await this.#answers.drop(message.shelf, message.key, message.ticket);
        return true;
      case "flush":
        return this.#answers.flush(message.shelf);
      case "send": {
        const [to] = [...this.#workers].find(([, nodeId]) => nodeId === message.to) ?? [];
        if (to === undefined || !to.isConnected()) return false;
        tell(to, { kind: "sent", bytes: message.bytes });
        return true;
      }
    }
  }

  #tellKeys(): void {
    if (this.#state === undefined || this.#keyVersion === this.state.keys.version) return;
    this.#keyVersion = this.state.keys.version;
    for (const worker of this.#workers.keys()) tell(worker, { kind: "keys", keys: this.state.keys.all() });
  }

  #forget(worker: HubWorker): void {
    this.#workers.delete(worker);
    for (const [connection, holder] of this.#connections) {
      if (holder === worker) this.#connections.delete(connection);
    }
  }
}

function tell(worker: HubWorker, message: FromHub): void {
  sendToWorker(worker, { gatewayState: message });
}
