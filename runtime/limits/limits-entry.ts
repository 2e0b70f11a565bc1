import type { EnvText } from "../program.js";
import type { QuotaRule, TokenBucket } from "../state/state.js";

/** API keys and usage plans of a Program (aws-behaviour.md section 17). Only REST APIs have them. */
export interface LimitsEntry {
  readonly apiKeySource: "HEADER" | "AUTHORIZER";
  readonly plans: readonly PlanEntry[];
  readonly keys: readonly KeyEntry[];
}

export interface PlanEntry {
  readonly name: string;
  /** Names of the stages that the plan opens. */
  readonly stages: readonly string[];
  /** Of each client, over all routes. */
  readonly throttle?: TokenBucket | undefined;
  readonly quota?: QuotaRule | undefined;
  /** Of each client on single routes of a stage. */
  readonly routes: readonly { readonly key: string; readonly throttle: TokenBucket }[];
}

export interface KeyEntry {
  /** Ten characters of [a-z0-9], made of the key's name. */
  readonly id: string;
  readonly name: string;
  /** Undefined: the value was made by `gateway keys`, and stands hashed in the state under this name. */
  readonly value?: EnvText | undefined;
  readonly enabled: boolean;
  /** Names of plans. */
  readonly plans: readonly string[];
}
