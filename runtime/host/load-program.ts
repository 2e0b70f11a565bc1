import { authorizerTexts } from "../auth/authorizer-entry.js";
import { LiveAuthorizers } from "../auth/live-authorizers.js";
import { localIssuerAddress } from "../auth/tokens/local-issuer.js";
import type { Caches } from "../cache/caches.js";
import type { Clock } from "../clock.js";
import { GatewayResponses } from "../http/gateway-responses.js";
import { Router } from "../http/router.js";
import { prepareTargets } from "../integrations/prepare-targets.js";
import { Admission } from "../limits/admission.js";
import type { Logger } from "../observe/logger.js";
import type { Sampler } from "../observe/sampler.js";
import { type EnvText, type Program, programFormat, type StageEntry, type TargetText } from "../program.js";
import type { State } from "../state/state.js";
import type { Connections } from "../websocket/connections.js";
import type { Limits } from "./limits.js";
import type { IdSource, LiveProgram, LiveStage } from "./live-program.js";
import { LoadError } from "./load-error.js";
import { withMethodOverrides } from "./method-overrides.js";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadOptions {
  /** Names of the stages to serve; undefined: all that are declared. */
  readonly stages?: readonly string[] | undefined;
  /** What `$context.deploymentId` says; undefined: a hash of the API's version and routes. */
  readonly deploymentId?: string | undefined;
  /** Whether all of it serves the canary of its stages. */
  readonly isCanary?: boolean;
  /** Whether a canary of another build stands beside its stages. */
  readonly hasCanary?: boolean;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly state: State;
  /** Undefined: nobody takes traces. */
  readonly sampler?: Sampler | undefined;
  /** The host's caches of stages. */
  readonly caches: Caches;
  /** File of the directory of principals; undefined: the environment's GATEWAY_PRINCIPALS, if any. */
  readonly principals?: string | undefined;
  /** Id of the VPC, and of the VPC endpoint, that requests count as coming from; undefined: the environment's. */
  readonly vpc?: string | undefined;
  readonly vpcEndpoint?: string | undefined;
  readonly connections?: Connections | undefined;
}

/**
 * Takes a Program into service: reads the environment that it names, resolves stage variables, lays out the router.
 *
 * @throws LoadError naming every missing variable, an unknown stage or a Program of another format
 */
export function loadProgram(given: Program, options: LoadOptions): LiveProgram {
  if (given.format !== programFormat) {
    throw new LoadError(`this gateway runs programs of format ${programFormat}, not ${given.format}: build again`);
  }
  const program = withMethodOverrides(given);
  const served = servedStages(program, options.stages);
  const environment = readEnvironment(program, served, options.environment);
  checkVariables(served, environment);
  const settings = served.flatMap((entry) => settingsOf(entry, environment, options.isCanary ?? false));
  const stages = new Map<string, LiveStage>();
  const canaries = new Map<string, LiveStage>();
  const live: LiveProgram = {
    program,
    clock: options.clock,
    ids: options.ids,
    stages,
    canaries,
    router: new Router(program.api.kind, program.routes),
    gatewayResponses: new GatewayResponses(program.api),
    limits: options.limits,
    logger: options.logger,
    environment,
    authorizers: new LiveAuthorizers(
      localIssuerAddress(options.environment["GATEWAY_LOCAL_ISSUER"]),
      options.environment,
    ),
    targets: prepareTargets(
      program,
      settings.map(({ variables }, index) => ({ index, variables })),
      environment,
      options.clock,
      options.environment,
    ),
    ...loadGuards(program, options),
    state: options.state,
    cacheKeys: new Map(),
    sampler: options.sampler,
    admission: new Admission(
      program,
      settings.map(({ entry }, index) => ({ index, entry })),
      options.state,
      (value) => resolveEnv(value, environment),
      options.limits.accountThrottle,
    ),
    websocket: program.websocket?.engine.load(program, program.websocket, options),
    connections: options.connections,
  };
  const deploymentId = options.deploymentId ?? deploymentIdOf(program);
  settings.forEach((setting, index) => {
    const isBesideStage = setting.isCanary && options.isCanary !== true;
    (isBesideStage ? canaries : stages).set(setting.entry.name, liveStage(live, setting, index, deploymentId, options));
  });
  return live;
}

type LiveGuards = Pick<LiveProgram, "iam" | "policy" | "waf" | "network">;

function loadGuards({ api, guards = {} }: Program, options: LoadOptions): LiveGuards {
  const { environment, logger } = options;
  const file = options.principals ?? environment["GATEWAY_PRINCIPALS"];
  return {
    policy: guards.policy?.(api),
    waf: guards.waf?.(options.state, api.apiId),
    network: {
      isPrivate: guards.isPrivate ?? false,
      vpc: options.vpc ?? environment["GATEWAY_VPC"],
      vpcEndpoint: options.vpcEndpoint ?? environment["GATEWAY_VPC_ENDPOINT"],
    },
    iam: guards.iam?.({ file, environment, logger }),
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
  for (const { variables, canary } of stages) {
    for (const { value } of [...variables, ...(canary?.variables ?? [])]) yield* envNames(value);
  }
  for (const route of program.routes) {
    if (route.http) yield* envNames(route.http.uri);
    if (route.aws) yield* envNames(route.aws.uri);
    if (route.lambda?.alias !== undefined) yield* envNames(route.lambda.alias);
    if (route.authorizer) for (const text of authorizerTexts(route.authorizer)) yield* envNames(text);
    if (route.lambda?.arn !== undefined) yield* envNames(route.lambda.arn);
  }
  for (const { value } of program.limits?.keys ?? []) if (value !== undefined) yield* envNames(value);
}

function* envNames(text: EnvText | TargetText): Generator<string> {
  if (typeof text === "string") return;
  for (const part of text) if (typeof part !== "string" && "env" in part) yield part.env;
}

interface StageSettings {
  readonly entry: StageEntry;
  readonly variables: ReadonlyMap<string, string>;
  readonly isCanary: boolean;
}

/** A stage, and its canary where it has one: the overrides go over the stage's variables (aws-behaviour.md section 19). */
function settingsOf(
  entry: StageEntry,
  environment: ReadonlyMap<string, string>,
  isCanary: boolean,
): readonly StageSettings[] {
  const variables = resolveVariables(entry.variables, environment);
  const overridden = new Map([...variables, ...resolveVariables(entry.canary?.variables ?? [], environment)]);
  if (isCanary) return [{ entry, variables: overridden, isCanary }];
  const stage = { entry, variables, isCanary };
  return entry.canary === undefined ? [stage] : [stage, { entry, variables: overridden, isCanary: true }];
}

/** What API Gateway takes as the value of a stage variable (aws-behaviour.md section 19). */
const variableForm = /^[A-Za-z0-9._~:/?#&=,-]{1,512}$/;

/** Values that come from the environment are known only now; those of the file were checked when it was built. @throws LoadError */
function checkVariables(stages: readonly StageEntry[], environment: ReadonlyMap<string, string>): void {
  const wrong = stages.flatMap(({ name: stage, variables, canary }) =>
    [...variables, ...(canary?.variables ?? [])]
      .filter(({ value }) => typeof value !== "string" && !variableForm.test(resolveEnv(value, environment)))
      .map(({ name }) => `"${name}" of "${stage}"`),
  );
  if (wrong.length === 0) return;
  throw new LoadError(
    `the environment gives stage variables values that API Gateway does not take: ${wrong.join(", ")}; ` +
      "1 to 512 of A-Z a-z 0-9 . _ ~ : / ? # & = , - are allowed",
  );
}

function resolveVariables(variables: StageEntry["variables"], environment: ReadonlyMap<string, string>) {
  return new Map(variables.map(({ name, value }) => [name, resolveEnv(value, environment)]));
}

function liveStage(
  program: LiveProgram,
  settings: StageSettings,
  index: number,
  deploymentId: string,
  { caches, hasCanary = false }: LoadOptions,
): LiveStage {
  const { entry, variables, isCanary } = settings;
  const eventVariables = variables.size > 0 ? Object.freeze(nullPrototype(variables)) : null;
  const cacheName = isCanary && entry.canary?.useStageCache !== true ? `${entry.name}/Canary` : entry.name;
  const { apiId } = program.program.api;
  const cache = entry.cache && { entry: entry.cache, store: caches.of(apiId, cacheName, entry.cache) };
  return {
    program,
    entry,
    index,
    name: entry.name,
    variables,
    eventVariables,
    deploymentId,
    isCanary,
    hasCanary: !isCanary && (hasCanary || entry.canary !== undefined),
    cacheName,
    cache,
  };
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
