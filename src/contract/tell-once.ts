import type { ContractRoute } from "../model/contract.js";
import type { Change, Changes } from "./change.js";

/** A route as it was, and as it is. */
export type RoutePair = readonly [ContractRoute, ContractRoute];

export interface RouteChange {
  readonly kind: Change["kind"];
  readonly code: string;
  readonly message: string;
}

/** Tells changes of routes; what is the same for all of them, as a key at the top of the file makes it, is told once, of the API. */
export function tellOnce(
  pairs: readonly RoutePair[],
  changesOf: (older: ContractRoute, newer: ContractRoute) => readonly RouteChange[],
  changes: Changes,
): void {
  const told = new Map<string, { readonly change: RouteChange; readonly routes: string[] }>();
  for (const [older, newer] of pairs) {
    for (const change of changesOf(older, newer)) {
      const key = JSON.stringify(change);
      const entry = told.get(key) ?? { change, routes: [] };
      told.set(key, entry);
      entry.routes.push(newer.key);
    }
  }
  for (const { change, routes } of told.values()) {
    const places = routes.length > 1 && routes.length === pairs.length ? ["api"] : routes;
    for (const where of places) changes.add(change.kind, change.code, where, "", change.message);
  }
}
