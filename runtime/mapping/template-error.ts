/**
 * A template that cannot be rendered: a Java method would have thrown, or the rendering used up its budget. The gateway
 * answers 500. The message is for the log, never for the caller.
 */
export class TemplateError extends Error {
  override readonly name = "TemplateError";

  constructor(
    readonly reason: "method" | "budget" | "parse",
    message: string,
  ) {
    super(message);
  }
}

/** A Java method threw. */
export function methodError(message: string): TemplateError {
  return new TemplateError("method", message);
}
