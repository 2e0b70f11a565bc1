import type { Span } from "../source.js";
import type { WebSocketRouteSyntax } from "../syntax/websocket-syntax.js";
import type { Checking } from "./checking.js";
import { camel, isIdentifier } from "./operations.js";

/**
 * Name of each WebSocket route's operation: `operation:` of the file; else the name of its function when no other
 * WebSocket route has that; else made of the key (`$connect` is `connect`, `order/list` is `orderList`).
 */
export function webSocketOperations(
  routes: readonly WebSocketRouteSyntax[],
  { report }: Checking,
): ReadonlyMap<WebSocketRouteSyntax, string> {
  const names = new Map<WebSocketRouteSyntax, string>();
  const taken = new Map<string, Span>();
  const functions = routes.map(functionOf);
  for (const [index, route] of routes.entries()) {
    const fn = functions[index];
    const isOwn = fn !== undefined && functions.filter((name) => name === fn).length === 1;
    const name = route.operation?.text ?? defaultName(route.key.text, isOwn ? fn : undefined);
    const span = route.operation?.span ?? route.key.span;
    const first = taken.get(name);
    if (!isIdentifier(name)) report("bad-operation", span, { name });
    else if (first) {
      const notes = [{ span: first, message: "the other route is here" }];
      report("duplicate-operation", span, { name }, { notes });
    } else taken.set(name, span);
    names.set(route, name);
  }
  return names;
}

function functionOf({ integration }: WebSocketRouteSyntax): string | undefined {
  return integration?.kind === "lambda" ? integration.function.text : undefined;
}

function defaultName(key: string, fn: string | undefined): string {
  const own = fn === undefined ? "" : camel(fn);
  if (isIdentifier(own)) return own;
  const made = camel(key);
  if (isIdentifier(made)) return made;
  const marked = `on${made.charAt(0).toUpperCase()}${made.slice(1)}`;
  return isIdentifier(marked) ? marked : key;
}
