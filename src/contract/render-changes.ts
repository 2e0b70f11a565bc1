import type { Contract } from "../model/contract.js";
import type { Change } from "./change.js";

type Named = Pick<Contract, "name" | "version">;

/** For a terminal: a line each. */
export function renderChangesText(changes: readonly Change[]): string {
  const lines = changes.map((change) => `${change.kind.padEnd(10)} ${sentence(change)} [${change.code}]\n`);
  return `${lines.join("")}${summary(changes)}\n`;
}

/** For scripts. */
export function renderChangesJson(changes: readonly Change[], older: Named, newer: Named): string {
  const side = ({ name, version }: Named) => ({ name, version });
  const breaking = changes.some(isBreaking);
  const breakingOnWire = changes.some(isBreakingOnWire);
  return `${JSON.stringify({ old: side(older), new: side(newer), breaking, breakingOnWire, changes }, undefined, 2)}\n`;
}

/** For pull requests and changelogs. */
export function renderChangesMarkdown(changes: readonly Change[], heading = "###"): string {
  if (changes.length === 0) return "No changes of the contract.\n";
  const section = (title: string, own: readonly Change[]) =>
    own.length === 0 ? [] : [`${heading} ${title}\n\n${own.map((change) => `- ${markdown(change)}\n`).join("")}`];
  return [
    ...section("Breaking", changes.filter(isBreakingOnWire)),
    ...section(
      "Breaking for programs that use the SDKs only",
      changes.filter((change) => isBreaking(change) && !isBreakingOnWire(change)),
    ),
    ...section(
      "Compatible",
      changes.filter((change) => !isBreaking(change)),
    ),
  ].join("\n");
}

const isBreaking = ({ kind }: Change) => kind === "breaking";

/** Clients of every kind may stop to work, not only programs that have to be compiled with the next package. */
export const isBreakingOnWire = (change: Change) => isBreaking(change) && change.affects === "wire";

export function summary(changes: readonly Change[]): string {
  if (changes.length === 0) return "no changes of the contract";
  const breaking = changes.filter(isBreaking).length;
  const ofSdks = breaking - changes.filter(isBreakingOnWire).length;
  const only = ofSdks === 0 ? "" : ` (${ofSdks === breaking ? "" : `${ofSdks} `}for programs that use the SDKs only)`;
  return `${breaking} breaking${only}, ${changes.length - breaking} compatible`;
}

function sentence({ where, path, message }: Change): string {
  return `${where}${path === "" ? "" : `, ${path}`}: ${message}`.replace(/\s+/g, " ");
}

/** Names of the file as code: nothing in them is markup. */
function markdown({ where, path, message }: Change): string {
  const code = (text: string) => `\`${text.replace(/[`\s]+/g, " ")}\``;
  const plain = message.replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>#|]/g, "\\$&");
  return `${code(where)}${path === "" ? "" : ` ${code(path)}`} ${plain}`;
}
