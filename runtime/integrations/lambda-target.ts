import type { TargetText } from "../program.js";
import type { ContentHandling } from "./binary.js";
import type { BodyTemplate, HttpTargetResponse, MappedParameter } from "./http-target.js";
import type { Passthrough } from "./passthrough.js";

/** A function. In this process its modules are loaded when first called; `alias` picks one where there are several. */
export interface LambdaTarget {
  readonly functionName: string;
  readonly payloadFormat: "1.0" | "2.0";
  /** Module of each alias; one without aliases has the key ``. */
  readonly modules: ReadonlyMap<string, () => Promise<LambdaModule>>;
  readonly alias?: TargetText | undefined;
  /** A deployed function, called by the Invoke API; it has no modules. */
  readonly arn?: TargetText | undefined;
  /** How long the function itself may run, in milliseconds; without it as long as the route allows. */
  readonly timeoutMs?: number | undefined;
  /** Headers that the file maps: AWS_PROXY ignores them, but fails at those that none may set (aws-behaviour.md 5.3). */
  readonly mappedHeaders?: readonly { readonly name: string }[] | undefined;
  /** Lambda with templates (AWS, not AWS_PROXY), for the step `lambdaCustom`. */
  readonly mapping?: LambdaMapping | undefined;
  /** HTTP APIs: changes to the request that the event shows, and to the answer. */
  readonly changes?: LambdaChanges | undefined;
}

/** Parameter mapping of an HTTP API around a function (aws-behaviour.md 28.2). */
export interface LambdaChanges {
  readonly headers: readonly MappedParameter[];
  readonly query: readonly MappedParameter[];
  readonly responses: readonly HttpTargetResponse[];
}

/** How the event is made of the request, and the answer of the result. */
export interface LambdaMapping {
  /** Of the call of the Invoke API: `X-Amz-Invocation-Type`, `X-Amz-Client-Context`. */
  readonly headers?: readonly MappedParameter[] | undefined;
  /** Of that call too: `Qualifier`. */
  readonly query?: readonly MappedParameter[] | undefined;
  readonly templates: ReadonlyMap<string, BodyTemplate>;
  readonly passthrough: Passthrough;
  readonly contentHandling: ContentHandling | undefined;
  /** Their patterns match the error message of a function that failed; a success takes the default. */
  readonly responses: readonly HttpTargetResponse[];
}

/** An ES module, or a CommonJS one whose exports Node puts under `default`. */
export interface LambdaModule {
  readonly handler: LambdaHandler;
}

/**
 * A Node.js Lambda handler: event and context in, result out (AWS Lambda developer guide, "Node.js handler"). It
 * returns a promise, or calls back.
 */
export type LambdaHandler = AnyHandler["handle"];

/** As a method it may declare what it expects of event and context. */
interface AnyHandler {
  handle(event: unknown, context: unknown, callback: LambdaCallback): unknown;
}

export type LambdaCallback = (error?: unknown, result?: unknown) => void;
