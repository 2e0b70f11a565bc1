import { LoadError } from "../host/load-error.js";
import type { ApiEntry } from "../program.js";
import { type CompiledPolicy, compilePolicy, PolicyError } from "./policy/index.js";

/** The resource policy of a Program. One that cannot be compiled never lets anybody pass: loading fails. */
export function resourcePolicy(document: unknown): (api: ApiEntry) => CompiledPolicy {
  return ({ region, account, apiId }) => {
    try {
      const apiArn = `arn:aws:execute-api:${region}:${account}:${apiId}/`;
      return compilePolicy(document, { kind: "resource", account, apiArn });
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      throw new LoadError(`the resource policy cannot be used: ${error.message}`);
    }
  };
}
