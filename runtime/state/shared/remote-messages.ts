import { randomBytes } from "node:crypto";
import { LocalMessages } from "../local-messages.js";
import type { Messages } from "../state.js";

/** What carries messages to other processes. */
export interface Wire {
  /** To all that listen to the topic, this process included. */
  broadcast(topic: string, message: Buffer): void;
  /** To one process. @returns false when it is not there */
  send(nodeId: string, message: Buffer): Promise<boolean>;
  /** A topic is listened to here from now on. */
  listen(topic: string): void;
}

interface Header {
  readonly kind: "ask" | "reply";
  readonly id: string;
  readonly from: string;
  readonly topic: string;
  /** Of a reply: whether somebody answered. */
  readonly isAnswered?: boolean;
}

/** Questions that wait for an answer, at most. */
const maxPending = 10_000;

/** Messages over a wire: publishing is the wire's, questions and answers are matched here. */
export class RemoteMessages implements Messages {
  readonly #local: LocalMessages;
  readonly #pending = new Map<string, (answer: Buffer | undefined) => void>();

  constructor(
    private readonly nodeId: string,
    private readonly wire: Wire,
  ) {
    this.#local = new LocalMessages(nodeId);
  }

  publish(topic: string, message: Buffer): void {
    this.wire.broadcast(topic, message);
  }

  subscribe(topic: string, listener: (message: Buffer) => void): () => void {
    this.wire.listen(topic);
    return this.#local.subscribe(topic, listener);
  }

  answer(topic: string, answerer: (question: Buffer) => Promise<Buffer>): () => void {
    return this.#local.answer(topic, answerer);
  }

  async ask(nodeId: string, topic: string, question: Buffer, timeoutMs: number): Promise<Buffer | undefined> {
    if (nodeId === this.nodeId) return this.#local.ask(nodeId, topic, question, timeoutMs);
    if (this.#pending.size >= maxPending) return undefined;
    const id = randomBytes(9).toString("base64url");
    const answer = new Promise<Buffer | undefined>((resolve) => this.#pending.set(id, resolve));
    const timer = setTimeout(() => this.#settle(id, undefined), timeoutMs);
    try {
      if (!(await this.wire.send(nodeId, framed({ kind: "ask", id, from: this.nodeId, topic }, question)))) {
        this.#settle(id, undefined);
      }
    } catch {
      this.#settle(id, undefined);
    }
    return answer.finally(() => clearTimeout(timer));
  }

  /** The wire has brought what was published on a topic. */
  onBroadcast(topic: string, message: Buffer): void {
    this.#local.deliver(topic, message);
  }

  /** The wire has brought what was sent to this process. What is no message of ours is dropped. */
  onDirect(message: Buffer): void {
    const { header, body } = parseFrame(message);
    if (header?.kind === "reply") this.#settle(header.id, header.isAnswered ? body : undefined);
    else if (header?.kind === "ask") void this.#reply(header, body);
  }

  async #reply({ id, from, topic }: Header, question: Buffer): Promise<void> {
    const answer = await this.#local.reply(topic, question);
    const header = { kind: "reply", id, from: this.nodeId, topic, isAnswered: answer !== undefined } as const;
    await this.wire.send(from, framed(header, answer ?? Buffer.alloc(0))).catch(() => false);
  }

  #settle(id: string, answer: Buffer | undefined): void {
    this.#pending.get(id)?.(answer);
    this.#pending.delete(id);
  }
}

/** A line of JSON, then the bytes. */
function framed(header: Header, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body]);
}

function parseFrame(message: Buffer): { readonly header: Header | undefined; readonly body: Buffer } {
  const end = message.indexOf(0x0a);
  const body = message.subarray(end + 1);
  try {
    const header = JSON.parse(message.toString("utf8", 0, end)) as Partial<Header> | null;
    const isOurs = [header?.id, header?.from, header?.topic].every((part) => typeof part === "string");
    return { header: isOurs ? (header as Header) : undefined, body };
  } catch {
    return { header: undefined, body };
  }
}
