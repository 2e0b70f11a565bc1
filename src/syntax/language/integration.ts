import type { IntegrationSyntax, RequestSyntax, TemplateSyntax } from "../route-syntax.js";
import {
  boolean,
  byKind,
  choice,
  entries,
  type Field,
  json,
  jsonMap,
  key,
  type Members,
  map,
  mapped,
  on,
  type Shape,
  scalar,
  text,
} from "../shape/index.js";
import { entryOf, type MapNode, type Name, type Node, type ScalarNode } from "../tree.js";
import type { NamedNode, TextValue } from "../values-syntax.js";
import { awsOptionsAbout, name, namedNodes } from "./shared.js";

/** The keys of a route that say what it calls; those of REST and HTTP routes and of WebSocket routes are the same. */
export const integrationFields = {
  lambda: key(
    name("the name of a function"),
    "Name of the function to call: an entry of `functions`, or the module handlers/<name>.ts. With a mapping (a `map` or template under `request` or `responses`) it is API Gateway's custom integration (AWS), without one the proxy (AWS_PROXY).",
    { examples: ["getOrder"] },
  ),
  http: key(
    text("a URL"),
    "URL to call. `{id}` is a path parameter, `${stageVariables.x}` a stage variable. With a mapping it is API Gateway's HTTP integration, without one HTTP_PROXY.",
    { examples: ["http://${stageVariables.host}/orders/{id}"] },
  ),
  aws: key(
    text("a service and its action, such as sqs:SendMessage", { pattern: /^[a-z0-9.-]+:.+$/ }),
    "AWS service integration, called with SigV4: `service:Action`, or with a slash `service:path/of/{object}`.",
    { examples: ["sqs:SendMessage", "states:StartExecution", "dynamodb:PutItem", "s3:bucket/{key}"] },
  ),
  mock: key(json(), "Answers without a backend: the body, as JSON that may hold expressions. Empty for no body.", {
    examples: [{ status: "ok" }],
    on: on.restAndWebSocket,
  }),
  with: key(
    namedNodes("a map of parameters"),
    "Parameters of the action under `aws`, by AWS's names; values may be expressions. Where AWS wants JSON as a text (`input` of an execution, `Detail` of an event) or base64 (`Data` of a stream), what is no text is made one.",
    {
      examples: [{ QueueUrl: "${stageVariables.queueUrl}" }],
    },
  ),
  credentials: key(
    text("the ARN of a role"),
    "Role that API Gateway calls the service with. The generated gateway uses its own credentials.",
    {
      examples: ["arn:aws:iam::123456789012:role/orders-api"],
      on: on.awsOnly,
    },
  ),
  permission: key(
    text("an action of IAM", { pattern: /^[a-z0-9-]+:[A-Za-z0-9*]+$/ }),
    "What the role of the CloudFormation template may do for a service that is called by path, where the path does not tell.",
    {
      examples: ["polly:SynthesizeSpeech"],
      on: on.awsOnly,
    },
  ),
  vpcLink: key(
    text("the id of a VPC link"),
    "VPC link that the URL under `http` is reached through on AWS; the generated gateway calls the URL itself, on HTTP APIs with the stage before its path.",
    { examples: ["a1b2c3"], on: on.awsOnly },
  ),
  insecureSkipVerification: key(
    boolean(),
    "Whether the certificate of the URL under `http` is left unchecked. Only for tests.",
    {
      default: false,
    },
  ),
  payloadFormat: key(
    choice(["1.0", "2.0"]),
    "Format of the event that the function under `lambda` gets. REST APIs have 1.0 only.",
    {
      default: "2.0",
      on: on.http,
    },
  ),
};

export const integrationRules = {
  oneOf: ["lambda", "http", "aws", "mock"],
  needs: {
    with: ["aws"],
    credentials: ["aws"],
    permission: ["aws"],
    vpcLink: ["http"],
    insecureSkipVerification: ["http"],
    payloadFormat: ["lambda"],
  },
  synonyms: { function: "lambda", handler: "lambda", uri: "http", url: "http", service: "aws" },
} as const;

/** The integration of a route whose keys have been read. */
export function integrationOf(members: Members<typeof integrationFields>, node: Node): IntegrationSyntax | undefined {
  const { lambda, http, aws, mock, span } = members;
  if (node.kind !== "map") return undefined;
  const keyOf = (word: string): Name =>
    entryOf(node, word)?.name ?? { text: word, span, spanMap: { toFile: () => span } };
  if (lambda) {
    return {
      kind: "lambda",
      name: keyOf("lambda"),
      span: lambda.span,
      function: lambda,
      payloadFormat: members.payloadFormat,
    };
  }
  if (http) {
    const { vpcLink, insecureSkipVerification } = members;
    return { kind: "http", name: keyOf("http"), span: http.span, uri: http, vpcLink, insecureSkipVerification };
  }
  if (aws) {
    const { credentials, permission } = members;
    const call = { target: aws, with: members.with ?? [], credentials, permission };
    return { kind: "aws", name: keyOf("aws"), span: aws.span, ...call };
  }
  return mock ? { kind: "mock", name: keyOf("mock"), span: mock.span, value: mock } : undefined;
}

/** `map`, `template` and `templates`, wherever a body is made. */
export const mappingFields = {
  map: key(
    json(),
    "Mapping rule for application/json: JSON whose values may be expressions. Compiled to VTL for AWS and to JavaScript here.",
    { examples: [{ order: "$request.body", caller: "$context.identity.sourceIp" }], on: on.restAndWebSocket },
  ),
  template: key(
    text("a VTL template", { mayBeEmpty: true }),
    "VTL template for application/json, for when a rule is not enough.",
    {
      examples: ['{ "id": "$input.params(\'id\')" }'],
      on: on.restAndWebSocket,
    },
  ),
  templates: key(
    entries(
      text("a VTL template", { mayBeEmpty: true }),
      "a map from media types to VTL templates",
      (mediaType, value) => (value ? { mediaType, text: value } : undefined),
    ),
    "VTL templates by media type.",
    { examples: [{ "application/xml": "<id>$input.params('id')</id>" }], on: on.restAndWebSocket },
  ),
};

export function templatesOf(
  template: TextValue | undefined,
  templates: readonly TemplateSyntax[] | undefined,
): readonly TemplateSyntax[] {
  return [...(template ? [{ mediaType: undefined, text: template }] : []), ...(templates ?? [])];
}

export const contentHandling: Field<{
  readonly value: "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";
  readonly span: MapNode["span"];
}> = key(
  choice(["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"]),
  "Conversion of the payload: base64 text to bytes, or bytes to base64 text. Left out, it passes as it is.",
  { on: on.restAndWebSocket },
);

const mappings = namedNodes("a map from names to values");
const mappingExamples = [{ "X-Tenant": "$context.authorizer.tenant" }];

const requestFields = {
  method: key(
    text("a method", { pattern: /^[A-Za-z]+$/ }),
    "Method of the integration's request. By default the route's own; POST for functions and most actions.",
    {
      examples: ["POST"],
    },
  ),
  headers: key(mappings, "Headers of the integration's request: constants or expressions.", {
    default: {},
    examples: mappingExamples,
  }),
  query: key(mappings, "Query parameters of the integration's request: constants or expressions.", {
    examples: [{ caller: "$context.identity.sourceIp" }],
    default: {},
  }),
  path: key(
    byKind<{ readonly whole: ScalarNode | undefined; readonly named: readonly NamedNode[] }>(
      {
        scalar: mapped(scalar("a path"), (whole) => ({ whole, named: [] })),
        map: mapped(mappings, (named) => ({ whole: undefined, named })),
      },
      "a map from names to values, or a path",
    ),
    "Values of `{name}` in the URL, where they are not path parameters of the same name. On HTTP APIs a text: the whole path, instead of the URL's.",
    { examples: [{ tenant: "$context.authorizer.tenant" }], default: {} },
  ),
  ...mappingFields,
  passthrough: key(
    choice(["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"]),
    "What happens to a body whose content type has no template. AWS's default is WHEN_NO_MATCH; a mapped route here has NEVER, which answers 415.",
    { on: on.restAndWebSocket },
  ),
  contentHandling,
  "aws-options": key(jsonMap("a map of options"), awsOptionsAbout("x-amazon-apigateway-integration"), {
    default: {},
    examples: [{ integrationTarget: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/a/b" }],
    on: on.awsOnly,
  }),
};

export const requestExamples = [{ headers: { "X-Caller": "$context.identity.sourceIp" } }];

export const request = (): Shape<RequestSyntax> =>
  mapped(
    map("a request mapping", requestFields, { atMostOne: [["map", "template"]], synonyms: { parameters: "query" } }),
    (members) => {
      const { template, templates, "aws-options": awsOptions, headers, query, path, ...rest } = members;
      const lists = { headers: headers ?? [], query: query ?? [], path: path?.named ?? [], wholePath: path?.whole };
      return { ...rest, ...lists, templates: templatesOf(template, templates), awsOptions };
    },
  );
