import { parseExact, walked, writeExact } from "./exact-json.js";

/**
 * Makes what is declared as `int64` a bigint wherever it stands in a parsed value, and all other integers numbers. What is declared as
 * `unknown` stays as it was parsed.
 */
export const integersIn = (value, shape) => walked(value, shape, read);

function read(value, shape) {
  const isInteger = shape === true || shape?.isInteger;
  if (typeof value === "number") return isInteger && Number.isInteger(value) ? BigInt(value) : value;
  return typeof value !== "bigint" || isInteger || shape === "any" ? value : Number(value);
}

/** Reads what has a name: `events` and `replies` of a WebSocket. What nothing is known of has no int64. */
export const integersAt = (shapes) => (value, group, name) =>
  integersIn(value, group && Object.hasOwn(shapes[group], name) ? shapes[group][name] : undefined);

/** The body of an answer. */
export const parseIntegers = (text, { integers }, status) =>
  integersIn(parseExact(text), integers[status] ?? integers.rest);

/** Of a body that is sent. */
export const exactBody = writeExact;
