import type { HttpEvent, RestEvent } from "./events.template.js";

/** What a function's route says about its parameters; the binder decodes strings by it. */
export interface RouteSpec {
  readonly key: string;
  readonly method: string;
  readonly resource: string;
  readonly params: Readonly<Record<string, Coercion>>;
  readonly query: Readonly<Record<string, ParameterSpec>>;
  readonly headers: Readonly<Record<string, ParameterSpec>>;
  /** `json`: parsed; `text`: as sent; `bytes`: decoded from base64; `none`: not declared, the text if any. */
  readonly body: "json" | "text" | "bytes" | "none";
  /** Statuses whose declared body is JSON. */
  readonly jsonStatuses: readonly number[];
  /** Media types of declared bodies, by status; what is not here is application/json. */
  readonly mediaTypes: Readonly<Record<string, string>>;
  /** Media types by status under which a body is sent as it is, where the status's own body is JSON. */
  readonly texts?: Readonly<Record<string, readonly string[]>>;
  /** Reads and writes bodies whose whole numbers are exact; the platform's own JSON where there are none. */
  readonly json?: JsonSpec;
  readonly cors: CorsSpec | undefined;
  /** Members of the authorizer's context that events of REST APIs have as text and that are none. */
  readonly authContext?: Readonly<Record<string, "number" | "boolean">>;
}

export type Coercion = "string" | "number" | "integer" | "bigint" | "boolean";

export interface JsonSpec {
  parse(text: string): unknown;
  stringify(value: unknown): string;
}

export interface ParameterSpec {
  readonly type: Coercion;
  readonly isList: boolean;
  readonly isRequired: boolean;
}

/** Headers that this handler adds, because API Gateway adds none to proxy answers of a REST API. */
export interface CorsSpec {
  readonly origins: readonly string[];
  readonly exposeHeaders: string;
  readonly credentials: boolean;
}

export type ResponseHeaders = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** What a typed handler returns, whatever its statuses. */
export interface AnyResponse {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: ResponseHeaders | undefined;
}

/** `reply[404](body)` makes the response of that status. */
export type Replies<R extends AnyResponse> = {
  readonly [T in R as T["status"]]: (
    ...args: T extends { readonly body: infer B } ? [body: B, headers?: ResponseHeaders] : [headers?: ResponseHeaders]
  ) => T;
};

/** The part of AWS Lambda's context object that is used here. */
export interface LambdaContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** A Node.js Lambda handler: deploy it as it is, or let the gateway call it in process. */
export type LambdaHandler = (event: unknown, context: LambdaContext) => Promise<unknown>;

/** `AbortSignal`, where the project knows its type: by the library "DOM" or by @types/node. */
export type Signal = typeof globalThis extends { readonly AbortSignal: { readonly prototype: infer S } } ? S : unknown;

/** What every typed request has. */
export interface RequestBase {
  readonly requestId: string;
  readonly stage: string;
  readonly sourceIp: string;
  /** Aborted shortly before the function's time is over. */
  readonly signal: Signal;
  /** The event as API Gateway sent it. */
  readonly event: RestEvent | HttpEvent;
  readonly context: LambdaContext;
}

/** A request as middleware sees it, whatever the route. */
export interface AnyRequest extends RequestBase {
  readonly route: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly auth: unknown;
  readonly stageVariables: object;
}

/** Stands around a handler: may answer by itself, look at the answer, or change it. */
export type Middleware = (
  request: AnyRequest,
  next: (request?: AnyRequest) => Promise<AnyResponse>,
) => Promise<AnyResponse> | AnyResponse;
