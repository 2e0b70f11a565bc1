import { randomBytes } from "node:crypto";
import { type AnswerBackend, type Look, overheadBytes, type PutAnswer, readTicket, ticketOf } from "./answer-store.js";

interface Shelved {
  readonly bytes: Buffer;
  /** Reading of the monotonic clock, ms. */
  readonly expiresAt: number;
  readonly asked: string;
}

interface Shelf {
  generation: string;
  bytes: number;
  /** The oldest first. */
  readonly answers: Map<string, Shelved>;
}

/** Answers in the memory of one process, which others ask. */
export class MemoryAnswers implements AnswerBackend {
  readonly #shelves = new Map<string, Shelf>();
  #lastTicket = 0;

  constructor(private readonly monotonic: () => number = () => performance.now()) {}

  async look(shelfName: string, key: string, generation: string): Promise<Look> {
    const shelf = this.#shelf(shelfName, generation);
    const kept = shelf.answers.get(key);
    const leftMs = kept === undefined ? 0 : kept.expiresAt - this.monotonic();
    if (kept !== undefined && leftMs <= 0) remove(shelf, key);
    const asked = String(++this.#lastTicket).padStart(16, "0");
    const found = kept === undefined || leftMs <= 0 ? undefined : { bytes: kept.bytes, leftMs };
    return { generation: shelf.generation, ticket: ticketOf(shelf.generation, asked), found };
  }

  async put(shelfName: string, key: string, { bytes, ticket, ttlMs, maxBytes, replaces }: PutAnswer): Promise<boolean> {
    const shelf = this.#shelves.get(shelfName);
    const { generation, asked } = readTicket(ticket);
    const cost = bytes.length + overheadBytes;
    if (shelf?.generation !== generation || cost > maxBytes) return true;
    const kept = shelf.answers.get(key);
    const isThere = kept !== undefined && kept.expiresAt > this.monotonic();
    if (isThere && (!replaces || kept.asked > asked)) return false;
    remove(shelf, key);
    shelf.answers.set(key, { bytes, asked, expiresAt: this.monotonic() + ttlMs });
    shelf.bytes += cost;
    for (const oldest of shelf.answers.keys()) {
      if (shelf.bytes <= maxBytes) break;
      remove(shelf, oldest);
    }
    return true;
  }

  async drop(shelfName: string, key: string, ticket: string): Promise<void> {
    const shelf = this.#shelves.get(shelfName);
    const { generation, asked } = readTicket(ticket);
    const kept = shelf?.answers.get(key);
    if (shelf?.generation === generation && kept !== undefined && kept.asked <= asked) remove(shelf, key);
  }

  async flush(shelfName: string): Promise<string> {
    const generation = newGeneration();
    this.#shelves.set(shelfName, { generation, bytes: 0, answers: new Map() });
    return generation;
  }

  #shelf(name: string, generation: string): Shelf {
    let shelf = this.#shelves.get(name);
    if (shelf === undefined) {
      shelf = { generation: generation || newGeneration(), bytes: 0, answers: new Map() };
      this.#shelves.set(name, shelf);
    }
    return shelf;
  }
}

function remove(shelf: Shelf, key: string): void {
  const kept = shelf.answers.get(key);
  if (kept === undefined) return;
  shelf.answers.delete(key);
  shelf.bytes -= kept.bytes.length + overheadBytes;
}

function newGeneration(): string {
  return randomBytes(9).toString("base64url");
}
