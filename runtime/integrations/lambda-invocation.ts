import type { Clock } from "../clock.js";
import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { integrationBegins, integrationEnds } from "../observe/integration-call.js";
import { Deadline } from "./deadlines.js";
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
): Promise<true> {
  return new Promise((resolve, reject) => {
    new Invocation(x, fn, answer, resolve, reject).run(handler, event, clientContext);
  });
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
  setImmediate(() =>
    new Invocation(
      x,
      fn,
      () => true,
      () => undefined,
      failed,
    ).run(handler, event, clientContext),
  );
}

/** One call of a function, waiting in the queue of its time-out. */
export class Invocation extends Deadline {
  #isOver = false;
  /** Whether the handler may still answer although it returned no promise. */
  mayCallBack = false;

  constructor(
    private readonly x: Exchange,
    private readonly fn: LambdaFunction,
    private readonly answer: AnswerResult,
    private readonly resolve: (isAnswered: true) => void,
    private readonly reject: (failure: unknown) => void,
  ) {
    super();
  }

  get clock(): Clock {
    return this.x.program.clock;
  }

  run(handler: LambdaHandler, event: object, clientContext?: unknown): void {
    this.x.trace?.note("function", { name: this.fn.name, event });
    this.fn.deadlines.add(this);
    integrationBegins(this.x);
    const context = new LambdaContext(this.fn, this.x.requestId, this, clientContext);
    try {
      const returned = handler(event, context, this.callback);
      if (isThenable(returned)) returned.then(this.succeed, this.fail);
      else if (handler.length < 3 && !this.mayCallBack) this.succeed(null);
    } catch (error) {
      this.fail(error);
    }
  }

  readonly succeed = (result: unknown): void => {
    if (!this.#end()) return;
    this.x.trace?.note("function result", { result });
    integrationEnds(this.x, 200);
    try {
      this.resolve(this.answer(this.x, result));
    } catch (error) {
      this.reject(error);
    }
  };

  readonly fail = (error: unknown): void => {
    if (!this.#end()) return;
    integrationEnds(this.x, 200, "the function failed");
    this.reject(badLambdaResult(this.x, `Function error: ${describeThrown(error)}`));
  };

  readonly callback = (error?: unknown, result?: unknown): void => {
    if (error === undefined || error === null) this.succeed(result);
    else this.fail(error);
  };

  override expire(): void {
    const { durationMs } = this.fn.deadlines;
    if (!this.#end()) return;
    integrationEnds(this.x, undefined, "Endpoint request timed out");
    if (!this.fn.endsItself) this.reject(integrationTimeout(durationMs));
    else this.reject(badLambdaResult(this.x, `Task timed out after ${(durationMs / 1000).toFixed(2)} seconds`));
  }

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.fn.deadlines.remove(this);
    return true;
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
