import type { RequestBody, Response, ResponseBody, Route } from "../model/routes.js";
import { primitive } from "../model/type-builders.js";
import type { Type } from "../model/types.js";
import type {
  AlternativeSyntax,
  BodySyntax,
  ResponseHeaderSyntax,
  ResponseSyntax,
  RouteSyntax,
  TextValue,
} from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { mapsBody } from "./integration-context.js";
import { isHeaderName, isMediaType } from "./names.js";
import { mapsResponse } from "./response-mapping.js";
import { checkRuleShape } from "./rule-shape.js";

/** The body that a route takes. A body of bytes is `application/octet-stream` where nothing is said. */
export function checkBody(body: BodySyntax | undefined, checking: Checking): RequestBody | undefined {
  const type = body && resolve(body.type, checking);
  if (body === undefined || type === undefined) return undefined;
  const mediaTypes = mediaTypesOf(body, type, checking);
  if (isBinary(type)) for (const mediaType of mediaTypes) warnOfBytes(mediaType, body.type ?? body, checking);
  return { type, mediaTypes, required: body.required?.value ?? true };
}

/** The documented responses of a route. */
export function checkResponses(route: RouteSyntax, checking: Checking): readonly Response[] {
  return route.responses.map((response) => ({
    status: response.status.value,
    description: response.description?.text,
    body: responseBody(response, checking),
    headers: response.headers.flatMap((header) => responseHeader(header, isMapped(route, checking), checking)),
  }));
}

/** The response for all other statuses: documentation alone. */
export function checkOtherwise({ otherwise }: RouteSyntax, checking: Checking): Route["otherwise"] {
  if (otherwise === undefined) return undefined;
  const type = resolve(otherwise.body, checking);
  const { mediaType } = otherwise;
  const isGood = mediaType === undefined || isMediaType(mediaType, checking);
  const usual = type && isBinary(type) ? "application/octet-stream" : "application/json";
  const own = isGood && mediaType ? mediaType.text.toLowerCase() : usual;
  const body = type && withAlternatives({ type, mediaType: own }, otherwise.alternatives, checking);
  return { description: otherwise.description?.text, body };
}

function responseBody({ status, body, map, alternatives }: ResponseSyntax, checking: Checking): Response["body"] {
  const type = body && resolve(body.type, checking);
  if (body === undefined || type === undefined) return undefined;
  if (status.value < 200 || status.value === 204 || status.value === 304) {
    checking.report("response-without-body", (body.type ?? body).span, { status: status.value });
    return undefined;
  }
  if (map) checkRuleShape(map, type, checking);
  const mediaType = mediaTypesOf(body, type, checking)[0] ?? "application/json";
  return withAlternatives({ type, mediaType }, alternatives, checking);
}

function withAlternatives(
  body: ResponseBody,
  syntax: readonly AlternativeSyntax[] = [],
  checking: Checking,
): ResponseBody {
  const taken = new Set([body.mediaType]);
  const alternatives = syntax.flatMap(({ mediaType, type }) => {
    const name = mediaType.text.toLowerCase();
    if (!isMediaType(mediaType, checking)) return [];
    if (taken.has(name)) checking.report("media-type-twice", mediaType.span, { type: name });
    taken.add(name);
    const resolved = resolve(type, checking);
    return resolved ? [{ mediaType: name, type: resolved }] : [];
  });
  return alternatives.length > 0 ? { ...body, alternatives } : body;
}

/** The short form is a type where the integration passes answers on, and a value where it makes them. */
function responseHeader(header: ResponseHeaderSyntax, isMade: boolean, checking: Checking): Response["headers"] {
  if (!isHeaderName(header.name, checking)) return [];
  const type = resolve(header.type ?? (isMade ? undefined : header.short), checking);
  return [{ name: header.name.text, type: type ?? primitive("string"), description: header.description?.text }];
}

/** Whether the gateway makes the answers of a route, so that headers have values. */
function isMapped({ integration, request, responses }: RouteSyntax, { kind }: Checking): boolean {
  if (kind === "http") return false;
  const isProxy = integration?.kind === "lambda" || integration?.kind === "http";
  return !isProxy || mapsBody(request) || responses.some(mapsResponse);
}

function mediaTypesOf({ mediaTypes }: BodySyntax, type: Type, checking: Checking): readonly string[] {
  const fallback = isBinary(type) ? "application/octet-stream" : "application/json";
  if (mediaTypes === undefined) return [fallback];
  const known = mediaTypes
    .filter((mediaType) => isMediaType(mediaType, checking))
    .map(({ text }) => text.toLowerCase());
  return known.length > 0 ? [...new Set(known)] : [fallback];
}

function isBinary(type: Type): boolean {
  return type.kind === "primitive" && type.name === "binary";
}

/** REST APIs take a payload for text unless its type is listed (aws-behaviour.md section 26). */
function warnOfBytes(mediaType: string, { span }: Pick<TextValue, "span">, { syntax, kind, report }: Checking): void {
  const main = mediaType.split("/")[0] ?? "";
  const listed = syntax.binaryMediaTypes?.map(({ text }) => text.toLowerCase()) ?? [];
  if (kind === "http" || [mediaType, `${main}/*`, "*/*"].some((type) => listed.includes(type))) return;
  report("binary-not-declared", span, { type: mediaType });
}

function resolve(type: Pick<TextValue, "text" | "spanMap"> | undefined, { types, report }: Checking): Type | undefined {
  return type && types.resolveType(type.text, type.spanMap, report);
}
