import type { LambdaFunction } from "./lambda-function.js";
import type { Invocation } from "./lambda-invocation.js";

/**
 * The context object of a Node.js function (AWS Lambda developer guide, "Node.js context object"). The request id is
 * the gateway's own, so that both logs show the same.
 */
export class LambdaContext {
  /** Has no effect here: the process lives on, and an answer never waits for the event loop. */
  callbackWaitsForEmptyEventLoop = true;
  readonly functionVersion = "$LATEST";
  readonly functionName: string;
  readonly memoryLimitInMB = "128";
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly clientContext: unknown;
  readonly identity = undefined;
  readonly invokedFunctionArn: string;
  readonly awsRequestId: string;
  readonly #invocation: Invocation;

  constructor(fn: LambdaFunction, requestId: string, invocation: Invocation, clientContext: unknown) {
    this.functionName = fn.name;
    this.logGroupName = fn.logGroupName;
    this.logStreamName = fn.logStreamName;
    this.invokedFunctionArn = fn.arn;
    this.awsRequestId = requestId;
    this.clientContext = clientContext;
    this.#invocation = invocation;
  }

  /** Milliseconds until the route's time-out; 0 when it is over. */
  getRemainingTimeInMillis(): number {
    return Math.max(0, Math.floor(this.#invocation.leftMs));
  }

  /** The three old ways to answer. Handlers take them off the context before they return. */
  get done(): (error?: unknown, result?: unknown) => void {
    this.#invocation.mayCallBack = true;
    const invocation = this.#invocation;
    return (error, result) => invocation.calledBack(error, result);
  }

  get succeed(): (result?: unknown) => void {
    this.#invocation.mayCallBack = true;
    const invocation = this.#invocation;
    return (result) => invocation.succeed(result);
  }

  get fail(): (error: unknown) => void {
    this.#invocation.mayCallBack = true;
    const invocation = this.#invocation;
    return (error) => invocation.fail(error);
  }
}
