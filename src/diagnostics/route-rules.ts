import type { Rule } from "./rule.js";

const didYouMean = (near: string | undefined, otherwise: string) => (near ? `did you mean "${near}"?` : otherwise);

/** What is wrong with routes, their parameters and answers. */
export const routeRules = {
  "bad-route-key": {
    severity: "error",
    message: (p: { key: string }) => `"${p.key}" is no route`,
    help: () => "a route is METHOD /path, such as GET /orders/{id}",
    explain: `Each entry of \`routes\` is named by a method and a path with one space between them: GET /orders/{id}, ANY /files/{path+}.
HTTP APIs (kind: http) have \`$default\` besides, the route for everything else.`,
  },
  "unknown-method": {
    severity: "error",
    message: (p: { method: string; near: string | undefined }) => `there is no method "${p.method}"`,
    help: (p: { near: string | undefined }) =>
      didYouMean(p.near, "methods are DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT and ANY"),
    explain: `API Gateway has seven methods (DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT), and ANY for all of them. They are written in capitals.
TRACE and CONNECT never reach a route.`,
  },
  "path-without-slash": {
    severity: "error",
    message: (p: { path: string }) => `"${p.path}" does not begin with a slash`,
    help: (p: { path: string }) => `write /${p.path}`,
    explain: `Paths begin with a slash, as requests have them. The name of the stage and the base path of a domain are not part of a route.`,
  },
  "trailing-slash": {
    severity: "error",
    message: () => "a path does not end in a slash",
    help: () => "leave it out: requests with and without it reach the route",
    explain: `API Gateway ignores a slash at the end of a request's path, so GET /orders answers GET /orders/ too, and a route is written
without it.`,
  },
  "empty-segment": {
    severity: "error",
    message: () => "a segment of the path is empty",
    help: () => "write one slash between two segments",
    explain: `API Gateway has no resource with an empty path part, so no route has two slashes in a row. In requests, slashes before the
first segment count as one.`,
  },
  "bad-segment": {
    severity: "error",
    message: (p: { segment: string }) => `"${p.segment}" has characters that a path cannot hold`,
    help: (p: { kind: "rest" | "http" }) =>
      p.kind === "rest"
        ? "use letters, digits and . _ : , $ - or take the value as a parameter"
        : "write other characters percent-encoded, as clients send them",
    explain: `A resource of a REST API has a path part of letters, digits, and . _ : , $ and -; API Gateway refuses others.
On HTTP APIs a segment holds what a URL's path may hold (RFC 3986, section 3.3). Paths are compared as they come over the wire.`,
  },
  "partial-parameter": {
    severity: "error",
    message: (p: { segment: string }) => `"${p.segment}": a path parameter takes a whole segment`,
    help: () => "make the segment {name} and take it apart in the handler",
    explain: `A path parameter is a whole segment on API Gateway: {name}.json, v{version} and :id do not exist there. Make it {file} and take
the value apart in the handler.`,
  },
  "express-parameter": {
    severity: "warning",
    message: (p: { name: string }) => `":${p.name}" is a fixed part of the path, not a parameter`,
    help: (p: { name: string }) => `a path parameter is written {${p.name}}`,
    explain: `Express, Hono and others write parameters as :id, API Gateway as {id}. A segment that begins with a colon is an ordinary
text there: only a request with the colon in its path reaches the route.`,
  },
  "bad-parameter-name": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" cannot name a path parameter`,
    help: () => "use letters, digits, . _ : and -",
    explain: `API Gateway takes letters, digits, and . _ : - in names of path parameters. The name is what handlers, SDKs and mappings read the
value by.`,
  },
  "greedy-not-last": {
    severity: "error",
    message: (p: { parameter: string }) => `nothing can follow "${p.parameter}"`,
    help: () => "a greedy parameter takes the rest of the path",
    explain: `A greedy parameter, {path+}, matches the whole rest of a path, so nothing can stand behind it.
AWS: Cannot create a child of a resource with a greedy path variable.`,
  },
  "duplicate-route": {
    severity: "error",
    message: (p: { key: string }) => `"${p.key}" is there twice`,
    explain: "Two routes with one method and one path could not be told apart; names of parameters make no difference.",
  },
  "sibling-path-parameter": {
    severity: "error",
    message: (p: { parameter: string; other: string }) =>
      `"${p.parameter}" stands where another route has "${p.other}"`,
    help: (p: { parameter: string; other: string }) =>
      p.parameter.endsWith("+}") === p.other.endsWith("+}")
        ? `give both the same name: ${p.other}`
        : "a place has one of them: keep the greedy one, or put a segment before it, such as /files/{path+}",
    explain: `A REST API is a tree of resources, and a resource has at most one variable child. AWS: A sibling of this resource
already has a variable path part -- only one is allowed.`,
  },
  "unreachable-route": {
    severity: "warning",
    message: () => "no request reaches this route: others answer all of them",
    help: () => "leave it out, or one of the others",
    explain: `A route with a method of its own comes before ANY on the same path, and there are seven methods. On HTTP APIs, $default is
for what no other route matches: with ANY / and ANY /{proxy+} nothing is left for it.`,
  },
  "reserved-path": {
    severity: "warning",
    message: (p: { path: string }) => `AWS keeps ${p.path} for its own health checks`,
    help: () => "choose another path, such as /health",
    explain: `On AWS, /ping and /sping at the root are answered by the service itself for its health checks, so a route of yours is not
reached there. Below another segment (/v1/ping) they are free.`,
  },
  "bad-operation": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" cannot name an operation`,
    help: () => "use ASCII letters, digits and _, beginning with a letter, and no word of JavaScript",
    explain: `The operation's name is the name of the SDK's functions in each of their languages, and the operationId of OpenAPI. So it has ASCII
letters, digits and _, and is no word that JavaScript keeps for itself.`,
  },
  "duplicate-operation": {
    severity: "error",
    message: (p: { name: string }) => `two routes have the operation "${p.name}"`,
    help: () => "name one of them with operation:",
    explain: `The operation's name is the name of the SDK's function, and of the operation in OpenAPI; it is unique. Left out, it
is the name of the route's function when no other route has that, else it is made of method and path: GET /orders/{id} is
getOrdersById. Two paths that differ in punctuation only need a name.`,
  },
  "repeated-parameter": {
    severity: "error",
    message: (p: { name: string }) => `the parameter "${p.name}" is there twice`,
    explain: `A parameter has one name and one value. Names of headers do not differ by case, names of query parameters do; a path has each
name once.`,
  },
  "unknown-path-parameter": {
    severity: "error",
    message: (p: { name: string; path: string; near: string | undefined }) => `${p.path} has no parameter "${p.name}"`,
    help: (p: { near: string | undefined }) => didYouMean(p.near, "it must stand in the path, as {name}"),
    explain: `"params" says the types of the parameters that the path has, and "$request.path.x" and "{x}" of an endpoint read
one of them. Query parameters stand under "query".`,
  },
  "optional-path-parameter": {
    severity: "error",
    message: (p: { name: string }) => `the path parameter "${p.name}" cannot be optional`,
    help: () => "add a route without it",
    explain: `A request without the segment does not reach the route, so the parameter is there whenever the route runs. Two routes, one with and
one without the segment, may call the same function.`,
  },
  "bad-query-name": {
    severity: "error",
    message: (p: { name: string }) => `REST APIs do not take a query parameter named "${p.name}"`,
    help: () => "use letters, digits and . _ $ - (kind: http takes any name)",
    explain: `A declared parameter is method.request.querystring.NAME on AWS, where NAME matches ^[a-zA-Z0-9._$-]+$. A proxy
integration gets every query parameter, declared or not.`,
  },
  "header-never-arrives": {
    severity: "error",
    message: (p: { name: string }) => `API Gateway drops the header "${p.name}" from each request`,
    help: () => "use a header of your own, such as X-…",
    explain: `Connection, Content-Length, Content-MD5, Expect, Max-Forwards, Proxy-Authenticate, Server, TE, Trailer,
Transfer-Encoding, Upgrade and WWW-Authenticate never reach a route, so nothing can require or read them.`,
  },
  "parameter-not-text": {
    severity: "error",
    message: (p: { name: string; where: string }) => `"${p.name}" is in the ${p.where} and cannot be an object`,
    help: () => "use a text, number, boolean, or a list of them, or move it to the body",
    explain: `Parameters are texts in a URL or a header; API Gateway has no notation for objects there. Lists are repeated parameters.
What has a structure belongs into the body.`,
  },
  "response-without-body": {
    severity: "error",
    message: (p: { status: number }) => `a ${p.status} answer has no body`,
    help: () => "leave the type out",
    explain: "HTTP allows no body on 1xx, 204 and 304 (RFC 9110, section 6.4.1); clients do not read one.",
  },
  "binary-not-declared": {
    severity: "warning",
    message: (p: { type: string }) => `${p.type} is bytes here, but binaryMediaTypes does not list it`,
    help: (p: { type: string }) => `add it: binaryMediaTypes: [${p.type}]`,
    explain: `Without an entry in binaryMediaTypes, a REST API takes a payload for UTF-8 text, and bytes that are none are
replaced by U+FFFD.`,
  },
} as const satisfies Record<string, Rule>;
