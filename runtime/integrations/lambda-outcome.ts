import type { LambdaHandler } from "./lambda-target.js";

/** How a function ended, for who has to tell one failure from another. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string; readonly type: string };

/** A handler that does not fail: what it throws or calls back with becomes its outcome. */
export function outcomeOf(handler: LambdaHandler): LambdaHandler {
  return (event, context) =>
    new Promise((resolve) => {
      const succeed = (value: unknown) => resolve({ ok: true, value } satisfies Outcome);
      const fail = (error: unknown) => resolve(failureOf(error));
      try {
        const returned = handler(event, context, (error, result) => {
          if (error === undefined || error === null) succeed(result);
          else fail(error);
        });
        if (returned instanceof Promise) returned.then(succeed, fail);
        else if (handler.length < 3) succeed(returned ?? null);
      } catch (error) {
        fail(error);
      }
    });
}

function failureOf(error: unknown): Outcome {
  if (error instanceof Error) return { ok: false, message: error.message, type: error.name };
  const message = typeof error === "string" ? error : (JSON.stringify(error) ?? "null");
  return { ok: false, message, type: typeof error };
}
