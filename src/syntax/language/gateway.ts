import type { GatewaySyntax, ModelsSyntax } from "../gateway-syntax.js";
import {
  accountNumber,
  boolean,
  byKind,
  choice,
  entries,
  integer,
  json,
  jsonMap,
  key,
  map,
  mapped,
  on,
  prose,
  type Shape,
  text,
  written,
} from "../shape/index.js";
import { authorizers, policy } from "./access.js";
import { domains } from "./domains.js";
import { functions, keys, plans } from "./plans.js";
import { routeKeys, routes } from "./route.js";
import { sdk } from "./sdk.js";
import {
  auth,
  awsOptionsAbout,
  cors,
  corsAbout,
  corsExamples,
  name,
  texts,
  throttle,
  timeout,
  timeoutAbout,
  validate,
  validateAbout,
  validateResponses,
  validateResponsesAbout,
} from "./shared.js";
import { errors, stages } from "./stages.js";
import { state } from "./state.js";
import { waf } from "./waf.js";
import { websocket } from "./websocket.js";

/** TypeScript declarations as a text, or JSON Schemas by name. */
const models = (): Shape<ModelsSyntax> =>
  byKind<ModelsSyntax>(
    {
      scalar: mapped(text("TypeScript declarations", { mayBeEmpty: true }), (value) => ({
        kind: "typescript",
        text: value,
      })),
      map: mapped(
        entries(json(), "a map of JSON Schemas", (model, schema) => (schema ? { name: model, schema } : undefined)),
        (schemas) => ({ kind: "schemas", schemas }),
      ),
    },
    "TypeScript declarations, or a map of JSON Schemas",
  );

const fields = {
  gateway: key(name("a name"), "Name of the gateway: title of the API, name of the SDK's package.", {
    examples: ["shop"],
  }),
  version: key(written("a version"), "Version of the API, exactly as written: 1.10 is not 1.1.", {
    default: "1.0.0",
    examples: ["1.4.0"],
  }),
  description: key(prose(), "What the API is for; Markdown.", { examples: ["Takes and tracks **orders**."] }),
  license: key(text("an SPDX identifier"), "Licence of the generated SDK packages, as an SPDX identifier.", {
    examples: ["Apache-2.0"],
  }),
  sdk: key(sdk(), "The SDKs: their languages, and the packages that they are.", {
    examples: [{ typescript: "@acme/shop", license: "Apache-2.0" }],
    on: on.restAndHttp,
  }),
  kind: key(
    choice(["rest", "http"]),
    "API Gateway's product: `rest` (v1) has mapping, plans, keys, caching and canaries; `http` (v2) has JWT authorizers and costs less.",
    {
      default: "rest",
      on: on.restAndHttp,
    },
  ),
  endpoint: key(choice(["edge", "regional", "private"]), "Endpoint type. HTTP APIs are regional.", {
    default: "regional",
    on: on.rest,
  }),
  disableExecuteApiEndpoint: key(
    boolean(),
    "Whether requests come by custom domains only: the API's own endpoint answers 403 (HTTP APIs: 404). It holds for the WebSocket API too.",
    { default: false, on: on.restAndHttp },
  ),
  aws: key(
    map("the place on AWS", {
      region: key(text("a region"), "Region that ARNs name.", {
        default: "us-east-1",
        examples: ["eu-west-1"],
      }),
      account: key(accountNumber(), "Account that ARNs name.", { examples: ["210987654321"], default: "123456789012" }),
    }),
    "What ARNs are made of, in OpenAPI and in the generated gateway. CloudFormation uses its own parameters.",
    { examples: [{ region: "eu-west-1", account: "210987654321" }] },
  ),
  models: key(
    models(),
    "Types: TypeScript declarations (interface, type, enum) whose JSDoc tags carry constraints, or a map of JSON Schemas (draft-04).",
    {
      examples: ["interface Order { id: uuid; /** @minimum 0 */ total: number }\n"],
    },
  ),
  functions: key(
    functions(),
    "Functions that need more than their name. One that is not listed is handlers/<name>.ts.",
    { examples: [{ charge: { arn: "arn:aws:lambda:eu-west-1:123456789012:function:charge" } }], default: {} },
  ),
  authorizers: key(authorizers(), "Authorizers by name. `iam` and `none` exist without being declared.", {
    examples: [{ partners: { lambda: "authorizePartner", identity: "$request.header.X-Partner" } }],
    default: {},
  }),
  auth: key(auth(), "Who may call, where a route says nothing: the name of an authorizer, `iam` or `none`.", {
    examples: ["iam"],
    default: "none",
    on: on.restAndHttp,
  }),
  apiKey: key(boolean(), "Whether routes require an API key, where they say nothing.", { default: false, on: on.rest }),
  apiKeySource: key(
    choice(["HEADER", "AUTHORIZER"]),
    "Where API keys come from: the header x-api-key, or the authorizer's usageIdentifierKey.",
    {
      default: "HEADER",
      on: on.rest,
    },
  ),
  cors: key(cors(), corsAbout, { examples: corsExamples, on: on.restAndHttp }),
  timeout: key(timeout(), timeoutAbout, { examples: ["5s"], default: 29_000 }),
  throttle: key(throttle(), "Limit of each route, where it says nothing.", { examples: [{ rate: 1000, burst: 2000 }] }),
  validate: key(validate(), validateAbout, { default: "all", on: on.restAndHttp }),
  validateResponses: key(validateResponses(), validateResponsesAbout, { default: "off", on: on.restOnNode }),
  binaryMediaTypes: key(
    texts("a media type"),
    "Content types whose bodies are bytes, such as image/png, image/* or */*.",
    { examples: [["image/*", "application/pdf"]], default: [], on: on.rest },
  ),
  compression: key(
    integer(0, 10_485_760),
    "Bytes from which on bodies are compressed (AWS's minimumCompressionSize). Left out, none is.",
    { examples: [1024], on: on.rest },
  ),
  policy: key(
    policy(),
    "Resource policy: who may call the API at all. AWS's document, or the shorthands `allow` and `deny`.",
    {
      examples: [{ allow: { ips: ["203.0.113.0/24"] } }],
      on: on.rest,
    },
  ),
  waf: key(
    waf(),
    "Firewall rules of the generated gateway, in the manner of AWS WAF: addresses, a rate, sizes and patterns. 403 WAF_FILTERED.",
    {
      examples: [{ block: { ips: ["198.51.100.0/24"] }, rate: { limit: 2000 } }],
      on: on.rest,
    },
  ),
  plans: key(plans(), "Usage plans by name: throttles and quotas of API keys.", {
    examples: [{ free: { throttle: { rate: 5, burst: 10 }, quota: { limit: 1000, period: "day" } } }],
    default: {},
    on: on.rest,
  }),
  keys: key(keys(), "API keys by name.", { examples: [{ acme: { plan: "free" } }], default: {}, on: on.rest }),
  state: key(
    state(),
    "Where the nodes of the generated gateway share limits, keys, usage and connections. Left out, each machine keeps them alone.",
    {
      examples: [{ redis: "${env.REDIS_URL}", onFailure: "local" }],
      on: on.nodeOnly,
    },
  ),
  routes: key(
    routes(),
    "Routes by method and path, such as `GET /orders/{id}`; ANY is every method, {path+} the rest of a path. HTTP APIs also have $default.",
    {
      examples: [{ "GET /hello": { lambda: "hello" } }],
      on: on.restAndHttp,
    },
  ),
  websocket: key(websocket(), "The WebSocket API beside the REST or HTTP one.", {
    examples: [{ routes: { $default: { lambda: "fallback" } } }],
    on: on.webSocket,
  }),
  errors: key(
    errors(),
    "Gateway responses by AWS's type, such as THROTTLED or DEFAULT_4XX: what errors of the gateway itself look like.",
    {
      default: {},
      examples: [{ DEFAULT_4XX: { map: { message: "$context.error.message" } } }],
      on: on.rest,
    },
  ),
  stages: key(stages(), "Stages by name. By default there is one, `dev` ($default on HTTP APIs).", {
    default: {},
    examples: [{ dev: { log: "info" } }],
  }),
  domains: key(domains(), "Custom domains by name.", {
    examples: [{ "api.example.com": { paths: { "": "prod" } } }],
    default: {},
  }),
  "aws-options": key(jsonMap("a map of options"), awsOptionsAbout("the root of the OpenAPI document"), {
    examples: [{ "security-policy": "SecurityPolicy_TLS13_1_3_2025_09" }],
    default: {},
    on: on.awsOnly,
  }),
};

const whatImports = "`gateway import FILE` makes a gateway.yaml of OpenAPI, Swagger, CloudFormation and SAM";

export const gatewayForm = map("a gateway", fields, {
  required: ["gateway"],
  someOf: ["routes", "websocket"],
  elsewhere: { names: routeKeys, way: "a route stands below `routes:`, moved in by two spaces" },
  otherwise: {
    ...{ openapi: whatImports, swagger: whatImports },
    ...{ AWSTemplateFormatVersion: whatImports, Transform: whatImports, Resources: whatImports },
  },
  synonyms: {
    name: "gateway",
    title: "gateway",
    paths: "routes",
    definitions: "models",
    schemas: "models",
    types: "models",
    binary: "binaryMediaTypes",
    minimumCompressionSize: "compression",
    minCompressionSize: "compression",
    lambdas: "functions",
    authorizer: "auth",
    usagePlans: "plans",
    apiKeys: "keys",
    gatewayResponses: "errors",
    endpointType: "endpoint",
  },
});

/** The whole language. */
export const gateway: Shape<GatewaySyntax> = mapped(gatewayForm, ({ "aws-options": awsOptions, ...members }) => ({
  ...members,
  functions: members.functions ?? [],
  authorizers: members.authorizers ?? [],
  plans: members.plans ?? [],
  keys: members.keys ?? [],
  routes: members.routes ?? [],
  errors: members.errors ?? [],
  stages: members.stages ?? [],
  domains: members.domains ?? [],
  awsOptions,
}));
