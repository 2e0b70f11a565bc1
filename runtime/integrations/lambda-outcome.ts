import type { LambdaHandler } from "./lambda-target.js";

/** How a function ended, for who has to tell one failure from another. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string; readonly type: string };

/** A handler that does not fail: what it throws or calls back with becomes its outcome. */
export function outcomeOf(handler: LambdaHandler): LambdaHandler {
  return withOutcome(handler, { succeed: (value): Outcome => ({ ok: true, value }), fail: failureOf });
}

/** The same, with outcomes of another form. */
export function withOutcome<T>(
  handler: LambdaHandler,
  { succeed, fail }: { readonly succeed: (value: unknown) => T; readonly fail: (error: unknown) => T },
): LambdaHandler {
  return (event, context) =>
    new Promise<T>((resolve) => {
      const succeeded = (value: unknown) => resolve(succeed(value));
      const failed = (error: unknown) => resolve(fail(error));
      try {
        const returned = handler(event, context, (error, result) => {
          if (error === undefined || error === null) succeeded(result);
          else failed(error);
        });
        if (returned instanceof Promise) returned.then(succeeded, failed);
        else if (handler.length < 3) succeeded(returned ?? null);
      } catch (error) {
        failed(error);
      }
    });
}

function failureOf(error: unknown): Outcome {
  if (error instanceof Error) return { ok: false, message: error.message, type: error.name };
  const message = typeof error === "string" ? error : (JSON.stringify(error) ?? "null");
  return { ok: false, message, type: typeof error };
}
