import type { Code } from "../diagnostics/catalogue.js";
import type { Report } from "../diagnostics/diagnostic.js";
import type { Span } from "../source.js";

/** More mistakes than anybody reads, from a file that is something else. */
const maxMistakes = 1000;

interface Held {
  readonly code: Code;
  readonly span: Span;
  readonly send: (report: Report) => void;
}

/** Holds what a phase reports until it is over: then it is known which reports are about one and the same mistake. */
export class ReportBuffer {
  readonly #held: Held[] = [];
  #left = maxMistakes;

  readonly report: Report = (code, span, params, extras) => {
    if (--this.#left >= 0) this.#held.push({ code, span, send: (report) => report(code, span, params, extras) });
    else if (this.#left === -1) {
      const limit = maxMistakes;
      this.#held.push({
        code: "too-many-mistakes",
        span,
        send: (report) => report("too-many-mistakes", span, { limit }),
      });
    }
  };

  /**
   * Sends on what was reported, but for echoes: traps of YAML inside a type whose quotes were forgotten as a whole
   * (`{ items: Item[] }`), and those whose quotes would not help (`responses: 200: Order`).
   */
  flush(report: Report): void {
    const whole = this.#held.filter(({ code }) => code === "type-needs-quotes");
    const wrong = this.#held.filter(({ code }) => code === "wrong-type");
    for (const { code, span, send } of this.#held) {
      const isEcho =
        code.startsWith("yaml-") &&
        (whole.some((other) => contains(other.span, span)) || wrong.some((other) => isSame(other.span, span)));
      if (!isEcho) send(report);
    }
  }
}

function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function isSame(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end;
}
