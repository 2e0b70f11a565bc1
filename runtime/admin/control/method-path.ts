import type { RouteEntry } from "../../program.js";

/** `/~1pets~1{id}/GET/logging/loglevel` of UpdateStage, or the method alone. */
export interface MethodPath {
  /** Undefined: all methods. */
  readonly route: string | undefined;
  /** `logging/loglevel`; empty: all settings of the method. */
  readonly setting: string;
}

const form = /^\/([^/]+)\/([A-Z]+|\*)(?:\/((?:metrics|logging|throttling|caching)\/[A-Za-z]+))?$/;

/** @returns undefined for a path of another kind, or of a method that the API does not have */
export function methodPath(path: string, routes: readonly RouteEntry[]): MethodPath | undefined {
  const [, resource = "", method = "", setting = ""] = form.exec(path) ?? [];
  if (resource === "*" && method === "*") return { route: undefined, setting };
  if (method === "" || method === "*") return undefined;
  const resourcePath = resource.replaceAll("~1", "/").replaceAll("~0", "~");
  const found = routes.find((route) => route.method === method && route.resourcePath === resourcePath);
  return found && { route: found.key, setting };
}

/** The key of a method in a stage's `methodSettings` (aws-behaviour.md section 19). */
export function methodKey({ resourcePath, method }: RouteEntry): string {
  return `${resourcePath.replaceAll("~", "~0").replaceAll("/", "~1")}/${method}`;
}
