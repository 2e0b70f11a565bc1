import type { Message } from "esbuild";

/** A mistake in a handler or in something that it imports, as esbuild saw it. */
export interface BundleProblem {
  /** Relative to the project where it lies in it. */
  readonly file: string | undefined;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The mistakes that a build of esbuild ended with. @throws error itself when it is none of esbuild's */
export function problemsOf(error: unknown): readonly BundleProblem[] {
  if (!isBuildFailure(error)) throw error;
  return error.errors.map(({ text, location }) => ({
    file: location?.file,
    line: location?.line ?? 1,
    column: (location?.column ?? 0) + 1,
    message: text,
  }));
}

function isBuildFailure(error: unknown): error is { readonly errors: readonly Message[] } {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}
