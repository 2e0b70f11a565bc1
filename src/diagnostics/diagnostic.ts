import type { Span } from "../source.js";
import { type Code, catalogue } from "./catalogue.js";
import type { Rule, Severity } from "./rule.js";

/** A second place that a diagnostic talks about ("first declared here"). */
export interface Note {
  readonly span: Span;
  readonly message: string;
}

/** Replacement of a span that mends the mistake. */
export interface Fix {
  readonly span: Span;
  readonly text: string;
}

export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly span: Span;
  readonly message: string;
  readonly help: string | undefined;
  readonly notes: readonly Note[];
  readonly fix: Fix | undefined;
}

export interface ReportExtras {
  readonly notes?: readonly Note[];
  readonly fix?: Fix | undefined;
}

type First<F> = F extends (p: infer P) => unknown ? P : unknown;
type HelpOf<R> = R extends { readonly help: infer H } ? First<H> : unknown;
/** What the message needs, and what the help needs besides. */
export type Params<C extends Code> = First<(typeof catalogue)[C]["message"]> & HelpOf<(typeof catalogue)[C]>;

/** Reports one mistake of the user at the smallest span that shows it. */
export type Report = <C extends Code>(code: C, span: Span, params: Params<C>, extras?: ReportExtras) => void;

/** Collects what the phases report, in any order; a place is reported once per code. */
export class DiagnosticList {
  readonly #found: Diagnostic[] = [];
  readonly #seen = new Set<string>();

  readonly report: Report = (code, span, params, extras) => {
    const key = `${code}@${span.start}-${span.end}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const rule: Rule = catalogue[code];
    this.#found.push({
      code,
      severity: rule.severity,
      span,
      message: rule.message(params),
      help: rule.help?.(params),
      notes: extras?.notes ?? [],
      fix: extras?.fix,
    });
  };

  get hasErrors(): boolean {
    return this.#found.some((diagnostic) => diagnostic.severity === "error");
  }

  /** All diagnostics by place in the file, then by code. */
  sorted(): readonly Diagnostic[] {
    return [...this.#found].sort(
      (a, b) => a.span.start - b.span.start || a.span.end - b.span.end || (a.code < b.code ? -1 : 1),
    );
  }
}
