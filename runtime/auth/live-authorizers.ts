import type { LiveStage } from "../host/live-program.js";
import type { AuthorizerEntry } from "./authorizer-entry.js";

/**
 * What authorizers keep for one live Program: decisions, verified tokens, keys. Nothing is shared between APIs, stages or
 * authorizers, so that a decision made for one can never open another (aws-behaviour.md section 20).
 */
export class LiveAuthorizers {
  readonly #byEntry = new Map<AuthorizerEntry, unknown[]>();

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
