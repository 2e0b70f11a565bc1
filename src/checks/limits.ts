import type { Report } from "../diagnostics/diagnostic.js";
import type { Span } from "../source.js";

interface Range {
  readonly least: number;
  readonly most: number;
  /** Subject of the message: `the timeout, in milliseconds`. */
  readonly what: string;
  /** Fractions are allowed. */
  readonly isReal?: boolean;
}

/** Whether a number is within AWS's limits; reported when it is not. */
export function isInRange(
  number: { readonly value: number; readonly span: Span },
  range: Range,
  report: Report,
): boolean {
  const { value, span } = number;
  const fits = value >= range.least && value <= range.most && (range.isReal === true || Number.isInteger(value));
  if (!fits) report("out-of-range", span, { ...range, value, isReal: range.isReal === true });
  return fits;
}

/** Quotas of an account (aws-behaviour.md section 33); those that can be raised are warnings. */
export function checkCount(
  names: readonly { readonly span: Span }[],
  quota: { readonly most: number; readonly what: string; readonly canBeRaised: boolean },
  report: Report,
): void {
  const first = names[quota.most];
  if (first === undefined) return;
  const params = { count: names.length, most: quota.most, what: quota.what };
  if (quota.canBeRaised) report("over-quota", first.span, params);
  else report("over-limit", first.span, params);
}
