import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { SdkSettings } from "../../src/model/sdk.js";
import { oncePerModel } from "../emit/once-per-model.js";
import { type BaseUrl, baseUrlsOf } from "./base-urls.js";
import type { CredentialPlan } from "./credentials.js";
import { type CustomBody, customBodies } from "./gateway-answers.js";
import { planOperation, type SdkOperation } from "./operation.js";

/**
 * What the SDKs of all languages have in common: where they call, what they send, what may come back. Nothing here is named
 * in any language; `names.ts` and `input.ts` say how one names it. A language's own plan begins with this one.
 */
export interface SharedPlan {
  readonly kind: GatewayModel["kind"];
  readonly title: string;
  readonly description: string | undefined;
  /** Of the API, as the file writes it. */
  readonly version: string;
  readonly settings: SdkSettings;
  readonly region: string;
  /** The first is the default. */
  readonly baseUrls: readonly BaseUrl[];
  /** Credentials that some route needs, each once, with the routes' readers. */
  readonly credentials: readonly CredentialUse[];
  readonly isSigned: boolean;
  /** Whether some bearer token comes from a Cognito user pool. */
  readonly hasCognito: boolean;
  readonly operations: readonly SdkOperation[];
  /** Bodies that the file gives answers of API Gateway itself, where an operation may get them. */
  readonly gatewayBodies: readonly CustomBody[];
}

export interface CredentialUse {
  readonly name: string;
  /** Where it is sent and who reads it. */
  readonly uses: readonly Omit<CredentialPlan, "name">[];
}

export const planShared = oncePerModel(planOf);

function planOf(model: GatewayModel): SharedPlan {
  const custom = customBodies(model);
  const operations = model.routes.map((route) => planOperation(route, model, custom));
  return {
    kind: model.kind,
    title: model.name,
    description: model.description,
    version: model.version,
    settings: model.sdk,
    region: model.aws.region,
    baseUrls: baseUrlsOf(model),
    credentials: credentialUses(operations),
    isSigned: operations.some((operation) => operation.isSigned),
    hasCognito: model.authorizers.some(({ kind }) => kind === "cognito"),
    operations,
    gatewayBodies: bodiesOf(operations),
  };
}

function bodiesOf(operations: readonly SdkOperation[]): readonly CustomBody[] {
  const bodies = operations.flatMap(({ errors }) => errors.flatMap(({ gateway }) => gateway));
  return [...new Set(bodies)].filter((body) => typeof body === "object");
}

/** Each credential once, with the places that calls and handshakes send it to. */
export function credentialUses(operations: readonly Pick<SdkOperation, "credentials">[]): readonly CredentialUse[] {
  const byName = new Map<string, Map<string, CredentialPlan>>();
  for (const plan of operations.flatMap((operation) => operation.credentials)) {
    const uses = byName.get(plan.name) ?? new Map<string, CredentialPlan>();
    uses.set(JSON.stringify([plan.place, plan.key, plan.authorizer]), plan);
    byName.set(plan.name, uses);
  }
  return [...byName].map(([name, uses]) => ({ name, uses: [...uses.values()] }));
}
