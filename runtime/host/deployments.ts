import { engine } from "../engine.js";
import type { RouteTest, RouteTestResult } from "../http/test-route.js";
import type { DomainEntry, Program, StageEntry } from "../program.js";
import { contestedPaths } from "./domain-table.js";
import { type HostTable, hostTable, programsOf, type ServedApi, type StageSlot } from "./host-table.js";
import type { LiveProgram } from "./live-program.js";
import { LoadError } from "./load-error.js";
import type { LoadOptions } from "./load-program.js";
import { withStage } from "./method-overrides.js";

/** What is deployed to one stage: a build's routes, and the stage's settings, which change without a deployment. */
export interface StageDeployment {
  readonly stage: string;
  readonly program: Program;
  /** Undefined: as the Program itself has the stage. */
  readonly settings?: StageEntry | undefined;
  /** `$context.deploymentId`. */
  readonly deploymentId?: string | undefined;
  /** A build of its own for the canary that the settings ask for; undefined: the stage's Program serves it too. */
  readonly canary?: { readonly program: Program; readonly deploymentId?: string | undefined } | undefined;
  /** Custom domains; undefined: as the Program has them. */
  readonly domains?: readonly DomainEntry[] | undefined;
  /** Where relative paths of certificates begin. Default: the process's folder. */
  readonly folder?: string | undefined;
}

/** What the host owns and every Program gets. */
export type HostServices = Omit<LoadOptions, "stages" | "deploymentId" | "isCanary" | "hasCanary">;

interface DeployedApi extends ServedApi {
  readonly slots: readonly StageSlot[];
}

/**
 * The stages of a host with what is deployed to each. A change loads the new Program first: one that cannot be served
 * changes nothing. Then one assignment puts the new table in; requests under way end on the old Program.
 */
export class Deployments {
  #apis: readonly DeployedApi[] = [];
  #table: HostTable | undefined = undefined;
  #contested: ReadonlySet<string> = new Set();

  constructor(
    private readonly services: HostServices,
    private readonly onTable: (table: HostTable) => void = () => undefined,
  ) {}

  /** @throws LoadError before anything has been deployed */
  get table(): HostTable {
    if (this.#table === undefined) throw new LoadError("no stage is deployed");
    return this.#table;
  }

  get apis(): readonly ServedApi[] {
    return this.#apis;
  }

  /**
   * Serves the stages of a build, on its one Program but for those that set routes otherwise; they take the place of all that the
   * API has. @throws LoadError
   */
  setProgram(program: Program, stages?: readonly string[], folder = "."): void {
    const wanted = stages && stages.length > 0 ? stages : program.stages.map(({ name }) => name);
    const own = program.stages.filter(({ name, methods }) => methods !== undefined && wanted.includes(name));
    const others = wanted.filter((name) => !own.some((stage) => stage.name === name));
    const lives = [
      ...(others.length > 0 || own.length === 0 ? [load(program, { ...this.services, stages: others })] : []),
      ...own.map((stage) => load(withStage(program, stage), this.services)),
    ];
    const domains = program.domains?.list ?? [];
    const slots = lives.flatMap(({ stages: served, canaries }) =>
      [...served.values()].map((stage): StageSlot => {
        const canary = canaries.get(stage.name);
        const entry = stage.entry.canary;
        return { live: stage, canary: canary && entry && { live: canary, entry }, domains, folder };
      }),
    );
    const place = ({ live }: StageSlot) => program.stages.findIndex(({ name }) => name === live.name);
    const inOrder = slots.sort((a, b) => place(a) - place(b));
    this.#put(withApi(this.#apis, program, inOrder));
  }

  /** Serves deployments on their stages; other stages of the API stay as they are. @throws LoadError; nothing has changed then */
  setStages(deployments: readonly StageDeployment[]): void {
    let apis = this.#apis;
    for (const deployment of deployments) {
      const slot = slotOf(deployment, this.services);
      const known = apis.find(({ name }) => name === deployment.program.api.name)?.slots ?? [];
      const at = known.findIndex(({ live }) => live.name === deployment.stage);
      const slots = replaced(known, at, slot);
      apis = withApi(apis, deployment.program, slots);
    }
    this.#put(apis);
  }

  /** @throws LoadError when it is the last stage of the host */
  removeStage(apiName: string, stage: string): void {
    const apis = this.#apis.flatMap((api) => {
      if (api.name !== apiName) return [api];
      const slots = api.slots.filter(({ live }) => live.name !== stage);
      return slots.length > 0 ? [{ ...api, slots }] : [];
    });
    if (apis.length === 0) throw new LoadError(`"${stage}" is the last stage that is served`);
    this.#put(apis);
  }

  /**
   * Tries a route of an API, or its authorizer, as the build of its first stage has it (`Engine.test`).
   *
   * @param find  the route among those of the build
   * @throws LoadError
   */
  async test(apiName: string, find: (program: Program) => RouteTest): Promise<RouteTestResult> {
    const slot = this.#apis.find(({ name }) => name === apiName)?.slots[0];
    if (slot === undefined) throw new LoadError(`"${apiName}" is not served`);
    const { program } = slot.live.program;
    const { test } = program.engine ?? engine;
    if (test === undefined)
      throw new LoadError("what is deployed was built by a version without tests: build it again");
    return test(program, { ...this.services, deploymentId: slot.live.deploymentId }, find(program));
  }

  /** Ends what the Programs hold open. */
  async close(): Promise<void> {
    await Promise.all([...programsOf(this.#apis)].map(closeProgram));
  }

  /** Each contest once, for as long as it lasts. */
  #tellContested(): void {
    const lasting = new Set<string>();
    for (const { domain, basePath, winner, loser } of contestedPaths(this.#apis.flatMap(({ slots }) => slots))) {
      const detail = `${domain}/${basePath} leads to ${placeOf(winner)}, not to ${placeOf(loser)}`;
      lasting.add(detail);
      if (this.#contested.has(detail)) continue;
      const message = "two stages claim one base path of a domain";
      this.services.logger.write({ level: "error", message, stage: loser.live.name, detail });
    }
    this.#contested = lasting;
  }

  #put(apis: readonly DeployedApi[]): void {
    const table = hostTable(apis);
    const kept = programsOf(apis);
    const left = [...programsOf(this.#apis)].filter((program) => !kept.has(program));
    // Throws where it cannot be served: then all stays as it is.
    this.onTable(table);
    this.#apis = apis;
    this.#table = table;
    this.#tellContested();
    for (const program of left) void closeProgram(program);
  }
}

function placeOf({ live }: StageSlot): string {
  return `stage "${live.name}" of "${live.program.program.api.name}"`;
}

async function closeProgram({ targets, iam, websocket }: LiveProgram): Promise<void> {
  iam?.close();
  await Promise.all([targets.close(), websocket && closeProgram(websocket.live)]);
}

function withApi(apis: readonly DeployedApi[], { api }: Program, slots: readonly StageSlot[]): readonly DeployedApi[] {
  const served: DeployedApi = { name: api.name, apiId: api.apiId, slots };
  const at = apis.findIndex(({ name }) => name === api.name);
  return replaced(apis, at, served);
}

/** With the item at this place; at -1, behind the others. */
function replaced<T>(list: readonly T[], at: number, item: T): readonly T[] {
  return at === -1 ? [...list, item] : [...list.slice(0, at), item, ...list.slice(at + 1)];
}

function slotOf(deployment: StageDeployment, services: HostServices): StageSlot {
  const { stage, program, deploymentId, canary } = deployment;
  const settings = deployment.settings ?? program.stages.find(({ name }) => name === stage);
  if (settings === undefined) throw new LoadError(`the deployment of "${program.api.name}" has no stage "${stage}"`);
  const entry = settings.canary;
  const own = canary === undefined ? settings : { ...settings, canary: undefined };
  const live = load(withStage(program, own), { ...services, deploymentId, hasCanary: entry !== undefined });
  const base = live.stages.get(stage);
  if (base === undefined) throw new LoadError(`settings of "${settings.name}" were given for stage "${stage}"`);
  const { domains = program.domains?.list ?? [], folder = "." } = deployment;
  if (entry === undefined) return { live: base, canary: undefined, domains, folder };
  const beside =
    canary === undefined
      ? live.canaries.get(stage)
      : load(withStage(canary.program, settings), {
          ...services,
          deploymentId: canary.deploymentId,
          isCanary: true,
        }).stages.get(stage);
  return { live: base, canary: beside && { live: beside, entry }, domains, folder };
}

function load(program: Program, options: LoadOptions): LiveProgram {
  return (program.engine ?? engine).load(program, options);
}
