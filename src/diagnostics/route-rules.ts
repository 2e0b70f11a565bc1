import type { Rule } from "./rule.js";

const didYouMean = (near: string | undefined, otherwise: string) => (near ? `did you mean "${near}"?` : otherwise);

/** What is wrong with routes, their parameters and integrations. */
export const routeRules = {
  "bad-route-key": {
    severity: "error",
    message: (p: { key: string }) => `"${p.key}" is no route`,
    help: () => "a route is METHOD /path, such as GET /orders/{id}",
    explain: "Each entry of `routes` is named by a method and a path with one space between them.",
  },
  "unknown-method": {
    severity: "error",
    message: (p: { method: string; near: string | undefined }) => `there is no method "${p.method}"`,
    help: (p: { near: string | undefined }) =>
      didYouMean(p.near, "methods are DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT and ANY"),
    explain: "API Gateway has seven methods, and ANY for all of them. They are written in capitals.",
  },
  "default-route-on-rest": {
    severity: "error",
    message: () => "REST APIs have no $default route",
    help: () => "use ANY /{proxy+} (and ANY / for the root), or kind: http",
    explain: "The route for everything else exists on HTTP and WebSocket APIs only.",
  },
  "path-without-slash": {
    severity: "error",
    message: (p: { path: string }) => `"${p.path}" does not begin with a slash`,
    explain: "Paths begin with a slash; the stage's name is not part of them.",
  },
  "trailing-slash": {
    severity: "error",
    message: () => "a path does not end in a slash",
    help: () => "leave it out: requests with and without it reach the route",
    explain: "API Gateway ignores a slash at the end of a request's path, so a route has none.",
  },
  "empty-segment": {
    severity: "error",
    message: () => "a segment of the path is empty",
    explain: "API Gateway has no resource with an empty path part.",
  },
  "bad-segment": {
    severity: "error",
    message: (p: { segment: string }) => `"${p.segment}" has characters that a path cannot hold`,
    help: () => "write other characters percent-encoded, as clients send them",
    explain: "Paths are compared as they come over the wire (RFC 3986, section 3.3).",
  },
  "partial-parameter": {
    severity: "error",
    message: (p: { segment: string }) => `"${p.segment}": a path parameter takes a whole segment`,
    help: () => "make the segment {name} and take it apart in the handler",
    explain: "API Gateway has no parameters inside of a segment.",
  },
  "bad-parameter-name": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" cannot name a path parameter`,
    help: () => "use letters, digits, ., _ and -",
    explain: "API Gateway takes these characters only in names of path parameters.",
  },
  "greedy-not-last": {
    severity: "error",
    message: (p: { parameter: string }) => `nothing can follow "${p.parameter}"`,
    help: () => "a greedy parameter takes the rest of the path",
    explain: "AWS: Cannot create a child of a resource with a greedy path variable.",
  },
  "duplicate-route": {
    severity: "error",
    message: (p: { key: string }) => `"${p.key}" is there twice`,
    explain: "Two routes with one method and one path could not be told apart.",
  },
  "sibling-path-parameter": {
    severity: "error",
    message: (p: { parameter: string; other: string }) =>
      `"${p.parameter}" stands where another route has "${p.other}"`,
    help: (p: { other: string }) => `give both the same name: ${p.other}`,
    explain:
      "A REST API is a tree of resources, and a resource has at most one variable child. AWS: A sibling of this resource\nalready has a variable path part -- only one is allowed.",
  },
  "reserved-path": {
    severity: "warning",
    message: (p: { path: string }) => `AWS keeps ${p.path} for its own health checks`,
    help: () => "choose another path, such as /health",
    explain: "On AWS, /ping and /sping at the root are answered by the service itself.",
  },
  "bad-operation": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" is no identifier`,
    help: () => "use letters, digits and _, beginning with a letter",
    explain: "The operation's name is the name of the SDK's function.",
  },
  "duplicate-operation": {
    severity: "error",
    message: (p: { name: string }) => `two routes have the operation "${p.name}"`,
    help: () => "name one of them with operation:",
    explain: "The operation's name is the name of the SDK's function, and of the operation in OpenAPI; it is unique.",
  },
  "repeated-parameter": {
    severity: "error",
    message: (p: { name: string }) => `the parameter "${p.name}" is there twice`,
    explain: "A parameter has one name and one value. Names of headers do not differ by case.",
  },
  "unknown-path-parameter": {
    severity: "error",
    message: (p: { name: string; path: string; near: string | undefined }) => `${p.path} has no parameter "${p.name}"`,
    help: (p: { near: string | undefined }) => didYouMean(p.near, "params describes the parameters of the path"),
    explain: "`params` says the types of the parameters that the path has; query parameters stand under `query`.",
  },
  "optional-path-parameter": {
    severity: "error",
    message: (p: { name: string }) => `the path parameter "${p.name}" cannot be optional`,
    help: () => "add a route without it",
    explain: "A request without the segment does not reach the route.",
  },
  "unknown-uri-parameter": {
    severity: "error",
    message: (p: { name: string; near: string | undefined }) => `the route has no path parameter "${p.name}"`,
    help: (p: { near: string | undefined }) => didYouMean(p.near, "map it under request: path:"),
    explain: "`{name}` in an address is a parameter of the route's path, or one that `request.path` maps.",
  },
  "bad-uri": {
    severity: "error",
    message: (p: { uri: string }) => `"${p.uri}" is no address of a backend`,
    help: () => "write http://host[:port]/path; no caller may choose the host, so path parameters come after it",
    explain: "AWS: Invalid HTTP endpoint specified for URI. The host is fixed, or a stage variable's.",
  },
  "bad-aws-target": {
    severity: "error",
    message: (p: { target: string }) => `"${p.target}" names no action of an AWS service`,
    help: () => "such as sqs:SendMessage, or with a path s3:bucket/{key}",
    explain:
      "An AWS integration names a service and an action, or a service and a path. AWS: AWS ARN for integration must contain path or action.",
  },
  "mapping-without-effect": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" is mapped, but a Lambda proxy integration ignores mappings`,
    help: () => "read it from the event, or give the route a request template",
    explain: "With AWS_PROXY the function gets the whole request, and AWS ignores parameter mappings.",
  },
  "payload-format-on-rest": {
    severity: "error",
    message: () => "REST APIs have events of format 1.0 only",
    help: () => "leave payloadFormat out, or use kind: http",
    explain: "Format 2.0 is a feature of HTTP APIs.",
  },
  "bad-selection-pattern": {
    severity: "error",
    message: (p: { pattern: string; detail: string }) => `"${p.pattern}" is no regular expression: ${p.detail}`,
    explain:
      "`from` is a regular expression that the whole status (or the whole error message of a function) must match.",
  },
  "slow-selection-pattern": {
    severity: "error",
    message: (p: { pattern: string; attack: string }) =>
      `"${p.pattern}" takes very long on some texts, such as ${p.attack}`,
    help: () => "rewrite it without nested repetitions",
    explain: "A pattern that backtracks without end lets one answer of a backend stop the gateway.",
  },
} as const satisfies Record<string, Rule>;
