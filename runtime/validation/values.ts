/** Helpers of generated validators. Values are parsed JSON: no cycles, no undefined, own properties only. */

/** Number of characters (code points) of a text, which is what JSON Schema counts. */
export function lengthOf(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length - 1; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0xd800 || unit > 0xdbff) continue;
    const next = text.charCodeAt(at + 1);
    if (next < 0xdc00 || next > 0xdfff) continue;
    length--;
    at++;
  }
  return length;
}

/** Whether a value has a member of its own: `constructor` and `__proto__` are names like any other. */
export function has(value: object, name: string): boolean {
  return Object.hasOwn(value, name);
}

/** Equality of JSON values; the order of members does not count. */
export function equals(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === "object" && typeof b === "object" && canonical(a) === canonical(b));
}

/** Whether two elements of an array are equal. Linear in its size, whatever the elements are. */
export function hasRepetition(array: readonly unknown[]): boolean {
  const seen = new Set<unknown>();
  for (const element of array) {
    const key =
      typeof element === "object" ? canonical(element) : typeof element === "string" ? `"${element}` : element;
    if (seen.has(key)) return true;
    seen.add(key);
  }
  return false;
}

/** One text for equal values: members sorted by name. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(",")}}`;
}

/**
 * Whether a number is a multiple of another, in decimal arithmetic: 0.3 is one of 0.1, although the quotient of the
 * nearest doubles is not whole.
 */
export function isMultiple(value: number, divisor: number): boolean {
  if (Number.isSafeInteger(value) && Number.isSafeInteger(divisor)) return value % divisor === 0;
  const a = decimal(value);
  const b = decimal(divisor);
  if (!a || !b) return false;
  const scale = Math.min(a.exponent, b.exponent);
  const numerator = a.digits * 10n ** BigInt(a.exponent - scale);
  return numerator % (b.digits * 10n ** BigInt(b.exponent - scale)) === 0n;
}

/** Digits and power of ten of a number; undefined for infinity, which JSON's 1e999 becomes. */
function decimal(value: number): { readonly digits: bigint; readonly exponent: number } | undefined {
  const parts = /^(-?\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (!parts) return undefined;
  const fraction = parts[2] ?? "";
  return { digits: BigInt(`${parts[1]}${fraction}`), exponent: Number(parts[3] ?? 0) - fraction.length };
}

/** Runs a check of a recursive type: a value nested too deeply for the stack does not pass. */
export function bounded(check: (value: unknown) => boolean, value: unknown): boolean {
  try {
    return check(value);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * What is wrong with a value, as `$context.error.validationErrorString` shows it: `[first, second]`.
 *
 * @see aws-behaviour.md section 15
 */
export function failureText(explain: (value: unknown, failures: string[]) => void, value: unknown): string {
  const failures: string[] = [];
  try {
    explain(value, failures);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    failures.push("instance is nested too deeply");
  }
  return `[${failures.join(", ")}]`;
}

/** Longest part of a value that a message repeats: a body of megabytes is not sent back. */
const maxExcerpt = 1000;

/** A value as failure messages quote it. */
export function quote(value: unknown): string {
  return excerpt(JSON.stringify(value));
}

/** A text as failure messages show it. */
export function excerpt(text: string): string {
  return text.length > maxExcerpt ? `${text.slice(0, maxExcerpt)}...` : text;
}

/** Type of a value by JSON Schema's names. */
export function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value === "number" && Number.isInteger(value) ? "integer" : typeof value;
}
