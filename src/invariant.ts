/** Thrown for a mistake of ours, never for a user's; ends the command with exit code 70. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** Throws when something that must hold does not. */
export function invariant(condition: unknown, whatShouldHold: string): asserts condition {
  if (!condition) throw new InvariantError(whatShouldHold);
}

/** Default branch of a `switch` that has taken all cases. */
export function assertNever(value: never): never {
  throw new InvariantError(`no case for ${JSON.stringify(value)}`);
}
