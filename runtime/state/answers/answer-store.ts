/**
 * Answers of caches that several processes share, as bytes that it does not look into. A shelf is the cache of one stage.
 * Nobody waits long for it, and nobody depends on it: what it cannot tell is a miss.
 */
export interface AnswerStore {
  /** What seals answers of stages that ask for encryption, 32 bytes; undefined: those are not shared. */
  readonly sealKey: Buffer | undefined;
  /**
   * What is kept under a key, 43 characters at most.
   *
   * @param generation  of the shelf, as it was last heard of here: a store that has lost its memory takes it over
   * @returns within 50 ms; undefined when the store is away
   */
  look(shelf: string, key: string, generation: string): Promise<Look | undefined>;
  /** Resolves when it is kept, or will not be. @returns false when another's answer stands there, which is as good */
  put(shelf: string, key: string, answer: PutAnswer): Promise<boolean>;
  /** Forgets an answer that was asked for before the ticket was given. Resolves when it is gone, or the store is away. */
  drop(shelf: string, key: string, ticket: string): Promise<void>;
  /** Forgets a whole shelf; repeated until the store has heard it. @returns its new generation */
  flush(shelf: string): Promise<string>;
  close(): void;
}

export interface Look {
  /** Changes with every flush. */
  readonly generation: string;
  /** When it was asked for: an answer never takes the place of one that was asked for later, nor outlives a flush. */
  readonly ticket: string;
  readonly found: FoundAnswer | undefined;
}

export interface FoundAnswer {
  readonly bytes: Buffer;
  readonly leftMs: number;
}

export interface PutAnswer {
  readonly bytes: Buffer;
  /** Of the look before the answer was asked for. */
  readonly ticket: string;
  readonly ttlMs: number;
  /** Takes the place of an answer that was asked for before; otherwise the first that is there stays. */
  readonly replaces: boolean;
  /** Of the whole shelf. */
  readonly maxBytes: number;
}

/** Where answers are kept: the primary process, or Redis. Every call fails while it is away. */
export interface AnswerBackend {
  look(shelf: string, key: string, generation: string): Promise<Look>;
  put(shelf: string, key: string, answer: PutAnswer): Promise<boolean>;
  drop(shelf: string, key: string, ticket: string): Promise<void>;
  flush(shelf: string): Promise<string>;
}

/** What an answer costs beside its bytes: its key, its place. */
export const overheadBytes = 200;

/** A ticket: the shelf's generation, and a moment of the store's clock as 16 digits. */
export function ticketOf(generation: string, asked: string): string {
  return `${generation}/${asked}`;
}

export function readTicket(ticket: string): { readonly generation: string; readonly asked: string } {
  const at = ticket.indexOf("/");
  return { generation: ticket.slice(0, at), asked: ticket.slice(at + 1) };
}
