import type { MapNode, Name, Node, ScalarNode } from "./tree.js";
import type {
  AuthSyntax,
  BooleanValue,
  ChoiceValue,
  CorsSyntax,
  NamedNode,
  NumberValue,
  Syntax,
  TextValue,
  ThrottleSyntax,
  ValidateSyntax,
} from "./values-syntax.js";

/** One entry of `routes`. */
export interface RouteSyntax extends Syntax {
  /** `GET /orders/{id}` as written; not taken apart. */
  readonly key: Name;
  readonly operation: Name | undefined;
  readonly summary: TextValue | undefined;
  readonly description: TextValue | undefined;
  readonly tags: readonly TextValue[];
  readonly deprecated: BooleanValue | undefined;
  readonly params: readonly ParameterSyntax[];
  readonly query: readonly ParameterSyntax[];
  readonly headers: readonly ParameterSyntax[];
  readonly body: BodySyntax | undefined;
  readonly responses: readonly ResponseSyntax[];
  readonly otherwise: OtherwiseSyntax | undefined;
  /** Undefined only where none could be read, which has been reported. */
  readonly integration: IntegrationSyntax | undefined;
  readonly request: RequestSyntax | undefined;
  readonly cache: RouteCacheSyntax | undefined;
  readonly paginate: PaginateSyntax | undefined;
  readonly auth: AuthSyntax | undefined;
  readonly apiKey: BooleanValue | undefined;
  readonly cors: CorsSyntax | undefined;
  readonly throttle: ThrottleSyntax | undefined;
  readonly log: ChoiceValue<"off" | "error" | "info" | "debug"> | undefined;
  /** Milliseconds. */
  readonly timeout: NumberValue | undefined;
  readonly validate: ValidateSyntax | undefined;
  readonly validateResponses: ChoiceValue<"off" | "warn" | "fail"> | undefined;
  /** Members of the operation, by AWS's names. */
  readonly awsOptions: MapNode | undefined;
}

/** A parameter of the request: `limit?: integer`, or `limit?: { type: integer, description: … }`. */
export interface ParameterSyntax extends Syntax {
  /** Without the question mark. */
  readonly name: Name;
  /** Written with a question mark. */
  readonly optional: boolean;
  /** A type expression. */
  readonly type: TextValue | undefined;
  readonly description: TextValue | undefined;
}

/** `body: NewOrder`, or `body: { type: NewOrder, mediaTypes: [application/json], required: false }`. */
export interface BodySyntax extends Syntax {
  /** A type expression. */
  readonly type: TextValue | undefined;
  /** One text in the file is a list of one here. Responses have `mediaType` in the file and at most one here. */
  readonly mediaTypes: readonly TextValue[] | undefined;
  readonly required: BooleanValue | undefined;
}

/** What the route calls. `name` is the key that says so. */
export type IntegrationSyntax = LambdaSyntax | HttpSyntax | AwsSyntax | MockSyntax;

interface IntegrationBase extends Syntax {
  readonly name: Name;
}

export interface LambdaSyntax extends IntegrationBase {
  readonly kind: "lambda";
  /** Name of a function. */
  readonly function: Name;
  readonly payloadFormat: ChoiceValue<"1.0" | "2.0"> | undefined;
}

export interface HttpSyntax extends IntegrationBase {
  readonly kind: "http";
  readonly uri: TextValue;
  readonly vpcLink: TextValue | undefined;
  readonly insecureSkipVerification: BooleanValue | undefined;
}

export interface AwsSyntax extends IntegrationBase {
  readonly kind: "aws";
  /** `sqs:SendMessage`, or with a slash `s3:bucket/{key}`; not taken apart. */
  readonly target: TextValue;
  /** The action's parameters: names with JSON that may hold expressions. */
  readonly with: readonly NamedNode[];
  /** ARN of the role that calls. */
  readonly credentials: TextValue | undefined;
  readonly permission: TextValue | undefined;
}

export interface MockSyntax extends IntegrationBase {
  readonly kind: "mock";
  /** The body to answer with, JSON that may hold expressions; null for none. */
  readonly value: Node;
}

/** `request:` of a route: how the integration's request is made. */
export interface RequestSyntax extends Syntax {
  /** Method of the integration's request, or `ANY`. */
  readonly method: TextValue | undefined;
  readonly headers: readonly NamedNode[];
  readonly query: readonly NamedNode[];
  readonly path: readonly NamedNode[];
  /** A path instead of the URL's. */
  readonly wholePath: ScalarNode | undefined;
  /** A mapping rule for `application/json`. */
  readonly map: Node | undefined;
  readonly templates: readonly TemplateSyntax[];
  readonly passthrough: ChoiceValue<"WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER"> | undefined;
  readonly contentHandling: ChoiceValue<"CONVERT_TO_BINARY" | "CONVERT_TO_TEXT"> | undefined;
  /** Members of `x-amazon-apigateway-integration`, by AWS's names. */
  readonly awsOptions: MapNode | undefined;
}

/** A VTL template; without `mediaType` it was given as `template:` and is for `application/json`. */
export interface TemplateSyntax {
  readonly mediaType: Name | undefined;
  readonly text: TextValue;
}

/** What is documented of answers of other statuses. */
export interface OtherwiseSyntax extends Syntax {
  readonly description: TextValue | undefined;
  readonly body: TextValue | undefined;
  readonly mediaType: TextValue | undefined;
  readonly alternatives?: readonly AlternativeSyntax[] | undefined;
}

/** One entry of `responses`. `200: Order` has `body` alone, `204:` nothing. */
export interface ResponseSyntax extends Syntax {
  /** The key. Its span is the key's. */
  readonly status: NumberValue;
  readonly description: TextValue | undefined;
  readonly body: BodySyntax | undefined;
  /** Types of the body by further media types. */
  readonly alternatives?: readonly AlternativeSyntax[] | undefined;
  readonly headers: readonly ResponseHeaderSyntax[];
  /** A rule for the status that is sent: `status:` in the file. */
  readonly statusRule: ScalarNode | undefined;
  /** A mapping rule for `application/json`. */
  readonly map: Node | undefined;
  readonly templates: readonly TemplateSyntax[];
  /** Java regular expression over the backend's status or the function's error. */
  readonly from: TextValue | undefined;
  readonly contentHandling: ChoiceValue<"CONVERT_TO_BINARY" | "CONVERT_TO_TEXT"> | undefined;
  /** WebSocket routes: which of the templates makes the reply. */
  readonly templateSelection?: TextValue | undefined;
}

/**
 * A header of a response. The short form is the header's value where responses are mapped, and its type where the
 * integration is a proxy (whose headers API Gateway does not touch); the long form says which is which.
 */
export interface ResponseHeaderSyntax extends Syntax {
  readonly name: Name;
  readonly short: ScalarNode | undefined;
  readonly value: ScalarNode | undefined;
  /** A value that joins those of the backend. */
  readonly append: ScalarNode | undefined;
  /** Takes the backend's header out. */
  readonly remove: BooleanValue | undefined;
  /** A type expression. */
  readonly type: TextValue | undefined;
  readonly description: TextValue | undefined;
}

/** `paginate: cursor` has `cursor` alone. */
export interface PaginateSyntax extends Syntax {
  /** Name of a query parameter. */
  readonly cursor: TextValue | undefined;
  /** Expression that reads the next cursor from an answer. */
  readonly next: TextValue | undefined;
  /** Expression that reads the list from an answer. */
  readonly items: TextValue | undefined;
}

/** `cache: true` and `cache: false` have `enabled` alone. */
export interface RouteCacheSyntax extends Syntax {
  readonly enabled: BooleanValue | undefined;
  /** Seconds. */
  readonly ttl: NumberValue | undefined;
  /** Expressions such as `$request.querystring.status`, or names of declared parameters. */
  readonly keys: readonly TextValue[] | undefined;
  readonly namespace: TextValue | undefined;
  readonly shared: BooleanValue | undefined;
}

/** A media type that an answer may have besides its own, with the type of the body then. */
export interface AlternativeSyntax {
  readonly mediaType: Name;
  readonly type: TextValue | undefined;
}
