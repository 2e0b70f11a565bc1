import type { Report } from "../diagnostics/diagnostic.js";
import type { Span } from "../source.js";
import type { NumberValue } from "../syntax/gateway-syntax.js";

export interface Range {
  readonly least: number;
  readonly most: number;
  /** Subject of the message: `the timeout, in milliseconds`. */
  readonly what: string;
  /** Fractions are allowed. */
  readonly isReal?: boolean;
  /** What to do, where the numbers do not tell. */
  readonly help?: string | undefined;
}

/** Whether a number is within what AWS takes always; reported when it is not. */
export function isInRange({ value, span }: NumberValue, range: Range, report: Report): boolean {
  const isReal = range.isReal ?? false;
  const fits = value >= range.least && value <= range.most && (isReal || Number.isInteger(value));
  if (!fits) report("out-of-range", span, { ...range, value, isReal });
  return fits;
}

/** The number where it is written and in range, else the default. */
export function numberOr(number: NumberValue | undefined, otherwise: number, range: Range, report: Report): number {
  return number !== undefined && isInRange(number, range, report) ? number.value : otherwise;
}

export const ttlRange = (what: string): Range => ({ least: 0, most: 3600, what: `${what}, in seconds` });

export interface Quota {
  readonly most: number;
  /** Plural subject of the message: `stages of an API`. */
  readonly what: string;
  /** How to do without more of them; a quota that AWS raises on request is a warning. */
  readonly instead: string;
  readonly canBeRaised: boolean;
}

/** How many there may be of something (aws-behaviour.md section 33). Reported at the first that is too many. */
export function checkCount(names: readonly { readonly span: Span }[], quota: Quota, report: Report): void {
  const first = names[quota.most];
  if (first === undefined) return;
  const { most, what, instead } = quota;
  const params = { count: names.length, most, what, instead };
  if (quota.canBeRaised) report("over-quota", first.span, params);
  else report("over-limit", first.span, params);
}
