import type { Report } from "../diagnostics/diagnostic.js";
import type { ApiKind } from "../model/gateway-model.js";
import { type HttpMethod, httpMethods, type PathSegment, type RoutePath } from "../model/routes.js";
import { nearest } from "../nearest.js";
import type { Span } from "../source.js";
import type { Name } from "../syntax/tree.js";

export interface RouteKey {
  readonly text: string;
  readonly method: HttpMethod | "ANY";
  readonly path: RoutePath;
  readonly span: Span;
  /** Places of the path's segments in the file. */
  readonly segmentSpans: readonly Span[];
}

const methods: readonly string[] = [...httpMethods, "ANY"];

/** `GET /orders/{id}`, or `$default` on HTTP APIs. Undefined when it is none, which has been reported. */
export function checkRouteKey(key: Name, kind: ApiKind, report: Report): RouteKey | undefined {
  if (key.text === "$default") {
    if (kind === "http") return defaultRoute(key);
    report("not-on-rest-apis", key.span, {
      what: "a $default route",
      instead: "use ANY /{proxy+}, and ANY / for the root, or kind: http",
    });
    return undefined;
  }
  const match = /^(\S+)[ \t]+(\S+)$/.exec(key.text);
  if (!match) {
    report("bad-route-key", key.span, { key: key.text });
    return undefined;
  }
  const [, method = "", path = ""] = match;
  const methodSpan = key.spanMap.toFile({ start: 0, end: method.length });
  if (!methods.includes(method)) {
    const near = methods.includes(method.toUpperCase()) ? method.toUpperCase() : nearest(method, methods);
    report("unknown-method", methodSpan, { method, near }, near ? { fix: { span: methodSpan, text: near } } : {});
    return undefined;
  }
  const at = key.text.length - path.length;
  const spanOf = (start: number, end: number) => key.spanMap.toFile({ start: at + start, end: at + end });
  const parsed = checkPath(path, { kind, report, spanOf });
  return parsed && { text: `${method} ${path}`, method: method as HttpMethod | "ANY", span: key.span, ...parsed };
}

function defaultRoute(key: Name): RouteKey {
  return {
    text: "$default",
    method: "ANY",
    path: { text: "$default", segments: [] },
    span: key.span,
    segmentSpans: [],
  };
}

/**
 * Characters of a static segment. REST: what the console and the developer guide's "important notes" allow. HTTP APIs: what
 * a URL's path may hold unencoded (RFC 3986, section 3.3), and `%XX`.
 */
const staticSegment = {
  rest: /^[A-Za-z0-9._:,$-]+$/,
  http: /^(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+$/,
} as const;
const parameterName = /^[\w.:-]+$/;

interface PathPlace {
  readonly kind: ApiKind;
  readonly report: Report;
  /** Span in the file of a part of the path. */
  spanOf(start: number, end: number): Span;
}

function checkPath(path: string, place: PathPlace) {
  const { report, spanOf } = place;
  if (!path.startsWith("/")) {
    report("path-without-slash", spanOf(0, path.length), { path });
    return undefined;
  }
  if (path === "/") return { path: { text: "/", segments: [] }, segmentSpans: [] };
  if (path.endsWith("/")) {
    const span = spanOf(path.length - 1, path.length);
    report("trailing-slash", span, { path }, { fix: { span, text: "" } });
    return undefined;
  }
  const segments: PathSegment[] = [];
  const spans: Span[] = [];
  let at = 1;
  for (const text of path.slice(1).split("/")) {
    const span = spanOf(at, Math.max(at + text.length, at + 1));
    const segment = checkSegment(text, span, place);
    if (segment === undefined) return undefined;
    if (segments.at(-1)?.kind === "greedy") {
      report("greedy-not-last", span, { parameter: path.slice(1).split("/")[segments.length - 1] ?? "" });
      return undefined;
    }
    segments.push(segment);
    spans.push(span);
    at += text.length + 1;
  }
  return { path: { text: path, segments }, segmentSpans: spans };
}

function checkSegment(text: string, span: Span, { kind, report }: PathPlace): PathSegment | undefined {
  if (text === "") {
    report("empty-segment", span, {});
    return undefined;
  }
  if (!text.includes("{") && !text.includes("}")) {
    if (staticSegment[kind].test(text)) {
      const name = /^:(\w+)[?*+]?$/.exec(text)?.[1];
      if (name !== undefined) report("express-parameter", span, { name }, { fix: { span, text: `{${name}}` } });
      return { kind: "static", text };
    }
    report("bad-segment", span, { segment: text, kind });
    return undefined;
  }
  const name = /^\{([^{}]*)\}$/.exec(text)?.[1];
  if (name === undefined) {
    report("partial-parameter", span, { segment: text });
    return undefined;
  }
  const greedy = name.endsWith("+");
  const bare = greedy ? name.slice(0, -1) : name;
  if (!parameterName.test(bare)) {
    report("bad-parameter-name", span, { name: bare });
    return undefined;
  }
  return greedy ? { kind: "greedy", name: bare } : { kind: "parameter", name: bare };
}
