import { parseExact, walked, writeExact } from "./exact-json.js";

/**
 * Makes what is declared as `int64` a text of its digits wherever it stands in a parsed value, and all other integers numbers; so does
 * what is declared as `unknown`, where a number would be another one.
 */
export const integersIn = (value, shape) => walked(value, shape, read);

function read(value, shape) {
  const isInteger = shape === true || shape?.isInteger;
  if (typeof value === "number") return isInteger && Number.isInteger(value) ? `${BigInt(value)}` : value;
  if (typeof value !== "bigint") return value;
  return isInteger || shape === "any" ? `${value}` : Number(value);
}

/** Reads what has a name: `events` and `replies` of a WebSocket. What nothing is known of has no int64. */
export const integersAt = (shapes) => (value, group, name) =>
  integersIn(value, group && Object.hasOwn(shapes[group], name) ? shapes[group][name] : undefined);

/** The body of an answer. */
export const parseIntegers = (text, { integers }, status) =>
  integersIn(parseExact(text), integers[status] ?? integers.rest);

/** Of a body that is sent: on the wire digits are a number, as the API declares it. */
export const exactBody = (value, shape) => {
  const text = JSON.stringify(value);
  return shape === undefined || text === undefined ? text : writeExact(walked(JSON.parse(text), shape, sent));
};

function sent(value, shape) {
  const isInteger = shape === true || (shape?.isInteger && !shape.isText);
  return isInteger && typeof value === "string" && /^-?\d+$/.test(value) ? BigInt(value) : value;
}

/** Writes messages of a WebSocket by their routes. */
export const messagesBy = (shapes) => (value, route) =>
  exactBody(value, Object.hasOwn(shapes, route) ? shapes[route] : undefined);
