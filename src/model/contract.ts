import type { Authorizer } from "./authorizers.js";
import {
  answersOf,
  type ContractAnswer,
  type ContractGuards,
  type ContractHandling,
  guardsOf,
  handlingOf,
  longestWait,
} from "./contract-guards.js";
import { allowedHeaders, allowedMethods } from "./cors.js";
import type { Reference } from "./expressions.js";
import type { Domain, GatewayModel, Stage, Throttle, UsagePlan } from "./gateway-model.js";
import type { Parameter, ResponseBody, ResponseHeader, Route } from "./routes.js";
import type { SdkLanguage } from "./sdk.js";
import type { Type } from "./types.js";
import type { WebSocketLimits, WebSocketRoute } from "./websocket.js";

/** What clients of an API lean on: the model without how it is carried out. Plain JSON data. */
export interface Contract {
  /** Of this shape; `readContract` brings older ones into it and refuses others. */
  readonly format: 4;
  readonly name: string;
  readonly version: string;
  readonly kind: string;
  readonly routes: readonly ContractRoute[];
  readonly models: Readonly<Record<string, Type>>;
  readonly stages: readonly string[];
  readonly addresses: readonly ContractAddress[];
  readonly websocket: ContractWebSocket | undefined;
  /** Packages of clients. Undefined: not known (format 1). */
  readonly sdks: readonly ContractSdk[] | undefined;
  /** How much clients may ask, and who can reach the API at all. Undefined: not known (format 2). */
  readonly limits: ContractLimits | undefined;
  /** Undefined: not known (format 3). */
  readonly guards: ContractGuards | undefined;
}

export interface ContractLimits {
  readonly plans: readonly Pick<UsagePlan, "name" | "throttle" | "quota" | "stages" | "routes">[];
  readonly stages: readonly ContractThrottles[];
  /** Whether it has an address beside those of custom domains, and whether networks other than private ones reach it. */
  readonly entrance: { readonly executeApi: boolean; readonly private: boolean };
  /** Answers of the gateway itself that the file customises. */
  readonly answers: readonly ContractAnswer[];
}

/** Throttles of one stage; undefined: the file sets none. */
export interface ContractThrottles {
  readonly name: string;
  readonly throttle: Throttle | undefined;
  readonly routes: readonly { readonly routeKey: string; readonly throttle: Throttle }[];
}

export interface ContractSdk {
  readonly language: SdkLanguage;
  /** What programs import: a package, a module, or both. */
  readonly package: string;
  /** Choices that change types: `int64: bigint`. */
  readonly choices: Readonly<Record<string, string>>;
}

/** Format 1 kept no stages: undefined is not known, and is never told as a change. */
export interface ContractAddress {
  /** `api.example.com/v1`. */
  readonly address: string;
  readonly stage: string | undefined;
  /** Whether clients show certificates, and the oldest TLS that they may speak. Undefined: not known (format 2). */
  readonly tls: { readonly clientCertificates: boolean; readonly oldest: string } | undefined;
}

export interface ContractRoute {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  readonly deprecated: boolean;
  readonly parameters: readonly Pick<Parameter, "in" | "name" | "type" | "required">[];
  readonly body:
    | { readonly type: Type; readonly mediaTypes: readonly string[]; readonly required: boolean }
    | undefined;
  readonly responses: readonly {
    readonly status: number;
    readonly body: ResponseBody | undefined;
    /** Without types: not known (format 2). */
    readonly headers: readonly (Pick<ResponseHeader, "name"> & { readonly type?: ResponseHeader["type"] })[];
  }[];
  /** Of all other statuses. */
  readonly otherwise?: ResponseBody;
  /** `none`, `iam`, or `cognito customers`; behind it the scopes. */
  readonly auth: string;
  readonly scopes: readonly string[];
  /** Where clients put what the authorizer looks at: `header authorization`, `query token`. Undefined: not known (format 1). */
  readonly credentials: readonly string[] | undefined;
  /** Whether clients send an API key; not where the authorizer brings it. */
  readonly apiKey: boolean;
  readonly validates: boolean;
  /** Whether types of parameters are checked. Undefined: not known (format 2). */
  readonly strict: boolean | undefined;
  /** Undefined: not known (format 3). */
  readonly handling: ContractHandling | undefined;
  /** Whether SDKs have a helper that goes through pages. Undefined: not known (format 1). */
  readonly pages: boolean | undefined;
  /** Where an answer has the items of a page: `orders`; empty: the body is the list. Undefined: no pages, or not known (format 3). */
  readonly pageItems?: string | undefined;
  /** What pages of other origins may do; null: nothing. Undefined: not known (format 1). */
  readonly cors: ContractCors | null | undefined;
}

export interface ContractCors {
  /** As browsers send them, `*` or `https://*`. */
  readonly origins: readonly string[];
  /** That a preflight answer names. */
  readonly methods: readonly string[];
  /** Of requests, in lower case. */
  readonly headers: readonly string[];
  /** Of answers, in lower case. */
  readonly exposes: readonly string[];
  readonly credentials: boolean;
}

export interface ContractWebSocket {
  readonly selection: string;
  readonly auth: string;
  readonly credentials: readonly string[] | undefined;
  readonly apiKey: boolean;
  readonly addresses: readonly ContractAddress[] | undefined;
  readonly routes: readonly {
    readonly key: string;
    readonly body: Type | undefined;
    readonly reply: Type | undefined;
    /** What the message is checked by, where an expression chooses. */
    readonly kinds?:
      | { readonly selection: string; readonly types: NonNullable<WebSocketRoute["bodies"]>["types"] }
      | undefined;
    /** Longest wait for the backend, milliseconds. Undefined: not known (format 3). */
    readonly timeoutMs?: number;
  }[];
  /** Undefined: not known (format 3). */
  readonly limits?: WebSocketLimits;
  readonly events: readonly { readonly name: string; readonly type: Type }[];
}

export function contractOf(model: GatewayModel): Contract {
  const access = (authorization: GatewayModel["routes"][number]["authorization"]) => {
    if (authorization.kind !== "authorizer") return { auth: authorization.kind, credentials: [] };
    const authorizer = model.authorizers.find(({ name }) => name === authorization.name);
    return {
      auth: `${authorizer?.kind ?? "authorizer"} ${authorization.name}`,
      credentials: authorizer ? placesOf(authorizer) : [],
    };
  };
  const { websocket } = model;
  return {
    format: 4,
    name: model.name,
    version: model.version,
    kind: model.kind,
    routes: model.routes.map((route) => ({
      key: route.key,
      method: route.method,
      path: route.path.text,
      operation: route.operation,
      deprecated: route.deprecated,
      parameters: route.parameters.map(({ in: where, name, type, required }) => ({ in: where, name, type, required })),
      body: route.body,
      responses: route.responses.map(({ status, body, headers }) => ({
        status,
        body,
        headers: headers.map(({ name, type }) => ({ name, type })),
      })),
      ...(route.otherwise?.body && { otherwise: route.otherwise.body }),
      ...access(route.authorization),
      scopes: route.authorization.kind === "authorizer" ? route.authorization.scopes : [],
      apiKey: route.apiKeyRequired && model.apiKeySource === "HEADER",
      validates: route.validation.body || route.validation.parameters,
      strict: route.validation.strict,
      handling: handlingOf(route, model),
      pages: route.pagination !== undefined,
      pageItems: route.pagination?.items.join("."),
      cors: corsOf(route),
    })),
    models: Object.fromEntries(model.models.map(({ name, type }) => [name, type])),
    stages: model.stages.map(({ name }) => name),
    addresses: model.domains.flatMap(addressesOf),
    websocket: websocket && {
      selection: websocket.selection.text,
      ...access(websocket.authorization),
      apiKey: websocket.apiKeyRequired,
      addresses: websocket.domain ? addressesOf(websocket.domain) : [],
      routes: websocket.routes.map(({ key, body, bodies, reply, integration }) => ({
        key,
        body,
        kinds: bodies && { selection: bodies.selection.text, types: bodies.types },
        reply,
        timeoutMs: longestWait(integration, model),
      })),
      limits: websocket.limits,
      events: websocket.events.map(({ name, type }) => ({ name, type })),
    },
    sdks: model.sdk.languages.map((language) => ({ language, ...sdkOf(language, model) })),
    limits: limitsOf(model),
    guards: guardsOf(model),
  };
}

function limitsOf(model: GatewayModel): ContractLimits {
  return {
    plans: model.plans.map(({ name, throttle, quota, stages, routes }) => ({ name, throttle, quota, stages, routes })),
    stages: model.stages.map((stage) => ({
      name: stage.name,
      throttle: stage.throttle,
      routes: ownThrottles(model, stage),
    })),
    entrance: { executeApi: !model.disableExecuteApiEndpoint, private: model.endpoint === "private" },
    answers: answersOf(model),
  };
}

/** Of routes that have one of their own: what the stage says of them, or else what they say. */
function ownThrottles(model: GatewayModel, stage: Stage): ContractThrottles["routes"] {
  return [...model.routes, ...(model.websocket?.routes ?? [])].flatMap((route) => {
    const ofStage = stage.routes.find(({ routeKey }) => routeKey === route.key)?.throttle;
    const throttle = ofStage ?? route.throttle;
    return throttle ? [{ routeKey: route.key, throttle }] : [];
  });
}

function sdkOf(language: SdkLanguage, { name, sdk }: GatewayModel): Omit<ContractSdk, "language"> {
  switch (language) {
    case "typescript":
      return {
        package: sdk.typescript.packageName ?? name,
        choices: {
          int64: sdk.typescript.int64,
          enums: sdk.typescript.enums,
          apigClient: sdk.typescript.apigClient ? "there" : "gone",
        },
      };
    case "python":
      return { package: sdk.python.packageName ?? name, choices: { models: sdk.python.models } };
    case "go":
      return { package: `${sdk.go.module ?? name} ${sdk.go.package ?? ""}`.trim(), choices: {} };
    case "java":
      return { package: `${sdk.java.package ?? name} ${sdk.java.artifact ?? ""}`.trim(), choices: {} };
  }
}

function corsOf(route: Route): ContractCors | null {
  const { cors } = route;
  if (cors === undefined) return null;
  const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase());
  return {
    origins: cors.origins,
    methods: allowedMethods(cors, [route]),
    headers: lower(allowedHeaders(cors)),
    exposes: lower(cors.exposeHeaders),
    credentials: cors.credentials,
  };
}

function addressesOf({ name, paths, tls, aws, securityPolicy }: Domain): readonly ContractAddress[] {
  return paths.map(({ basePath, stage }) => ({
    address: basePath === "" ? name : `${name}/${basePath}`,
    stage,
    tls: {
      clientCertificates: tls?.clientCa !== undefined || aws.truststoreUri !== undefined,
      oldest: securityPolicy.replace("TLS_1_", "TLS 1."),
    },
  }));
}

/** Sorted: the order of identity sources is nothing that clients see. */
function placesOf(authorizer: Authorizer): readonly string[] {
  const references: readonly Reference[] =
    authorizer.kind === "cognito"
      ? [{ kind: "header", name: authorizer.header }]
      : authorizer.kind === "jwt"
        ? [authorizer.identity]
        : authorizer.identity;
  return references
    .flatMap((reference) => {
      if (reference.kind === "header") return [`header ${reference.name.toLowerCase()}`];
      return reference.kind === "querystring" ? [`query ${reference.name}`] : [];
    })
    .sort();
}
