import { type Contract, contractOf } from "../../src/model/contract.js";
import type { Generator } from "../../src/model/output.js";
import { type Docs, noDocs, type Type } from "../../src/model/types.js";

/** `contract.json`: what clients lean on, for `gateway diff` and the changelogs of the SDKs. */
export const contract: Generator = {
  name: "contract",
  generate: async (model) => [{ path: "contract.json", content: printContract(contractOf(model)), kind: "generated" }],
};

/** Documentation is no part of a contract, but for what is deprecated and for what a value is that is left out. */
export function printContract(contract: Contract): string {
  return `${JSON.stringify(contract, (_, value: unknown) => (isType(value) ? { ...value, docs: kept(value.docs) } : value), 1)}\n`;
}

function isType(value: unknown): value is Type {
  return typeof value === "object" && value !== null && "constraints" in value && "docs" in value;
}

function kept({ deprecated, default: value }: Docs): Docs {
  return deprecated || value !== undefined ? { ...noDocs, deprecated, default: value } : noDocs;
}
