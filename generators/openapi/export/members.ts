import type { JsonValue } from "../../../src/model/types.js";
import { isJsonObject, type JsonObject, objectOf } from "../../emit/stable-json.js";

/** The object, or one without members where there is none. */
export function membersOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function eachMember(object: JsonObject, change: (value: JsonValue) => JsonValue): JsonObject {
  return objectOf(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
