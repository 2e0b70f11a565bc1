import type { Report } from "../diagnostics/diagnostic.js";
import type { OnReference } from "../mapping/expressions/parse-text.js";
import type { ApiKind } from "../model/gateway-model.js";
import type { Span } from "../source.js";
import type { GatewaySyntax } from "../syntax/gateway-syntax.js";
import type { ModelScope } from "../syntax/models/index.js";

/** What the file must work on. */
export type Target = "aws" | "node";

/** What every rule gets: the file, its types, and where to report. */
export interface Checking {
  readonly syntax: GatewaySyntax;
  readonly report: Report;
  readonly kind: ApiKind;
  readonly types: ModelScope;
  readonly targets: ReadonlySet<Target>;
  readonly variables: StageVariableUses;
}

/** Where the file uses each stage variable. */
export class StageVariableUses {
  readonly #uses = new Map<string, Span[]>();

  /** Notes the stage variables among the references of a text. */
  readonly note: OnReference = (reference, span) => {
    if (reference.kind !== "stageVariable") return;
    const known = this.#uses.get(reference.name);
    if (known) known.push(span);
    else this.#uses.set(reference.name, [span]);
  };

  /** Places by variable, in the order of first use. */
  all(): ReadonlyMap<string, readonly Span[]> {
    return this.#uses;
  }
}
