import type { Reference } from "../../model/expressions.js";
import type { ContextScope } from "./context-names.js";

/** Where an expression stands: what it can read there. */
export interface Place {
  /** For messages: `a stage variable's value`. */
  readonly where: string;
  readonly reads: readonly Reference["kind"][];
  /** What the help for another expression names, where a route has less than that; undefined: all that can be read. */
  readonly offers?: readonly Reference["kind"][];
  readonly context: ContextScope;
}

const request = ["path", "querystring", "header", "body"] as const;
const multiValue = ["multivaluequerystring", "multivalueheader"] as const;
const everywhere = ["context", "stageVariable"] as const;

function place(where: string, reads: Place["reads"], context: ContextScope = "mapping"): Place {
  return { where, reads, context };
}

/** aws-behaviour.md sections 6.7, 12, 16, 19, 20 and 28. */
export const places = {
  requestMapping: place("the mapping of a request", [...request, ...everywhere]),
  /** Parameter mapping of a request, without a template: REST APIs reach all values of a parameter, HTTP APIs the whole path. */
  restParameter: place("the mapping of a request", [...request, ...multiValue, ...everywhere]),
  httpParameter: place("the mapping of a request", [...request, "requestPath", ...everywhere]),
  /** A template: API Gateway's see the backend's body and the request's parameters, not its status and headers. */
  responseMapping: place("the mapping of a response", ["responseBody", "path", "querystring", "header", ...everywhere]),
  /** Parameter mapping of a response, without a template. */
  responseHeader: place("a response header", ["responseHeader", "responseBody", "responseStatus", ...everywhere]),
  restResponseHeader: place("a response header", [
    "responseHeader",
    "responseMultiHeader",
    "responseBody",
    "responseStatus",
    ...everywhere,
  ]),
  mock: place("a mock answer", ["path", "querystring", "header", ...everywhere]),
  gatewayResponse: place("a gateway response", ["path", "querystring", "header", ...everywhere], "gatewayResponse"),
  endpoint: place("an endpoint", ["path", "stageVariable", "env"]),
  arn: place("an ARN", ["stageVariable", "env"]),
  alias: place("the alias of a function", ["stageVariable", "env"]),
  stageVariable: place("a stage variable's value", ["env"]),
  secret: place("this value", ["env"]),
  identity: place("an identity source", ["header", "querystring", ...everywhere]),
  canary: place("a canary's sticky key", ["header", "querystring", "context"]),
  accessLog: place("an access log", ["context"], "accessLog"),
  fixed: place("this text", []),
} as const satisfies Record<string, Place>;

/** References of a kind, as an author writes them. */
export const writtenKinds: Readonly<Record<Reference["kind"], string>> = {
  path: "$request.path.x",
  querystring: "$request.querystring.x",
  header: "$request.header.x",
  multivaluequerystring: "$request.multivaluequerystring.x",
  multivalueheader: "$request.multivalueheader.x",
  requestPath: "$request.path",
  body: "$request.body.x",
  responseHeader: "$response.header.x",
  responseMultiHeader: "$response.multivalueheader.x",
  responseBody: "$response.body.x",
  responseStatus: "$response.status",
  context: "$context.x",
  stageVariable: "${stageVariables.x}",
  env: "${env.X}",
};
