import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Response, Route } from "../../src/model/routes.js";
import type { Type } from "../../src/model/types.js";
import { code, type Planned } from "../emit/code-literal.js";
import { type CredentialPlan, credentialsOf } from "./credentials.js";
import { type CustomBodies, type GatewayAnswer, type GatewayBody, gatewayAnswers } from "./gateway-answers.js";
import { catchAll, type InputMember, planInput } from "./plan-input.js";
import { isBinary } from "./wire-types.js";

/** One function of the SDK, without its exported names. */
export interface OperationPlan {
  readonly operation: string;
  /** `GET /orders/{id}`. */
  readonly route: string;
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly deprecated: boolean;
  readonly input: readonly InputMember[];
  /** Declared successes; empty when nothing is declared and any may come. */
  readonly successes: readonly SuccessPlan[];
  /** By status, ascending: declared answers and API Gateway's own. */
  readonly errors: readonly ErrorPlan[];
  /** What the runtime needs to know to send the call. */
  readonly descriptor: Readonly<Record<string, Planned>>;
  /** Body encoder of the runtime; undefined without a body. */
  readonly encoder: Encoder | undefined;
  readonly credentials: readonly CredentialPlan[];
  readonly isSigned: boolean;
}

export type Encoder = "jsonBody" | "rawBody" | "formBody" | "multipartBody";

export interface SuccessPlan {
  readonly status: number;
  /** `bytes` is a Blob; undefined: no body. */
  readonly body: Type | "bytes" | undefined;
}

export interface ErrorPlan {
  readonly status: number;
  readonly declared: readonly (Type | "bytes")[];
  readonly gateway: readonly GatewayBody[];
}

export function planOperation(route: Route, model: GatewayModel, custom: CustomBodies): OperationPlan {
  const input = planInput(route);
  const encoder = encoderOf(route);
  const credentials = credentialsOf(route, model);
  return {
    operation: route.operation,
    route: route.key,
    summary: route.summary,
    description: route.description,
    deprecated: route.deprecated,
    input,
    successes: successesOf(route),
    errors: errorsOf(route, gatewayAnswers(route, model, custom)),
    descriptor: descriptorOf(route, { input, encoder, credentials }),
    encoder,
    credentials,
    isSigned: route.authorization.kind === "iam",
  };
}

function isSuccess({ status }: Response): boolean {
  return status < 400;
}

function bodyOf({ body }: Response): Type | "bytes" | undefined {
  return body && (isBinary(body.type) ? "bytes" : body.type);
}

/** The answer to HEAD has no body, whatever GET has. */
function successesOf(route: Route): readonly SuccessPlan[] {
  return route.responses
    .filter(isSuccess)
    .map((response) => ({ status: response.status, body: route.method === "HEAD" ? undefined : bodyOf(response) }));
}

function errorsOf(route: Route, all: readonly GatewayAnswer[]): readonly ErrorPlan[] {
  const answers = all.filter(({ status }) => status >= 400);
  const declared = route.responses.filter((response) => !isSuccess(response));
  const statuses = new Set([...declared, ...answers].map(({ status }) => status));
  return [...statuses]
    .sort((a, b) => a - b)
    .map((status) => ({
      status,
      declared: declared.filter((response) => response.status === status).flatMap((response) => bodyOf(response) ?? []),
      gateway: [...new Set(answers.filter((answer) => answer.status === status).map(({ body }) => body))],
    }));
}

interface DescriptorParts {
  readonly input: readonly InputMember[];
  readonly encoder: Encoder | undefined;
  readonly credentials: readonly CredentialPlan[];
}

function descriptorOf(route: Route, { input, encoder, credentials }: DescriptorParts): Record<string, Planned> {
  const group = (where: InputMember["in"]) => input.filter((member) => member.in === where);
  const binary = route.responses.filter((response) => response.body && isBinary(response.body.type));
  return {
    name: route.operation,
    method: route.method === "ANY" ? undefined : route.method,
    path: pathOf(route, group("path")),
    query: tableOf(group("query")),
    headers: tableOf(group("header")),
    accept: acceptOf(route),
    encode: encoder && code(encoder),
    contentType: contentTypeOf(route, encoder),
    binary: binary.length > 0 ? binary.map(({ status }) => status) : undefined,
    redirect: route.responses.some(({ status }) => status >= 300 && status < 400) ? "manual" : undefined,
    auth:
      credentials.length > 0
        ? credentials.map(({ name, place, key, authorizer }) => [name, place, key, ...(authorizer ? [authorizer] : [])])
        : undefined,
    iam: route.authorization.kind === "iam" ? true : undefined,
  };
}

/** Names of the input and on the wire. */
function tableOf(members: readonly InputMember[]): Planned {
  return members.length === 0 ? undefined : Object.fromEntries(members.map(({ name, wireName }) => [name, wireName]));
}

/** Template whose braces hold names of the input object; what a path cannot carry as it is, is escaped here. */
function pathOf({ path }: Route, members: readonly InputMember[]): string {
  const nameOf = (name: string) => members.find(({ wireName }) => wireName === name)?.name ?? name;
  if (path.text === catchAll) return `/{${nameOf("path")}+}`;
  if (path.segments.length === 0) return "/";
  const texts = path.segments.map((segment) => {
    if (segment.kind === "static")
      return encodeURIComponent(segment.text).replace(/%(3A|40|2C|3B|24|26|2B|3D)/g, decodeURIComponent);
    return `{${nameOf(segment.name)}${segment.kind === "greedy" ? "+" : ""}}`;
  });
  return `/${texts.join("/")}`;
}

/**
 * The declared media types, binary first, as API Gateway looks at the first one to choose the encoding. JSON alone is the
 * default; a route that declares nothing may answer anything.
 */
function acceptOf({ responses }: Route): string | undefined {
  if (responses.length === 0) return "*/*";
  const bodies = responses.flatMap((response) => response.body ?? []);
  const ordered = [...bodies.filter(({ type }) => isBinary(type)), ...bodies.filter(({ type }) => !isBinary(type))];
  const types = [...new Set(ordered.map(({ mediaType }) => mediaType))];
  const accept = types.join(", ");
  return accept === "" || accept === "application/json" ? undefined : accept;
}

function encoderOf({ method, body }: Route): Encoder | undefined {
  if (method === "GET" || method === "HEAD") return undefined;
  if (body === undefined) return method === "ANY" ? "rawBody" : undefined;
  const [mediaType = "application/json"] = body.mediaTypes;
  if (isBinary(body.type)) return "rawBody";
  if (/^[^;]+[/+]json *(;|$)/i.test(mediaType)) return "jsonBody";
  if (/^application\/x-www-form-urlencoded\b/i.test(mediaType)) return "formBody";
  if (/^multipart\/form-data\b/i.test(mediaType)) return "multipartBody";
  return "rawBody";
}

/** fetch writes the type of a form itself, with its boundary. */
function contentTypeOf({ body }: Route, encoder: Encoder | undefined): string | undefined {
  if (body === undefined || encoder === undefined || encoder === "multipartBody") return undefined;
  return body.mediaTypes[0] ?? "application/json";
}
