import type { GatewayModel, GatewayResponseType } from "../../src/model/gateway-model.js";
import type { Parameter, PathSegment, Response, Route } from "../../src/model/routes.js";
import type { Pagination } from "../../src/model/sdk.js";
import { primitive } from "../../src/model/type-builders.js";
import type { Type } from "../../src/model/types.js";
import { type CredentialPlan, credentialsOf } from "./credentials.js";
import { type CustomBodies, type GatewayAnswer, type GatewayBody, gatewayAnswers } from "./gateway-answers.js";

/** One call of the SDKs, before any language has named it. */
export interface SdkOperation {
  readonly operation: string;
  /** `GET /orders/{id}`. */
  readonly route: string;
  /** Undefined: the route takes any, and the caller says which. */
  readonly method: (Route["method"] & string) | undefined;
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly deprecated: boolean;
  readonly tags: readonly string[];
  /** Static texts are escaped already as a path needs it. */
  readonly path: readonly PathSegment[];
  /** What the caller gives: path, then query, then headers. An `Idempotency-Key` is an option of the call instead. */
  readonly parameters: readonly Parameter[];
  readonly body: BodyPlan | undefined;
  /** Declared successes; empty when nothing is declared and any may come. */
  readonly successes: readonly SuccessPlan[];
  /** By status, ascending: declared answers and API Gateway's own. */
  readonly errors: readonly ErrorPlan[];
  /** What the body of an error of any other status is declared to be; undefined: nothing says. */
  readonly otherwise: Type | undefined;
  /** Value of `Accept`. */
  readonly accept: string;
  /** Of the declared answers that have a body. */
  readonly mediaTypes: readonly (readonly [status: number, mediaType: string])[];
  /** Statuses whose body is bytes. */
  readonly binaryStatuses: readonly number[];
  /** Media types that are bytes, of statuses that have others, too. */
  readonly binaryTypes: readonly (readonly [status: number, mediaType: string])[];
  /** Media types that callers may ask for in the place of the first one. */
  readonly alternativeTypes: readonly string[];
  /** Whether a success is a stream of server-sent events. */
  readonly hasEvents: boolean;
  /** Whether a 3xx is an answer of the route, and not to be followed. */
  readonly hasRedirects: boolean;
  readonly credentials: readonly CredentialPlan[];
  readonly isSigned: boolean;
  /** The route declares `Idempotency-Key`: calls get one by themselves, so that they may be repeated. */
  readonly hasIdempotencyKey: boolean;
  readonly pagination: Pagination | undefined;
}

export interface BodyPlan {
  readonly encoding: "json" | "raw" | "form" | "multipart";
  /** Undefined: the encoder writes it (multipart), or the caller's body has it (any method, nothing declared). */
  readonly contentType: string | undefined;
  readonly type: Type | "bytes";
  readonly required: boolean;
}

export interface SuccessPlan {
  readonly status: number;
  /** Undefined: no body. */
  readonly body: Type | "bytes" | undefined;
  /** Bodies of further media types, which a caller asks for by `Accept`. */
  readonly alternatives: readonly AlternativeBody[];
}

export interface AlternativeBody {
  readonly mediaType: string;
  readonly body: Type | "bytes";
}

export interface ErrorPlan {
  readonly status: number;
  /** Types of the route's own answers: those of the status, or else `otherwise`. */
  readonly declared: readonly (Type | "bytes")[];
  readonly gateway: readonly GatewayBody[];
  /** Bodies of further media types. */
  readonly alternatives: readonly AlternativeBody[];
  /** Types of API Gateway's own answers of the status. */
  readonly answers: readonly GatewayResponseType[];
}

/** Path text of an HTTP API's route for everything else. */
const catchAll = "$default";

export function planOperation(route: Route, model: GatewayModel, custom: CustomBodies): SdkOperation {
  const all = parametersOf(route);
  const parameters = all.filter((parameter) => !isIdempotencyKey(parameter));
  const successes = successesOf(route);
  return {
    operation: route.operation,
    route: route.key,
    method: route.method === "ANY" ? undefined : route.method,
    summary: route.summary,
    description: route.description,
    deprecated: route.deprecated,
    tags: route.tags,
    path: pathOf(route),
    parameters,
    body: bodyPlan(route),
    successes,
    errors: errorsOf(route, gatewayAnswers(route, model, custom)),
    otherwise: otherwiseOf(route),
    accept: acceptOf(route),
    mediaTypes: route.responses.flatMap(({ status, body }) => (body ? [[status, body.mediaType] as const] : [])),
    binaryStatuses: route.responses.flatMap(({ status, body }) =>
      body && isBinary(body.type) && isAlwaysBinary(body) && route.method !== "HEAD" ? [status] : [],
    ),
    binaryTypes: route.method === "HEAD" ? [] : route.responses.flatMap(binaryTypesOf),
    alternativeTypes: [
      ...new Set(successes.flatMap(({ alternatives }) => alternatives.map((other) => other.mediaType))),
    ],
    hasEvents: route.method !== "HEAD" && route.responses.some(isEventStream),
    hasRedirects: route.responses.some(({ status }) => status >= 300 && status < 400),
    credentials: credentialsOf(route, model),
    isSigned: route.authorization.kind === "iam",
    hasIdempotencyKey: parameters.length < all.length,
    pagination: route.pagination,
  };
}

/** What successes are where a caller has asked for a media type; those that do not have it are as ever. */
export function successesAs({ successes }: Pick<SdkOperation, "successes">, mediaType: string): readonly SuccessPlan[] {
  return successes.map((success) => {
    const other = success.alternatives.find((alternative) => alternative.mediaType === mediaType);
    return other ? { ...success, body: other.body } : success;
  });
}

function binaryTypesOf({ status, body }: Response): readonly (readonly [status: number, mediaType: string])[] {
  if (body === undefined || isAlwaysBinary(body)) return [];
  return [body, ...(body.alternatives ?? [])]
    .filter(({ type }) => isBinary(type))
    .map(({ mediaType }) => [status, mediaType] as const);
}

/** Where bytes are one of several media types, the answer says which it is. */
function isAlwaysBinary({ alternatives = [] }: NonNullable<Response["body"]>): boolean {
  return alternatives.every(({ type }) => isBinary(type));
}

/** Whether the whole payload is bytes. */
export function isBinary(type: Type): boolean {
  return type.kind === "primitive" && type.name === "binary";
}

function isIdempotencyKey(parameter: Parameter): boolean {
  return parameter.in === "header" && parameter.name.toLowerCase() === "idempotency-key";
}

/** As declared; the catch-all route has a path that nothing declares. */
function parametersOf({ parameters, path }: Route): readonly Parameter[] {
  if (path.text !== catchAll) return parameters;
  const description = "The whole path, without the leading slash.";
  return [{ in: "path", name: "path", type: primitive("string"), required: true, description }, ...parameters];
}

function pathOf({ path }: Route): readonly PathSegment[] {
  if (path.text === catchAll) return [{ kind: "greedy", name: "path" }];
  return path.segments.map((segment) =>
    segment.kind === "static" ? { kind: "static", text: escapedSegment(segment.text) } : segment,
  );
}

/** What a path cannot carry as it is, is escaped (RFC 3986, 3.3); what is escaped in the file stays so. */
function escapedSegment(text: string): string {
  return encodeURIComponent(text).replace(/%(3A|40|2C|3B|24|26|2B|3D)/g, decodeURIComponent);
}

/** No body is sent with GET and HEAD; a route for any method may have one of any kind. */
function bodyPlan({ method, body }: Route): BodyPlan | undefined {
  if (method === "GET" || method === "HEAD") return undefined;
  if (body === undefined)
    return method === "ANY" ? { encoding: "raw", contentType: undefined, type: "bytes", required: false } : undefined;
  const [mediaType = "application/json"] = body.mediaTypes;
  const encoding = encodingOf(body.type, mediaType);
  return {
    encoding,
    contentType: encoding === "multipart" ? undefined : mediaType,
    type: isBinary(body.type) ? "bytes" : body.type,
    required: body.required,
  };
}

function encodingOf(type: Type, mediaType: string): BodyPlan["encoding"] {
  if (isBinary(type)) return "raw";
  if (/^[^;]+[/+]json *(;|$)/i.test(mediaType)) return "json";
  if (/^application\/x-www-form-urlencoded\b/i.test(mediaType)) return "form";
  if (/^multipart\/form-data\b/i.test(mediaType)) return "multipart";
  return "raw";
}

function isSuccess({ status }: Response): boolean {
  return status < 400;
}

function isEventStream(response: Response): boolean {
  return isSuccess(response) && /^text\/event-stream\b/i.test(response.body?.mediaType ?? "");
}

function bodyOf({ body }: Response): Type | "bytes" | undefined {
  return body && (isBinary(body.type) ? "bytes" : body.type);
}

/** The answer to HEAD has no body, whatever GET has. */
function successesOf(route: Route): readonly SuccessPlan[] {
  return route.responses.filter(isSuccess).map((response) => ({
    status: response.status,
    body: route.method === "HEAD" ? undefined : bodyOf(response),
    alternatives: route.method === "HEAD" ? [] : alternativesOf(response),
  }));
}

function alternativesOf({ body }: Response): readonly AlternativeBody[] {
  return (body?.alternatives ?? []).map(({ mediaType, type }) => ({
    mediaType,
    body: isBinary(type) ? "bytes" : type,
  }));
}

/** Bytes are left to the content type of the answer. */
function otherwiseOf({ method, otherwise }: Route): Type | undefined {
  const type = method === "HEAD" ? undefined : otherwise?.body?.type;
  return type && !isBinary(type) ? type : undefined;
}

function errorsOf(route: Route, all: readonly GatewayAnswer[]): readonly ErrorPlan[] {
  const answers = all.filter(({ status }) => status >= 400);
  const declared = route.responses.filter((response) => !isSuccess(response));
  const statuses = new Set([...declared, ...answers].map(({ status }) => status));
  const rest = otherwiseOf(route) ?? [];
  const ownBodies = (status: number) => {
    const own = declared.filter((response) => response.status === status);
    return own.length === 0 ? [rest].flat() : own.flatMap((response) => bodyOf(response) ?? []);
  };
  return [...statuses]
    .sort((a, b) => a - b)
    .map((status) => ({
      status,
      declared: ownBodies(status),
      gateway: [...new Set(answers.filter((answer) => answer.status === status).map(({ body }) => body))],
      alternatives: declared.filter((response) => response.status === status).flatMap(alternativesOf),
      answers: [...new Set(answers.filter((answer) => answer.status === status).map(({ type }) => type))].sort(),
    }));
}

/**
 * The declared media types, binary first, as API Gateway looks at the first one to choose the encoding. JSON alone is the
 * default; a route that declares nothing may answer anything.
 */
function acceptOf({ responses, otherwise }: Route): string {
  if (responses.length === 0) return "*/*";
  const bodies = [...responses, ...(otherwise ? [otherwise] : [])].flatMap(({ body }) => body ?? []);
  const ordered = [...bodies.filter(({ type }) => isBinary(type)), ...bodies.filter(({ type }) => !isBinary(type))];
  return [...new Set(ordered.map(({ mediaType }) => mediaType))].join(", ") || "application/json";
}

/** Whether the answer may be read as a stream: bytes of unknown length, or what is no JSON. */
export function hasStream({ successes, accept, method }: SdkOperation): boolean {
  if (method === "HEAD") return false;
  return successes.length === 0 || (accept !== "application/json" && successes.some(({ body }) => body !== undefined));
}
