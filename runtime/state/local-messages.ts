import type { Messages } from "./state.js";

/** Messages within one process. Listeners run after the publisher has gone on, as they would on another node. */
export class LocalMessages implements Messages {
  readonly #listeners = new Map<string, Set<(message: Buffer) => void>>();
  readonly #answerers = new Map<string, (question: Buffer) => Promise<Buffer>>();

  constructor(private readonly nodeId: string) {}

  publish(topic: string, message: Buffer): void {
    setImmediate(() => this.deliver(topic, message));
  }

  /** What another process has published. */
  deliver(topic: string, message: Buffer): void {
    for (const listener of this.#listeners.get(topic) ?? []) listener(message);
  }

  subscribe(topic: string, listener: (message: Buffer) => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  async ask(nodeId: string, topic: string, question: Buffer, timeoutMs: number): Promise<Buffer | undefined> {
    if (nodeId !== this.nodeId) return undefined;
    return within(timeoutMs, this.reply(topic, question));
  }

  /** Answer of this process; undefined when nobody answers on the topic, or the answerer fails. */
  async reply(topic: string, question: Buffer): Promise<Buffer | undefined> {
    try {
      return await this.#answerers.get(topic)?.(question);
    } catch {
      return undefined;
    }
  }

  answer(topic: string, answerer: (question: Buffer) => Promise<Buffer>): () => void {
    this.#answerers.set(topic, answerer);
    return () => {
      if (this.#answerers.get(topic) === answerer) this.#answerers.delete(topic);
    };
  }
}

/** What a promise yields, or undefined when it takes longer. */
export function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), timeoutMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
