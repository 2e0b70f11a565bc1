import type { Exchange } from "../http/exchange.js";
import { executionLines } from "./execution-log.js";
import { Redactor } from "./redact.js";

/** One step of a traced request. */
export interface TraceStep {
  readonly step: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a traced request has done so far. Steps note into it; requests that are not traced have none. */
export class Trace {
  readonly steps: TraceStep[] = [];
  /** Another when the route is known, whose types may say what is secret. */
  redactor = new Redactor();
  /** API key that it counts as sent with, by its id: who administers the gateway has no values of keys. */
  keyId: string | undefined = undefined;

  /**
   * @param isAnswer  whether the answer is to be the trace; else it is for the execution log
   * @param test      a test of the route or of its authorizer, which nobody has sent
   */
  constructor(
    readonly isAnswer = true,
    readonly test?: TestRun,
  ) {}

  note(step: string, data: Readonly<Record<string, unknown>>): void {
    this.steps.push({ step, data: this.redactor.value(data) as TraceStep["data"] });
  }

  headers(list: readonly string[]): readonly (readonly [string, string])[] {
    return this.redactor.headers(list);
  }

  query(query: string): string {
    return this.redactor.query(query);
  }

  /** A body as text, cut at 64 KB; bytes that are no text as their count. */
  body(body: string | Uint8Array | null): string {
    if (body === null) return "";
    const text = typeof body === "string" ? body : Buffer.from(body).toString("utf8");
    if (typeof body !== "string" && text.includes("\ufffd")) return `(${body.byteLength} bytes)`;
    return text.length > maxText ? `${text.slice(0, maxText)}…` : text;
  }
}

const maxText = 65_536;

/**
 * A test of a route (TestInvokeMethod): authorizers, keys, plans, throttles and policies stand aside. Or of an authorizer
 * (TestInvokeAuthorizer): its step says what it has decided, and the route ends there.
 */
export interface TestRun {
  readonly kind: "method" | "authorizer";
  /** Lines of the log that the authorizer's step adds. */
  readonly lines: string[];
  /** What the authorizer has decided; undefined until it has. */
  decision: AuthorizerDecision | undefined;
}

export interface AuthorizerDecision {
  readonly principalId?: string | undefined;
  /** The policy document of a Lambda authorizer, as JSON. */
  readonly policy?: string | undefined;
  /** Context of a Lambda authorizer; its values are texts. */
  readonly context?: ReadonlyMap<string, unknown> | undefined;
  /** Claims of a token. */
  readonly claims?: ReadonlyMap<string, unknown> | undefined;
}

const headerName = "x-gateway-trace";
/** Behind the secret of the process alone: the id of an API key. */
export const keyHeader = "x-gateway-key-id";

/** Begins traces where a request asks for one, and turns its answer into the trace. Never part of a gateway that others reach. */
export interface Tracer {
  /** @returns a trace and the headers without the one that asked; undefined: the request is not traced */
  begin(request: {
    readonly headers: readonly string[];
    readonly host: string;
    readonly remoteAddress: string | undefined;
  }): { readonly trace: Trace; readonly headers: readonly string[] } | undefined;
  finish(x: Exchange, trace: Trace): void;
}

/**
 * Traces requests with `X-Gateway-Trace`, from this machine alone and by one of its own names, so that no page of another
 * host can ask (DNS rebinding). The answer is the trace as JSON, with the answer that would have been given.
 */
export const headerTracer: Tracer = {
  begin({ headers, host, remoteAddress }) {
    const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === headerName);
    if (at === -1 || !isLoopback(remoteAddress ?? "") || !isOwnName(host)) return undefined;
    const kept = headers.filter((_, index) => (headers[index - (index % 2)] ?? "").toLowerCase() !== headerName);
    return { trace: new Trace(), headers: kept };
  },

  finish(x, trace) {
    const answer = { status: x.status, headers: trace.headers(x.responseHeaders), body: trace.body(x.responseBody) };
    const log = executionLines(x, trace, true);
    // The log has read the request's body: what is secret in it may have come up before under another name.
    const steps = trace.redactor.texts(trace.steps) as readonly TraceStep[];
    const latencyMs = x.startedAt === -1 ? 0 : x.program.clock.monotonic() - x.startedAt;
    const traced: TracedRequest = { requestId: x.requestId, latencyMs, log, steps, answer };
    x.answer(
      200,
      ["Content-Type", "application/json", "Cache-Control", "no-store"],
      `${JSON.stringify(traced, null, 2)}\n`,
    );
  },
};

/** A traced request, as it is told. */
export interface TracedRequest {
  readonly requestId: string;
  readonly latencyMs: number;
  /** Lines of the execution log, without times. */
  readonly log: readonly string[];
  readonly steps: readonly TraceStep[];
  /** What would have been answered, secrets masked. */
  readonly answer: {
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string;
  };
}

/**
 * Traces requests that carry a secret of this process, which nobody else can send, and leaves all others to another tracer.
 *
 * @param secret  value of X-Gateway-Trace
 */
export function secretTracer(secret: string, other: Tracer | undefined): Tracer {
  return {
    begin(request) {
      const { headers } = request;
      const at = headers.indexOf(secret);
      if (at === -1 || headers[at - 1] !== headerName) return other?.begin(request);
      const trace = new Trace();
      const hasKey = headers[at + 1] === keyHeader;
      if (hasKey) trace.keyId = headers[at + 2];
      return { trace, headers: [...headers.slice(0, at - 1), ...headers.slice(at + (hasKey ? 3 : 1))] };
    },
    finish: headerTracer.finish,
  };
}

function isLoopback(address: string): boolean {
  return /^(?:::ffff:)?127\.|^::1$/.test(address);
}

function isOwnName(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(host);
}
