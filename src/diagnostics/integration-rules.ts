import type { Rule } from "./rule.js";

const didYouMean = (near: string | undefined, otherwise: string) => (near ? `did you mean "${near}"?` : otherwise);

/** What is wrong with functions, backends and mappings. */
export const integrationRules = {
  "bad-function-name": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" cannot name a function`,
    help: () => "use ASCII letters, digits, - and _, at most 64; files are given under functions",
    explain: `A function that is not listed is the module handlers/<name>.ts, and on AWS a Lambda function of that name. Lambda's
names have these characters only, so a name can never lead to another folder.`,
  },
  "function-name-case": {
    severity: "error",
    message: (p: { name: string; other: string }) => `"${p.name}" and "${p.other}" differ in case only`,
    help: (p: { other: string }) => `write "${p.other}", or choose another name`,
    explain:
      "Their modules would be one file on a disk that does not tell case apart (macOS, Windows), and two on Linux.",
  },
  "undeclared-function": {
    severity: "warning",
    message: (p: { name: string; near: string }) => `"${p.name}" is not listed under functions`,
    help: (p: { name: string; near: string }) =>
      `did you mean "${p.near}"? otherwise it is the module handlers/${p.name}.ts`,
    explain: `A name that is not listed under "functions" is a module of its own. This one is so close to a listed name that it may
be a slip; list it to say that it is not.`,
  },
  "not-a-module": {
    severity: "error",
    message: (p: { path: string }) => `"${p.path}" is no module`,
    help: () => "give a file that ends in .ts, .js, .mts, .mjs, .cts or .cjs",
    explain: "Handlers are TypeScript or JavaScript modules; they are bundled into the generated gateway.",
  },
  "path-outside-project": {
    severity: "error",
    message: (p: { path: string }) => `"${p.path}" lies outside of the project`,
    help: () => "give a path below the folder of gateway.yaml, with forward slashes",
    explain: "A gateway.yaml names files below its own folder only, so that it builds the same on each machine.",
  },
  "unknown-alias": {
    severity: "error",
    message: (p: { function: string; alias: string }) => `the function "${p.function}" has no alias "${p.alias}"`,
    help: (p: { near: string | undefined }) => didYouMean(p.near, "list it under aliases of the function"),
    explain: "The alias that a stage chooses must exist: on AWS each request of that stage would be a 500.",
  },
  "bad-function-arn": {
    severity: "error",
    message: (p: { arn: string }) => `"${p.arn}" is no ARN of a function`,
    help: () =>
      "arn:aws:lambda:<region>:<account>:function:<name>[:<alias>]; a stage variable may stand in name or alias",
    explain: `AWS: Invalid ARN specified in the request. Region and account are fixed; name and alias may be stage variables, for
each of which API Gateway needs a permission of its own to invoke the function.`,
  },
  "lambda-method": {
    severity: "error",
    message: () => "Lambda is called by POST only",
    help: () => "leave method out",
    explain: "API Gateway calls Lambda's Invoke API, which takes POST; with another method each request is a 500.",
  },
  "unknown-uri-parameter": {
    severity: "error",
    message: (p: { name: string; near: string | undefined }) => `the route has no path parameter "${p.name}"`,
    help: (p: { near: string | undefined }) => didYouMean(p.near, "map it under request: path:"),
    explain: "`{name}` in an address is a parameter of the route's path, or one that `request.path` maps.",
  },
  "bad-uri": {
    severity: "error",
    message: (p: { uri: string; problem: string }) => `"${p.uri}" is no address of a backend: ${p.problem}`,
    help: () =>
      "http://host[:port]/path, where a stage variable may be any part, and path parameters stand behind the host",
    explain: `AWS: Invalid HTTP endpoint specified for URI. Scheme and host are the file's or a stage's to choose, never a caller's.`,
  },
  "bad-aws-target": {
    severity: "error",
    message: (p: { target: string }) => `"${p.target}" names no action of an AWS service`,
    help: (p: { instead: string | undefined }) =>
      p.instead ? `write ${p.instead}` : "such as sqs:SendMessage, or with a path s3:bucket/{key}",
    explain: `An AWS integration names a service and an action, or a service and a path. The ARN that API Gateway makes of it
(arn:aws:apigateway:region:service:action/Name) is not written: region and partition are those of the API.
AWS: AWS ARN for integration must contain path or action.`,
  },
  "aws-action-unknown": {
    severity: "error",
    message: (p: { service: string; near: string | undefined }) =>
      `the gateway does not know how actions of "${p.service}" are called`,
    help: (p: { service: string; near: string | undefined }) =>
      p.near
        ? `did you mean "${p.near}"?`
        : `write the call out: aws: "${p.service}:/", with the headers and the body of its protocol`,
    explain: `How an action is called (a header X-Amz-Target, a form, which version) differs from service to service; of some the compiler
does not know it. A target with a path, "service:/" for the service itself, is sent as the file says it.`,
  },
  "first-class-parameter": {
    severity: "error",
    message: (p: { name: string; action: string; near: string | undefined; known: readonly string[] }) =>
      `"${p.name}" is no parameter of ${p.action}`,
    help: (p: { near: string | undefined; known: readonly string[] }) =>
      p.near ? `did you mean "${p.near}"?` : `it has ${p.known.join(", ")}`,
    explain: `HTTP APIs call a few actions of AWS services, each with parameters of its own, whose names are fixed (developer guide,
"Integration subtype reference"). AWS refuses any other.`,
  },
  "first-class-parameter-missing": {
    severity: "error",
    message: (p: { missing: readonly string[]; action: string }) => `${p.action} needs ${p.missing.join(", ")}`,
    help: () => "give them under with:",
    explain: `AWS refuses a first-class integration without the parameters that its action must have.`,
  },
  "first-class-mapping": {
    severity: "error",
    message: () => "only the parameters under with: go to an AWS service",
    help: () => "leave the mapping out; responses can be mapped",
    explain: `A first-class integration of an HTTP API sends the parameters of its action and nothing else of the request, so mapped headers,
query parameters and paths would go nowhere.`,
  },
  "service-permission": {
    severity: "warning",
    message: (p: { service: string }) =>
      `nothing tells which action of ${p.service} this call is: the template's role may do all of them`,
    help: () =>
      "write the action that IAM asks for: permission: service:Action, or give a role of your own by credentials",
    explain: `CloudFormation makes one role for the integrations of the file, with the least that they need. A call by action names its
permission, and paths of well-known services tell theirs. Of another path only the service is known, so the role would get every
action of it. The service authorization reference lists the actions of each service.`,
  },
  "aws-parameters-unused": {
    severity: "error",
    message: (p: { name: string }) => `parameter "${p.name}" goes nowhere: the template is the whole body`,
    help: () => "write it into the template, or use a rule (map) instead of the template",
    explain: `Parameters under "with" and a rule under "request: map" make one body together, in the service's protocol. A template that
is written out makes the body alone, on AWS too.`,
  },
  "aws-parameters-not-a-map": {
    severity: "error",
    message: () => "the parameters of an action are a map of names and values",
    help: () => "write { Name: value, … } by the action's own names",
    explain: `A rule for an action gives its parameters, by AWS's names. Only an action with a JSON protocol and nothing under "with" can take
one value, such as $request.body, for the whole body.`,
  },
  "bad-role-arn": {
    severity: "error",
    message: (p: { arn: string }) => `"${p.arn}" is no ARN of a role`,
    help: () => "arn:aws:iam::<account>:role/<name>, or arn:aws:iam::*:user/* to pass the caller's credentials on",
    explain: `API Gateway calls a service with a role that trusts apigateway.amazonaws.com and may do the action. With arn:aws:iam::*:user/* it
passes on the credentials of a caller that was authorized by IAM.`,
  },
  "integration-method-missing": {
    severity: "error",
    message: () => "a route for any method does not say which method the service is called with",
    help: () => "add request: { method: … }",
    explain: `A service's path is called with some method. A route for one method lends its own; a route for ANY has none to lend.
AWS: Enumeration value for HttpMethod must be non-empty.`,
  },
  "mapping-without-effect": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" is mapped, but a Lambda proxy integration ignores mappings`,
    help: () => "read it from the event, or give the route a request map or template",
    explain: `With AWS_PROXY the function gets the whole request as an event, and AWS ignores parameter mappings. A request map or template makes
it the custom integration (AWS), where mappings work and the answer is mapped back too.`,
  },
  "rule-member-unknown": {
    severity: "warning",
    message: (p: { name: string; near: string | undefined }) => `the declared body has no "${p.name}"`,
    help: (p: { near: string | undefined }) => didYouMean(p.near, "declare it, or leave it out of the rule"),
    explain: `A rule under "map" makes the body that the response declares. Clients are generated from the declaration, so a member that it
does not have is seen by nobody, or is a slip of the pen.`,
  },
  "rule-member-missing": {
    severity: "warning",
    message: (p: { names: string }) => `the declared body needs ${p.names}, which the rule does not make`,
    help: () => "add it to the rule, or declare it optional with a question mark",
    explain: `A rule under "map" makes the whole body of the response. A member that the declared type requires is one that clients rely on;
AWS does not look at answers, so nobody would tell.`,
  },
  "rule-type-mismatch": {
    severity: "warning",
    message: (p: { given: string; wanted: string }) => `this is a ${p.given}, the declared body has ${p.wanted} here`,
    help: () => "write a value of the declared type; numbers and booleans stand without quotes",
    explain:
      "A constant of a rule is sent as it is written; AWS does not compare answers with their models, so clients would get it.",
  },
  "lambda-parameter-unread": {
    severity: "warning",
    message: (p: { name: string; near: string | undefined }) =>
      `"${p.name}" goes to Lambda's Invoke API, which does not read it`,
    help: (p: { name: string; near: string | undefined }) =>
      didYouMean(p.near, "to give it to the function, write it into the request's map or template"),
    explain: `With a map or template the function gets what that makes, and nothing else. Mapped headers and query parameters are those of the
call of the Invoke API: X-Amz-Invocation-Type (Event: nobody waits for the function), X-Amz-Client-Context, and Qualifier.`,
  },
  "passthrough-of-proxy": {
    severity: "error",
    message: () => "a proxy integration has no templates to be passed by",
    help: () => "leave passthrough out, or give the request a map or template",
    explain: `passthrough says what happens to a body whose type has no template. A proxy integration has none and hands each body on, so AWS
does not look at it.`,
  },
  "parameter-of-proxy": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" is made by a template, and a proxy integration runs none`,
    help: () => "map one value as it is, or give the request a map or template",
    explain: `API Gateway maps one value to a parameter as it is. A text with values in it, and a default, are set by the request's template
(requestOverride), which a proxy integration does not have: the parameter would not be sent. A request map or template makes the
custom integration (HTTP), whose answer is mapped too.`,
  },
  "parameter-not-scalar": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" needs a text, a number or an expression`,
    explain: "A header, query parameter or path parameter holds one value; objects and lists belong into `map`.",
  },
  "parameter-without-value": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" has no value`,
    help: () => 'give one, "" for an empty text, or leave it out',
    explain: `A REST API sends the parameters that are mapped and can remove none, so a mapping without a value says nothing. On HTTP APIs
an empty value removes the parameter.`,
  },
  "header-not-mappable": {
    severity: "error",
    message: (p: { name: string }) => `API Gateway does not let "${p.name}" be mapped`,
    help: () => "use a header of your own",
    explain: `API Gateway sets some headers itself. On REST APIs, mapping Content-Length or Transfer-Encoding (for AWS and Lambda also
Authorization, Connection, Expect, Proxy-Authenticate and TE) makes each call a 500. HTTP APIs reserve Access-Control-*, Apigw-*,
Authorization, Connection, Content-Encoding, Content-Length, Content-Location, Forwarded, Host's relatives X-Forwarded-*, Via, X-Amz-*
and X-Amzn-*.`,
  },
  "undeclared-parameter": {
    severity: "warning",
    message: (p: { name: string }) => `the route declares no parameter "${p.name}"`,
    help: (p: { near: string }) => `did you mean "${p.near}"? otherwise declare it`,
    explain: `A mapping may read a parameter that the route does not declare; it is then declared on AWS without being documented.
This one is so close to a declared name that it may be a slip, and would be empty in each request.`,
  },
  "unknown-authorizer-context": {
    severity: "error",
    message: (p: { name: string; authorizer: string }) => `the context of "${p.authorizer}" has no "${p.name}"`,
    help: (p: { near: string | undefined }) => didYouMean(p.near, "list it under context of the authorizer"),
    explain: `A Lambda authorizer that lists its context gives these values and principalId, and nothing else; any other name is empty
in each request.`,
  },
  "body-not-json": {
    severity: "error",
    message: (p: { type: string }) => `a rule cannot read into a body of ${p.type}`,
    help: () => "map $request.body as a whole, use a function, or declare a JSON body",
    explain: `API Gateway's templates read JSON only: Velocity has no parser for XML or forms there, and \`$input.path\` of such a body finds
nothing. The body as a whole, \`$request.body\`, can be passed on.`,
  },
  "media-type-twice": {
    severity: "error",
    message: (p: { type: string }) => `the answer is ${p.type} already`,
    help: () => "keep one of them; a body that is one type or another is a union, such as Order | Summary",
    explain:
      "An answer has one type for each content type: its own under `mediaType`, further ones under `alternatives`.",
  },
  "template-twice": {
    severity: "error",
    message: (p: { type: string }) => `there are two templates for ${p.type}`,
    help: () => "keep one of map, template, the entry under templates, and the value of mock",
    explain: `\`map\` and \`template\` are for application/json, and a media type has one template. With two, AWS keeps the last, and the other is
silently lost.`,
  },
  "bad-selection-pattern": {
    severity: "error",
    message: (p: { pattern: string; detail: string }) => `"${p.pattern}" is no regular expression: ${p.detail}`,
    explain: `"from" is a regular expression that the whole status (or the whole error message of a function) must match, and
"validation" one that a token must. They are Java's, as at AWS: \`(?i)\`, \`\\Q…\\E\`, \`\\p{Alpha}\` and possessive repetitions too.
What Java refuses, and the little that cannot run here, is refused.`,
  },
  "slow-selection-pattern": {
    severity: "error",
    message: (p: { pattern: string; attack: string }) =>
      `"${p.pattern}" takes very long on some texts, such as ${p.attack}`,
    help: () => "rewrite it without nested repetitions",
    explain: "A pattern that backtracks without end lets one answer of a backend, or one token, stop the gateway.",
  },
  "response-never-selected": {
    severity: "error",
    message: (p: { status: number }) => `nothing selects the ${p.status} response`,
    help: () => 'add from: a pattern of the function\'s error message, such as ".*not found.*"',
    explain: `A function's answer is always the default response. Others are selected by the message of an error that the function
throws, which the pattern under "from" must match as a whole.`,
  },
  "mapping-never-used": {
    severity: "error",
    message: (p: { name: string; status: number }) => `"${p.name}" makes a ${p.status} response that is never selected`,
    help: (p: { name: string; status: number }) =>
      `leave it out, or write the pattern of the answers that become the ${p.status} in place of "never"`,
    explain: `from: never documents a response that no answer of the integration becomes: it may have a description, a body and types
of headers. Statuses, bodies and values of headers are made for responses that are selected.`,
  },
  "same-selection": {
    severity: "error",
    message: (p: { pattern: string | undefined }) =>
      p.pattern === undefined ? "two responses are the default" : `two responses have the pattern "${p.pattern}"`,
    help: () => "give one of them another pattern with from:",
    explain: "On AWS the pattern is the name of an integration's response, so the second would replace the first.",
  },
} as const satisfies Record<string, Rule>;
