/**
 * Bounds of what is read, so that no file can make the compiler hang or run out of memory. 10,000 routes with their
 * templates take a third of each.
 */
export const limits = {
  /** UTF-16 units of the whole file. */
  textLength: 16_000_000,
  /** Lexical tokens; each costs some 200 bytes until the tree stands. */
  tokens: 1_500_000,
  /** Scalars that the quick reader takes; as many have more tokens than the whole reader does. */
  quickScalars: 800_000,
  /** Maps and lists inside each other. JSON Schemas in `models` are what nests deepest. */
  depth: 100,
  /** Nodes that aliases stand for, all together: what later phases walk in addition to the text. */
  aliasedNodes: 200_000,
  /** Traps that are mended in one file, so that reading can go on. */
  traps: 2000,
  /** Mistakes of YAML that are told one by one. */
  problems: 50,
} as const;
