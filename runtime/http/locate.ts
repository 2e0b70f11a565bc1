import type { LiveProgram, LiveStage } from "../host/live-program.js";

/** Where a request goes: its stage and the path below it. */
export interface Location {
  readonly stage: LiveStage | undefined;
  /** Stage included; slashes before the stage collapsed to one. */
  readonly rawPath: string;
  /** Below the stage; slashes after the stage collapsed to one. */
  readonly path: string;
}

const slash = 0x2f;

/**
 * Splits a path into stage and the rest. The first segment names the stage; on HTTP APIs a path whose first segment
 * names none belongs to `$default`, where there is one (aws-behaviour.md 2.1, 2.2 and 3.3).
 */
export function locate(program: LiveProgram, path: string): Location {
  const from = afterSlashes(path, 0);
  const rawPath = from > 1 ? path.slice(from - 1) : path;
  const next = path.indexOf("/", from);
  const named = program.stages.get(next === -1 ? path.slice(from) : path.slice(from, next));
  if (named === undefined || named === program.defaultStage) {
    return { stage: program.defaultStage, rawPath, path: rawPath };
  }
  return { stage: named, rawPath, path: next === -1 ? "/" : path.slice(afterSlashes(path, next) - 1) };
}

/** Position after the run of slashes that begins at `at`. */
function afterSlashes(path: string, at: number): number {
  let next = at;
  while (path.charCodeAt(next) === slash) next++;
  return next;
}
