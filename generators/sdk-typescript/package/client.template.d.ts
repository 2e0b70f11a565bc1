import type { ApiError, TransportError } from "./errors.js";

/** A connection to one stage of the API; made once, shared by all calls. */
export interface Client {
  readonly baseUrl: string;
}

export interface CommonOptions {
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * Attempts after the first, on network failures, timeouts, 429 and 5xx; default 2. Only for methods that may be repeated
   * and for calls with an `idempotencyKey`; never when a quota is used up.
   */
  readonly retries?: number | undefined;
  /** Limit of one attempt, credentials and body included; default 30,000 ms. */
  readonly timeoutMs?: number | undefined;
  /** Limit of the whole call with its attempts and pauses; none by default. */
  readonly totalTimeoutMs?: number | undefined;
  /** Longest first pause between attempts, doubled each time; default 250 ms. A random part of it is waited. */
  readonly retryDelayMs?: number | undefined;
  /** Longest pause between attempts, also where `Retry-After` asks for more; default 20,000 ms. */
  readonly maxRetryDelayMs?: number | undefined;
}

/** Options of a walk through the pages of a route; those of a call hold for each page. */
export interface PageOptions extends CallOptions {
  readonly maxPages?: number | undefined;
  /** Of a walk through items. */
  readonly maxItems?: number | undefined;
}

/** Options of one call; they win over the client's. */
export interface CallOptions extends CommonOptions {
  readonly signal?: AbortSignal | undefined;
  /** Sent as `Idempotency-Key`, the same for all attempts; makes any call repeatable. */
  readonly idempotencyKey?: string | undefined;
  /** Around each attempt, inside of the client's. */
  readonly middleware?: readonly Middleware[] | undefined;
}

/** A credential, or where to get it: asked again for each attempt. */
export type Credential = string | ((info: CredentialInfo) => string | undefined | Promise<string | undefined>);

export interface CallInfo {
  /** Name of the function that was called. */
  readonly operation: string;
  readonly method: string;
  /** 1 for the first. */
  readonly attempt: number;
}

export interface CredentialInfo extends CallInfo {
  /** Name of the authorizer that reads the credential; undefined for the API key. */
  readonly authorizer?: string;
}

/** Sees each attempt. Clone the response before reading its body. */
export interface Hook {
  /** May change the request's headers, or give another request in its place. */
  readonly request?:
    | ((request: Request, info: CallInfo) => void | Promise<void>)
    | ((request: Request, info: CallInfo) => Request | Promise<Request>);
  readonly response?: (response: Response, info: CallInfo) => void | Promise<void>;
  readonly error?: (error: ApiError | TransportError, info: CallInfo) => void | Promise<void>;
}

/**
 * Stands around each attempt: may change the request, answer by itself, look at the response or ask again. The first
 * of several is the outermost.
 */
export type Middleware = (
  request: Request,
  next: (request: Request) => Promise<Response>,
  info: CallInfo,
) => Response | Promise<Response>;

/** Stands around each call; the package's own is made when the API asks for it (`sdk: validate`). */
export type Validator = <Outcome>(operation: string, input: object, run: () => Promise<Outcome>) => Promise<Outcome>;

/** The promise of a call: it gives the body, or throws an `ApiError` or a `TransportError`. */
export interface Call<Output, Result> extends Promise<Output> {
  /** Every outcome as a value, told apart by `ok` and `status`. */
  safe(): Promise<Result>;
}

export interface Success<Status extends number = number, Body = unknown> {
  readonly ok: true;
  readonly status: Status;
  readonly body: Body;
  readonly headers: Headers;
  readonly requestId: string | undefined;
  /** Attempts, this one included. */
  readonly attempts: number;
}

/** A body that is sent as it is. A stream is sent once: such a call is not repeated. */
export type BinaryBody = Blob | ArrayBuffer | Uint8Array | ReadableStream<Uint8Array> | string;

export type HttpMethod = "DELETE" | "GET" | "HEAD" | "OPTIONS" | "PATCH" | "POST" | "PUT";
