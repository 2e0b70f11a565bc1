import type { Report } from "../diagnostics/diagnostic.js";
import type { ApiKind } from "../model/gateway-model.js";
import type { SourceFile, Span } from "../source.js";
import type { GatewaySyntax } from "../syntax/gateway-syntax.js";
import type { ModelScope } from "../syntax/models/index.js";
import type { checkPattern } from "../syntax/patterns.js";

/** What the file must work on: AWS, or the generated gateway. */
export type Target = "aws" | "node";

/** What every rule gets: the file, its types, and where to report. */
export interface Checking {
  readonly syntax: GatewaySyntax;
  readonly source: SourceFile;
  readonly report: Report;
  readonly kind: ApiKind;
  readonly types: ModelScope;
  readonly targets: ReadonlySet<Target>;
  /** Stage variables that the file uses. */
  readonly variables: StageVariableUses;
  readonly checkPattern: typeof checkPattern;
}

/** Where the file uses each stage variable. */
export class StageVariableUses {
  readonly #uses = new Map<string, Span[]>();
  #readsAll = false;

  /** Whether something reads variables by names that are not known at build time: then none is unused. */
  get areOpen(): boolean {
    return this.#readsAll;
  }

  readAll(): void {
    this.#readsAll = true;
  }

  add(name: string, span: Span): void {
    const known = this.#uses.get(name);
    if (known) known.push(span);
    else this.#uses.set(name, [span]);
  }

  /** Places by variable, in the order of first use. */
  all(): ReadonlyMap<string, readonly Span[]> {
    return this.#uses;
  }
}
