import type { ContractCors, ContractRoute } from "../model/contract.js";
import type { Change, Changes } from "./change.js";

interface CorsChange {
  readonly kind: Change["kind"];
  readonly message: string;
}

/** What pages of other origins may do. What is the same for all routes, as `cors:` at the top makes it, is told once. */
export function compareCors(pairs: readonly (readonly [ContractRoute, ContractRoute])[], changes: Changes): void {
  const told = new Map<string, { readonly change: CorsChange; readonly routes: string[] }>();
  for (const [older, newer] of pairs) {
    for (const change of corsChanges(older, newer)) {
      const key = JSON.stringify(change);
      const entry = told.get(key) ?? { change, routes: [] };
      told.set(key, entry);
      entry.routes.push(newer.key);
    }
  }
  for (const { change, routes } of told.values()) {
    const places = routes.length > 1 && routes.length === pairs.length ? ["api"] : routes;
    for (const where of places) changes.add(change.kind, "cors-changed", where, "", change.message);
  }
}

function corsChanges(older: ContractRoute, newer: ContractRoute): readonly CorsChange[] {
  const [before, now] = [older.cors, newer.cors];
  if (before === undefined || now === undefined) return [];
  if (before === null && now === null) return [];
  if (now === null) return [{ kind: "breaking", message: "can no longer be called by pages of other origins" }];
  if (before === null)
    return [{ kind: "compatible", message: `can be called by pages of ${now.origins.join(", ")} now` }];
  return [
    ...lists(before.origins, now.origins, "call it: pages of"),
    ...lists(before.headers, now.headers, "send headers:"),
    ...lists(before.exposes, now.exposes, "read headers:"),
    ...methods(before, now, newer.method),
    ...credentials(before, now),
  ];
}

function lists(before: readonly string[], now: readonly string[], what: string): readonly CorsChange[] {
  const removed = before.filter((name) => !covers(now, name));
  const added = now.filter((name) => !covers(before, name));
  return [
    ...(removed.length > 0
      ? [{ kind: "breaking", message: `no longer lets other origins ${what} ${removed.join(", ")}` } as const]
      : []),
    ...(added.length > 0
      ? [{ kind: "compatible", message: `lets other origins ${what} ${added.join(", ")}` } as const]
      : []),
  ];
}

/** `*` is everything but, among headers, `Authorization` (Fetch standard, "CORS non-wildcard request-header name"). */
function covers(names: readonly string[], name: string): boolean {
  return names.some(
    (entry) =>
      entry === name ||
      (entry === "*" && name !== "authorization") ||
      (entry.endsWith("://*") && name.startsWith(entry.slice(0, -1))),
  );
}

/** Methods that need no preflight are let through whatever it says. */
function methods(before: ContractCors, now: ContractCors, method: string): readonly CorsChange[] {
  if (method === "ANY") return lists(before.methods, now.methods, "use methods:");
  const isLet = (cors: ContractCors) => ["GET", "HEAD", "POST"].includes(method) || covers(cors.methods, method);
  if (isLet(before) === isLet(now)) return [];
  return isLet(now)
    ? [{ kind: "compatible", message: `lets other origins use ${method}` }]
    : [{ kind: "breaking", message: `no longer lets other origins use ${method}` }];
}

function credentials(before: ContractCors, now: ContractCors): readonly CorsChange[] {
  if (before.credentials === now.credentials) return [];
  return now.credentials
    ? [{ kind: "compatible", message: "takes cookies and credentials of other origins now" }]
    : [{ kind: "breaking", message: "no longer takes cookies and credentials of other origins" }];
}
