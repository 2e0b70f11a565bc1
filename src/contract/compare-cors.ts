import type { ContractCors, ContractRoute } from "../model/contract.js";
import type { Changes } from "./change.js";
import { type RouteChange, type RoutePair, tellOnce } from "./tell-once.js";

const code = "cors-changed";

/** What pages of other origins may do. */
export function compareCors(pairs: readonly RoutePair[], changes: Changes): void {
  tellOnce(pairs, corsChanges, changes);
}

function corsChanges(older: ContractRoute, newer: ContractRoute): readonly RouteChange[] {
  const [before, now] = [older.cors, newer.cors];
  if (before === undefined || now === undefined) return [];
  if (before === null && now === null) return [];
  if (now === null) return [{ kind: "breaking", code, message: "can no longer be called by pages of other origins" }];
  if (before === null)
    return [{ kind: "compatible", code, message: `can be called by pages of ${now.origins.join(", ")} now` }];
  return [
    ...lists(before.origins, now.origins, "call it: pages of"),
    ...lists(before.headers, now.headers, "send headers:"),
    ...lists(before.exposes, now.exposes, "read headers:"),
    ...methods(before, now, newer.method),
    ...credentials(before, now),
  ];
}

function lists(before: readonly string[], now: readonly string[], what: string): readonly RouteChange[] {
  const removed = before.filter((name) => !covers(now, name));
  const added = now.filter((name) => !covers(before, name));
  return [
    ...(removed.length > 0
      ? [{ kind: "breaking", code, message: `no longer lets other origins ${what} ${removed.join(", ")}` } as const]
      : []),
    ...(added.length > 0
      ? [{ kind: "compatible", code, message: `lets other origins ${what} ${added.join(", ")}` } as const]
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
function methods(before: ContractCors, now: ContractCors, method: string): readonly RouteChange[] {
  if (method === "ANY") return lists(before.methods, now.methods, "use methods:");
  const isLet = (cors: ContractCors) => ["GET", "HEAD", "POST"].includes(method) || covers(cors.methods, method);
  if (isLet(before) === isLet(now)) return [];
  return isLet(now)
    ? [{ kind: "compatible", code, message: `lets other origins use ${method}` }]
    : [{ kind: "breaking", code, message: `no longer lets other origins use ${method}` }];
}

function credentials(before: ContractCors, now: ContractCors): readonly RouteChange[] {
  if (before.credentials === now.credentials) return [];
  return now.credentials
    ? [{ kind: "compatible", code, message: "takes cookies and credentials of other origins now" }]
    : [{ kind: "breaking", code, message: "no longer takes cookies and credentials of other origins" }];
}
