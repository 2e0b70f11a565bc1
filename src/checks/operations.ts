import type { RoutePath } from "../model/routes.js";
import type { Span } from "../source.js";
import type { RouteSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import type { RouteKey } from "./route-key.js";

/**
 * Name of each route's operation, by the route: `operation:` of the file; else the name of its function when no other
 * route has that; else made of method and path (`GET /orders/{id}` is `getOrdersById`). Names are identifiers and unique.
 */
export function checkOperations(
  routes: readonly { readonly syntax: RouteSyntax; readonly key: RouteKey }[],
  { report }: Checking,
): ReadonlyMap<RouteSyntax, string> {
  const uses = new Map<string, number>();
  for (const { syntax } of routes) {
    if (syntax.integration?.kind !== "lambda") continue;
    const name = syntax.integration.function.text;
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  const names = new Map<RouteSyntax, string>();
  const taken = new Map<string, Span>();
  for (const { syntax, key } of routes) {
    const name = syntax.operation?.text ?? defaultName(syntax, key, uses);
    const span = syntax.operation?.span ?? key.span;
    if (syntax.operation && !isIdentifier(name)) report("bad-operation", span, { name });
    const first = taken.get(name);
    if (first)
      report("duplicate-operation", span, { name }, { notes: [{ span: first, message: "the other route is here" }] });
    else taken.set(name, span);
    names.set(syntax, name);
  }
  return names;
}

function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name);
}

function defaultName({ integration }: RouteSyntax, key: RouteKey, uses: ReadonlyMap<string, number>): string {
  if (integration?.kind === "lambda" && uses.get(integration.function.text) === 1) {
    const name = camel(integration.function.text);
    if (isIdentifier(name)) return name;
  }
  return nameOfPath(key.method, key.path);
}

/** `POST /orders/{id}/lines` → `postOrdersByIdLines`. */
function nameOfPath(method: string, { text, segments }: RoutePath): string {
  if (text === "$default") return "defaultRoute";
  const words = segments.map((segment) =>
    segment.kind === "static" ? pascal(segment.text) : `By${pascal(segment.name)}`,
  );
  return method.toLowerCase() + (words.join("") || "Root");
}

function camel(text: string): string {
  const joined = pascal(text);
  return joined.charAt(0).toLowerCase() + joined.slice(1);
}

function pascal(text: string): string {
  return text
    .split(/[^\p{ID_Continue}]+/u)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
