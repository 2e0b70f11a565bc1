import { type Place, places, writtenKinds } from "../mapping/expressions/index.js";
import { isOneReference, referencesOf, type Value } from "../model/expressions.js";
import type { ParameterMapping, RequestMapping } from "../model/integrations.js";
import { isMappableHttpHeader } from "../model/reserved-headers.js";
import type { NamedNode, RequestSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { type OnReference, readParameters, readValue } from "./expressions.js";
import { isHeaderName } from "./names.js";
import { placeOf, type RequestScope, requestReferences } from "./request-references.js";
import { checkTemplates, type TemplatePlace } from "./templates.js";

const noRequestMapping: RequestMapping = { headers: [], query: [], path: [], templates: [] };

/** `request:` of a route: parameter mappings and templates (aws-behaviour.md section 12.1). */
export async function checkRequestMapping(
  request: RequestSyntax | undefined,
  scope: RequestScope,
  integration: "http" | "aws" | "lambda" | "mock",
): Promise<RequestMapping> {
  if (request === undefined) return noRequestMapping;
  const { checking } = scope;
  const found = requestReferences(scope);
  const parameter = placeOf(parameterPlace(checking), scope);
  const read = (nodes: readonly NamedNode[]) =>
    readParameters(nodes, parameter, checking, found).filter((mapping) => isWhole(mapping, nodes, checking));
  const place: TemplatePlace = {
    kind: "request",
    place: placeOf(places.requestMapping, scope),
    bodyType: scope.body?.type,
    found,
    parameters: scope.parameters,
    keysAreSelected: scope.selectsTemplates ?? false,
  };
  return {
    headers: read(
      distinctHeaders(request.headers, checking).filter((node) => isMappableHeader(node, integration, checking)),
    ),
    query: read(request.query),
    path: read(request.path),
    wholePath: wholePath(request, checking, found),
    templates: await checkTemplates(request, place, checking),
  };
}

/** All values of a parameter are mapped as they are: no template reaches them, and no text holds them. */
function isWhole({ name, value }: ParameterMapping, nodes: readonly NamedNode[], { report }: Checking): boolean {
  const many = referencesOf(value).find(({ kind }) => kind.startsWith("multivalue"));
  if (many === undefined || isOneReference(value)) return true;
  const span = nodes.find((node) => node.name.text === name)?.value.span;
  const where = "a text or beside a default";
  if (span) report("expression-not-here", span, { expression: writtenKinds[many.kind], where, reads: "" });
  return false;
}

/** What parameters of a request can be mapped from. */
function parameterPlace({ kind }: Checking): Place {
  return kind === "http" ? places.httpParameter : places.restParameter;
}

/** A path instead of the URL's: of backends of HTTP APIs (section 28.2, `overwrite:path`). */
function wholePath({ wholePath: node }: RequestSyntax, checking: Checking, found: OnReference): Value | undefined {
  if (node === undefined) return undefined;
  if (checking.kind === "http") return readValue(node, places.httpParameter, checking, found);
  const instead = "write the path in the URL, with {name} for parameters";
  checking.report("not-on-rest-apis", node.span, { what: "a path instead of the URL's", instead });
  return undefined;
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

/** Names of headers do not differ by case: the second of two would replace the first, or not. */
function distinctHeaders(nodes: readonly NamedNode[], { report }: Checking): readonly NamedNode[] {
  const seen = new Set<string>();
  return nodes.filter(({ name }) => {
    const isTwice = seen.has(name.text.toLowerCase());
    if (isTwice) report("repeated-parameter", name.span, { name: name.text });
    seen.add(name.text.toLowerCase());
    return !isTwice;
  });
}
