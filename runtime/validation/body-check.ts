/** Validators of a request body by media type, compiled from the route's models at build time. */
export interface BodyCheck {
  readonly byMediaType: ReadonlyMap<string, Validate>;
}

/** Validators of answers by status, and whether one that is wrong is answered by 500 instead of being logged. */
export interface ResponseCheck {
  readonly fails: boolean;
  readonly byStatus: ReadonlyMap<number, Validate>;
  /** Of further media types that are JSON too, by status and media type: `200 application/hal+json`. */
  readonly byMediaType?: ReadonlyMap<string, Validate>;
}

/** Undefined when the value is valid; otherwise the errors for `$context.error.validationErrorString`. */
export type Validate = (value: unknown) => string | undefined;

/** A validator of a recursive model may run out of stack at a value that is nested as deep as we allow. */
export function errorsOf(validate: Validate, value: unknown): string | undefined {
  try {
    return validate(value);
  } catch (error) {
    if (error instanceof RangeError) return "nested too deeply";
    throw error;
  }
}
