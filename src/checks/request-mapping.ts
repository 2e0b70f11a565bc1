import { places } from "../mapping/expressions/index.js";
import type { FoundAt } from "../mapping/expressions/reader.js";
import type { PathStep, Reference } from "../model/expressions.js";
import type { RequestMapping } from "../model/integrations.js";
import { isMappableHttpHeader } from "../model/reserved-headers.js";
import type { RoutePath } from "../model/routes.js";
import { membersOf, resolved } from "../model/type-questions.js";
import type { Type } from "../model/types.js";
import { nearest } from "../nearest.js";
import type { NamedNode, RequestSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { type OnReference, readParameters } from "./expressions.js";
import { isHeaderName } from "./names.js";
import { checkTemplates, type TemplatePlace } from "./templates.js";

/** What a mapping of a route's request can read. */
export interface RequestScope {
  readonly checking: Checking;
  readonly path: RoutePath;
  readonly body: { readonly type: Type; readonly mediaTypes: readonly string[] } | undefined;
}

export const noRequestMapping: RequestMapping = { headers: [], query: [], path: [], templates: [] };

/** `request:` of a route: parameter mappings and templates (aws-behaviour.md section 12.1). */
export async function checkRequestMapping(
  request: RequestSyntax | undefined,
  scope: RequestScope,
  integration: "http" | "aws" | "lambda" | "mock",
): Promise<RequestMapping> {
  if (request === undefined) return noRequestMapping;
  const { checking } = scope;
  const found = requestReferences(scope);
  const read = (nodes: readonly NamedNode[]) => readParameters(nodes, places.requestMapping, checking, found);
  const place: TemplatePlace = { kind: "request", place: places.requestMapping, bodyType: scope.body?.type, found };
  return {
    headers: read(request.headers.filter((node) => isMappableHeader(node, integration, checking))),
    query: read(request.query),
    path: read(request.path),
    templates: await checkTemplates(request, place, checking),
  };
}

/** Checks that what a reference reads of the request is there: path parameters, and members of the body's type. */
export function requestReferences({ checking, path, body }: RequestScope): OnReference {
  const { report, types } = checking;
  return (reference, at) => {
    if (reference.kind === "path") checkPathParameter(reference.name, path, at, checking);
    if (reference.kind !== "body" || body === undefined) return;
    if (reference.path.length > 0 && !body.mediaTypes.some(isJson)) {
      report("body-not-json", at.span, { type: body.mediaTypes.join(", ") });
      return;
    }
    checkBodyPath(reference, at, body.type);
  };

  function checkBodyPath(reference: Reference & { readonly kind: "body" }, at: FoundAt, type: Type): void {
    let current: Type | undefined = type;
    for (const [index, step] of reference.path.entries()) {
      const next: Type | undefined | "missing" = stepInto(current, step);
      if (next === undefined) return;
      if (next !== "missing") {
        current = next;
        continue;
      }
      const known = [...(membersOf(current, types.lookup)?.properties.keys() ?? [])];
      const name = step.kind === "member" ? step.name : `[${step.kind === "index" ? step.index : "*"}]`;
      const where = index === 0 ? "the body" : `this part of the body`;
      report("path-not-in-model", at.names[index] ?? at.span, { name, where, near: nearest(name, known) });
      return;
    }
  }

  /** Undefined where the type says nothing. A type that lists its properties is taken at its word. */
  function stepInto(type: Type, step: PathStep): Type | undefined | "missing" {
    const target = resolved(type, types.lookup);
    if (step.kind !== "member") {
      if (target.kind === "array") return target.items;
      if (target.kind === "tuple") return step.kind === "index" ? (target.items[step.index] ?? target.rest) : undefined;
      return target.kind === "object" ? "missing" : undefined;
    }
    if (target.kind === "array") return "missing";
    const members = membersOf(target, types.lookup);
    if (members === undefined) return undefined;
    const property = members.properties.get(step.name);
    if (property) return property.type;
    if (typeof members.additional !== "boolean") return members.additional;
    return members.properties.size > 0 ? "missing" : undefined;
  }
}

export function checkPathParameter(name: string, path: RoutePath, at: FoundAt, { report }: Checking): void {
  const names = path.segments.flatMap((segment) => (segment.kind === "static" ? [] : [segment.name]));
  if (names.includes(name)) return;
  report("unknown-path-parameter", at.span, { name, path: path.text, near: nearest(name, names) });
}

function isJson(mediaType: string): boolean {
  return /^application\/(?:.*\+)?json$|^\*\/\*$/.test(mediaType);
}

/** Mapping these makes each call fail (aws-behaviour.md section 5.3). */
const unmappable = {
  http: ["content-length", "transfer-encoding"],
  aws: ["content-length", "transfer-encoding", "authorization", "connection", "expect", "proxy-authenticate", "te"],
} as const;

function isMappableHeader(
  { name }: NamedNode,
  integration: "http" | "aws" | "lambda" | "mock",
  checking: Checking,
): boolean {
  const list: readonly string[] = integration === "http" ? unmappable.http : unmappable.aws;
  return isHeaderName(name, checking) && isAllowed(name, checking.kind === "rest" ? list : undefined, checking);
}

/** Whether a header of an answer can be mapped. `Transfer-Encoding` is dropped everywhere (section 13.2). */
export function isMappableResponseHeader({ name }: { readonly name: NamedNode["name"] }, checking: Checking): boolean {
  const list = checking.kind === "rest" ? ["transfer-encoding"] : undefined;
  return isHeaderName(name, checking) && isAllowed(name, list, checking);
}

/** @param list  names that cannot be mapped; undefined: those of HTTP APIs */
function isAllowed(name: NamedNode["name"], list: readonly string[] | undefined, { report }: Checking): boolean {
  const lower = name.text.toLowerCase();
  const isRefused = list ? list.includes(lower) : !isMappableHttpHeader(lower);
  if (isRefused) report("header-not-mappable", name.span, { name: name.text });
  return !isRefused;
}
