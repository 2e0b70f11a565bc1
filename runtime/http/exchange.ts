import type { AdmittedKey, Caller, ClientCertificate } from "../auth/caller.js";
import type { Signer } from "../auth/iam/authenticate.js";
import type { PolicyResult } from "../auth/policy/index.js";
import type { LiveProgram, LiveStage } from "../host/live-program.js";
import type { Client } from "../limits/admission.js";
import type { Overrides } from "../mapping/context-map.js";
import type { FoundParts } from "../mapping/json/body-parts.js";
import type { PlainJson } from "../mapping/json/plain-json.js";
import type { JavaMap } from "../mapping/values/collections.js";
import type { Trace } from "../observe/trace.js";
import type { RouteEntry } from "../program.js";
import type { SocketContext } from "../websocket/socket-context.js";
import type { GatewayError, GatewayErrorType } from "./gateway-error.js";
import { type JsonBody, parseJsonBody } from "./json-body.js";
import { type TraceContext, traceContextOf } from "./trace-id.js";

/**
 * One request and its answer, as every room but `runtime/http/` sees them. Built by the gate from the one strict
 * parse of the request; routing, policy, signature, cache key and event all derive from these fields.
 *
 * Header lists are flat, `[name, value, name, value …]`, in the order and spelling received.
 */
export class Exchange {
  /** Set by the router; there from the start, so that all exchanges have one shape. */
  route = undefined as unknown as RouteEntry;
  stage = undefined as unknown as LiveStage;
  /** Raw (still percent-encoded) values of the path parameters, in the order of the route's segments. */
  pathValues: readonly string[] = none;

  /** Whether an earlier step has read the body; nothing is left to stream then. */
  isBodyRead = false;

  /** Answer: 0 until a step has answered. */
  status = 0;
  /** Flat list; the service's own headers are added when the answer is written. */
  responseHeaders: string[] = [];
  responseBody: string | Uint8Array = "";
  /** True when a step has taken over the socket and streams the answer itself. */
  isStreaming = false;
  /** Set by integrations whose answers show `X-Amzn-Trace-Id` (AWS, AWS_PROXY and HTTP; aws-behaviour.md 13.1). */
  showsTraceId = false;
  /** Method and path as the client sent and signed them: before an override, with all slashes. */
  sent: { readonly method: string; readonly path: string } | undefined = undefined;
  /** Bytes of the body as they came, where they were compressed: a signature is over them. */
  sentBody: Buffer | undefined = undefined;
  /** Who signed the request, while it is not believed yet. */
  signer: Signer | undefined = undefined;
  /** What the resource policy says, for the step behind the authorizer. */
  policyResult: PolicyResult = "silent";
  /** Reading of the monotonic clock when it began; -1 where nobody observes it, and nothing is measured. */
  startedAt = -1;
  /** The call of the integration, where it is observed. */
  integration: IntegrationCall | undefined = undefined;
  /** Whether the stage's cache has answered; undefined: it was not asked. */
  cacheResult: "hit" | "miss" | undefined = undefined;
  /** Set by the route's authorizer; undefined on open routes and before it has run. */
  caller: Caller | undefined = undefined;
  /** How a Lambda authorizer has decided about this method; resource policies are combined with it. */
  authorizerEffect: PolicyResult | undefined = undefined;
  /** What the authorizer did, for access logs. */
  authorizerCall: AuthorizerCall | undefined = undefined;
  /** Set where the route requires an API key and the request was admitted with one. */
  apiKey: AdmittedKey | undefined = undefined;
  /** Base path of the custom domain that the request came by, `` for its root; undefined: it came by the API's own endpoint. */
  basePath: string | undefined = undefined;
  /** Whose usage plan the request is counted in; set with `apiKey`. */
  client: Client | undefined = undefined;
  /** Whether the client came by TLS, or from this machine (`aws:SecureTransport`). */
  isSecure = true;
  /** Under mutual TLS. */
  clientCertificate: ClientCertificate | undefined = undefined;
  /** Of an event of a WebSocket API: the connection, and its message. */
  socket: SocketContext | undefined = undefined;
  /** The failure that is being answered: what `$context.error.*` reads in gateway responses and access logs. */
  error: ErrorContext | undefined = undefined;
  /** HTTP APIs: headers and query as the route's mappings change them for its function. */
  mapped: { readonly headers: readonly string[]; readonly query: string } | undefined = undefined;
  /** What the backend answered, while its answer is being mapped. */
  backend: BackendAnswer | undefined = undefined;
  /** What is noted of a request that asked for it, in development; undefined: nothing. */
  trace: Trace | undefined = undefined;
  /** What the templates of this exchange share; undefined: none has run. */
  templates: TemplateState | undefined = undefined;
  /** A payload that rules have read as JSON: the body's rule, and the one of the status. */
  plainPayload: { readonly text: string; readonly json: PlainJson | undefined } | undefined = undefined;
  /** What rules have found in a payload by going over its text. */
  payloadParts: FoundParts | undefined = undefined;

  #body: Buffer | undefined = undefined;
  #requestId = "";
  #extendedRequestId = "";
  #traceContext: TraceContext | undefined = undefined;
  #json: JsonBody | undefined = undefined;

  constructor(
    readonly program: LiveProgram,
    readonly method: string,
    /** Path as received, stage included, without the query. */
    readonly rawPath: string,
    /** Path below the stage, as received; begins with `/`. */
    readonly path: string,
    /** Text after `?`, as received, without it; empty when there is none. */
    readonly query: string,
    readonly headers: readonly string[],
    readonly sourceIp: string,
    /** Wall clock, ms. */
    readonly receivedAt: number,
    readonly transport: Transport,
  ) {}

  /** The whole body once `readBody` has run; empty before, and when there is none. A message is there from the start. */
  get body(): Buffer {
    return this.#body ?? this.socket?.message?.body ?? noBody;
  }

  set body(body: Buffer) {
    this.#body = body;
  }

  /**
   * REST: a UUID, the client's own where its `x-amzn-RequestId` is one (aws-behaviour.md 13.1). HTTP APIs: the short
   * form of the extended id (7.1). Made when first asked for.
   */
  get requestId(): string {
    if (this.#requestId === "") {
      // Both ids of a WebSocket event are the same (29.3).
      const isOne = this.socket !== undefined || this.program.program.api.kind !== "rest";
      this.#requestId = isOne ? this.extendedRequestId : this.#restRequestId();
    }
    return this.#requestId;
  }

  #restRequestId(): string {
    const own = this.header("x-amzn-requestid");
    return own !== undefined && uuidForm.test(own) ? own : this.program.ids.requestId();
  }

  /** Sixteen characters that look like base64 and end in `=`. */
  get extendedRequestId(): string {
    if (this.#extendedRequestId === "") this.#extendedRequestId = this.program.ids.extendedRequestId();
    return this.#extendedRequestId;
  }

  /** The client's Host field as received; empty for HTTP/1.0 without one. */
  get host(): string {
    return this.socket?.connection.host ?? this.header("host") ?? "";
  }

  /**
   * `X-Amzn-Trace-Id` for the integration: the client's Root, Parent and Sampled where it sent them, else new ones
   * (aws-behaviour.md 5.4). Made when first asked for.
   */
  get traceId(): string {
    return this.traceContext.text;
  }

  /** What is known of the trace; made when first asked for. */
  get traceContext(): TraceContext {
    if (this.#traceContext === undefined) {
      const { ids, sampler } = this.program;
      const isTraced = sampler !== undefined && (this.stage as LiveStage | undefined)?.entry.tracing === true;
      const samples = isTraced ? () => sampler.samples() : undefined;
      this.#traceContext = traceContextOf(this.header("x-amzn-trace-id"), this.receivedAt, ids, samples);
    }
    return this.#traceContext;
  }

  /** The body parsed as JSON, once; validator, mapping and handler see the same value. An empty body is `{}`. */
  jsonBody(): JsonBody {
    this.#json ??= this.socket?.json ?? parseJsonBody(this.body);
    return this.#json;
  }

  /** The body as JSON, where somebody has parsed it already and it is some. */
  get knownJson(): { readonly value: unknown } | undefined {
    return this.#json?.ok ? this.#json : undefined;
  }

  /** Last value of a header by its lower-case name; undefined when absent. */
  header(lowerCaseName: string): string | undefined {
    const { headers } = this;
    for (let at = headers.length - 2; at >= 0; at -= 2) {
      const name = headers[at] as string;
      if (name.length === lowerCaseName.length && name.toLowerCase() === lowerCaseName) return headers[at + 1];
    }
    return undefined;
  }

  /** Answers; returns true so that a step can end with `return x.answer(…)`. */
  answer(status: number, headers: string[], body: string | Uint8Array): true {
    this.status = status;
    this.responseHeaders = headers;
    this.responseBody = body;
    return true;
  }
}

/** `$context.authorizer.{error,integrationLatency,integrationStatus,latency,requestId,status}` (aws-behaviour.md 14.5). */
export interface AuthorizerCall {
  /** Of the answer that its decision leads to, 200 when the request goes on. */
  readonly status: number;
  /** Milliseconds; 0 when the decision had been kept. */
  readonly latencyMs: number;
  /** Status of the invocation itself; undefined when the function was not called. */
  readonly integrationStatus: number | undefined;
  readonly error: string | undefined;
}

/** What observers learn of the integration (aws-behaviour.md 14.5, "only in access logs"). */
export interface IntegrationCall {
  /** Of the backend, `https://host:port`; undefined: a function in this process. */
  readonly origin: string | undefined;
  /** Reading of the monotonic clock, ms. */
  readonly startedAt: number;
  /** Until its answer was there, or its failure; -1 while it is awaited. */
  latencyMs: number;
  /** Of the backend, or of the invocation; undefined: there was no answer. */
  status: number | undefined;
  error: string | undefined;
}

/** What one template leaves for the next. */
export interface TemplateState {
  readonly context: JavaMap;
  /** What has been set on `$context.requestOverride` and `$context.responseOverride`. */
  overrides(): Overrides;
}

/** An answer of a backend, as mappings of its headers, body and status read it. */
export interface BackendAnswer {
  readonly status: number;
  /** Flat list, as received. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** What `$context.error.*` reads. */
export interface ErrorContext {
  readonly failure: GatewayError;
  readonly type: GatewayErrorType;
  /** `null` for the types whose message AWS gives as null. */
  readonly message: string | null;
  readonly validationErrors: string | undefined;
}

/** What a step may ask of the connection below; implemented by `runtime/http/` over Node's request and response. */
export interface Transport {
  /** Whether the request announces a body (a length above 0, or chunks). Without one, nothing has to be awaited. */
  readonly hasBody: boolean;
  /** Reads the whole body, up to `maxBytes`; rejects with a GatewayError REQUEST_TOO_LARGE past it, or when it is cut off. */
  readBody(maxBytes: number): Promise<Buffer>;
  /** Streams the request body out, with back-pressure. */
  readonly requestStream: import("node:stream").Readable;
  /** Starts a streamed answer; the exchange's `isStreaming` becomes true. */
  startResponse(status: number, headers: readonly string[]): ResponseSink;
  /** Bytes of the answer's body that have been sent. */
  readonly responseBytes: number;
  /** Whether the client has gone before its answer was whole. */
  readonly isClientGone: boolean;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** Tells one watcher when the client goes before its answer is complete; cheaper than `signal`. */
  onClientGone(watcher: ClientWatcher): void;
}

export interface ClientWatcher {
  clientGone(): void;
}

export interface ResponseSink {
  /** False when the caller should wait for `onDrain`. */
  write(chunk: Uint8Array): boolean;
  onDrain(callback: () => void): void;
  end(): void;
  /** Ends the connection without completing the answer: the client must not take a cut answer for a whole one. */
  abort(): void;
}

const noBody = Buffer.alloc(0);
const none: readonly string[] = [];
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
