import type { Authorizer } from "./authorizers.js";
import type { Text, Value } from "./expressions.js";
import type { GatewayModel, GatewayResponseType, Stage } from "./gateway-model.js";
import type { Integration } from "./integrations.js";
import type { Route } from "./routes.js";
import type { JsonValue } from "./types.js";
import type { WafRules } from "./waf.js";

/** What stands in front of the routes, as clients meet it. */
export interface ContractGuards {
  /** Resource policy; absent: none. */
  readonly policy?: JsonValue | undefined;
  readonly waf?: WafRules | undefined;
  readonly authorizers: readonly ContractAuthorizer[];
  /** Without values: secrets are in no contract. */
  readonly keys: readonly { readonly name: string; readonly plans: readonly string[]; readonly enabled: boolean }[];
  /** That signatures of `iam` are made for. */
  readonly region: string;
  /** Whether request bodies may be compressed. */
  readonly compression: boolean;
  readonly binaryMediaTypes: readonly string[];
  /** Stages that refuse whoever asks for a fresh answer without being allowed to. */
  readonly refusesFresh: readonly string[];
}

/** Which tokens an authorizer takes. */
export interface ContractAuthorizer {
  readonly name: string;
  readonly kind: Authorizer["kind"];
  /** User pools, or the issuer. */
  readonly issuers: readonly ContractTokenName[];
  readonly audience: readonly ContractTokenName[];
  /** Java regular expression that a token has to match. */
  readonly validation?: string | undefined;
  /** The function that decides; callers do not see it, but it tells an authorizer of another name from another one. Absent: not known. */
  readonly function?: string | undefined;
}

/** Where a name is made of variables of stages, it is there once for each stage. */
export interface ContractTokenName {
  readonly text: string;
  readonly stage?: string;
}

/** A gateway response that the file customises; `headers` and `bodies` by name and media type, absent: not known (format 3). */
export interface ContractAnswer {
  readonly type: GatewayResponseType;
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly bodies?: Readonly<Record<string, string>>;
}

/** How a route takes and answers what its types do not tell. */
export interface ContractHandling {
  readonly checksParameters: boolean;
  readonly checksBody: boolean;
  /** Longest wait for the backend, milliseconds. */
  readonly timeoutMs: number;
  /** The only media types of bodies that are not refused with 415; absent: any. */
  readonly mediaTypes?: readonly string[] | undefined;
  /** What becomes of bodies of answers, by status: `200 CONVERT_TO_TEXT`. */
  readonly conversions: readonly string[];
}

export function guardsOf(model: GatewayModel): ContractGuards {
  return {
    policy: model.policy,
    waf: model.waf,
    authorizers: model.authorizers.map((authorizer) => authorizerOf(authorizer, model.stages)),
    keys: model.keys.map(({ name, plans, enabled }) => ({ name, plans, enabled })),
    region: model.aws.region,
    compression: model.minimumCompressionSize !== undefined,
    binaryMediaTypes: model.binaryMediaTypes,
    refusesFresh: model.stages.filter(refusesFresh).map(({ name }) => name),
  };
}

/** Only requests that IAM allows may pass the cache by (aws-behaviour.md, caching: `Cache-Control: max-age=0`). */
function refusesFresh({ cache }: Stage): boolean {
  return cache?.invalidate === "iam" && cache.unauthorized === "FAIL_WITH_403";
}

function authorizerOf(authorizer: Authorizer, stages: readonly Stage[]): ContractAuthorizer {
  const { name, kind } = authorizer;
  const names = (texts: readonly Text[]) => texts.flatMap((text) => tokenNames(text, stages));
  switch (kind) {
    case "cognito":
      return { name, kind, issuers: names(authorizer.providerArns), audience: [] };
    case "jwt":
      return {
        name,
        kind,
        issuers: names([authorizer.issuer]),
        audience: names(authorizer.audience),
      };
    case "lambda":
      return {
        name,
        kind,
        issuers: [],
        audience: [],
        validation: authorizer.validation,
        function: authorizer.function,
      };
  }
}

function tokenNames(text: Text, stages: readonly Stage[]): readonly ContractTokenName[] {
  const isOfStages = text.parts.some((part) => typeof part === "object" && part.kind === "stageVariable");
  if (!isOfStages) return [{ text: writtenText(text) }];
  return stages.map(({ name, variables }) => ({
    text: writtenText({ parts: text.parts.flatMap((part) => partsIn(part, variables)) }),
    stage: name,
  }));
}

function partsIn(part: Text["parts"][number], variables: Stage["variables"]): Text["parts"] {
  if (typeof part === "string" || part.kind !== "stageVariable") return [part];
  return variables.find(({ name }) => name === part.name)?.value.parts ?? [part];
}

export function answersOf({ gatewayResponses }: GatewayModel): readonly ContractAnswer[] {
  return gatewayResponses.map(({ type, status, headers, templates }) => ({
    type,
    status,
    headers: Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), writtenValue(value)])),
    bodies: Object.fromEntries(templates.map(({ mediaType, template }) => [mediaType, template])),
  }));
}

export function handlingOf(route: Route, model: GatewayModel): ContractHandling {
  const { validation, integration } = route;
  return {
    checksParameters: validation.parameters,
    checksBody: validation.body,
    timeoutMs: longestWait(integration, model),
    mediaTypes: takenMediaTypes(integration),
    conversions: integration.responses
      .flatMap(({ status, contentHandling }) => (contentHandling ? [`${status} ${contentHandling}`] : []))
      .sort(),
  };
}

/** A function may be given less time than its route. */
export function longestWait(integration: Integration, { functions }: GatewayModel): number {
  const own =
    integration.kind === "lambda" ? functions.find(({ name }) => name === integration.function)?.timeoutMs : undefined;
  return Math.min(integration.timeoutMs, own ?? Number.POSITIVE_INFINITY);
}

/** Section 11: with NEVER a type without a template is refused, with WHEN_NO_TEMPLATES once there is any template. */
function takenMediaTypes(integration: Integration): readonly string[] | undefined {
  if ("proxy" in integration && integration.proxy) return undefined;
  const own = integration.request.templates.map(({ mediaType }) => mediaType).sort();
  const refuses =
    integration.passthrough === "NEVER" || (integration.passthrough === "WHEN_NO_TEMPLATES" && own.length > 0);
  return refuses && !own.includes("$default") ? own : undefined;
}

/** As the file has it; what is read from the environment stays a name. */
function writtenText({ parts }: Text): string {
  return parts
    .map((part) => (typeof part === "string" ? part : `\${${part.kind}.${"name" in part ? part.name : ""}}`))
    .join("");
}

function writtenValue(value: Value): string {
  if (value.kind === "constant") return String(value.value);
  return value.kind === "text" ? writtenText(value.text) : JSON.stringify(value);
}
