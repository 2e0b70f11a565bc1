import type { Clock } from "../clock.js";
import { GatewayResponses } from "../http/gateway-responses.js";
import { Router } from "../http/router.js";
import { prepareTargets } from "../integrations/prepare-targets.js";
import type { Logger } from "../observe/logger.js";
import { type EnvText, type Program, programFormat, type StageEntry, type TargetText } from "../program.js";
import type { Limits } from "./limits.js";
import type { IdSource, LiveProgram, LiveStage } from "./live-program.js";
import { LoadError } from "./load-error.js";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadOptions {
  /** Names of the stages to serve; undefined: all that are declared. */
  readonly stages?: readonly string[] | undefined;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly limits: Limits;
  readonly logger: Logger;
}

/**
 * Takes a Program into service: reads the environment that it names, resolves stage variables, lays out the router.
 *
 * @throws LoadError naming every missing variable, an unknown stage or a Program of another format
 */
export function loadProgram(program: Program, options: LoadOptions): LiveProgram {
  if (program.format !== programFormat) {
    throw new LoadError(`this gateway runs programs of format ${programFormat}, not ${program.format}: build again`);
  }
  const served = servedStages(program, options.stages);
  const environment = readEnvironment(program, served, options.environment);
  const deploymentId = deploymentIdOf(program);
  const stages = new Map<string, LiveStage>();
  for (const entry of served) {
    stages.set(entry.name, liveStage(entry, program.stages.indexOf(entry), environment, deploymentId));
  }
  return {
    program,
    clock: options.clock,
    ids: options.ids,
    stages,
    defaultStage: program.api.kind === "http" ? stages.get("$default") : undefined,
    router: new Router(program.api.kind, program.routes),
    gatewayResponses: new GatewayResponses(program.api),
    limits: options.limits,
    logger: options.logger,
    environment,
    targets: prepareTargets(program, [...stages.values()], environment, options.clock),
  };
}

function servedStages({ stages }: Program, wanted: readonly string[] | undefined): readonly StageEntry[] {
  for (const name of wanted ?? []) {
    if (stages.some((stage) => stage.name === name)) continue;
    throw new LoadError(`no stage is named "${name}"; declared: ${stages.map((stage) => stage.name).join(", ")}`);
  }
  return wanted && wanted.length > 0 ? stages.filter((stage) => wanted.includes(stage.name)) : stages;
}

/** The variables that the Program names, wherever it does; all missing ones are told at once. */
function readEnvironment(
  program: Program,
  stages: readonly StageEntry[],
  environment: Environment,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const missing = new Set<string>();
  for (const name of namedVariables(program, stages)) {
    const value = environment[name];
    if (value === undefined) missing.add(name);
    else found.set(name, value);
  }
  if (missing.size > 0) {
    const names = [...missing].sort().join(", ");
    const others = stages.length > 1 ? "; --stage serves some of the stages only" : "";
    throw new LoadError(`environment variable${missing.size > 1 ? "s" : ""} not set: ${names}${others}`);
  }
  return found;
}

function* namedVariables(program: Program, stages: readonly StageEntry[]): Generator<string> {
  for (const stage of stages) for (const { value } of stage.variables) yield* envNames(value);
  for (const route of program.routes) {
    if (route.http) yield* envNames(route.http.uri);
    if (route.lambda?.alias !== undefined) yield* envNames(route.lambda.alias);
  }
}

function* envNames(text: EnvText | TargetText): Generator<string> {
  if (typeof text === "string") return;
  for (const part of text) if (typeof part !== "string" && "env" in part) yield part.env;
}

function liveStage(
  entry: StageEntry,
  index: number,
  environment: ReadonlyMap<string, string>,
  deploymentId: string,
): LiveStage {
  const variables = new Map(entry.variables.map(({ name, value }) => [name, resolveEnv(value, environment)]));
  const eventVariables = variables.size > 0 ? Object.freeze(nullPrototype(variables)) : null;
  return { entry, index, name: entry.name, variables, eventVariables, deploymentId };
}

/** A member named `__proto__` stays a member. */
function nullPrototype(entries: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const record = Object.create(null) as Record<string, string>;
  for (const [name, value] of entries) record[name] = value;
  return record;
}

function resolveEnv(text: EnvText, environment: ReadonlyMap<string, string>): string {
  if (typeof text === "string") return text;
  return text.map((part) => (typeof part === "string" ? part : (environment.get(part.env) ?? ""))).join("");
}

/** Six characters of [a-z0-9] that change with the API's version and routes (FNV-1a, 32 bits). */
function deploymentIdOf({ api, routes }: Program): string {
  let hash = 0x811c9dc5;
  const add = (text: string) => {
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  };
  add(`${api.name}\n${api.version}`);
  for (const { key } of routes) add(`\n${key}`);
  return (hash >>> 0).toString(36).padStart(6, "0").slice(-6);
}
