import type { Parameter } from "../model/routes.js";
import { primitive } from "../model/type-builders.js";
import { jsonKinds } from "../model/type-questions.js";
import type { Type } from "../model/types.js";
import { nearest } from "../nearest.js";
import type { ParameterSyntax, RouteSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { isHeaderName } from "./names.js";
import type { RouteKey } from "./route-key.js";

/** Parameters of a route: the path's in its order (a string where nothing is said), then query and headers as declared. */
export function checkParametersOf(route: RouteSyntax, key: RouteKey, checking: Checking): readonly Parameter[] {
  return [
    ...pathParameters(route, key, checking),
    ...group("query", route.query, checking),
    ...group("header", route.headers, checking),
  ];
}

function pathParameters(route: RouteSyntax, key: RouteKey, checking: Checking): readonly Parameter[] {
  const { path } = key;
  const distinct = new Set<string>();
  for (const [index, segment] of path.segments.entries()) {
    if (segment.kind === "static") continue;
    const { name } = segment;
    if (distinct.has(name)) checking.report("repeated-parameter", key.segmentSpans[index] ?? key.span, { name });
    distinct.add(name);
  }
  for (const { name, optional } of route.params) {
    if (!distinct.has(name.text)) {
      const near = nearest(name.text, distinct);
      checking.report("unknown-path-parameter", name.span, { name: name.text, path: path.text, near });
    } else if (optional) {
      checking.report("optional-path-parameter", name.span, { name: name.text });
    }
  }
  return [...distinct].map((name) => {
    const declared = route.params.find((parameter) => parameter.name.text === name);
    const type = (declared && typeOf(declared, "path", checking)) ?? primitive("string");
    return { in: "path", name, type, required: true, description: declared?.description?.text };
  });
}

/** API Gateway drops these from each request (aws-behaviour.md section 5.1). */
const droppedHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "content-md5",
  "expect",
  "max-forwards",
  "proxy-authenticate",
  "server",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "www-authenticate",
]);

function group(
  where: "query" | "header",
  declared: readonly ParameterSyntax[],
  checking: Checking,
): readonly Parameter[] {
  const taken = new Set<string>();
  return declared.flatMap((parameter) => {
    const { name } = parameter;
    const key = where === "header" ? name.text.toLowerCase() : name.text;
    const isTaken = taken.has(key);
    taken.add(key);
    if (isTaken) checking.report("repeated-parameter", name.span, { name: name.text });
    if (isTaken || !hasGoodName(parameter, where, checking)) return [];
    const type = typeOf(parameter, where, checking) ?? primitive("string");
    const description = parameter.description?.text;
    return [{ in: where, name: name.text, type, required: !parameter.optional, description }];
  });
}

/** `method.request.querystring.NAME`: AWS takes names of `[a-zA-Z0-9._$-]` there (developer guide, "mapping reference"). */
function hasGoodName({ name }: ParameterSyntax, where: "query" | "header", checking: Checking): boolean {
  if (where === "header" && droppedHeaders.has(name.text.toLowerCase())) {
    checking.report("header-never-arrives", name.span, { name: name.text });
    return false;
  }
  if (where === "header") return isHeaderName(name, checking);
  if (checking.kind === "http" || /^[A-Za-z0-9._$-]+$/.test(name.text)) return true;
  checking.report("bad-query-name", name.span, { name: name.text });
  return false;
}

function typeOf(
  { type, name }: ParameterSyntax,
  where: Parameter["in"],
  { types, report }: Checking,
): Type | undefined {
  const resolved = type && types.resolveType(type.text, type.spanMap, report);
  if (!resolved) return undefined;
  const isText = [...jsonKinds(resolved, types.lookup)].some((kind) => kind !== "object" && kind !== "null");
  if (!isText) report("parameter-not-text", type.span, { name: name.text, where });
  return resolved;
}
