import type { RouteSyntax } from "../route-syntax.js";
import { boolean, choice, entries, jsonMap, key, map, on, prose, type Shape } from "../shape/index.js";
import type { Name, Node } from "../tree.js";
import { body, parameters } from "./bodies.js";
import { integrationFields, integrationOf, integrationRules, request, requestExamples } from "./integration.js";
import { otherwise, responses } from "./responses.js";
import { routeCache } from "./route-cache.js";
import { paginate } from "./sdk.js";
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

const routeFields = {
  operation: key(
    name("a name"),
    "Name of the operation: operationId, method of the SDKs, type of the handler. By default made of method and path.",
    {
      examples: ["listOrders"],
      on: on.restAndHttp,
    },
  ),
  summary: key(prose(), "One line for documents.", {
    examples: ["Lists orders, the newest first."],
    on: on.restAndHttp,
  }),
  description: key(prose(), "What the route does, for documents; Markdown.", {
    examples: ["Archived orders are left out."],
    on: on.restAndHttp,
  }),
  tags: key(texts("a tag"), "Tags that documents group routes by.", {
    examples: [["orders"]],
    default: [],
    on: on.restAndHttp,
  }),
  deprecated: key(boolean(), "Whether clients should stop using the route.", { default: false, on: on.restAndHttp }),
  params: key(
    parameters("a map of path parameters"),
    "Types of the path parameters. One that is left out is a string.",
    {
      default: {},
      examples: [{ id: "uuid" }],
      on: on.restAndHttp,
    },
  ),
  query: key(
    parameters("a map of query parameters"),
    "Query parameters and their types; a question mark after the name makes one optional.",
    {
      default: {},
      examples: [{ "status?": "Status", "limit?": "integer" }],
      on: on.restAndHttp,
    },
  ),
  headers: key(
    parameters("a map of headers"),
    "Request headers and their types; a question mark after the name makes one optional.",
    {
      default: {},
      examples: [{ "If-Match?": "string" }],
      on: on.restAndHttp,
    },
  ),
  body: key(
    body(),
    "Type of the request's body. On REST APIs it is validated, because it is declared; HTTP APIs validate nothing.",
    {
      examples: ["NewOrder"],
      on: on.restAndHttp,
    },
  ),
  responses: key(responses(), "Answers by status: their type, and with a mapping how they are made.", {
    default: {},
    examples: [{ 200: "Order", 404: "Problem" }],
    on: on.restAndHttp,
  }),
  otherwise: key(
    otherwise(),
    "What answers of other statuses than those of `responses` are, for documents: the `default` response of OpenAPI. API Gateway does not know it.",
    {
      examples: ["Problem"],
      on: on.restAndHttp,
    },
  ),
  ...integrationFields,
  request: key(request(), "How the integration's request is made.", { examples: requestExamples }),
  cache: key(routeCache(), "Caching of answers; of GET by default, where the stage has a cache.", {
    examples: [{ ttl: 60, keys: ["status"] }],
    on: on.rest,
  }),
  paginate: key(
    paginate(),
    "How clients walk through the route's pages: the query parameter that takes the cursor, and where answers have the next one and the list.",
    { examples: ["cursor"], on: on.restAndHttp },
  ),
  auth: key(auth(), "Who may call: the name of an authorizer, `iam` or `none`. By default the `auth` at the top.", {
    examples: ["customers", { name: "customers", scopes: ["orders/read"] }],
    on: on.restAndHttp,
  }),
  apiKey: key(boolean(), "Whether an API key is required. By default the `apiKey` at the top.", { on: on.rest }),
  cors: key(cors(), corsAbout, { examples: corsExamples, on: on.restAndHttp }),
  throttle: key(throttle(), "Limit of the route on each stage, for all callers together.", {
    examples: [{ rate: 100, burst: 200 }],
    on: on.restAndHttp,
  }),
  log: key(
    choice(["off", "error", "info", "debug"]),
    "Execution log of the route, whatever its stages say. By default the stage's `log`.",
    { examples: ["debug"], on: on.rest },
  ),
  timeout: key(timeout(), timeoutAbout, { examples: ["5s"], default: 29_000, on: on.restAndHttp }),
  validate: key(validate(), validateAbout, { default: "all", on: on.restAndHttp }),
  validateResponses: key(validateResponses(), validateResponsesAbout, { default: "off", on: on.restOnNode }),
  "aws-options": key(jsonMap("a map of options"), awsOptionsAbout("the operation"), {
    examples: [{ "x-internal": true }],
    default: {},
    on: on.awsOnly,
  }),
};

/** What is meant for a route's key, wherever it stands. */
export const routeKeys = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ANY)[ \t]+\/|^\//;

const routeForm = map("a route", routeFields, {
  elsewhere: { names: routeKeys, way: "routes begin in one column: move it out to where the others begin" },
  ...integrationRules,
  synonyms: {
    ...integrationRules.synonyms,
    operationId: "operation",
    parameters: "query",
    pathParameters: "params",
    path: "params",
    requestBody: "body",
    authorizer: "auth",
    security: "auth",
    apiKeyRequired: "apiKey",
    integration: "lambda",
  },
});

/** The sections of the top that hold routes. */
export const routes = (): Shape<readonly RouteSyntax[]> =>
  entries(routeForm, "a map of routes", (key, members, node) =>
    routeOf(key, members ?? routeForm.none(node.span), node),
  );

function routeOf(key: Name, members: ReturnType<typeof routeForm.none>, node: Node): RouteSyntax {
  const {
    lambda,
    http,
    aws,
    mock,
    with: parameters,
    credentials,
    permission,
    vpcLink,
    insecureSkipVerification,
    payloadFormat,
    ...own
  } = members;
  const { "aws-options": awsOptions, tags, params, query, headers, responses, ...rest } = own;
  return {
    ...rest,
    key,
    tags: tags ?? [],
    params: params ?? [],
    query: query ?? [],
    headers: headers ?? [],
    responses: responses ?? [],
    integration: integrationOf(members, node),
    awsOptions,
  };
}
