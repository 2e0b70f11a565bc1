import type { GatewayModel } from "../../src/model/gateway-model.js";
import { packageName } from "../emit/names.js";
import { type BaseUrl, baseUrlsOf } from "./base-urls.js";
import type { ComponentModel } from "./component-types.js";
import type { CredentialPlan } from "./credentials.js";
import { type ExportedNames, exportedNames, type OperationNames } from "./exported-names.js";
import { type CustomBody, customBodies } from "./gateway-answers.js";
import { type OperationPlan, planOperation } from "./plan-operation.js";

/** The whole TypeScript SDK with its final names. */
export interface SdkPlan {
  readonly title: string;
  readonly description: string | undefined;
  readonly packageName: string;
  readonly version: string;
  readonly license: string | undefined;
  readonly region: string;
  /** The first is the default. */
  readonly baseUrls: readonly BaseUrl[];
  /** Credentials that some route needs, each once, with the routes' readers. */
  readonly credentials: readonly CredentialUse[];
  readonly isSigned: boolean;
  readonly models: readonly ComponentModel[];
  /** Exported name of a model. */
  readonly modelName: (model: string) => string;
  readonly operations: readonly NamedOperation[];
  /** Bodies that the file gives answers of API Gateway itself, where an operation may get them. */
  readonly gatewayBodies: readonly CustomBody[];
  /** Error statuses that no operation knows of. */
  readonly otherStatuses: readonly number[];
}

export interface CredentialUse {
  readonly name: string;
  /** Where it is sent and who reads it. */
  readonly uses: readonly Omit<CredentialPlan, "name">[];
}

export interface NamedOperation extends OperationPlan {
  readonly names: OperationNames;
  /** Error statuses that other operations know of and this one does not. */
  readonly undocumented: readonly number[];
}

export function planSdk(model: GatewayModel): SdkPlan {
  const custom = customBodies(model);
  const operations = model.routes.map((route) => planOperation(route, model, custom));
  const names = exportedNames(
    model,
    [...custom.values()].map(({ name }) => name),
  );
  const known = new Set(operations.flatMap((operation) => operation.errors.map(({ status }) => status)));
  return {
    title: model.name,
    description: model.description,
    packageName: packageName(model.name),
    version: model.version,
    license: model.license,
    region: model.aws.region,
    baseUrls: baseUrlsOf(model),
    credentials: credentialUses(operations),
    isSigned: operations.some((operation) => operation.isSigned),
    models: model.models.map((entry) => ({ name: names.model(entry.name), model: entry })),
    modelName: names.model,
    operations: operations.map((operation) => named(operation, names, known)),
    gatewayBodies: bodiesOf(operations),
    otherStatuses: errorStatuses.filter((status) => !known.has(status)),
  };
}

function named(operation: OperationPlan, names: ExportedNames, known: ReadonlySet<number>): NamedOperation {
  const own = new Set(operation.errors.map(({ status }) => status));
  const undocumented = [...known].filter((status) => !own.has(status)).sort((a, b) => a - b);
  return { ...operation, names: names.operation(operation.operation), undocumented };
}

function bodiesOf(operations: readonly OperationPlan[]): readonly CustomBody[] {
  const bodies = operations.flatMap(({ errors }) => errors.flatMap(({ gateway }) => gateway));
  return [...new Set(bodies)].filter((body) => typeof body === "object");
}

function credentialUses(operations: readonly OperationPlan[]): readonly CredentialUse[] {
  const byName = new Map<string, Map<string, CredentialPlan>>();
  for (const plan of operations.flatMap((operation) => operation.credentials)) {
    const uses = byName.get(plan.name) ?? new Map<string, CredentialPlan>();
    uses.set(JSON.stringify([plan.place, plan.key, plan.authorizer]), plan);
    byName.set(plan.name, uses);
  }
  return [...byName].map(([name, uses]) => ({ name, uses: [...uses.values()] }));
}

/** The IANA registry's 4xx and 5xx, and what proxies and load balancers in front of APIs answer. */
const errorStatuses: readonly number[] = [
  400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424,
  425, 426, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511, 520, 521, 522, 523, 524,
  525, 526, 530, 598, 599,
];
