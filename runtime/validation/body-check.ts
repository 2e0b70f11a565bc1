/** Validators of a request body by media type, compiled from the route's models at build time. */
export interface BodyCheck {
  readonly byMediaType: ReadonlyMap<string, Validate>;
}

/** Undefined when the value is valid; otherwise the errors for `$context.error.validationErrorString`. */
export type Validate = (value: unknown) => string | undefined;
