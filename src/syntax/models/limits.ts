/** Bounds that keep any input from hanging the compiler or running out of stack; each has a diagnostic. */
export const limits = {
  /** Characters of the model block. */
  blockLength: 4_000_000,
  /** Characters of one type expression. */
  expressionLength: 50_000,
  declarations: 10_000,
  /** Nesting of types, of generic instantiations in each other, and of `extends`. */
  depth: 100,
  /** Nesting of brackets in the text, looked at before TypeScript's own (recursive) parser. */
  brackets: 200,
  instantiations: 10_000,
  /** Parts of one model or expression, written out. */
  typeSize: 10_000,
  /** Parts of all models and expressions together: what the outputs have to carry. */
  totalSize: 1_000_000,
} as const;
