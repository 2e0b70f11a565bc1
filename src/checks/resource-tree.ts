import { httpMethods } from "../model/routes.js";
import type { Span } from "../source.js";
import type { Checking } from "./checking.js";
import type { RouteKey } from "./route-key.js";

interface Resource {
  readonly children: Map<string, Resource>;
  /** The one variable child: its text as written, and where it was first. */
  variable: { readonly text: string; readonly span: Span; readonly resource: Resource } | undefined;
  readonly methods: Map<string, Span>;
}

/**
 * Routes as resources of one tree, with API Gateway's rules for it: one variable name per position, nothing below a
 * greedy one, each method once (aws-behaviour.md sections 3.2 and 3.3). HTTP APIs have no tree, but refuse two routes
 * of one method and one shape.
 */
export function checkResourceTree(keys: readonly RouteKey[], { kind, report }: Checking): void {
  const root = newResource();
  for (const key of keys) {
    const resource = place(root, key);
    if (resource === undefined) continue;
    const first = resource.methods.get(key.method);
    if (first) {
      report("duplicate-route", key.span, { key: key.text }, { notes: [{ span: first, message: "it is here first" }] });
    } else resource.methods.set(key.method, key.span);
    if (key.path.text === "/ping" || key.path.text === "/sping") {
      report("reserved-path", key.span, { path: key.path.text });
    }
  }
  reportUnreachable(root);
  const fallback = root.children.get("$default ")?.methods.get("ANY");
  const catchesAll = root.methods.has("ANY") && root.children.get("{+}")?.methods.has("ANY");
  if (fallback && catchesAll) report("unreachable-route", fallback, {});

  function place(from: Resource, { path, segmentSpans }: RouteKey): Resource | undefined {
    let resource = path.text === "$default" ? child(from, "$default ") : from;
    for (const [index, segment] of path.segments.entries()) {
      if (segment.kind === "static") {
        resource = child(resource, segment.text);
        continue;
      }
      const text = segment.kind === "greedy" ? `{${segment.name}+}` : `{${segment.name}}`;
      if (kind === "http") {
        resource = child(resource, segment.kind === "greedy" ? "{+}" : "{}");
        continue;
      }
      const span = segmentSpans[index] as Span;
      resource.variable ??= { text, span, resource: newResource() };
      if (resource.variable.text !== text) {
        const notes = [{ span: resource.variable.span, message: `"${resource.variable.text}" is here` }];
        report("sibling-path-parameter", span, { parameter: text, other: resource.variable.text }, { notes });
        return undefined;
      }
      resource = resource.variable.resource;
    }
    return resource;
  }

  /** A concrete method beats ANY on the same resource (section 3.1), so ANY beside all seven is never reached. */
  function reportUnreachable(top: Resource): void {
    const queue = [top];
    for (let next = queue.pop(); next; next = queue.pop()) {
      const any = next.methods.get("ANY");
      if (any && httpMethods.every((method) => next?.methods.has(method))) report("unreachable-route", any, {});
      queue.push(...next.children.values(), ...(next.variable ? [next.variable.resource] : []));
    }
  }
}

function newResource(): Resource {
  return { children: new Map(), variable: undefined, methods: new Map() };
}

function child(resource: Resource, name: string): Resource {
  const known = resource.children.get(name);
  if (known) return known;
  const made = newResource();
  resource.children.set(name, made);
  return made;
}
