/** Who is told how the steps of a route have ended. Neither call may throw. */
export interface OutcomeListener {
  over(isOver: boolean): void;
  failed(error: unknown): void;
}

/**
 * A promise that one listener is told of at once, without two promises more and a turn of the microtask queue. For
 * everybody else it is a promise like any other.
 */
export interface PromptOutcome extends Promise<boolean> {
  /** Once. What is known already is told before it returns. */
  listen(listener: OutcomeListener): void;
}

/** Tells how steps that have to wait have ended. */
export function listenTo(done: Promise<boolean>, listener: OutcomeListener): void {
  if (isPrompt(done)) done.listen(listener);
  else {
    done.then(
      (isOver) => listener.over(isOver),
      (error: unknown) => listener.failed(error),
    );
  }
}

function isPrompt(done: Promise<boolean> & Partial<PromptOutcome>): done is PromptOutcome {
  return done.listen !== undefined;
}
