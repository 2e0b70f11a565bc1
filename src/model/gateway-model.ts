import type { Authorizer } from "./authorizers.js";
import type { Text, Value } from "./expressions.js";
import type { Route } from "./routes.js";
import type { SdkSettings } from "./sdk.js";
import type { JsonValue, Model } from "./types.js";
import type { WafRules } from "./waf.js";
import type { WebSocketApi } from "./websocket.js";

/**
 * A checked gateway: names resolved, defaults filled in, order fixed. Plain immutable data; `undefined` marks what is
 * truly absent, never a default. Generators read this and nothing else.
 */
export interface GatewayModel {
  readonly name: string;
  /** `info.version`, as the source text has it (`1.10` stays `1.10`). */
  readonly version: string;
  readonly description: string | undefined;
  readonly kind: ApiKind;
  readonly endpoint: EndpointType;
  /** Requests come by custom domains only. */
  readonly disableExecuteApiEndpoint: boolean;
  readonly aws: AwsPlace;
  /** SPDX identifier of the whole; the SDK packages have it unless `sdk` says otherwise. */
  readonly license: string | undefined;
  readonly sdk: SdkSettings;
  readonly models: readonly Model[];
  readonly functions: readonly LambdaFunction[];
  readonly authorizers: readonly Authorizer[];
  readonly apiKeySource: "HEADER" | "AUTHORIZER";
  /** In the order of the file. */
  readonly routes: readonly Route[];
  readonly cors: Cors | undefined;
  readonly plans: readonly UsagePlan[];
  readonly keys: readonly ApiKey[];
  /** Where the nodes of the generated gateway share what they count; undefined: each machine keeps it alone. */
  readonly state: SharedState | undefined;
  /** Resource policy document, after its shorthands are expanded. */
  readonly policy: JsonValue | undefined;
  /** REST: rules in front of the API. */
  readonly waf: WafRules | undefined;
  readonly gatewayResponses: readonly GatewayResponse[];
  /** Media types handled as bytes, in API Gateway's notation. */
  readonly binaryMediaTypes: readonly string[];
  /** Bytes, 0–10,485,760; undefined: no compression. */
  readonly minimumCompressionSize: number | undefined;
  /** At least one: a file without stages has the default stage (`dev`; `$default` for HTTP APIs). */
  readonly stages: readonly Stage[];
  readonly domains: readonly Domain[];
  /** Undefined: the file has none. */
  readonly websocket: WebSocketApi | undefined;
  /** Extension members of the root of the OpenAPI document, by AWS's names, from `aws-options`. */
  readonly awsOptions: Readonly<Record<string, JsonValue>>;
}

export type ApiKind = "rest" | "http";
export type EndpointType = "edge" | "regional" | "private";

/** What ARNs are made of. Defaults: `us-east-1` and the documentation account `123456789012`. */
export interface AwsPlace {
  readonly region: string;
  readonly account: string;
}

/** A Lambda function that routes name. */
export interface LambdaFunction {
  readonly name: string;
  /** Where the code is: a module beside gateway.yaml, modules by alias, or a deployed function. */
  readonly code:
    | { readonly kind: "module"; readonly file: string }
    | { readonly kind: "aliases"; readonly files: readonly AliasFile[]; readonly alias: Text }
    | { readonly kind: "arn"; readonly arn: Text };
  /** Milliseconds before the invocation is abandoned; undefined: the route's own limit. */
  readonly timeoutMs: number | undefined;
}

export interface AliasFile {
  readonly alias: string;
  readonly file: string;
}

/** CORS as declared; how each API kind carries it out is the generators' affair. */
export interface Cors {
  readonly origins: readonly string[];
  readonly methods: readonly string[] | undefined;
  readonly headers: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly credentials: boolean;
  readonly maxAgeSeconds: number | undefined;
}

export interface Throttle {
  /** Requests a second. */
  readonly rate: number;
  /** Bucket size, requests. */
  readonly burst: number;
}

export interface UsagePlan {
  readonly name: string;
  readonly description: string | undefined;
  readonly throttle: Throttle | undefined;
  readonly quota:
    | { readonly limit: number; readonly offset: number; readonly period: "DAY" | "WEEK" | "MONTH" }
    | undefined;
  readonly stages: readonly string[];
  readonly routes: readonly { readonly routeKey: string; readonly throttle: Throttle }[];
}

export interface ApiKey {
  readonly name: string;
  readonly description: string | undefined;
  readonly plans: readonly string[];
  readonly value: Text | undefined;
  readonly enabled: boolean;
}

export interface SharedState {
  /** `redis://` or `rediss://`. */
  readonly redis: Text;
  readonly onFailure: "open" | "closed" | "local";
  /** Whether answers of the stages' caches are kept there too. */
  readonly sharesAnswers: boolean;
  /** Seals answers of stages that ask for encryption. */
  readonly cacheKey: Text | undefined;
}

/** Customisation of one gateway response type (aws-behaviour.md section 16). */
export interface GatewayResponse {
  readonly type: GatewayResponseType;
  readonly status: number | undefined;
  readonly headers: readonly { readonly name: string; readonly value: Value }[];
  /** By media type: raw template (substitution only, no directives) … */
  readonly templates: readonly { readonly mediaType: string; readonly template: string }[];
}

export const gatewayResponseTypes = [
  "ACCESS_DENIED",
  "API_CONFIGURATION_ERROR",
  "AUTHORIZER_CONFIGURATION_ERROR",
  "AUTHORIZER_FAILURE",
  "BAD_REQUEST_BODY",
  "BAD_REQUEST_PARAMETERS",
  "DEFAULT_4XX",
  "DEFAULT_5XX",
  "EXPIRED_TOKEN",
  "INTEGRATION_FAILURE",
  "INTEGRATION_TIMEOUT",
  "INVALID_API_KEY",
  "INVALID_SIGNATURE",
  "MISSING_AUTHENTICATION_TOKEN",
  "QUOTA_EXCEEDED",
  "REQUEST_TOO_LARGE",
  "RESOURCE_NOT_FOUND",
  "THROTTLED",
  "UNAUTHORIZED",
  "UNSUPPORTED_MEDIA_TYPE",
  "WAF_FILTERED",
] as const;
export type GatewayResponseType = (typeof gatewayResponseTypes)[number];

export interface Stage {
  readonly name: string;
  readonly description: string | undefined;
  readonly variables: readonly { readonly name: string; readonly value: Text }[];
  readonly throttle: Throttle | undefined;
  readonly log: "off" | "error" | "info" | "debug";
  /** A text of `$context` variables. */
  readonly accessLog: string | undefined;
  /** Of the WebSocket API: named formats show other variables there. */
  readonly socketAccessLog: string | undefined;
  readonly tracing: boolean;
  readonly metrics: "off" | "standard" | "detailed";
  readonly cache: StageCache | undefined;
  readonly canary: Canary | undefined;
  /** Settings of single routes, WebSocket ones too, that are not the routes' own. */
  readonly routes: readonly StageRoute[];
}

/** What is undefined is as the route, or else the stage, has it. */
export interface StageRoute {
  readonly routeKey: string;
  readonly throttle: Throttle | undefined;
  readonly log: Stage["log"] | undefined;
  readonly caching: boolean | undefined;
  readonly cacheTtlSeconds: number | undefined;
}

export interface StageCache {
  /** GB, one of AWS's sizes. */
  readonly size: number;
  readonly ttlSeconds: number;
  readonly encrypted: boolean;
  readonly invalidate: "anyone" | "iam";
  readonly unauthorized: "FAIL_WITH_403" | "SUCCEED_WITH_RESPONSE_HEADER" | "SUCCEED_WITHOUT_RESPONSE_HEADER";
}

export interface Canary {
  readonly percent: number;
  readonly variables: readonly { readonly name: string; readonly value: Text }[];
  readonly useStageCache: boolean;
  readonly sticky:
    | { readonly from: "sourceIp" }
    /** Headers in lower case. */
    | { readonly from: "header" | "querystring"; readonly name: string }
    | undefined;
  /** In lower case; undefined: no request chooses by itself. */
  readonly header: string | undefined;
}

export interface Domain {
  readonly name: string;
  readonly tls: { readonly certificate: Text; readonly key: Text; readonly clientCa: string | undefined } | undefined;
  /** Oldest version of TLS that clients may speak. */
  readonly securityPolicy: "TLS_1_0" | "TLS_1_2" | "TLS_1_3";
  readonly aws: { readonly certificateArn: Text | undefined; readonly truststoreUri: Text | undefined };
  /** On AWS a CloudFront distribution has the name, in front of the stages. */
  readonly cdn: boolean;
  /** Base path (without slashes; `` is the root) → stage. */
  readonly paths: readonly { readonly basePath: string; readonly stage: string }[];
}
