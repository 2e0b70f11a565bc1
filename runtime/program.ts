import type { AuthorizerEntry } from "./auth/authorizer-entry.js";
import type { Guards } from "./auth/guards.js";
import type { RouteCacheEntry, StageCacheEntry } from "./cache/cache-entry.js";
import type { Engine } from "./engine.js";
import type { BuiltSteps } from "./host/method-overrides.js";
import type { TlsFront } from "./host/tls/tls-front.js";
import type { EdgeEndpoint } from "./http/edge-endpoint.js";
import type { Exchange } from "./http/exchange.js";
import type { AwsTarget } from "./integrations/aws-target.js";
import type { HttpTarget } from "./integrations/http-target.js";
import type { LambdaTarget } from "./integrations/lambda-target.js";
import type { MockTarget } from "./integrations/mock-target.js";
import type { LimitsEntry } from "./limits/limits-entry.js";
import type { AccessLogEntry } from "./observe/access-log-entry.js";
import type { TokenBucket } from "./state/state.js";
import type { StateEntry } from "./state/state-entry.js";
import type { BodyCheck, ResponseCheck } from "./validation/body-check.js";
import type { ParameterCheck } from "./validation/parameter-check.js";
import type { WebSocketProgram } from "./websocket/web-socket-program.js";

/** Version of the interface between host and Program; a host refuses a Program of another. */
export const programFormat = 6;

/**
 * What a build yields: routes with their steps and constants, stage settings, gateway responses. A deployment swaps
 * one Program for another between two requests; what lives long (sockets, counts, connections) is the host's.
 */
export interface Program {
  readonly format: typeof programFormat;
  readonly api: ApiEntry;
  readonly stages: readonly StageEntry[];
  readonly routes: readonly RouteEntry[];
  /** The WebSocket API beside the REST or HTTP one, on the same stages. */
  readonly websocket?: WebSocketProgram | undefined;
  /** Custom domains, and what serves them; undefined: none. */
  readonly domains?: Domains;
  /** What the CDN adds; left out where the endpoint is no edge endpoint. */
  readonly edge?: EdgeEndpoint;
  /** Code of the same build that loads and runs it; undefined: the host's own. */
  readonly engine?: Engine;
  /** Left out where nothing stands in front of the routes. */
  readonly guards?: Guards;
  /** API keys and usage plans; left out where the file has none. */
  readonly limits?: LimitsEntry;
  /** What the pipelines have steps for, where `stages` is no longer the build's list. */
  readonly built?: BuiltSteps;
  /** The routes before settings of single ones were put over them; undefined: as they are. */
  readonly asBuilt?: readonly RouteEntry[];
  /** Where nodes share what they count; left out: each machine keeps it alone. */
  readonly state?: StateEntry;
}

export interface Domains {
  readonly list: readonly DomainEntry[];
  /** Serves their certificates; linked only into gateways with domains. */
  readonly front: typeof TlsFront;
}

/** A custom domain (aws-behaviour.md section 24). */
export interface DomainEntry {
  /** Lower case; `*.` at its beginning stands for one label. */
  readonly name: string;
  /** Undefined: plain HTTP, as behind a proxy that ends TLS by itself. */
  readonly tls: DomainTls | undefined;
  /** Base path without slashes around it, `` for the root → name of a stage. */
  readonly paths: readonly { readonly basePath: string; readonly stage: string }[];
  /** It leads to the WebSocket API, and to no other. */
  readonly isSocket?: boolean;
}

/** Paths of PEM files, or PEM text. */
export interface DomainTls {
  readonly certificate: EnvText;
  readonly key: EnvText;
  /** Authorities that clients' certificates must come from: mutual TLS. */
  readonly clientCa: EnvText | undefined;
  /** Oldest version that is spoken. */
  readonly securityPolicy: SecurityPolicy;
}

export type SecurityPolicy = "TLS_1_0" | "TLS_1_2" | "TLS_1_3";

export interface ApiEntry {
  readonly name: string;
  readonly version: string;
  readonly kind: "rest" | "http";
  /** Set by whoever loads the WebSocket API of a Program: its requests, to `@connections`, are none of a REST API. */
  readonly isWebSocket?: boolean;
  /** Ten characters of [a-z0-9], made of the gateway's name. */
  readonly apiId: string;
  readonly region: string;
  readonly account: string;
  /** `edge` and `private` differ in what the gateway adds to requests and answers; undefined: regional. */
  readonly endpoint?: "edge" | "regional" | "private";
  /** Requests come by custom domains only. */
  readonly disableExecuteApiEndpoint?: boolean;
  readonly binaryMediaTypes: readonly string[];
  /** Bytes; undefined: answers are not compressed. */
  readonly minimumCompressionSize: number | undefined;
  /** HTTP APIs: CORS by configuration; REST carries CORS in its routes. */
  readonly cors: CorsEntry | undefined;
  /** Customised gateway responses by type. */
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponseEntry>;
}

export interface StageEntry {
  readonly name: string;
  /** Values with `${env.X}` are functions of the environment, resolved when the host starts. */
  readonly variables: readonly { readonly name: string; readonly value: EnvText }[];
  readonly log: "off" | "error" | "info" | "debug";
  readonly canary?: CanaryEntry | undefined;
  /** Limit of each route of the stage that has none of its own. */
  readonly throttle?: TokenBucket | undefined;
  readonly cache?: StageCacheEntry | undefined;
  /** Format of the access log; undefined: none is written. */
  readonly accessLog?: AccessLogEntry | undefined;
  /** Of the WebSocket API on this stage. */
  readonly socketAccessLog?: AccessLogEntry | undefined;
  readonly tracing?: boolean | undefined;
  /** Default standard. */
  readonly metrics?: "off" | "standard" | "detailed" | undefined;
  /** Settings of single routes, by their keys: of the file, and those that were set by hand; `*`: of all others. */
  readonly methods?: Readonly<Record<string, MethodOverride>> | undefined;
}

/** What a stage says of one route, or was set by hand for it, over what the file says of the route. */
export interface MethodOverride {
  readonly log?: StageEntry["log"] | undefined;
  readonly metrics?: "standard" | "detailed" | undefined;
  readonly throttle?: TokenBucket | undefined;
  readonly caching?: boolean | undefined;
  readonly cacheTtlSeconds?: number | undefined;
}

/** A canary release beside the stage's own deployment (aws-behaviour.md section 19). */
export interface CanaryEntry {
  /** Share of the requests, 0–100. */
  readonly percent: number;
  /** Stage variables that the canary has instead, or besides. */
  readonly variables: StageEntry["variables"];
  readonly useStageCache: boolean;
  /** Requests with the same value stay on the same side; undefined: each request is drawn by itself, as on AWS. */
  readonly sticky?: StickyKey | undefined;
  /** Name of a header, in lower case, by which a request chooses: `always` or `never`; undefined: none may. */
  readonly header?: string | undefined;
}

export type StickyKey =
  | { readonly from: "sourceIp" }
  /** Names of headers in lower case. */
  | { readonly from: "header" | "querystring"; readonly name: string };

/** A string, or parts of which some are names of environment variables. */
export type EnvText = string | readonly (string | { readonly env: string })[];

/** A string, or parts of which some are names of stage variables, environment variables or path parameters. */
export type TargetText = string | readonly TargetPart[];
export type TargetPart =
  | string
  | { readonly stageVariable: string }
  | { readonly env: string }
  | { readonly path: string };

/** Runs one route on one exchange: the steps it needs, in API Gateway's order (aws-behaviour.md section 4). */
export type Pipeline = (exchange: Exchange) => boolean | Promise<boolean>;

/** One step. True when it has answered and the route is over. A failure is thrown as a `GatewayError`. */
export type Step = (exchange: Exchange) => boolean | Promise<boolean>;

/** A route's pipeline and its constants. Made by `route()`, so that all entries have one hidden class. */
export interface RouteEntry {
  /** `GET /orders/{id}`. */
  readonly key: string;
  readonly method: string;
  readonly resourcePath: string;
  /** Six characters of [a-z0-9], made of the resource path. */
  readonly resourceId: string;
  readonly operationName: string | undefined;
  /** `orders`, `{id}`, `{path+}`. */
  readonly segments: readonly string[];
  readonly run: Pipeline;
  readonly timeoutMs: number;
  readonly cors: CorsEntry | undefined;
  /** Shared by the routes that it guards. */
  readonly authorizer: AuthorizerEntry | undefined;
  /** Whether requests are signed (AWS_IAM). */
  readonly isSigned: boolean;
  /** Whether it is open with an API key alone. */
  readonly needsKey: boolean;
  /** One of them must be the token's, where the authorizer takes tokens; none asked: any token will do. */
  readonly scopes: readonly string[];
  /** How much of its execution is logged; undefined: as the stage says. */
  readonly log: StageEntry["log"] | undefined;
  /** Names of members, parameters and headers, in lower case, whose types say that they are passwords: no log shows them. */
  readonly secrets: readonly string[];
  /** Limit of the route over all clients; undefined: that of the stage. */
  readonly throttle: TokenBucket | undefined;
  /** Undefined: its answers are never kept. */
  readonly cache: RouteCacheEntry | undefined;
  /** Parameters that must be present and not blank, as `method.request.header.x`, in AWS's order. */
  readonly requiredParameters: readonly RequiredParameter[];
  /** Types of parameters, where the file says `validate: strict`. */
  readonly parameterChecks: readonly ParameterCheck[];
  readonly bodyCheck: BodyCheck | undefined;
  /** Types of answers by status, where the file says `validateResponses`. */
  readonly responseCheck: ResponseCheck | undefined;
  readonly lambda: LambdaTarget | undefined;
  readonly http: HttpTarget | undefined;
  readonly aws: AwsTarget | undefined;
  readonly mock: MockTarget | undefined;
  /** Of `@connections`: what a message to a client may have. */
  readonly connections: { readonly messageBytes: number } | undefined;
}

export interface RequiredParameter {
  readonly in: "header" | "path" | "query";
  /** Headers in lower case. */
  readonly name: string;
  /** As AWS lists it in the error. */
  readonly label: string;
}

export interface CorsEntry {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: string;
  readonly allowHeaders: string;
  readonly exposeHeaders: string;
  readonly allowCredentials: boolean;
  readonly maxAgeSeconds: number | undefined;
}

/** Customised gateway response (aws-behaviour.md section 16). `body` renders the substitution template. */
export interface GatewayResponseEntry {
  readonly status: number | undefined;
  readonly headers: readonly { readonly name: string; readonly value: GatewayResponseText }[];
  readonly templates: readonly { readonly mediaType: string; readonly body: GatewayResponseText }[];
}

/** Constant text, or a function of the exchange compiled from `$context.…` substitutions. */
export type GatewayResponseText = string | ((exchange: Exchange) => string);

type RouteInput = Pick<RouteEntry, "key" | "method" | "resourcePath" | "resourceId" | "segments" | "run"> &
  Partial<RouteEntry>;

/** Fills in what a route does not have; the one place where entries are made. */
export function route(input: RouteInput): RouteEntry {
  return {
    key: input.key,
    method: input.method,
    resourcePath: input.resourcePath,
    resourceId: input.resourceId,
    operationName: input.operationName,
    segments: input.segments,
    run: input.run,
    timeoutMs: input.timeoutMs ?? 29_000,
    cors: input.cors,
    authorizer: input.authorizer,
    isSigned: input.isSigned ?? false,
    needsKey: input.needsKey ?? false,
    scopes: input.scopes ?? [],
    log: input.log,
    secrets: input.secrets ?? [],
    throttle: input.throttle,
    cache: input.cache,
    requiredParameters: input.requiredParameters ?? [],
    parameterChecks: input.parameterChecks ?? [],
    bodyCheck: input.bodyCheck,
    responseCheck: input.responseCheck,
    lambda: input.lambda,
    http: input.http,
    aws: input.aws,
    mock: input.mock,
    connections: input.connections,
  };
}
