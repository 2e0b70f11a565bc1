import type { RoutePath } from "../model/routes.js";
import type { Span } from "../source.js";
import type { RouteSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import type { RouteKey } from "./route-key.js";

interface KeyedRoute {
  readonly syntax: RouteSyntax;
  readonly key: RouteKey;
}

/**
 * Name of each route's operation, by the route: `operation:` of the file; else the name of its function when no other
 * route has that; else made of method and path (`GET /orders/{id}` is `getOrdersById`). Names are identifiers and unique:
 * they become functions of the SDKs.
 */
export function checkOperations(routes: readonly KeyedRoute[], { report }: Checking): ReadonlyMap<RouteSyntax, string> {
  const uses = functionUses(routes);
  const written = new Set(routes.flatMap(({ syntax }) => syntax.operation?.text ?? []));
  const names = new Map<RouteSyntax, string>();
  const taken = new Map<string, Span>();
  for (const { syntax, key } of routes) {
    const name = syntax.operation?.text ?? defaultName(syntax, key, uses, written);
    const span = syntax.operation?.span ?? key.span;
    if (syntax.operation && !isIdentifier(name)) report("bad-operation", span, { name });
    const first = taken.get(name);
    if (first) {
      const notes = [{ span: first, message: "the other route is here" }];
      report("duplicate-operation", span, { name }, { notes });
    } else taken.set(name, span);
    names.set(syntax, name);
  }
  return names;
}

function functionUses(routes: readonly KeyedRoute[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const { syntax } of routes) {
    if (syntax.integration?.kind !== "lambda") continue;
    const name = syntax.integration.function.text;
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return uses;
}

/** Words that JavaScript keeps for itself: no function can have such a name. */
const reserved: ReadonlySet<string> = new Set(
  (
    "await break case catch class const continue debugger default delete do else enum export extends false finally for " +
    "function if implements import in instanceof interface let new null package private protected public return static " +
    "super switch this throw true try typeof var void while with yield arguments eval constructor prototype"
  ).split(" "),
);

/** ASCII, as some languages of the SDKs take no other letters. */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]{0,127}$/.test(name) && !reserved.has(name);
}

function defaultName(
  { integration }: RouteSyntax,
  key: RouteKey,
  uses: ReadonlyMap<string, number>,
  written: ReadonlySet<string>,
): string {
  if (integration?.kind === "lambda" && uses.get(integration.function.text) === 1) {
    const name = camel(integration.function.text);
    if (isIdentifier(name) && !written.has(name)) return name;
  }
  return nameOfPath(key.method, key.path);
}

/** `POST /orders/{id}/lines` → `postOrdersByIdLines`; `GET /` → `getRoot`. */
function nameOfPath(method: string, { text, segments }: RoutePath): string {
  if (text === "$default") return "defaultRoute";
  const words = segments.map((segment) =>
    segment.kind === "static" ? pascal(segment.text) : `By${pascal(segment.name)}`,
  );
  return method.toLowerCase() + (words.join("") || "Root");
}

export function camel(text: string): string {
  const joined = pascal(text);
  return joined.charAt(0).toLowerCase() + joined.slice(1);
}

function pascal(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
