import type { LiveStage } from "../host/live-program.js";
import { LoadError } from "../host/load-error.js";
import type { Program, RouteEntry, StageEntry } from "../program.js";
import { type Bucket, type Quota, type State, stateKey, type TokenBucket, type Usage } from "../state/state.js";
import { keyHash, keyLength } from "./key-hash.js";
import { type DeclaredKey, KeyTable, type LiveKey } from "./key-table.js";
import type { KeyEntry, PlanEntry } from "./limits-entry.js";

/** What one key may do on one stage: its plan there, with the handles of its limits. */
export interface Client {
  readonly key: LiveKey;
  readonly bucket: Bucket | undefined;
  readonly quota: Quota | undefined;
  readonly usage: Usage;
  /** Limits of the client on single routes; undefined: the plan has none. */
  readonly routes: ReadonlyMap<string, Bucket> | undefined;
}

/** API Gateway's limit of an account in a Region, requests a second and requests (aws-behaviour.md section 17). */
export const accountThrottle: TokenBucket = { rate: 10_000, burst: 5_000 };

/** A stage, or its canary: they share their limits. */
export interface StageLimits {
  readonly index: number;
  readonly entry: StageEntry;
}

/** The limits of one live Program: handles into the State, made when it is loaded or for a client's first request. */
export class Admission {
  readonly readsHeader: boolean;
  /** Of all throttled routes together; undefined: switched off. */
  readonly account: Bucket | undefined;
  readonly #keys: KeyTable;
  readonly #clients = new Map<LiveKey, (Client | null)[]>();
  readonly #apiId: string;
  readonly #plans: ReadonlyMap<string, PlanEntry>;
  readonly #routes: ReadonlyMap<RouteEntry, readonly (Bucket | undefined)[]>;
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
    this.account = account && state.bucket(stateKey("account"), account);
    this.#keys = new KeyTable(declaredKeys(keys, resolve), state.keys);
    this.#apiId = program.api.apiId;
    this.#plans = new Map(plans.map((plan) => [plan.name, plan]));
    this.#routes = routeBuckets(program, stages, state);
  }

  /** The client that presents a key on a stage; undefined: no such key, disabled, or in no plan of the stage. */
  client(value: string, stage: LiveStage): Client | undefined {
    const key = this.#keys.find(value);
    if (key === undefined || !key.enabled) return undefined;
    if (this.#keyVersion !== this.state.keys.version) this.#forgetClients();
    const known = this.#clients.get(key)?.[stage.index];
    return known === undefined ? this.#addClient(key, stage) : (known ?? undefined);
  }

  /** Limit of a route on a stage, over all clients. */
  route(route: RouteEntry, stage: LiveStage): Bucket | undefined {
    return this.#routes.get(route)?.[stage.index];
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
    return {
      key,
      bucket: throttle && bucketOf(throttle),
      quota: quota && this.state.quota(stateKey("quota", this.#apiId, name, key.id), quota),
      usage: this.state.usage({ plan: name, keyId: key.id }),
      routes:
        routes.length === 0
          ? undefined
          : new Map(routes.map((route) => [route.key, bucketOf(route.throttle, stage.name, route.key)])),
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

/** A route's own limit goes before its stage's; each route has a bucket of its own on each stage. */
function routeBuckets(program: Program, stages: readonly StageLimits[], state: State) {
  const buckets = new Map<RouteEntry, readonly (Bucket | undefined)[]>();
  for (const route of program.routes) {
    const byStage: (Bucket | undefined)[] = [];
    for (const { index, entry } of stages) {
      const limit = route.throttle ?? entry.throttle;
      byStage[index] = limit && state.bucket(stateKey("route", program.api.apiId, entry.name, route.key), limit);
    }
    if (byStage.some((bucket) => bucket !== undefined)) buckets.set(route, byStage);
  }
  return buckets;
}
