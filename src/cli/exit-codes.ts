/** Exit codes of every command (design.md section 8). */
export const exitCode = {
  ok: 0,
  /** The file has mistakes, or `--check` found differences. */
  diagnostics: 1,
  /** Unknown flag, missing file, unwritable folder. */
  usage: 2,
  /** A mistake of ours. */
  bug: 70,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** A problem outside the file: told in one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
