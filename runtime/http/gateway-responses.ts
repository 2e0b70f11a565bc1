import type { ApiEntry, GatewayResponseEntry, GatewayResponseText } from "../program.js";
import type { ErrorContext, Exchange } from "./exchange.js";
import { GatewayError, type GatewayErrorType } from "./gateway-error.js";
import { type BuiltInResponse, httpResponses, restResponses } from "./gateway-error-table.js";
import { tooLargeMessage } from "./refusals.js";

/** The answers to failures of one API, customisations resolved (aws-behaviour.md section 16). */
export class GatewayResponses {
  readonly #kind: ApiEntry["kind"];
  readonly #customised: ApiEntry["gatewayResponses"];

  constructor(api: Pick<ApiEntry, "kind" | "gatewayResponses">) {
    this.#kind = api.kind;
    this.#customised = api.gatewayResponses;
  }

  /** What the API says of a type: its own entry, else DEFAULT_4XX or DEFAULT_5XX of its class, else nothing. */
  entryOf(type: GatewayErrorType): GatewayResponseEntry | undefined {
    const builtIn = restResponses[type];
    if (this.#kind === "http" || builtIn.isFixed) return undefined;
    return this.#customised.get(type) ?? this.#customised.get(builtIn.status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
  }

  builtIn(type: GatewayErrorType): BuiltInResponse {
    return this.#kind === "rest" ? restResponses[type] : httpResponses[type];
  }

  /** Answers the exchange with a failure. Whatever is not a `GatewayError` is our or the project's bug: a plain 500. */
  answer(x: Exchange, failure: unknown): void {
    const error = this.note(x, failure);
    const entry = x.stage === undefined ? undefined : this.entryOf(error.type);
    try {
      this.#answer(x, error, entry);
    } catch (problem) {
      x.program.logger.write({ level: "error", message: "a gateway response failed", detail: String(problem) });
      this.#answer(x, error, undefined);
    }
  }

  /** Makes a failure what `$context.error` and logs tell of. */
  note(x: Exchange, failure: unknown): GatewayError {
    const error = failure instanceof GatewayError ? failure : new GatewayError("API_CONFIGURATION_ERROR");
    x.error = this.#context(error, x);
    return error;
  }

  /** Answers without any customisation: what was set cannot be sent. A failure stays what it was. */
  answerPlainly(x: Exchange): void {
    const unsendable = { status: this.#kind === "rest" ? 502 : 500 };
    const error = x.error?.failure ?? new GatewayError("API_CONFIGURATION_ERROR", undefined, unsendable);
    x.error = this.#context(error, x);
    this.#answer(x, error, undefined);
  }

  #answer(x: Exchange, { type, options }: GatewayError, entry: GatewayResponseEntry | undefined): void {
    const builtIn = this.builtIn(type);
    const template = entry && chooseTemplate(entry.templates, x.header("accept"));
    const headers = ["Content-Type", template?.mediaType ?? "application/json"];
    if (this.#kind === "rest") {
      const ofConnections = x.route?.connections === undefined ? undefined : connectionErrors[type];
      headers.push("x-amzn-ErrorType", ofConnections ?? options.errorType ?? builtIn.errorType);
    }
    if (options.headers !== undefined) headers.push(...options.headers);
    for (const { name, value } of entry?.headers ?? []) {
      const text = textOf(value, x);
      if (text !== "") setHeader(headers, name, text);
    }
    const body = template ? textOf(template.body, x) : builtInBody(builtIn, x.error?.message ?? null);
    x.answer(entry?.status ?? options.status ?? builtIn.status, headers, body);
  }

  #context(failure: GatewayError, x: Exchange): ErrorContext {
    const { type, publicMessage, options } = failure;
    const message = publicMessage ?? this.#message(type, x);
    return { failure, type, message, validationErrors: options.validationErrors };
  }

  #message(type: GatewayErrorType, x: Exchange): string | null {
    if (type === "REQUEST_TOO_LARGE") return tooLargeMessage(this.#kind, x.program.limits.maxBodyBytes);
    return this.builtIn(type).message;
  }
}

/** `@connections` has exceptions of its own, which AWS's SDKs know (aws-behaviour.md section 29.6). */
const connectionErrors: Partial<Readonly<Record<GatewayErrorType, string>>> = {
  REQUEST_TOO_LARGE: "PayloadTooLargeException",
  THROTTLED: "LimitExceededException",
};

/** The body that API Gateway makes when no template is customised. */
function builtInBody({ shape }: BuiltInResponse, message: string | null): string {
  return `${shape}${JSON.stringify(message)}}`;
}

/** By the first type in Accept, else application/json, else the first there is. */
function chooseTemplate(templates: GatewayResponseEntry["templates"], accept: string | undefined) {
  const wanted = accept?.split(/[,;]/, 1)[0]?.trim().toLowerCase();
  return (
    templates.find(({ mediaType }) => mediaType === wanted) ??
    templates.find(({ mediaType }) => mediaType === "application/json") ??
    templates[0]
  );
}

function textOf(text: GatewayResponseText, x: Exchange): string {
  return typeof text === "string" ? text : text(x);
}

function setHeader(headers: string[], name: string, value: string): void {
  const lower = name.toLowerCase();
  const at = headers.findIndex((candidate, index) => index % 2 === 0 && candidate.toLowerCase() === lower);
  if (at === -1) headers.push(name, value);
  else headers[at + 1] = value;
}
