import type { Rule } from "./rule.js";

/** Rules of numbers, names and targets that hold all over the file. */
export const generalRules = {
  "aws-checks-less": {
    severity: "info",
    message: (p: { feature: string }) => `"${p.feature}" checks more here than on AWS`,
    explain: `"validate: strict" checks the types of parameters in the generated gateway. API Gateway checks only that required
parameters are there, so on AWS a request with a wrong type reaches the backend.`,
  },
  "not-on-http-apis": {
    severity: "error",
    message: (p: { what: string }) => `HTTP APIs do not have ${p.what}`,
    help: (p: { instead: string }) => p.instead,
    explain: `AWS has two kinds of API: REST (kind: rest) has everything, HTTP (kind: http) is cheaper and has less. HTTP APIs have
no VTL templates, mock integrations, API keys and usage plans, caches, request validation, canaries, gateway responses,
resource policies, compression, and no edge-optimised or private endpoints.`,
  },
  "not-on-rest-apis": {
    severity: "error",
    message: (p: { what: string }) => `REST APIs do not have ${p.what}`,
    help: (p: { instead: string }) => p.instead,
    explain: `A few things exist on HTTP APIs only (kind: http): JWT authorizers, the $default route and stage, events of format
2.0 and simple answers of authorizers.`,
  },
  "out-of-range": {
    severity: "error",
    message: (p: {
      value: number;
      least: number;
      most: number;
      what: string;
      isReal: boolean;
      help?: string | undefined;
    }) => `${p.what}: ${p.value} is not ${p.isReal ? "" : "a whole number "}from ${p.least} to ${p.most}`,
    help: (p: { help?: string | undefined }) => p.help,
    explain:
      'API Gateway refuses numbers outside of its limits when the API is deployed. The limits are in its developer guide\nunder "quotas"; this one cannot be raised.',
  },
  "over-quota": {
    severity: "warning",
    message: (p: { count: number; most: number; what: string }) =>
      `${p.count} ${p.what}: AWS allows ${p.most} until the quota is raised`,
    help: (p: { instead: string }) => p.instead,
    explain: `AWS has a default quota here that it raises on request (Service Quotas, "Amazon API Gateway"). The generated
gateway has no such limit.`,
  },
  "over-limit": {
    severity: "error",
    message: (p: { count: number; most: number; what: string }) => `${p.count} ${p.what}: AWS allows ${p.most}`,
    help: (p: { instead: string }) => p.instead,
    explain: `AWS has a fixed limit here, which it does not raise on request. The deployment would be refused, so it is an error here too.
The developer guide lists it under "Amazon API Gateway quotas".`,
  },
  "timeout-over-quota": {
    severity: "warning",
    message: (p: { value: number }) => `a timeout of ${p.value} ms is more than AWS's 29000 ms`,
    help: () =>
      "ask AWS to raise the quota of the integration timeout, or answer at once and work on in the background",
    explain: `REST APIs end an integration after 29 seconds. For regional and private APIs AWS raises that quota on request, at the
price of a lower throttle; for edge-optimised ones it does not. The generated gateway waits as long as the file says.`,
  },
  "bad-gateway-name": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" cannot name a gateway`,
    help: () => "use letters, digits, - and _, beginning with a letter or digit, at most 128",
    explain: `The name becomes the name of the API on AWS, of SDK packages and of files, so it has characters only that all of them take.
A longer text belongs into \`description\`.`,
  },
  "bad-region": {
    severity: "error",
    message: (p: { region: string }) => `"${p.region}" is no region`,
    help: () => "for example eu-west-1",
    explain: `The region stands in the ARNs of integrations and authorizers, so a wrong one makes each of them point nowhere.
Regions are written as AWS has them: eu-west-1, us-gov-east-1.`,
  },
  "bad-media-type": {
    severity: "error",
    message: (p: { type: string }) => `"${p.type}" is no media type`,
    help: () => "type/subtype, such as image/png; API Gateway knows image/* and */*, but not */png",
    explain: `Media types are compared without their parameters ("; charset=…"). In binaryMediaTypes API Gateway understands
"type/*" and "*/*"; a wildcard before a fixed subtype matches nothing.`,
  },
  "aws-option-unknown": {
    severity: "warning",
    message: (p: { name: string }) => `AWS has no option "${p.name}" here`,
    help: (p: { near: string | undefined }) => (p.near ? `did you mean "${p.near}"?` : undefined),
    explain: `Under aws-options stand members of AWS's OpenAPI extensions by their own names: of the integration under
"request: aws-options", of the operation under a route's, of the document under the file's. What AWS does not know it ignores.`,
  },
  "template-over-limit": {
    severity: "warning",
    message: (p: { count: number; most: number; what: string }) =>
      `the CloudFormation template has ${p.count} ${p.what}: CloudFormation takes ${p.most}`,
    help: (p: { groups: readonly { readonly type: string; readonly count: number }[] }) =>
      `${waysOut(p.groups)} (${p.groups.map(({ type, count }) => `${count} of ${type}`).join(", ")})`,
    explain: `A stack has at most 500 resources, 200 parameters and 200 outputs. Routes of REST and HTTP APIs are no resources: they are in the
API's body, whatever their number. What counts is a permission for each function (and alias), and a route, an integration and responses
for each message of a WebSocket API. Let functions serve several routes, tell messages apart in the handler of $default, or put the
WebSocket API into a file of its own: two stacks.`,
  },
  "template-by-bucket": {
    severity: "info",
    message: (p: { bytes: number; most: number }) =>
      `the CloudFormation template has ${p.bytes} bytes, more than the ${p.most} that a request takes`,
    help: () => "deploy it from S3: aws cloudformation deploy --s3-bucket BUCKET does",
    explain: `CreateStack takes a template of 51,200 bytes in the request, and one of 1 MB from S3. The build keeps to 1 MB: an API whose document
does not fit goes to cloudformation/api-body.json, for a bucket that the stack's parameters name.`,
  },
  "definition-over-limit": {
    severity: "warning",
    message: (p: { bytes: number; most: number }) =>
      `the API's document has ${p.bytes} bytes: API Gateway imports ${p.most} at most`,
    help: () => "put routes of one backend behind {proxy+}, shorten templates, or make two gateways of it",
    explain: `API Gateway imports definitions of up to 6 MB. Templates and models are most of a large one: models that several routes share stand
there once, templates once a route.`,
  },
  "aws-option-has-key": {
    severity: "warning",
    message: (p: { name: string }) => `"${p.name}" goes to AWS only; the gateway does not act on it`,
    help: (p: { key: string }) => `"${p.key}" says it to both, where it can`,
    explain: `Under aws-options stands what goes to AWS by its own name, past everything that gateway understands. The option has a key of its
own, which AWS and the generated gateway both act on: with it the two stay the same. An import keeps an option by AWS's name where the
key cannot say what it says.`,
  },
  "aws-option-only-there": {
    severity: "info",
    message: (p: { name: string }) => `"${p.name}" goes to AWS only; the gateway does not act on it`,
    explain: `The option is in the documents for AWS as it stands in the file. The generated gateway has nothing to act on, or no way to: roles,
VPC links, endpoint access modes and extensions of other tools are of that kind.`,
  },
  "key-only-on-aws": {
    severity: "info",
    message: (p: { name: string }) => `"${p.name}" is for AWS; the generated gateway does without it`,
    help: (p: { about: string }) => p.about,
    explain: `Some settings mean something on AWS only: roles, VPC links, certificates in ACM. The reference names the targets of each key. The
file stays right for both; gateway check --target node tells where the gateway on this machine does something else.`,
  },
  "key-only-on-node": {
    severity: "info",
    message: (p: { name: string }) => `"${p.name}" is carried out by the generated gateway only; AWS does not have it`,
    help: (p: { about: string }) => p.about,
    explain: `The generated gateway can do a little more than API Gateway, as long as the file asks for it: check answers, keep clients on one
side of a canary, share state by Redis. On AWS the setting has no effect. The reference names the targets of each key.`,
  },
  "bad-token": {
    severity: "error",
    message: (p: { what: string; text: string }) => `"${p.text}" cannot be the name of a ${p.what}`,
    help: () => "letters, digits and - are safe; blanks, colons and quotes are not allowed",
    explain: `Names of headers and methods are tokens (RFC 9110, section 5.6.2): letters, digits and !#$%&'*+.^_\`|~-. Anything else would let
a name end early and smuggle a second header in.`,
  },
} as const satisfies Record<string, Rule>;

/** What makes resources fewer, by what is most of them. */
function waysOut([first]: readonly { readonly type: string }[]): string {
  if (first?.type === "AWS::Lambda::Permission") return "let one function serve several routes";
  if (first?.type.startsWith("AWS::ApiGatewayV2::"))
    return "tell messages apart in the handler of $default, or make the WebSocket API a gateway of its own";
  return "make two gateways of it, each a stack";
}
