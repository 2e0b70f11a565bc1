import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import type { OutcomeListener, PromptOutcome } from "../http/outcome.js";
import { integrationBegins, integrationEnds } from "../observe/integration-call.js";
import { type Deadline, untimed } from "./deadlines.js";
import { badLambdaResult, describeThrown, integrationTimeout } from "./failures.js";
import { LambdaContext } from "./lambda-context.js";
import type { LambdaFunction } from "./lambda-function.js";
import type { LambdaHandler } from "./lambda-target.js";

/** Reads a function's result and answers with it; throws what is to be answered instead. */
export type AnswerResult = (x: Exchange, result: unknown) => true;

/**
 * Calls a function in this process and answers with its result. The first of promise, callback and time-out decides;
 * what comes later is ignored.
 */
export function invoke(
  x: Exchange,
  fn: LambdaFunction,
  handler: LambdaHandler,
  event: object,
  answer: AnswerResult,
  clientContext?: unknown,
): PromptOutcome {
  const invocation = new Invocation(x, fn, answer);
  invocation.run(handler, event, clientContext);
  return invocation;
}

/**
 * Calls a function and does not wait for it, as an asynchronous invocation. A failure is logged; unlike Lambda, nobody
 * tries again.
 */
export function invokeAndForget(
  x: Exchange,
  fn: LambdaFunction,
  handler: LambdaHandler,
  event: object,
  clientContext?: unknown,
): void {
  const failed = (failure: unknown) => {
    const detail = failure instanceof GatewayError ? failure.options.detail : describeThrown(failure);
    x.program.logger.write({
      level: "error",
      message: "an asynchronous invocation failed",
      route: x.route.key,
      detail,
    });
  };
  // On a later turn: the caller's answer does not wait for what the function does before its first pause.
  setImmediate(() => {
    const invocation = new Invocation(x, fn, () => true);
    invocation.listen({ over: () => undefined, failed });
    invocation.run(handler, event, clientContext);
  });
}

/** One call of a function, waiting in the queue of its time-out; and the promise of its answer. */
export class Invocation implements Deadline, PromptOutcome {
  dueAt = untimed;
  previous: Deadline | undefined = undefined;
  next: Deadline | undefined = undefined;
  /** Whether the handler may still answer although it returned no promise. */
  mayCallBack = false;
  #isOver = false;
  #listener: OutcomeListener | undefined = undefined;
  /** How it ended, while nobody listens. */
  #outcome: { readonly failure: unknown } | "answered" | undefined = undefined;

  constructor(
    private readonly x: Exchange,
    private readonly fn: LambdaFunction,
    private readonly answer: AnswerResult,
  ) {}

  get [Symbol.toStringTag](): string {
    return "Invocation";
  }

  listen(listener: OutcomeListener): void {
    const outcome = this.#outcome;
    if (outcome === undefined) this.#listener = listener;
    else if (outcome === "answered") listener.over(true);
    else listener.failed(outcome.failure);
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise
  then<T = boolean, F = never>(
    onAnswered?: ((isAnswered: boolean) => T | PromiseLike<T>) | null,
    onFailed?: ((failure: unknown) => F | PromiseLike<F>) | null,
  ): Promise<T | F> {
    return new Promise<boolean>((resolve, reject) => this.listen({ over: resolve, failed: reject })).then(
      onAnswered,
      onFailed,
    );
  }

  catch<F = never>(onFailed?: ((failure: unknown) => F | PromiseLike<F>) | null): Promise<boolean | F> {
    return this.then(undefined, onFailed);
  }

  finally(onOver?: (() => void) | null): Promise<boolean> {
    return this.then().finally(onOver);
  }

  /** Milliseconds until its time-out; below 0 when it is over. */
  get leftMs(): number {
    return this.fn.deadlines.left(this);
  }

  run(handler: LambdaHandler, event: object, clientContext?: unknown): void {
    this.x.trace?.note("function", { name: this.fn.name, event });
    this.fn.deadlines.add(this);
    integrationBegins(this.x);
    const context = new LambdaContext(this.fn, this.x.requestId, this, clientContext);
    try {
      const returned = handler(event, context, (error?: unknown, result?: unknown) => this.calledBack(error, result));
      if (isThenable(returned)) {
        returned.then(
          (result) => this.succeed(result),
          (error: unknown) => this.fail(error),
        );
      } else if (handler.length < 3 && !this.mayCallBack) this.succeed(null);
    } catch (error) {
      this.fail(error);
    }
  }

  succeed(result: unknown): void {
    if (!this.#end()) return;
    this.x.trace?.note("function result", { result });
    integrationEnds(this.x, 200);
    try {
      this.answer(this.x, result);
    } catch (error) {
      this.#failed(error);
      return;
    }
    if (this.#listener === undefined) this.#outcome = "answered";
    else this.#listener.over(true);
  }

  fail(error: unknown): void {
    if (!this.#end()) return;
    integrationEnds(this.x, 200, "the function failed");
    this.#failed(badLambdaResult(this.x, `Function error: ${describeThrown(error)}`));
  }

  /** The old way to answer. */
  calledBack(error: unknown, result: unknown): void {
    if (error === undefined || error === null) this.succeed(result);
    else this.fail(error);
  }

  expire(): void {
    const { durationMs } = this.fn.deadlines;
    if (!this.#end()) return;
    integrationEnds(this.x, undefined, "Endpoint request timed out");
    if (!this.fn.endsItself) this.#failed(integrationTimeout(durationMs));
    else this.#failed(badLambdaResult(this.x, `Task timed out after ${(durationMs / 1000).toFixed(2)} seconds`));
  }

  #failed(failure: unknown): void {
    if (this.#listener === undefined) this.#outcome = { failure };
    else this.#listener.failed(failure);
  }

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.fn.deadlines.remove(this);
    return true;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  // Nearly always, and told faster.
  if (value instanceof Promise) return true;
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
