import type { LiveStage } from "../host/live-program.js";
import { LoadError } from "../host/load-error.js";
import type { Program, RouteEntry, StageEntry } from "../program.js";
import { type Limit, type State, stateKey, type TokenBucket, type Usage } from "../state/state.js";
import { keyHash, keyLength } from "./key-hash.js";
import { type DeclaredKey, KeyTable, type LiveKey } from "./key-table.js";
import type { KeyEntry, PlanEntry } from "./limits-entry.js";

/** What one key may do on one stage: its plan there, with the handles of its limits. */
export interface Client {
  readonly key: LiveKey;
  readonly usage: Usage;
  /** Over all routes: throttle, then quota. */
  readonly limits: readonly Limit[];
  /** On routes for which the plan has a limit of their own: that one before the others. Undefined: there are none. */
  readonly byRoute: ReadonlyMap<string, readonly Limit[]> | undefined;
}

/** A stage, or its canary: they share their limits. */
export interface StageLimits {
  readonly index: number;
  readonly entry: StageEntry;
}

/** The limits of one live Program: handles into the State, made when it is loaded or for a client's first request. */
export class Admission {
  readonly readsHeader: boolean;
  readonly #keys: KeyTable;
  readonly #clients = new Map<LiveKey, (Client | null)[]>();
  readonly #apiId: string;
  readonly #plans: ReadonlyMap<string, PlanEntry>;
  /** Over all routes; undefined: there is none. */
  readonly account: Limit | undefined;
  readonly #routes: ByRoute;
  #keyVersion = -1;

  constructor(
    program: Program,
    stages: readonly StageLimits[],
    private readonly state: State,
    resolve: (value: NonNullable<KeyEntry["value"]>) => string,
    account: TokenBucket | undefined,
  ) {
    const { apiKeySource, plans = [], keys = [] } = program.limits ?? {};
    this.readsHeader = apiKeySource !== "AUTHORIZER";
    this.#keys = new KeyTable(declaredKeys(keys, resolve), state.keys);
    this.#apiId = program.api.apiId;
    this.#plans = new Map(plans.map((plan) => [plan.name, plan]));
    this.#routes = routeLimits(program, stages, state);
    this.account = account && state.bucket(stateKey("account"), account);
  }

  /** The client that presents a key on a stage; undefined: no such key, disabled, or in no plan of the stage. */
  client(value: string, stage: LiveStage): Client | undefined {
    return this.#clientWith(this.#keys.find(value), stage);
  }

  /** The same by the key's id. */
  clientOf(keyId: string, stage: LiveStage): Client | undefined {
    return this.#clientWith(this.#keys.byId(keyId), stage);
  }

  #clientWith(key: LiveKey | undefined, stage: LiveStage): Client | undefined {
    if (key === undefined || !key.enabled) return undefined;
    if (this.#keyVersion !== this.state.keys.version) this.#forgetClients();
    const known = this.#clients.get(key)?.[stage.index];
    return known === undefined ? this.#addClient(key, stage) : (known ?? undefined);
  }

  /** Limit of a route on a stage over all clients: its own or its stage's. */
  route(route: RouteEntry, stage: LiveStage): readonly Limit[] {
    return this.#routes.get(route)?.[stage.index] ?? none;
  }

  #addClient(key: LiveKey, stage: LiveStage): Client | undefined {
    const client = this.#createClient(key, stage);
    const byStage = this.#clients.get(key) ?? [];
    byStage[stage.index] = client ?? null;
    this.#clients.set(key, byStage);
    return client;
  }

  #createClient(key: LiveKey, stage: LiveStage): Client | undefined {
    const plan = key.plans
      .map((name) => this.#plans.get(name))
      .find((candidate) => candidate?.stages.includes(stage.name));
    if (plan === undefined) return undefined;
    const { name, throttle, quota, routes } = plan;
    const bucketOf = (limit: TokenBucket, ...more: readonly string[]) =>
      this.state.bucket(stateKey("client", this.#apiId, name, key.id, ...more), limit);
    const limits = [
      ...(throttle ? [bucketOf(throttle)] : []),
      ...(quota ? [this.state.quota(quotaKey(this.#apiId, name, key.id), quota)] : []),
    ];
    const byRoute = new Map(
      routes.map((route) => [route.key, [bucketOf(route.throttle, stage.name, route.key), ...limits]]),
    );
    return {
      key,
      usage: this.state.usage({ plan: name, keyId: key.id }),
      limits,
      byRoute: byRoute.size > 0 ? byRoute : undefined,
    };
  }

  #forgetClients(): void {
    this.#keyVersion = this.state.keys.version;
    this.#clients.clear();
  }
}

/** @throws LoadError naming every value of a wrong length, and two keys of the same value */
function declaredKeys(
  keys: readonly KeyEntry[],
  resolve: (value: NonNullable<KeyEntry["value"]>) => string,
): readonly DeclaredKey[] {
  const problems: string[] = [];
  const names = new Map<string, string>();
  const declared = keys.map((entry) => {
    if (entry.value === undefined) return { entry, hash: undefined };
    const value = resolve(entry.value);
    if (value.length < keyLength.least || value.length > keyLength.most) {
      problems.push(
        `the value of the key "${entry.name}" has ${value.length} characters; it must have ${keyLength.least} to ${keyLength.most}`,
      );
    }
    const hash = keyHash(value);
    const other = names.get(hash);
    if (other !== undefined) problems.push(`the keys "${other}" and "${entry.name}" have the same value`);
    names.set(hash, entry.name);
    return { entry, hash };
  });
  if (problems.length > 0) throw new LoadError(problems.join("\n"));
  return declared;
}

/** What the quota of a client of a plan is counted under. */
export function quotaKey(apiId: string, plan: string, keyId: string): string {
  return stateKey("quota", apiId, plan, keyId);
}

const none: readonly Limit[] = [];

type ByRoute = ReadonlyMap<RouteEntry, readonly (readonly Limit[])[]>;

/** A route's own limit goes before its stage's; each route has a bucket of its own on each stage. */
function routeLimits(program: Program, stages: readonly StageLimits[], state: State): ByRoute {
  const limits = new Map<RouteEntry, readonly (readonly Limit[])[]>();
  for (const route of program.routes) {
    const byStage: (readonly Limit[])[] = [];
    for (const { index, entry } of stages) {
      const limit = route.throttle ?? entry.throttle;
      const key = stateKey("route", program.api.apiId, entry.name, route.key);
      byStage[index] = limit ? [state.bucket(key, limit)] : none;
    }
    limits.set(route, byStage);
  }
  return limits;
}
