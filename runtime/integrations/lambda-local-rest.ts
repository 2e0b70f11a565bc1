import { restAuthorizer } from "../auth/caller-view.js";
import type { Exchange } from "../http/exchange.js";
import { parseQuery } from "../mapping/query-text.js";
import {
  type HeaderMaps,
  headerMaps,
  type QueryMaps,
  queryMaps,
  restEvent,
  restIdentity,
} from "./lambda-event-rest.js";
import type { LambdaFunction } from "./lambda-function.js";
import { pathParameters } from "./path-parameters.js";

type FunctionOfRoute = Pick<LambdaFunction, "parameterNames">;

/**
 * What a typed handler reads of a request in place of `restEvent`: the same members, made by the same functions, each when it
 * is read. For a GET with a few parameters that is a third of the CPU of the step (bench/lambda.mjs).
 */
export class LocalRestRequest {
  readonly requestContext: LocalRestContext;
  #headers: HeaderMaps | undefined = undefined;
  #query: QueryMaps | null | undefined = undefined;
  #whole: object | undefined = undefined;

  constructor(
    private readonly x: Exchange,
    private readonly fn: FunctionOfRoute,
  ) {
    this.requestContext = new LocalRestContext(x, this);
  }

  get route(): string {
    return this.x.route.key;
  }

  /** The event itself. */
  get whole(): object {
    this.#whole ??= restEvent(this.x, this.fn);
    return this.#whole;
  }

  /** Both maps of headers, and what else is found in them. */
  get client(): HeaderMaps {
    this.#headers ??= headerMaps(this.x);
    return this.#headers;
  }

  get headers(): HeaderMaps["headers"] {
    return this.client.headers;
  }

  get multiValueHeaders(): HeaderMaps["multiValueHeaders"] {
    return this.client.multiValueHeaders;
  }

  get queryStringParameters(): QueryMaps["single"] | null {
    return this.#queryMaps()?.single ?? null;
  }

  get multiValueQueryStringParameters(): QueryMaps["multiple"] | null {
    return this.#queryMaps()?.multiple ?? null;
  }

  #queryMaps(): QueryMaps | null {
    if (this.#query === undefined) this.#query = queryMaps(parseQuery(this.x.query, true));
    return this.#query;
  }

  get pathParameters(): Record<string, string> | null {
    return pathParameters(this.x, this.fn.parameterNames, false);
  }

  get stageVariables(): Readonly<Record<string, string>> | null {
    const { eventVariables } = this.x.stage;
    return eventVariables && { ...eventVariables };
  }

  get body(): string | null {
    const { body } = this.x;
    return body.length === 0 ? null : body.toString(this.isBase64Encoded ? "base64" : "utf8");
  }

  get isBase64Encoded(): boolean {
    const { body, program } = this.x;
    const { binaryTypes } = program.targets;
    return body.length > 0 && !binaryTypes.isEmpty && binaryTypes.matches(this.client.contentType);
  }

  get bytes(): Uint8Array | undefined {
    return this.isBase64Encoded ? this.x.body : undefined;
  }

  get json(): { readonly value: unknown } | undefined {
    return this.x.knownJson;
  }
}

class LocalRestContext {
  constructor(
    private readonly x: Exchange,
    private readonly request: LocalRestRequest,
  ) {}

  get requestId(): string {
    return this.x.requestId;
  }

  get stage(): string {
    return this.x.stage.name;
  }

  /** Where events of format 2.0 have the address; the identity need not be made for it. */
  get http(): { readonly method: string; readonly sourceIp: string } {
    return { method: this.x.method, sourceIp: this.x.sourceIp };
  }

  get authorizer(): Record<string, unknown> | undefined {
    return restAuthorizer(this.x.caller);
  }

  get identity(): Record<string, unknown> {
    return restIdentity(this.x, this.request.client.userAgent);
  }
}
