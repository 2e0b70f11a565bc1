import type { JsonValue } from "../../model/types.js";
import { closedPolicy, nobody } from "../closed-policy.js";
import { type Draft, draftOf } from "../draft.js";
import { cloudText, intrinsicOf } from "../intrinsics.js";
import { jsonOf, membersOf, type Tree } from "../tree.js";
import { Variables } from "../variables.js";
import type { Api } from "./api.js";

/** A resource policy for gateway.yaml, and the lines above it. */
export interface ImportedPolicy {
  readonly policy: Draft;
  readonly comments: readonly string[];
}

/**
 * The resource policy of a description. What CloudFormation fills in is a parameter's default, or stands as its name where
 * nothing is known; then nobody may call, since a condition that cannot hold opens as many policies as it closes. A
 * policy that is computed as a whole is told, and closed too.
 */
export function readPolicy(
  tree: Tree,
  api: Pick<Api, "place" | "variables" | "importing">,
): ImportedPolicy | undefined {
  if (tree.kind !== "map") return undefined;
  const unknown = new Set<string>();
  const document = resolved(tree, api, unknown);
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    api.importing.wrongType(tree, "a policy", "a policy that the description holds");
    return { policy: closedPolicy(), comments: ["the policy is made by the stack: say here who may call"] };
  }
  if (unknown.size === 0) return { policy: draftOf(document), comments: [] };
  const { Statement: statements = [], ...rest } = document as { readonly [name: string]: JsonValue };
  const all = Array.isArray(statements) ? statements : [statements];
  return {
    policy: draftOf({ ...rest, Statement: [nobody, ...all] }),
    comments: [
      `set ${[...unknown].join(", ")} below, which the imported description does not hold, and take the first statement out:`,
      "until then nobody may call",
    ],
  };
}

function resolved(tree: Tree, api: Pick<Api, "place" | "variables">, unknown: Set<string>): JsonValue {
  if (tree.kind === "list") return tree.items.map((item) => resolved(item, api, unknown));
  if (tree.kind === "scalar") return jsonOf(tree);
  if (intrinsicOf(tree)) return filledIn(cloudText(tree, api.place, new Variables()) ?? "", api.variables, unknown);
  return Object.fromEntries(membersOf(tree).map(({ name, value }) => [name, resolved(value, api, unknown)]));
}

/** What would be a stage variable elsewhere: a policy has none. */
function filledIn(text: string, variables: Variables, unknown: Set<string>): string {
  return text.replaceAll(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => {
    const known = variables.suggested(name);
    if (known !== undefined) return known;
    unknown.add(name);
    return name;
  });
}
