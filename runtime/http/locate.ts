import type { LiveDomain } from "../host/domain-table.js";
import type { ApiTable, HostTable, StageSlot } from "../host/host-table.js";
import type { LiveProgram } from "../host/live-program.js";
import { longestMapping } from "./api-mapping.js";

/** Where a request goes: its stage and the path below it. */
export interface Location {
  /** Undefined: the path names no stage that is served. */
  readonly slot: StageSlot | undefined;
  /** Of the API that the request is for, where there is no stage. */
  readonly program: LiveProgram;
  /** Stage or base path included; slashes before the stage collapsed to one. */
  readonly rawPath: string;
  /** Below the stage; slashes after the stage collapsed to one. */
  readonly path: string;
  /** Base path of the custom domain; undefined: the API's own endpoint. */
  readonly basePath: string | undefined;
  /** The custom domain that the Host field names. */
  readonly domain: LiveDomain | undefined;
}

const slash = 0x2f;

/**
 * Splits a path into stage and the rest. The first segment names the stage; on HTTP APIs a path whose first segment
 * names none belongs to `$default`, where there is one (aws-behaviour.md 2.1, 2.2 and 3.3). A host of several APIs
 * knows them by the first label of the Host field or by the first segment of the path; stages whose name only one API
 * has need neither.
 */
export function locate(table: HostTable, host: string, path: string): Location {
  const from = afterSlashes(path, 0);
  const rawPath = from > 1 ? path.slice(from - 1) : path;
  const { apis, domains } = table;
  const domain = domains?.of(host);
  if (domain !== undefined) return belowDomain(domain, rawPath);
  if (apis === undefined) return below(table.front, rawPath);
  const byHost = apis.get(labelOf(host));
  if (byHost !== undefined) return below(byHost, rawPath);
  const next = rawPath.indexOf("/", 1);
  const byPath = apis.get(next === -1 ? rawPath.slice(1) : rawPath.slice(1, next));
  if (byPath === undefined) return below(table.front, rawPath);
  return below(byPath, next === -1 ? "/" : rawPath.slice(afterSlashes(rawPath, next) - 1));
}

/** @param rawPath  begins with one slash and no more */
function below(api: ApiTable, rawPath: string): Location {
  const next = rawPath.indexOf("/", 1);
  const named = api.stages.get(next === -1 ? rawPath.slice(1) : rawPath.slice(1, next));
  const program = api.fallback;
  if (named === undefined || named === api.defaultStage) {
    return { slot: api.defaultStage, program, rawPath, path: rawPath, basePath: undefined, domain: undefined };
  }
  const path = next === -1 ? "/" : rawPath.slice(afterSlashes(rawPath, next) - 1);
  return { slot: named, program, rawPath, path, basePath: undefined, domain: undefined };
}

/** The longest base path that fits leads to its stage; what follows it is the path there. */
function belowDomain(domain: LiveDomain, rawPath: string): Location {
  const target = longestMapping(domain.mappings, rawPath);
  const program = target?.slot.live.program ?? domain.fallback;
  if (target === undefined) return { slot: undefined, program, rawPath, path: rawPath, basePath: undefined, domain };
  const { slot, basePath } = target;
  const end = basePath === "" ? 0 : basePath.length + 1;
  const path = end >= rawPath.length ? "/" : rawPath.slice(afterSlashes(rawPath, end) - 1);
  return { slot, program, rawPath, path, basePath, domain };
}

function labelOf(host: string): string {
  const dot = host.search(/[.:]/);
  return (dot === -1 ? host : host.slice(0, dot)).toLowerCase();
}

/** Position after the run of slashes that begins at `at`. */
function afterSlashes(path: string, at: number): number {
  let next = at;
  while (path.charCodeAt(next) === slash) next++;
  return next;
}
