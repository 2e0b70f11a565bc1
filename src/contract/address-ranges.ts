import { isInBlock, parseBlock } from "../../runtime/auth/policy/addresses.js";

/** Addresses and blocks of the first list that none of the second contains as a whole. */
export function outsideOf(blocks: readonly string[], others: readonly string[]): readonly string[] {
  return blocks.filter((block) => !others.some((other) => isInside(block, other)));
}

/** Whether a block lies in another one. What is no address lies in its like only. */
export function isInside(block: string, other: string): boolean {
  const [inner, outer] = [parseBlock(block), parseBlock(other)];
  if (inner === undefined || outer === undefined) return block === other;
  return outer.bits <= inner.bits && isInBlock(inner.words, outer);
}
