/** Prints a part of a pattern, once it is known which numbers its groups have. */
export type Print = (numbering: Numbering) => string;

export function text(printed: string): Print {
  return () => printed;
}

/** Numbers of groups in the printed pattern, which has more of them than the one that was read. */
export class Numbering {
  #count = 0;
  readonly #ofOwn = new Map<number, number>();

  /** A group that the pattern does not have itself. */
  add(): number {
    this.#count++;
    return this.#count;
  }

  /** A group of the pattern begins. */
  open(own: number): void {
    this.#ofOwn.set(own, this.add());
  }

  of(own: number): number {
    return this.#ofOwn.get(own) ?? 0;
  }
}
