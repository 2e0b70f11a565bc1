import { TemplateError } from "./template-error.js";

/** Limits of one rendering. AWS sets 1,000 iterations a loop; the rest is ours. */
export interface TemplateLimits {
  /** Iterations of one `#foreach`; the loop ends there, as Velocity's `maxloops` does. */
  readonly iterations: number;
  /** Units of work: an iteration, a method call, 64 characters or items of what a method goes through. */
  readonly steps: number;
  /** UTF-16 units of the output and of any text made on the way. */
  readonly textLength: number;
  /** Items of any list or map. */
  readonly items: number;
  /** Nesting of values, macros and blocks. */
  readonly depth: number;
}

/** AWS: 1,000 iterations, payload of 10 MB. Steps keep the worst template below half a second (measured: test). */
export const defaultLimits: TemplateLimits = Object.freeze({
  iterations: 1000,
  steps: 2_000_000,
  textLength: 10 * 1024 * 1024,
  items: 1_000_000,
  depth: 520,
});

/** What one rendering may still use. */
export class Budget {
  private steps: number;

  constructor(readonly limits: TemplateLimits = defaultLimits) {
    this.steps = limits.steps;
  }

  /** Takes units of work. */
  step(count = 1): void {
    this.steps -= count;
    if (this.steps < 0) throw new TemplateError("budget", "the template does more work than one rendering may");
  }

  /** Takes the work of going through so many characters or items. */
  through(length: number): void {
    this.step(1 + (length >> 6));
  }

  /** The text, when it is not too long; its making is charged. */
  text(text: string): string {
    this.length(text.length);
    return text;
  }

  /** Refuses a text that is, or would be, too long. */
  length(length: number): void {
    if (length > this.limits.textLength)
      throw new TemplateError("budget", "the template makes a text that is too long");
    this.step(1 + (length >> 6));
  }

  /** Refuses a list or map that is, or would be, too long. */
  items(count: number): void {
    if (count > this.limits.items)
      throw new TemplateError("budget", "the template makes a list or map that is too long");
  }

  /** Refuses values, macros or blocks nested too deeply. */
  depth(depth: number): void {
    if (depth > this.limits.depth) throw new TemplateError("budget", "the template nests too deeply");
  }
}
