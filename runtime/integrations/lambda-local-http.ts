import { http2Authorizer } from "../auth/caller-view.js";
import type { Exchange } from "../http/exchange.js";
import { parseQuery } from "../mapping/query-text.js";
import {
  clientHeaders,
  eventBody,
  http2Event,
  isBase64Type,
  joinedHeaders,
  joinedQuery,
  queryOf,
} from "./lambda-event-http.js";
import type { LambdaFunction } from "./lambda-function.js";
import { pathParameters } from "./path-parameters.js";

type FunctionOfRoute = Pick<LambdaFunction, "parameterNames">;

/** What a typed handler reads of a request in place of `http2Event`, as `LocalRestRequest` does it. */
export class LocalHttpRequest {
  readonly version = "2.0";
  readonly requestContext: LocalHttpContext;
  #sent: ReadonlyMap<string, readonly string[]> | undefined = undefined;
  #headers: Record<string, string> | undefined = undefined;
  #query: Record<string, string> | null | undefined = undefined;
  #whole: object | undefined = undefined;

  constructor(
    private readonly x: Exchange,
    private readonly fn: FunctionOfRoute,
  ) {
    this.requestContext = new LocalHttpContext(x);
  }

  get route(): string {
    return this.x.route.key;
  }

  /** The event itself. */
  get whole(): object {
    this.#whole ??= http2Event(this.x, this.fn);
    return this.#whole;
  }

  #clientHeaders(): ReadonlyMap<string, readonly string[]> {
    this.#sent ??= clientHeaders(this.x);
    return this.#sent;
  }

  get headers(): Record<string, string> {
    this.#headers ??= joinedHeaders(this.#clientHeaders());
    return this.#headers;
  }

  get rawQueryString(): string {
    return queryOf(this.x);
  }

  get queryStringParameters(): Record<string, string> | undefined {
    if (this.#query === undefined) this.#query = joinedQuery(parseQuery(queryOf(this.x), false)) ?? null;
    return this.#query ?? undefined;
  }

  get pathParameters(): Record<string, string> | null {
    return pathParameters(this.x, this.fn.parameterNames, true);
  }

  get stageVariables(): Readonly<Record<string, string>> | null {
    const { eventVariables } = this.x.stage;
    return eventVariables && { ...eventVariables };
  }

  get body(): string | undefined {
    return eventBody(this.x, this.#clientHeaders())?.text;
  }

  get isBase64Encoded(): boolean {
    return this.x.body.length > 0 && isBase64Type(this.#clientHeaders());
  }

  get bytes(): Uint8Array | undefined {
    return this.isBase64Encoded ? this.x.body : undefined;
  }
}

class LocalHttpContext {
  constructor(private readonly x: Exchange) {}

  get requestId(): string {
    return this.x.extendedRequestId;
  }

  get stage(): string {
    return this.x.stage.name;
  }

  get http(): { readonly method: string; readonly sourceIp: string } {
    return { method: this.x.method, sourceIp: this.x.sourceIp };
  }

  get authorizer(): Record<string, unknown> | undefined {
    return http2Authorizer(this.x.caller);
  }
}
