import type { Place } from "../mapping/expressions/places.js";
import type { FoundAt } from "../mapping/expressions/reader.js";
import type { Authorization } from "../model/authorizers.js";
import type { PathStep, Reference } from "../model/expressions.js";
import type { Parameter, RoutePath } from "../model/routes.js";
import type { Type } from "../model/types.js";
import { connectKey } from "../model/websocket.js";
import { nearest } from "../nearest.js";
import { checkBodyPath } from "./body-paths.js";
import type { Checking } from "./checking.js";
import type { OnReference } from "./expressions.js";

/** What a mapping of a route can read of its request. */
export interface RequestScope {
  readonly checking: Checking;
  readonly path: RoutePath;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly type: Type; readonly mediaTypes: readonly string[] } | undefined;
  readonly authorization: Authorization;
  /** WebSocket routes whose messages have no request: their key. */
  readonly messageOf?: string;
  /** Whether request templates are named by what a selection expression yields, not by media types. */
  readonly selectsTemplates?: boolean;
}

/** Checks that what a reference reads of the request is there: parameters, members of the body, the authorizer's context. */
export function requestReferences(scope: RequestScope): OnReference {
  return (reference, at) => {
    if (scope.messageOf !== undefined && isOfRequest(reference.kind)) {
      const name = "name" in reference ? reference.name : "";
      scope.checking.report("websocket-request-parameter", at.span, { name, key: scope.messageOf });
      return undefined;
    }
    checkReference(reference, at, scope);
    return reference.kind === "header" || reference.kind === "multivalueheader"
      ? asDeclared(reference, scope)
      : undefined;
  };
}

function checkReference(reference: Reference, at: FoundAt, scope: RequestScope): void {
  switch (reference.kind) {
    case "path":
      checkPathParameter(reference.name, scope.path, at, scope.checking);
      break;
    case "querystring":
    case "multivaluequerystring":
      checkParameter(reference.name, "query", at, scope);
      break;
    case "header":
    case "multivalueheader":
      checkParameter(reference.name, "header", at, scope);
      break;
    case "body":
      checkBody(reference.path, at, scope);
      break;
    case "context":
      checkAuthorizerContext(reference, at, scope);
      break;
  }
}

/** API Gateway looks headers up letter by letter in mappings (aws-behaviour.md section 12.1): the declared name counts. */
function asDeclared(
  reference: Reference & { readonly kind: "header" | "multivalueheader" },
  { parameters }: RequestScope,
): Reference {
  const folded = reference.name.toLowerCase();
  const declared = parameters.find((known) => known.in === "header" && known.name.toLowerCase() === folded);
  return declared ? { kind: reference.kind, name: declared.name } : reference;
}

/** A place as one of this route: the help for it offers no parameter of a request that the route does not have. */
export function placeOf(place: Place, { messageOf, path }: Pick<RequestScope, "messageOf" | "path">): Place {
  const context = "socket";
  if (messageOf !== undefined) return { ...place, context, offers: place.reads.filter((kind) => !isOfRequest(kind)) };
  return path.text === connectKey
    ? { ...place, context, offers: place.reads.filter((kind) => kind !== "path" && kind !== "body") }
    : place;
}

function isOfRequest(kind: Reference["kind"]): boolean {
  return ["path", "querystring", "header", "multivaluequerystring", "multivalueheader", "requestPath"].includes(kind);
}

export function checkPathParameter(name: string, path: RoutePath, at: FoundAt, { report }: Checking): void {
  const names = path.segments.flatMap((segment) => (segment.kind === "static" ? [] : [segment.name]));
  if (names.includes(name)) return;
  report("unknown-path-parameter", at.span, { name, path: path.text, near: nearest(name, names) });
}

/** A parameter may be read without being declared; one that is nearly the name of a declared one is hardly meant. */
function checkParameter(
  name: string,
  where: "query" | "header",
  at: FoundAt,
  { parameters, checking }: RequestScope,
): void {
  const folded = where === "header" ? name.toLowerCase() : name;
  const names = parameters.filter((parameter) => parameter.in === where).map((parameter) => parameter.name);
  if (names.some((known) => known === name || (where === "header" && known.toLowerCase() === folded))) return;
  const near = name.length > 3 ? nearest(name, names) : undefined;
  if (near !== undefined) checking.report("undeclared-parameter", at.names[0] ?? at.span, { name, near });
}

function checkBody(path: readonly PathStep[], at: FoundAt, { body, checking }: RequestScope): void {
  if (body === undefined || path.length === 0) return;
  if (body.mediaTypes.some(isJson)) checkBodyPath(path, at, body.type, checking);
  else checking.report("body-not-json", at.span, { type: body.mediaTypes.join(", ") });
}

function isJson(mediaType: string): boolean {
  return /^application\/(?:.*\+)?json$|^\*\/\*$/.test(mediaType);
}

/** What a Lambda authorizer says that it gives is all that it gives, besides the principal's id. */
function checkAuthorizerContext(
  { path }: Reference & { readonly kind: "context" },
  at: FoundAt,
  { authorization, checking }: RequestScope,
): void {
  const [root, name] = path;
  if (root !== "authorizer" || name === undefined || authorization.kind !== "authorizer") return;
  const authorizer = checking.syntax.authorizers.find((candidate) => candidate.name.text === authorization.name);
  if (authorizer?.kind !== "lambda" || authorizer.context.length === 0) return;
  const names = ["principalId", ...authorizer.context.map((entry) => entry.name.text)];
  if (names.includes(name)) return;
  const near = nearest(name, names);
  checking.report("unknown-authorizer-context", at.names[1] ?? at.span, { name, authorizer: authorization.name, near });
}
