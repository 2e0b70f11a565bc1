import type { Text, Value } from "./expressions.js";
import type { JsonValue } from "./types.js";
import type { AnswerSelection } from "./websocket.js";

/** What a route calls. `proxy` is AWS_PROXY or HTTP_PROXY; otherwise the mappings apply. */
export type Integration = LambdaIntegration | HttpIntegration | AwsIntegration | MockIntegration;

interface IntegrationBase {
  /** 50–29,000 ms on REST, up to 30,000 on HTTP APIs; the gateway here may be given more. */
  readonly timeoutMs: number;
  readonly passthrough: Passthrough;
  readonly contentHandling: ContentHandling | undefined;
  readonly request: RequestMapping;
  /** Empty for proxy integrations. */
  readonly responses: readonly IntegrationResponse[];
  /** Integration options by AWS's own names (`x-amazon-apigateway-integration` members), from `aws-options`. */
  readonly awsOptions: Readonly<Record<string, JsonValue>>;
}

export type Passthrough = "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";
export type ContentHandling = "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";

export interface LambdaIntegration extends IntegrationBase {
  readonly kind: "lambda";
  readonly proxy: boolean;
  /** Name of an entry of `functions`. */
  readonly function: string;
  /** Event format; REST always has 1.0. */
  readonly payloadFormat: "1.0" | "2.0";
}

export interface HttpIntegration extends IntegrationBase {
  readonly kind: "http";
  readonly proxy: boolean;
  /** `ANY`: the client's method. */
  readonly method: string;
  /**
   * The endpoint. References are stage variables and path parameters (`{id}` of the file); with a path parameter, the
   * mapping `integration.request.path.id` is implied.
   */
  readonly uri: Text;
  readonly connection: { readonly vpcLinkId: Text } | undefined;
  readonly insecureSkipVerification: boolean;
}

export interface AwsIntegration extends IntegrationBase {
  readonly kind: "aws";
  /** `sqs:SendMessage` is service `sqs` and action `SendMessage`; a path form has `path` instead. */
  readonly service: string;
  readonly target:
    | { readonly kind: "action"; readonly action: string }
    | { readonly kind: "path"; readonly path: Text };
  readonly method: string;
  /** Parameters of the action that the file gives under `with:`. */
  readonly parameters: readonly { readonly name: string; readonly value: Value }[];
  readonly credentials: Text | undefined;
  /** IAM's action, where the file says it: of calls by path. */
  readonly permission?: string | undefined;
}

export interface MockIntegration extends IntegrationBase {
  readonly kind: "mock";
  /** The status that the request template yields, which selects the response. */
  readonly status: number;
}

/** Parameter mapping and templates of a request. On proxy integrations only HTTP_PROXY uses the parameters. */
export interface RequestMapping {
  readonly headers: readonly ParameterMapping[];
  readonly query: readonly ParameterMapping[];
  /** Values of `{name}` in the endpoint. */
  readonly path: readonly ParameterMapping[];
  /** HTTP APIs: replaces the whole path of the endpoint. */
  readonly wholePath?: Value | undefined;
  readonly templates: readonly Template[];
}

export interface ParameterMapping {
  readonly name: string;
  /** On HTTP APIs null takes the parameter out. */
  readonly value: Value;
  /** HTTP APIs: the value joins those that are there; otherwise it replaces them. */
  readonly appends?: true;
}

export interface IntegrationResponse {
  readonly status: number;
  /** Java regular expression over the backend's status or the function's error; undefined: the default response. */
  readonly pattern: string | undefined;
  /** What gives the answer's status instead, where it comes to a whole number from 100 to 599. */
  readonly statusRule: Value | undefined;
  readonly headers: readonly ParameterMapping[];
  readonly templates: readonly Template[];
  readonly contentHandling: ContentHandling | undefined;
  /** WebSocket routes: templates are named by what it yields; undefined: by media types. */
  readonly templateSelection?: AnswerSelection | undefined;
}

/** A body template for one media type (`$default` for any). A constant is known at build time. */
export interface Template {
  readonly mediaType: string;
  readonly source:
    | { readonly kind: "constant"; readonly text: string }
    | { readonly kind: "vtl"; readonly text: string; readonly line: number }
    | { readonly kind: "rule"; readonly rule: Value }
    /** A form of AWS's query protocol: `prefix&Name=value…`, names encoded already. */
    | { readonly kind: "form"; readonly prefix: string; readonly fields: readonly ParameterMapping[] };
}

/** Whether request and answer pass as they are: AWS_PROXY and HTTP_PROXY. */
export function isProxy(integration: Integration): boolean {
  return (integration.kind === "lambda" || integration.kind === "http") && integration.proxy;
}
