import type { Redis } from "ioredis";
import { type AnswerBackend, type Look, type PutAnswer, readTicket, ticketOf } from "../answers/answer-store.js";
import { dropScript, flushScript, lookScript, putScript } from "./answer-scripts.js";

type Part = string | Buffer | number;
type WithScripts = Redis & {
  answerLookBuffer(...args: Part[]): Promise<unknown>;
  answerPut(...args: Part[]): Promise<unknown>;
  answerDrop(...args: Part[]): Promise<unknown>;
  answerFlush(...args: Part[]): Promise<unknown>;
};

/** Longest time that an answer is kept, ms (aws-behaviour.md section 18). */
const maxTtlMs = 3_600_000;

/**
 * Answers in Redis, over a connection of their own: large ones on their way must not keep leases waiting. What Redis
 * answers is not trusted to be well formed.
 */
export class RedisAnswers implements AnswerBackend {
  readonly #redis: WithScripts;

  constructor(
    redis: Redis,
    private readonly prefix: string,
  ) {
    for (const [name, lua] of Object.entries({
      answerLook: lookScript,
      answerPut: putScript,
      answerDrop: dropScript,
      answerFlush: flushScript,
    })) {
      redis.defineCommand(name, { lua, numberOfKeys: 3 });
    }
    this.#redis = redis as WithScripts;
  }

  async look(shelf: string, key: string, known: string): Promise<Look> {
    const reply = await this.#redis.answerLookBuffer(...this.#keys(shelf), key, known);
    const [generation, asked, bytes, left] = Array.isArray(reply) ? (reply as readonly unknown[]) : [];
    if (!Buffer.isBuffer(generation) || !Buffer.isBuffer(asked)) throw new Error("Redis has answered with no answer");
    const leftMs = Number(String(left));
    const found = Buffer.isBuffer(bytes) && leftMs > 0 ? { bytes, leftMs: Math.min(leftMs, maxTtlMs) } : undefined;
    return { generation: String(generation), ticket: ticketOf(String(generation), String(asked)), found };
  }

  async put(shelf: string, key: string, answer: PutAnswer): Promise<boolean> {
    const { bytes, ticket, ttlMs, maxBytes, replaces } = answer;
    const { generation, asked } = readTicket(ticket);
    const entry = [key, generation, asked, bytes, Math.ceil(ttlMs), maxBytes, replaces ? 1 : 0];
    return (await this.#redis.answerPut(...this.#keys(shelf), ...entry)) !== 0;
  }

  async drop(shelf: string, key: string, ticket: string): Promise<void> {
    const { generation, asked } = readTicket(ticket);
    await this.#redis.answerDrop(...this.#keys(shelf), key, generation, asked);
  }

  async flush(shelf: string): Promise<string> {
    return String(await this.#redis.answerFlush(...this.#keys(shelf)));
  }

  #keys(shelf: string): readonly [string, string, string] {
    const name = `${this.prefix}cache:${shelf}`;
    return [name, `${name}:answers`, `${name}:due`];
  }
}
