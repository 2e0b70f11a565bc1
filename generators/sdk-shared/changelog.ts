import { compareContracts } from "../../src/contract/compare-contracts.js";
import { renderChangesMarkdown } from "../../src/contract/render-changes.js";
import { type Contract, contractOf } from "../../src/model/contract.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import { inline } from "./markdown.js";

/**
 * `CHANGELOG.md` of a package: what changed for its users from one version of the contract to the next, the newest first. It is
 * made of contracts alone (`sdk: history`), so that the same files give the same text.
 */
export function printChangelog(model: GatewayModel, history: readonly Contract[]): string {
  const versions = [...history, contractOf(model)];
  const sections = versions.map((contract, at) => {
    const before = versions[at - 1];
    const changes = before
      ? renderChangesMarkdown(compareContracts(before, contract))
      : "The first version that is told of.\n";
    return `## ${inline(contract.version)}\n\n${changes}`;
  });
  return `# Changelog\n\nChanges of the contract of \`${model.name}\`.\n\n${sections.reverse().join("\n")}`;
}
