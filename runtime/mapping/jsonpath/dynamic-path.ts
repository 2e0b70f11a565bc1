import { parsePath } from "./parse-path.js";
import { type JsonPath, JsonPathError } from "./path.js";

/** Parses a path that a template puts together while it renders. Undefined for what is no path: it finds nothing. */
export function dynamicPath(text: string): JsonPath | undefined {
  try {
    return parsePath(text);
  } catch (error) {
    if (error instanceof JsonPathError) return undefined;
    throw error;
  }
}
