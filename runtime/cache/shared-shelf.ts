import { createHash } from "node:crypto";
import type { AnswerStore, PutAnswer } from "../state/answers/answer-store.js";
import { answerPieces, type Kept, parseAnswer } from "./answer-bytes.js";
import { Sealer } from "./sealed.js";

export interface ShelfLook {
  /** For answers that are asked for from now on. */
  readonly ticket: string;
  readonly found: { readonly kept: Kept; readonly leftMs: number } | undefined;
  /** What stands there is no answer, or was sealed by another secret. */
  readonly isUnreadable: boolean;
}

/**
 * The second tier of one stage's cache: what this process has not got, another may have. Keys are hashed, so that each is
 * small and tells nothing; what is sealed opens under its own key alone.
 */
export class SharedShelf {
  #generation = "";
  #sealer: Sealer | undefined = undefined;

  constructor(
    private readonly answers: AnswerStore,
    private readonly name: string,
    private readonly isSealed: boolean,
    /** The shelf was emptied by another process. */
    private readonly onFlushed: () => void,
  ) {}

  /** Undefined: the store is away, or answers of this stage are not shared. */
  async look(key: string): Promise<ShelfLook | undefined> {
    if (this.isSealed && this.answers.sealKey === undefined) return undefined;
    const look = await this.answers.look(this.name, digest(key), this.#generation);
    if (look === undefined) return undefined;
    this.#adopt(look.generation);
    const kept = look.found && this.#open(look.found.bytes, key);
    return {
      ticket: look.ticket,
      found: kept && look.found && { kept, leftMs: look.found.leftMs },
      isUnreadable: look.found !== undefined && kept === undefined,
    };
  }

  /** @returns false when another's answer stands there, which is as good */
  async put(key: string, kept: Kept, wish: Omit<PutAnswer, "bytes">): Promise<boolean> {
    const pieces = answerPieces(kept);
    const bytes = this.isSealed ? this.#sealing()?.seal(pieces, key) : Buffer.concat(pieces);
    return bytes === undefined || this.answers.put(this.name, digest(key), { ...wish, bytes });
  }

  drop(key: string, ticket: string): Promise<void> {
    return this.answers.drop(this.name, digest(key), ticket);
  }

  async flush(): Promise<void> {
    this.#generation = await this.answers.flush(this.name);
  }

  /** Whether it has been emptied, should the message have been lost. */
  async checkGeneration(): Promise<void> {
    const look = await this.answers.look(this.name, "", this.#generation);
    if (look !== undefined) this.#adopt(look.generation);
  }

  /** It has been flushed by another process, as this one has heard. */
  forgetGeneration(): void {
    this.#generation = "";
  }

  #adopt(generation: string): void {
    const isOther = this.#generation !== "" && this.#generation !== generation;
    this.#generation = generation;
    if (isOther) this.onFlushed();
  }

  #open(bytes: Buffer, key: string): Kept | undefined {
    if (!this.isSealed) return parseAnswer(bytes);
    try {
      const plain = this.#sealing()?.open(bytes, key);
      return plain && parseAnswer(plain);
    } catch {
      return undefined;
    }
  }

  #sealing(): Sealer | undefined {
    const secret = this.answers.sealKey;
    if (secret !== undefined) this.#sealer ??= Sealer.ofSecret(secret, this.name);
    return this.#sealer;
  }
}

function digest(key: string): string {
  return createHash("sha256").update(key, "utf8").digest("base64url");
}
