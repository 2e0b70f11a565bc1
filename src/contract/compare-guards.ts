import type { Contract, ContractRoute } from "../model/contract.js";
import type { ContractAuthorizer, ContractGuards, ContractTokenName } from "../model/contract-guards.js";
import type { Changes } from "./change.js";
import { comparePolicies } from "./compare-policies.js";
import { compareWaf } from "./compare-waf.js";

/** What stands in front of the routes: policy, firewall, tokens, keys, and how bodies arrive. */
export function compareGuards(older: Contract, newer: Contract, stages: ReadonlySet<string>, changes: Changes): void {
  const [before, now] = [older.guards, newer.guards];
  if (before === undefined || now === undefined) return;
  const access = [...older.routes, ...(older.websocket ? [older.websocket] : [])];
  const signed = access.some(({ auth }) => auth === "iam");
  comparePolicies(before.policy, now.policy, signed, changes);
  compareWaf(before.waf, now.waf, changes);
  if (signed && before.region !== now.region)
    changes.add(
      "breaking",
      "region-changed",
      "api",
      "",
      `wants signatures for ${now.region} now (was ${before.region})`,
    );
  const used = new Set(access.map(({ auth }) => auth));
  for (const authorizer of before.authorizers) {
    const same = now.authorizers.find(({ name, kind }) => name === authorizer.name && kind === authorizer.kind);
    if (same && used.has(`${authorizer.kind} ${authorizer.name}`))
      compareAuthorizers(authorizer, same, stages, changes);
  }
  compareKeys(before.keys, now.keys, older.limits?.plans ?? [], changes);
  compareBodies(before, now, newer.routes, changes);
  for (const stage of stages) {
    const [was, is] = [before, now].map(({ refusesFresh }) => refusesFresh.includes(stage));
    if (was === is) continue;
    changes.add(
      is ? "breaking" : "compatible",
      "cache-changed",
      `stage ${stage}`,
      "",
      is
        ? "refuses requests with Cache-Control: max-age=0 that IAM does not allow, with 403"
        : "refuses no requests for a fresh answer any more",
    );
  }
}

function compareAuthorizers(
  older: ContractAuthorizer,
  newer: ContractAuthorizer,
  stages: ReadonlySet<string>,
  changes: Changes,
): void {
  const where = `authorizer ${newer.name}`;
  const code = "tokens-changed";
  for (const [list, words] of [
    ["issuers", "tokens of"],
    ["audience", "tokens for"],
  ] as const) {
    const [before, now] = [older, newer].map((authorizer) => tokenWords(authorizer[list], stages)) as [Names, Names];
    const gone = before.filter((name) => !now.includes(name));
    const added = now.filter((name) => !before.includes(name));
    if (gone.length > 0) changes.add("breaking", code, where, "", `takes no ${words} ${gone.join(", ")} any more`);
    if (added.length > 0) changes.add("compatible", code, where, "", `takes ${words} ${added.join(", ")} now`);
  }
  if (older.validation === newer.validation) return;
  if (newer.validation === undefined) changes.add("compatible", code, where, "", "takes tokens of any form now");
  else changes.add("breaking", code, where, "", `takes only tokens that match ${newer.validation} now`);
}

type Names = readonly string[];

/** Stages that are new or gone are told of as such. */
function tokenWords(names: readonly ContractTokenName[], stages: ReadonlySet<string>): Names {
  return names.flatMap(({ text, stage }) => {
    if (stage === undefined) return [text];
    return stages.has(stage) ? [`${text} in the stage ${stage}`] : [];
  });
}

type Keys = ContractGuards["keys"];

/** A plan that is gone is told as that, with its keys. */
function compareKeys(older: Keys, newer: Keys, plans: readonly { readonly name: string }[], changes: Changes): void {
  for (const key of older) {
    const where = `API key ${key.name}`;
    const now = newer.find(({ name }) => name === key.name);
    if (now === undefined) {
      changes.add("breaking", "key-removed", where, "", "is gone");
      continue;
    }
    if (key.enabled !== now.enabled)
      changes.add(
        now.enabled ? "compatible" : "breaking",
        "key-changed",
        where,
        "",
        now.enabled ? "is good again" : "is refused now",
      );
    for (const plan of key.plans)
      if (!now.plans.includes(plan))
        changes.add("breaking", "key-changed", where, "", `is no longer in the plan ${plan}`);
    for (const plan of now.plans)
      if (!key.plans.includes(plan)) {
        const isNew = !plans.some(({ name }) => name === plan);
        changes.add("compatible", "key-changed", where, "", `is in the ${isNew ? "new " : ""}plan ${plan}, too`);
      }
  }
  for (const { name } of newer)
    if (!older.some((key) => key.name === name))
      changes.add("compatible", "key-added", `API key ${name}`, "", "is new");
}

function compareBodies(
  before: ContractGuards,
  now: ContractGuards,
  routes: readonly ContractRoute[],
  changes: Changes,
): void {
  if (before.compression !== now.compression)
    changes.add(
      now.compression ? "compatible" : "breaking",
      "compression-changed",
      "api",
      "",
      now.compression ? "takes compressed request bodies now" : "takes no compressed request bodies any more",
    );
  const gone = before.binaryMediaTypes.filter((type) => !now.binaryMediaTypes.includes(type));
  const added = now.binaryMediaTypes.filter((type) => !before.binaryMediaTypes.includes(type));
  if (gone.length > 0)
    changes.add("breaking", "binary-changed", "api", "", `no longer handles ${gone.join(", ")} as bytes`);
  if (added.length === 0) return;
  const text = routes.flatMap(({ body }) => (body && !isBinary(body.type) ? body.mediaTypes : []));
  const hit = text.filter((type) => added.some((pattern) => pattern === "*/*" || pattern === type));
  changes.add(
    hit.length > 0 ? "breaking" : "compatible",
    "binary-changed",
    "api",
    "",
    hit.length > 0
      ? `handles ${added.join(", ")} as bytes now, bodies that are ${[...new Set(hit)].join(", ")} too`
      : `handles ${added.join(", ")} as bytes now`,
  );
}

const isBinary = (type: { readonly kind: string; readonly name?: string }) =>
  type.kind === "primitive" && type.name === "binary";
