import type {
  BodySyntax,
  ParameterSyntax,
  ResponseHeaderSyntax,
  ResponseSyntax,
  RouteCacheSyntax,
  RouteSyntax,
} from "../route-syntax.js";
import {
  boolean,
  byKind,
  byType,
  duration,
  entries,
  isNothing,
  jsonMap,
  key,
  map,
  mapped,
  on,
  type Place,
  prose,
  type Shape,
  scalar,
  text,
  typeOrMap,
  typeText,
} from "../shape/index.js";
import type { Name, Node } from "../tree.js";
import type { TextValue } from "../values-syntax.js";
import {
  contentHandling,
  integrationFields,
  integrationOf,
  integrationRules,
  mappingFields,
  request,
  templatesOf,
} from "./integration.js";
import {
  auth,
  awsOptionsAbout,
  cors,
  corsAbout,
  name,
  texts,
  throttle,
  timeout,
  timeoutAbout,
  validate,
  validateAbout,
} from "./shared.js";

const parameterForm = map(
  "a parameter",
  {
    type: key(typeText(), "Type of the parameter.", { examples: ["integer"], example: "type: string" }),
    description: key(prose(), "What the parameter means."),
  },
  { required: ["type"] },
);

/** `limit?: integer`: a question mark makes it optional. */
export const parameters = (expected: string): Shape<readonly ParameterSyntax[]> =>
  entries(
    typeOrMap<{ readonly type: TextValue | undefined; readonly description: TextValue | undefined }>(
      mapped(typeText(), (type) => ({ type, description: undefined })),
      parameterForm,
    ),
    expected,
    (name, value, { span }) => ({
      name: withoutMark(name),
      optional: name.text.endsWith("?"),
      span,
      type: value?.type,
      description: value?.description,
    }),
    { names: { pattern: /^[^?\s][^?]*\??$/, wanted: "the name of a parameter" } },
  );

function withoutMark(name: Name): Name {
  if (!name.text.endsWith("?")) return name;
  const length = name.text.length - 1;
  return {
    text: name.text.slice(0, length),
    span: name.spanMap.toFile({ start: 0, end: length }),
    spanMap: name.spanMap,
  };
}

const bodyForm = map(
  "a body",
  {
    type: key(typeText(), "Type of the body.", { examples: ["NewOrder"], example: "type: NewOrder" }),
    mediaTypes: key(texts("a media type"), "Content types that the body may have.", { default: ["application/json"] }),
    required: key(boolean(), "Whether a request without a body is refused, where bodies are validated.", {
      default: true,
    }),
  },
  { required: ["type"], synonyms: { contentType: "mediaTypes", contentTypes: "mediaTypes", mediaType: "mediaTypes" } },
);

const bodyOfType = (type: TextValue): BodySyntax => ({
  type,
  span: type.span,
  mediaTypes: undefined,
  required: undefined,
});

export const body = (): Shape<BodySyntax> => typeOrMap(mapped(typeText(), bodyOfType), bodyForm);

const responseFields = {
  description: key(prose(), "When this answer is given."),
  body: key(typeText(), "Type of the body.", { examples: ["Order"] }),
  mediaType: key(text("a media type"), "Content type of the body.", { default: "application/json" }),
  headers: key(
    entries(
      byKind<Omit<ResponseHeaderSyntax, "name">>(
        {
          scalar: mapped(scalar("a value"), (short) => ({
            short,
            span: short.span,
            value: undefined,
            type: undefined,
            description: undefined,
          })),
          map: mapped(
            map("a header", {
              value: key(scalar("a value"), "Value of the header, a constant or an expression.", {
                examples: ["$response.header.ETag"],
              }),
              type: key(typeText(), "Type of the header, for documents and SDKs.", { default: "string" }),
              description: key(prose(), "What the header means."),
            }),
            (members) => ({ short: undefined, ...members }),
          ),
        },
        "a value, or a map with value and type",
      ),
      "a map of headers",
      (name, value, { span }) => ({
        short: undefined,
        value: undefined,
        type: undefined,
        description: undefined,
        span,
        ...value,
        name,
      }),
    ),
    "Headers of the answer. A text is the header's value, a constant or an expression, where responses are mapped; where the integration is a proxy, which sets its headers itself, it is the header's type.",
    { default: {}, examples: [{ Location: "$response.header.Location" }] },
  ),
  ...mappingFields,
  from: key(
    text("a regular expression"),
    "Which answers of the integration become this one: a Java regular expression that matches the backend's whole status, or the error message of a function. A response without it is the default one; for HTTP and AWS integrations a 2xx response without it means 2\\d{2}, and what nothing matches is a 500.",
    { examples: ["5\\d{2}"], on: on.restAndWebSocket },
  ),
  contentHandling,
};

const responseForm = map("a response", responseFields, {
  atMostOne: [["map", "template"]],
  needs: { mediaType: ["body"] },
  synonyms: { schema: "body", type: "body", contentType: "mediaType", selectionPattern: "from", pattern: "from" },
});

/** `200: Order`, `204:` or the long form. */
const response = (): Shape<Answer> => {
  const long = typeOrMap(mapped(typeText(), shortAnswer), { ...responseForm, read: longAnswer });
  return {
    ...long,
    schema: () => ({ anyOf: [{ type: "null" }, long.schema()] }),
    read: (node, place) => (isNothing(node) ? noAnswer(node) : long.read(node, place)),
  };
};

const shortAnswer = (type: TextValue, node: Node): Answer => ({ ...noAnswer(node), body: bodyOfType(type) });

type Answer = Omit<ResponseSyntax, "status">;

function longAnswer(node: Node, place: Place): Answer | undefined {
  const members = responseForm.read(node, place);
  if (!members) return undefined;
  const { body: type, mediaType, headers, template, templates, ...rest } = members;
  const body = type && { type, span: type.span, mediaTypes: mediaType && [mediaType], required: undefined };
  return { ...rest, body, headers: headers ?? [], templates: templatesOf(template, templates) };
}

function noAnswer({ span }: Node): Answer {
  const nothing = {
    description: undefined,
    body: undefined,
    map: undefined,
    from: undefined,
    contentHandling: undefined,
  };
  return { ...nothing, span, headers: [], templates: [] };
}

export const responses = (): Shape<readonly ResponseSyntax[]> =>
  entries(
    response(),
    "a map of responses",
    (name, value, node) => ({
      ...(value ?? noAnswer(node)),
      status: { value: Number(name.text), span: name.span },
    }),
    { names: { pattern: /^[1-5]\d\d$/, wanted: "a status from 100 to 599" } },
  );

const cacheForm = map("cache settings", {
  ttl: key(
    duration("s", { min: 0 }),
    "Seconds that an answer is kept; 0 keeps none. AWS allows up to 3600. By default the stage's.",
    {
      examples: [60],
      on: on.rest,
    },
  ),
  keys: key(
    texts("an expression"),
    "What the key is made of, beside the path: names of parameters, or expressions. By default all declared parameters, and the caller's identity where there is an authorizer.",
    { examples: [["$request.querystring.status"]], on: on.rest },
  ),
  shared: key(
    boolean(),
    "Whether callers share answers although the route has an authorizer. AWS shares them always.",
    {
      default: false,
      on: on.rest,
    },
  ),
});

const cache = (): Shape<RouteCacheSyntax> =>
  byKind<RouteCacheSyntax>(
    {
      scalar: byType<RouteCacheSyntax>(
        {
          boolean: mapped(boolean(), (enabled, { span }) => ({ ...cacheForm.none(span), enabled })),
          other: mapped(duration("s", { min: 0 }), (ttl, { span }) => ({
            ...cacheForm.none(span),
            ttl,
            enabled: undefined,
          })),
        },
        "true, false or seconds",
      ),
      map: mapped(cacheForm, (members) => ({ enabled: undefined, ...members })),
    },
    "true, false, seconds, or a map with ttl and keys",
  );

const routeFields = {
  operation: key(
    name("a name"),
    "Name of the operation: operationId, method of the SDKs, type of the handler. By default made of method and path.",
    {
      examples: ["listOrders"],
      on: on.restAndHttp,
    },
  ),
  summary: key(prose(), "One line for documents.", { on: on.restAndHttp }),
  description: key(prose(), "What the route does, for documents; Markdown.", { on: on.restAndHttp }),
  tags: key(texts("a tag"), "Tags that documents group routes by.", { default: [], on: on.restAndHttp }),
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
  body: key(body(), "Type of the request's body. It is validated, because it is declared.", {
    examples: ["NewOrder"],
    on: on.restAndHttp,
  }),
  responses: key(responses(), "Answers by status: their type, and with a mapping how they are made.", {
    default: {},
    examples: [{ 200: "Order", 404: "Problem" }],
    on: on.restAndHttp,
  }),
  ...integrationFields,
  request: key(request(), "How the integration's request is made."),
  cache: key(cache(), "Caching of answers; of GET by default, where the stage has a cache.", { on: on.rest }),
  auth: key(auth(), "Who may call: the name of an authorizer, `iam` or `none`. By default the `auth` at the top.", {
    on: on.restAndHttp,
  }),
  apiKey: key(boolean(), "Whether an API key is required. By default the `apiKey` at the top.", { on: on.rest }),
  cors: key(cors(), corsAbout, { on: on.restAndHttp }),
  throttle: key(throttle(), "Limit of the route on each stage, for all callers together.", {
    examples: [{ rate: 100, burst: 200 }],
    on: on.restAndHttp,
  }),
  timeout: key(timeout(), timeoutAbout, { default: 29_000, on: on.restAndHttp }),
  validate: key(validate(), validateAbout, { default: "all", on: on.restAndHttp }),
  "aws-options": key(jsonMap("a map of options"), awsOptionsAbout("the operation"), { default: {}, on: on.awsOnly }),
};

const routeForm = map("a route", routeFields, {
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
