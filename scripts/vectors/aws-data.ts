import type { JsonValue } from "../../src/model/types.js";

/** An object of one of AWS's documents. */
export type Data = Readonly<Record<string, JsonValue>>;

/** The value where it is an object, else an empty one. */
export function dataOf(value: JsonValue | undefined): Data {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Data) : {};
}
