import { logicalId } from "../intrinsics.js";
import { itemsOf, jsonOf, type MapTree, madeList, madeMap, madeScalar, memberOf, type Tree, textOf } from "../tree.js";
import type { Resource, Resources } from "./resources.js";
import type { SamEvent } from "./serverless.js";

/** Statements of a policy, under the words that SAM has for them. */
type Statements = readonly Tree[];

/**
 * The resource policy of a SAM API: what its document has, `Auth.ResourcePolicy` of the API for all of it, and that of each
 * event for its own method (SAM specification, "ResourcePolicyStatement").
 *
 * @param document  the policy of the API's document
 * @returns undefined when nothing says who may call
 */
export function samPolicy(
  api: Resource,
  events: readonly SamEvent[],
  document: Tree | undefined,
  resources: Resources,
): MapTree | undefined {
  const written = memberOf(document, "Statement");
  const own = written?.kind === "list" ? written.items : written ? [written] : [];
  const ofApi = memberOf(memberOf(api.properties, "Auth"), "ResourcePolicy");
  const statements: Statements = [
    ...own,
    ...statementsOf(ofApi, "*", resources),
    ...events.flatMap(({ method, path, properties }) => {
      const where = `*/${method === "any" ? "*" : method.toUpperCase()}${path.replace(/(?<=.)\/$/, "")}`;
      return statementsOf(memberOf(memberOf(properties, "Auth"), "ResourcePolicy"), where, resources);
    }),
  ];
  const at = ofApi ?? statements[0] ?? api.tree;
  if (statements.length === own.length) return undefined;
  const byText = new Map(statements.map((statement) => [JSON.stringify(jsonOf(statement)), statement]));
  return madeMap(at, [
    ["Version", memberOf(document, "Version") ?? madeScalar(at, "2012-10-17")],
    ["Statement", madeList(at, [...byText.values()])],
  ]);
}

/** @param where  what stands behind `execute-api:/`; the stage is whichever it is served in */
function statementsOf(policy: Tree | undefined, where: string, resources: Resources): Statements {
  if (policy?.kind !== "map") return [];
  const list = (name: string) => listOf(memberOf(policy, name));
  // Templates name parts of paths in braces, ARNs of requests have what stands there.
  const resource = `execute-api:/${where.replaceAll(/\{[^{}]*\}/g, "*")}`;
  const statement = (effect: string, more: readonly (readonly [string, Tree])[]) =>
    madeMap(policy, [
      ["Effect", madeScalar(policy, effect)],
      ["Principal", madeScalar(policy, "*")],
      ["Action", madeScalar(policy, "execute-api:Invoke")],
      ["Resource", madeScalar(policy, resource)],
      ...more,
    ]);
  const ofAccounts = (effect: string, accounts: Statements) =>
    accounts.length === 0
      ? []
      : [statement(effect, [["Principal", madeMap(policy, [["AWS", madeList(policy, accounts)]])]])];
  /** Everybody but those for whom the condition holds. */
  const except = (operator: string, keys: readonly (readonly [string, Statements])[]) => {
    const given = keys.filter(([, values]) => values.length > 0);
    if (given.length === 0) return [];
    const condition = madeMap(
      policy,
      given.map(([key, values]) => [key, madeList(policy, values)] as const),
    );
    const conditions = madeMap(policy, [[operator, condition]]);
    return [statement("Allow", []), statement("Deny", [["Condition", conditions]])];
  };
  const networks = (side: "Whitelist" | "Blacklist") => {
    const all = list(`SourceVpc${side}`);
    const isEndpoint = (value: Tree) => startOf(value, resources).startsWith("vpce-");
    return [
      ["aws:SourceVpc", [...all.filter((value) => !isEndpoint(value)), ...list(`IntrinsicVpc${side}`)]],
      ["aws:SourceVpce", [...all.filter(isEndpoint), ...list(`IntrinsicVpce${side}`)]],
    ] as const;
  };
  return [
    ...list("CustomStatements"),
    ...ofAccounts("Allow", list("AwsAccountWhitelist")),
    ...ofAccounts("Deny", list("AwsAccountBlacklist")),
    ...except("NotIpAddress", [["aws:SourceIp", list("IpRangeWhitelist")]]),
    ...except("IpAddress", [["aws:SourceIp", list("IpRangeBlacklist")]]),
    ...except("StringEquals", networks("Blacklist")),
    ...except("StringNotEquals", networks("Whitelist")),
  ];
}

/** One value is a list too; a call of a function is one value. */
function listOf(tree: Tree | undefined): Statements {
  if (tree === undefined) return [];
  return tree.kind === "list" ? itemsOf(tree) : [tree];
}

/** A text, or what the parameter that it names is by default. */
function startOf(value: Tree, resources: Resources): string {
  return textOf(value) ?? resources.presetOf(logicalId(value)) ?? "";
}
