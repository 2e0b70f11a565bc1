import type { Span } from "../source.js";
import type { AuthorizerSyntax, PolicySyntax } from "./access-syntax.js";
import type { RouteSyntax, TemplateSyntax } from "./route-syntax.js";
import type { SdkSyntax } from "./sdk-syntax.js";
import type { OneSidedKey } from "./shape/index.js";
import type { MapNode, Name, Node } from "./tree.js";
import type {
  AuthSyntax,
  BooleanValue,
  ChoiceValue,
  CorsSyntax,
  NamedNode,
  NamedText,
  NumberValue,
  Syntax,
  TextValue,
  ThrottleSyntax,
  ValidateSyntax,
} from "./values-syntax.js";
import type { WafSyntax } from "./waf-syntax.js";
import type { WebSocketSyntax } from "./websocket-syntax.js";

export type * from "./access-syntax.js";
export type * from "./route-syntax.js";
export type * from "./sdk-syntax.js";
export type * from "./tree.js";
export type * from "./values-syntax.js";
export type * from "./waf-syntax.js";
export type * from "./websocket-syntax.js";

/**
 * gateway.yaml as it is written: every name and value with its place, nothing resolved, no defaults.
 *
 * `undefined` stands for what the file leaves out, and for what is broken, which has been reported then. So a reader never
 * reports that something is missing: what a key requires is the schema's affair. Sections that map names to things are
 * lists in the order of the file, empty when left out; a thing that is broken keeps its entry, so that names resolve.
 */
export interface GatewaySyntax extends Syntax {
  /** Keys of the file that only one target carries out. */
  readonly oneSided?: readonly OneSidedKey[] | undefined;
  readonly gateway: Name | undefined;
  /** As written: `1.10` stays `1.10`. */
  readonly version: TextValue | undefined;
  readonly description: TextValue | undefined;
  readonly license: TextValue | undefined;
  readonly sdk: SdkSyntax | undefined;
  readonly kind: ChoiceValue<"rest" | "http"> | undefined;
  readonly endpoint: ChoiceValue<"edge" | "regional" | "private"> | undefined;
  readonly disableExecuteApiEndpoint: BooleanValue | undefined;
  readonly aws: AwsPlaceSyntax | undefined;
  readonly models: ModelsSyntax | undefined;
  readonly functions: readonly FunctionSyntax[];
  readonly authorizers: readonly AuthorizerSyntax[];
  readonly auth: AuthSyntax | undefined;
  readonly apiKey: BooleanValue | undefined;
  readonly apiKeySource: ChoiceValue<"HEADER" | "AUTHORIZER"> | undefined;
  readonly cors: CorsSyntax | undefined;
  /** Milliseconds. */
  readonly timeout: NumberValue | undefined;
  readonly throttle: ThrottleSyntax | undefined;
  readonly validate: ValidateSyntax | undefined;
  readonly validateResponses: ChoiceValue<"off" | "warn" | "fail"> | undefined;
  readonly binaryMediaTypes: readonly TextValue[] | undefined;
  /** Bytes. */
  readonly compression: NumberValue | undefined;
  readonly policy: PolicySyntax | undefined;
  readonly waf: WafSyntax | undefined;
  readonly plans: readonly PlanSyntax[];
  readonly keys: readonly KeySyntax[];
  readonly state: StateSyntax | undefined;
  readonly routes: readonly RouteSyntax[];
  readonly websocket: WebSocketSyntax | undefined;
  readonly errors: readonly ErrorSyntax[];
  readonly stages: readonly StageSyntax[];
  readonly domains: readonly DomainSyntax[];
  /** Members of the root of the OpenAPI document, by AWS's names. */
  readonly awsOptions: MapNode | undefined;
}

export interface AwsPlaceSyntax extends Syntax {
  readonly region: TextValue | undefined;
  /** As written, quoted or not. */
  readonly account: TextValue | undefined;
}

export type ModelsSyntax =
  | { readonly kind: "typescript"; readonly text: TextValue }
  | { readonly kind: "schemas"; readonly schemas: readonly { readonly name: Name; readonly schema: Node }[] };

/** `name: handlers/x.ts` is `file`; otherwise one of `file`, `aliases` and `arn` is there. */
export interface FunctionSyntax extends Syntax {
  readonly name: Name;
  readonly file: TextValue | undefined;
  /** Alias → file. */
  readonly aliases: readonly NamedText[] | undefined;
  readonly alias: TextValue | undefined;
  readonly arn: TextValue | undefined;
  /** Milliseconds. */
  readonly timeout: NumberValue | undefined;
}

export interface PlanSyntax extends Syntax {
  readonly name: Name;
  readonly description: TextValue | undefined;
  readonly throttle: ThrottleSyntax | undefined;
  readonly quota: QuotaSyntax | undefined;
  readonly stages: readonly TextValue[] | undefined;
  /** Route key → throttle of one client on that route. */
  readonly routes: readonly { readonly name: Name; readonly throttle: ThrottleSyntax | undefined }[];
}

export interface QuotaSyntax extends Syntax {
  readonly limit: NumberValue | undefined;
  readonly offset: NumberValue | undefined;
  readonly period: ChoiceValue<"day" | "week" | "month"> | undefined;
}

export interface KeySyntax extends Syntax {
  readonly name: Name;
  readonly description: TextValue | undefined;
  /** From `plan` or `plans`. */
  readonly plans: readonly TextValue[] | undefined;
  readonly value: TextValue | undefined;
  readonly enabled: BooleanValue | undefined;
}

/** A gateway response; `name` is its type. */
/** Where the nodes of a gateway share what they count. */
export interface StateSyntax extends Syntax {
  readonly redis: TextValue | undefined;
  readonly onFailure: ChoiceValue<"open" | "closed" | "local"> | undefined;
  readonly caches: ChoiceValue<"shared" | "local"> | undefined;
  readonly cacheKey: TextValue | undefined;
}

export interface ErrorSyntax extends Syntax {
  readonly name: Name;
  readonly status: NumberValue | undefined;
  readonly headers: readonly NamedNode[];
  /** A mapping rule for `application/json`. */
  readonly map: Node | undefined;
  readonly templates: readonly TemplateSyntax[];
}

export interface StageSyntax extends Syntax {
  readonly name: Name;
  readonly description: TextValue | undefined;
  readonly variables: readonly NamedText[];
  readonly throttle: ThrottleSyntax | undefined;
  readonly log: ChoiceValue<"off" | "error" | "info" | "debug"> | undefined;
  /** `clf`, `json`, `xml`, `csv`, or a format of `$context` variables. */
  readonly accessLog: TextValue | undefined;
  readonly tracing: BooleanValue | undefined;
  readonly metrics: ChoiceValue<"off" | "standard" | "detailed"> | undefined;
  readonly cache: StageCacheSyntax | undefined;
  readonly canary: CanarySyntax | undefined;
  readonly routes: readonly StageRouteSyntax[];
}

/** Settings of one route on one stage. */
export interface StageRouteSyntax extends Syntax {
  readonly name: Name;
  readonly throttle: ThrottleSyntax | undefined;
  readonly log: ChoiceValue<"off" | "error" | "info" | "debug"> | undefined;
  /** Seconds, or whether answers are kept. */
  readonly cache: { readonly enabled: boolean; readonly ttl: NumberValue | undefined; readonly span: Span } | undefined;
}

/** `cache: true` has every member undefined but `enabled`. */
export interface StageCacheSyntax extends Syntax {
  readonly enabled: BooleanValue | undefined;
  /** GB. */
  readonly size: NumberValue | undefined;
  /** Seconds. */
  readonly ttl: NumberValue | undefined;
  readonly encrypted: BooleanValue | undefined;
  readonly invalidate: ChoiceValue<"anyone" | "iam"> | undefined;
  readonly unauthorized:
    | ChoiceValue<"FAIL_WITH_403" | "SUCCEED_WITH_RESPONSE_HEADER" | "SUCCEED_WITHOUT_RESPONSE_HEADER">
    | undefined;
}

export interface CanarySyntax extends Syntax {
  readonly percent: NumberValue | undefined;
  readonly variables: readonly NamedText[];
  /** Whether the canary shares the stage's cache. */
  readonly useStageCache: BooleanValue | undefined;
  /** What keeps a client on one side. */
  readonly sticky: TextValue | undefined;
  /** Name of the header by which a request chooses. */
  readonly header: TextValue | undefined;
}

export interface DomainSyntax extends Syntax {
  readonly name: Name;
  readonly tls: DomainTlsSyntax | undefined;
  readonly securityPolicy: ChoiceValue<"TLS_1_0" | "TLS_1_2" | "TLS_1_3"> | undefined;
  readonly aws: DomainAwsSyntax | undefined;
  readonly cdn: BooleanValue | undefined;
  /** Base path → stage. */
  readonly paths: readonly NamedText[];
}

export interface DomainTlsSyntax extends Syntax {
  readonly certificate: TextValue | undefined;
  readonly key: TextValue | undefined;
  readonly clientCa: TextValue | undefined;
}

export interface DomainAwsSyntax extends Syntax {
  readonly certificateArn: TextValue | undefined;
  readonly truststoreUri: TextValue | undefined;
}
