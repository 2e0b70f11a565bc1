import type { HttpEvent, RestEvent } from "./events.template.js";

/** What a function's route says about its parameters; the binder decodes strings by it. */
export interface RouteSpec {
  /** Method and resource, or `$default`. */
  readonly key: string;
  readonly params: Readonly<Record<string, ParameterSpec>>;
  readonly query: Readonly<Record<string, ParameterSpec>>;
  readonly headers: Readonly<Record<string, ParameterSpec>>;
  /** `json`: parsed; `text`: as sent; `bytes`: decoded from base64; `none`: not declared, the text if any. */
  readonly body: "json" | "text" | "bytes" | "none";
  /** A body that may be left out; it is undefined then. */
  readonly isOptional?: true;
  /** Statuses whose declared body is JSON. */
  readonly jsonStatuses: readonly number[];
  /** Media types of declared bodies, by status; what is not here is application/json. */
  readonly mediaTypes: Readonly<Record<string, string>>;
  /** Media types by status under which a body is sent as it is, where the status's own body is JSON. */
  readonly texts?: Readonly<Record<string, readonly string[]>>;
  /** Reads and writes bodies whose whole numbers are exact; the platform's own JSON where there are none. */
  readonly json?: JsonSpec;
  readonly cors: CorsSpec | undefined;
  /** The declared body of status 500, for what the handler throws; without it the error is the platform's to answer. */
  readonly failure?: unknown;
  /** Callers sign: events of format 1.0 show them in another place than what authorizers say. */
  readonly isSigned?: true;
  /** Reads what the authorizer declares as a number or boolean, and events of REST APIs have as text. */
  readonly readAuth?: (context: Readonly<Record<string, unknown>>) => unknown;
}

export type Coercion = "string" | "number" | "integer" | "bigint" | "boolean";

export interface JsonSpec {
  parse(text: string): unknown;
  stringify(value: unknown): string;
}

export interface ParameterSpec {
  readonly type: Coercion;
  readonly isList?: boolean;
  /** Of path parameters nothing is said: they are always there. */
  readonly isRequired?: boolean;
  /** Where only these may be. */
  readonly values?: readonly unknown[];
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
export interface LambdaHandler {
  (event: unknown, context: LambdaContext): Promise<unknown>;
  /** The generated gateway's way in; what is wrapped around the handler hides it, and is called with events. */
  readonly local?: LocalHandler;
}

/** A handler without the way through an event. */
export interface LocalHandler {
  (request: LocalRequest, context: LambdaContext): Promise<unknown>;
  /** The handler that it stands for. */
  readonly of: unknown;
}

/** What the generated gateway hands over: the members of an event, each made when it is read. */
export interface LocalRequest {
  /** Key of the route in gateway.yaml. */
  readonly route: string;
  /** The whole event, for a handler that asks for it. */
  readonly whole: object;
  /** The body's bytes, where the event has them as base64. */
  readonly bytes: Uint8Array | undefined;
  /** The body, where the gateway has parsed it. */
  readonly json: { readonly value: unknown } | undefined;
}

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
