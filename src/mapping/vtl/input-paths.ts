import { parsePath } from "../../../runtime/mapping/jsonpath/parse-path.js";
import { type JsonPath, JsonPathError } from "../../../runtime/mapping/jsonpath/path.js";
import type { Expression } from "../../../runtime/mapping/velocity/nodes.js";

/** The path that an argument spells out; null where it is no valid path, undefined where it is not a literal. */
export function readLiteralPath(arg: Expression): JsonPath | null | undefined {
  if (arg.kind !== "string" || arg.body !== undefined) return undefined;
  try {
    return parsePath(arg.text);
  } catch (error) {
    if (error instanceof JsonPathError) return null;
    throw error;
  }
}
