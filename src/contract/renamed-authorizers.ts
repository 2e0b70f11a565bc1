import type { Contract } from "../model/contract.js";
import type { ContractAuthorizer } from "../model/contract-guards.js";
import type { Changes } from "./change.js";

/**
 * The older contract with the newer one's names of authorizers, so that routes are compared by who may call them: names are the file's
 * own, and callers do not see them. An authorizer that is gone is one that is new where both take the same tokens, and, of Lambda
 * authorizers, where the same function decides. Where they look for credentials is compared of the routes.
 */
export function withNewNames(older: Contract, newer: Contract, changes: Changes): Contract {
  const [before, now] = [older.guards?.authorizers ?? [], newer.guards?.authorizers ?? []];
  const isIn = (list: readonly ContractAuthorizer[], { name }: ContractAuthorizer) =>
    list.some((other) => other.name === name);
  const renamed = new Map<string, string>();
  for (const authorizer of before) {
    if (isIn(now, authorizer)) continue;
    const same = now.find((other) => !isIn(before, other) && isSame(authorizer, other));
    if (!same) continue;
    renamed.set(nameOf(authorizer), nameOf(same));
    const words = `was called ${authorizer.name}, which callers do not see`;
    changes.add("compatible", "authorizer-renamed", `authorizer ${same.name}`, "", words);
  }
  if (renamed.size === 0) return older;
  const withNewName = <T extends { readonly auth: string }>(access: T): T => ({
    ...access,
    auth: renamed.get(access.auth) ?? access.auth,
  });
  return {
    ...older,
    routes: older.routes.map(withNewName),
    websocket: older.websocket && withNewName(older.websocket),
  };
}

function isSame(older: ContractAuthorizer, newer: ContractAuthorizer): boolean {
  // A contract from before functions were kept does not say who decides.
  if (older.kind === "lambda" && older.function === undefined) return false;
  const taken = ({ kind, issuers, audience, validation, function: decides }: ContractAuthorizer) =>
    JSON.stringify([kind, issuers, audience, validation, decides]);
  return taken(older) === taken(newer);
}

/** As routes name it. */
const nameOf = ({ kind, name }: ContractAuthorizer) => `${kind} ${name}`;
