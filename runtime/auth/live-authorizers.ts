import type { LiveStage } from "../host/live-program.js";
import type { Environment } from "../host/load-program.js";
import type { AuthorizerEntry } from "./authorizer-entry.js";

/**
 * What authorizers keep for one live Program: decisions, verified tokens, keys. Nothing is shared between APIs, stages or
 * authorizers, so that a decision made for one can never open another (aws-behaviour.md section 20).
 */
export class LiveAuthorizers {
  readonly #byEntry = new Map<AuthorizerEntry, unknown[]>();

  constructor(
    /** Where `gateway dev` serves the keys of `gateway token`; undefined: they are not believed. */
    readonly localIssuer: string | undefined,
    private readonly environment: Environment,
  ) {}

  /** `GATEWAY_ISSUER_ENDPOINT_<NAME>`: what is asked for keys in the place of an authorizer's issuer. */
  issuerEndpoint(name: string): string | undefined {
    const value = this.environment[`GATEWAY_ISSUER_ENDPOINT_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`];
    return value === "" ? undefined : value;
  }

  /** Forgets what is kept of a stage; it is made anew by the next request. */
  forget(stageIndex: number): void {
    for (const byStage of this.#byEntry.values()) byStage[stageIndex] = undefined;
  }

  /** The one of an entry in a stage, made when it is first asked for. An entry is always asked for by the same step. */
  of<T extends object>(entry: AuthorizerEntry, stage: LiveStage, create: () => T): T {
    let byStage = this.#byEntry.get(entry);
    if (byStage === undefined) {
      byStage = [];
      this.#byEntry.set(entry, byStage);
    }
    const known = byStage[stage.index] as T | undefined;
    if (known !== undefined) return known;
    const created = create();
    byStage[stage.index] = created;
    return created;
  }
}
