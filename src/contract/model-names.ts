import type { Changes } from "./change.js";

/** Names of models of one contract that the other has not. */
interface Names {
  readonly older: readonly string[];
  readonly newer: readonly string[];
}

interface Questions {
  /** How much two models are like each other; undefined: not enough to be one under two names. */
  readonly likeness: (older: string, newer: string) => "same" | "alike" | undefined;
  /** The same for all models that are the same. */
  readonly outline: (side: keyof Names, model: string) => string;
}

/**
 * Names of models of two contracts. They never travel, but programs that use a generated package have them: a model that is called
 * otherwise is told as that, once, and its members are compared as those of one model.
 */
export class ModelNames {
  readonly #gone: ReadonlySet<string>;
  readonly #new: ReadonlySet<string>;
  readonly #renamed = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(
    { older, newer }: Names,
    private readonly questions: Questions,
  ) {
    const [before, now] = [new Set(older), new Set(newer)];
    this.#gone = new Set(older.filter((name) => !now.has(name)));
    this.#new = new Set(newer.filter((name) => !before.has(name)));
  }

  /** Whether two models that stand at the same place are one, under another name. The first place that says so decides. */
  isRenamed(model: string, other: string): boolean {
    if (this.#renamed.get(model) === other) return true;
    if (!this.#isFree(model, other) || this.questions.likeness(model, other) === undefined) return false;
    this.#rename(model, other);
    return true;
  }

  tell(changes: Changes): void {
    this.#pairTheRest();
    for (const model of this.#gone) {
      const now = this.#renamed.get(model);
      const where = `model ${now ?? model}`;
      if (now === undefined) changes.add("breaking", "model-removed", where, "", "is no type of SDKs any more");
      else changes.add("breaking", "model-renamed", where, "", `is called ${now} in SDKs now (was ${model})`);
    }
  }

  /** Models that no place has told of are one where exactly one on each side has their type. */
  #pairTheRest(): void {
    const { likeness, outline } = this.questions;
    const outlines = new Map<string, string[]>();
    for (const other of this.#new) {
      if (this.#taken.has(other)) continue;
      const key = outline("newer", other);
      outlines.set(key, [...(outlines.get(key) ?? []), other]);
    }
    const rivals = new Map<string, string[]>();
    for (const model of this.#gone) {
      if (this.#renamed.has(model)) continue;
      const same = (outlines.get(outline("older", model)) ?? []).filter((other) => likeness(model, other) === "same");
      const [only] = same;
      if (only !== undefined && same.length === 1) rivals.set(only, [...(rivals.get(only) ?? []), model]);
    }
    for (const [other, [model, ...more]] of rivals)
      if (model !== undefined && more.length === 0) this.#rename(model, other);
  }

  #isFree(model: string, other: string): boolean {
    return this.#gone.has(model) && this.#new.has(other) && !this.#renamed.has(model) && !this.#taken.has(other);
  }

  #rename(model: string, other: string): void {
    this.#renamed.set(model, other);
    this.#taken.add(other);
  }
}
