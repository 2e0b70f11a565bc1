import type { Rule } from "./rule.js";

const didYouMean = (near: string | undefined, otherwise: string) => (near ? `did you mean "${near}"?` : otherwise);

/** What is wrong with authorizers, CORS, policies, plans and keys. */
export const accessRules = {
  "unknown-authorizer": {
    severity: "error",
    message: (p: { name: string }) => `no authorizer is named "${p.name}"`,
    help: (p: { near: string | undefined }) => didYouMean(p.near, 'declare it under "authorizers"'),
    explain: `"auth" names an entry of "authorizers", or "iam" (signed requests), or "none" (open to everybody). A route without
"auth" has that of the top of the file, so a route is open only where nothing is said at all, or "auth: none" is.`,
  },
  "reserved-authorizer": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" means something of its own and cannot name an authorizer`,
    help: () => "choose another name",
    explain: '"auth: iam" wants signed requests and "auth: none" nothing; both exist without being declared.',
  },
  "bad-authorizer-name": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" cannot name an authorizer`,
    help: () => "use letters, digits, - and _, at most 128",
    explain: `API Gateway takes letters, digits, - and _ in names of authorizers, and the name is a security scheme of OpenAPI too.`,
  },
  "scopes-not-here": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" has no scopes`,
    help: () => "scopes are those of a Cognito or JWT token; a Lambda authorizer decides by itself",
    explain:
      "API Gateway compares scopes of a method with those of an access token, for Cognito and JWT authorizers only.",
  },
  "authorizer-option": {
    severity: "error",
    message: (p: { option: string; only: string }) => `"${p.option}" works with ${p.only} only`,
    help: () => "leave it out",
    explain: `A validation pattern is compared with the token of a TOKEN authorizer. Simple answers ({ isAuthorized: true }) exist with
events of format 2.0 on HTTP APIs.`,
  },
  "bad-user-pool-arn": {
    severity: "error",
    message: (p: { arn: string }) => `"${p.arn}" is no ARN of a user pool`,
    help: () => "arn:aws:cognito-idp:<region>:<account>:userpool/<id>; a stage variable may stand for the id",
    explain: `A Cognito authorizer names its user pools by ARN. API Gateway takes a stage variable inside of it for the id of the pool only, so
region and account are the same in all stages.`,
  },
  "bad-issuer": {
    severity: "error",
    message: (p: { issuer: string }) => `"${p.issuer}" is no issuer`,
    help: () => "give the https:// address that the token has as iss",
    explain: `The keys come from the issuer's OpenID configuration, <issuer>/.well-known/openid-configuration, over HTTPS. "iss" of the
token must equal the issuer letter by letter.`,
  },
  "bad-issuer-endpoint": {
    severity: "error",
    message: (p: { endpoint: string }) => `keys cannot be fetched from "${p.endpoint}"`,
    help: () =>
      "give an https:// address, or http:// of this machine or of a host that is one word (http://keycloak:8080)",
    explain: `Whoever can change the keys on their way can sign any token. Without TLS they may therefore come from this machine only, or from a
neighbour in a container network, whose name has no dot.`,
  },
  "audience-missing": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" has no audience: no token could ever be right`,
    help: () => "add audience: [<client id>], the values of aud (or client_id) that tokens for this API have",
    explain: `A JWT authorizer compares aud of the token, or client_id where there is no aud, with its audiences; AWS wants at least one. Without
that check a token that the issuer made for another application would open this API.`,
  },
  "bad-token-pattern": {
    severity: "error",
    message: (p: { pattern: string; detail: string }) => `"${p.pattern}" cannot be run in linear time: ${p.detail}`,
    help: () => "leave out look-arounds and back references; let the function look at the token",
    explain: `Tokens come from anybody, so the pattern runs on an engine whose time grows with the token's length only. That engine has neither
look-arounds nor back references. The pattern has to match the whole token.`,
  },
  "bad-identity-source": {
    severity: "error",
    message: () => "a TOKEN authorizer reads one header",
    help: () => "identity: [$request.header.Authorization], or type: request",
    explain: "The token is the value of one header. REQUEST authorizers have any number of identity sources.",
  },
  "identity-missing": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" keeps decisions, but nothing tells callers apart`,
    help: () => "give identity:, or ttl: 0",
    explain: `The identity sources are the key under which a decision is kept. AWS refuses a REQUEST authorizer that caches without
any: the first caller's decision would be everybody's.`,
  },
  "cors-star-with-credentials": {
    severity: "error",
    message: () => "every origin (*) cannot be combined with credentials",
    help: () => "list the origins, methods and headers",
    explain: `With credentials browsers take "*" for a name (Fetch standard), so nothing would match; AWS refuses it. It would also let
every site act in a user's name.`,
  },
  "preflight-of-another-route": {
    severity: "warning",
    message: (p: { key: string; first: string; path: string }) =>
      `${p.first} answers the preflights of ${p.path}, and ${p.key} has other settings`,
    help: () => "give the routes of one path the same cors:, or write an OPTIONS route",
    explain: `A preflight (OPTIONS) is one request for a whole path, so one answer stands for all of its methods: that of the first route
with CORS. Settings of another route of the path reach its own answers, but browsers never get that far when the preflight refuses.`,
  },
  "protected-preflight": {
    severity: "warning",
    message: (p: { key: string; path: string }) => `on AWS, ${p.key} asks its authorizer for preflights too`,
    help: (p: { path: string }) => `add OPTIONS ${p.path} with auth: none, or name the methods instead of ANY`,
    explain: `A browser sends no token with a preflight (OPTIONS), which is one of the methods of ANY and $default: on an HTTP API of AWS the
authorizer refuses it, although CORS is configured. An OPTIONS route that everybody may call goes before them. The generated gateway
answers preflights by itself.`,
  },
  "bad-origin": {
    severity: "error",
    message: (p: { origin: string }) => `"${p.origin}" is no origin`,
    help: (p: { meant: string | undefined }) =>
      p.meant ? `did you mean ${p.meant}?` : 'scheme, host and port, such as https://shop.example.com, or "*"',
    explain: `An origin is what browsers send in Origin: lower case, without a path, slash or user, with the port only where it is
not the scheme's own (RFC 6454).`,
  },
  "bad-principal": {
    severity: "error",
    message: (p: { text: string }) => `"${p.text}" is neither an account number nor an ARN of IAM`,
    help: () => 'twelve digits in quotes, or "arn:aws:iam::<account>:role/<name>"',
    explain: "Accounts of a resource policy are principals; a number stands for everybody in that account.",
  },
  "bad-ip": {
    severity: "error",
    message: (p: { text: string }) => `"${p.text}" is no IP address or CIDR block`,
    help: () => "such as 192.0.2.0/24 or 2001:db8::/32",
    explain: `Addresses of a resource policy are compared with aws:SourceIp, the address that the connection comes from. A block is an address, a
slash and the number of leading bits that count.`,
  },
  "bad-policy": {
    severity: "error",
    message: (p: { problem: string }) => `this is no policy: ${p.problem}`,
    help: () => "see the IAM user guide, or use the shorthands: policy: { allow: { ips: […] }, deny: { … } }",
    explain: `A resource policy is written in IAM's language: Version, and statements with Effect, Principal, Action, Resource and Condition.
What is misspelt would never match, so that nobody, or everybody, would be let in.`,
  },
  "bad-waf-window": {
    severity: "error",
    message: (p: { seconds: number }) => `AWS WAF has no window of ${p.seconds} seconds`,
    help: () => "1m, 2m, 5m or 10m",
    explain:
      "A rate counts the requests of an address over a window that slides. AWS WAF has windows of 1, 2, 5 and 10 minutes.",
  },
  "waf-name-not-here": {
    severity: "error",
    message: (p: { place: string }) => `a pattern in the ${p.place} has no name`,
    help: () => "leave the name out, or write in: header",
    explain: "A pattern looks at the whole path or the whole query; a name says which header it looks at.",
  },
  "unproven-waf-pattern": {
    severity: "error",
    message: (p: { pattern: string }) => `it could not be shown that "${p.pattern}" is quick on every text`,
    help: () => "write it without nested repetitions, back references and look-arounds, or as several patterns",
    explain: `Everybody may send what a firewall pattern looks at, so one that a crafted text makes run for long would be an attack on the
gateway itself. Only patterns that are shown to be quick when you build are taken.`,
  },
  "policy-too-long": {
    severity: "error",
    message: (p: { length: number; most: number }) => `the policy has ${p.length} characters; AWS takes ${p.most}`,
    help: () => "join address blocks, or use AWS WAF for long lists",
    explain: `The limit holds for the JSON of the whole policy, with all that the shorthands become, and cannot be raised. Neighbouring addresses
fit into one block.`,
  },
  "private-without-policy": {
    severity: "error",
    message: () => "a private API needs a resource policy",
    help: () => "add policy: { allow: { vpcEndpoints: [vpce-…] } }",
    explain: "AWS does not deploy a private API without a resource policy, and without one nobody could call it.",
  },
  "unknown-plan": {
    severity: "error",
    message: (p: { name: string }) => `no plan is named "${p.name}"`,
    help: (p: { near: string | undefined }) => didYouMean(p.near, 'declare it under "plans"'),
    explain: `A key gets its limits, and its access to stages, from the plans that it is in. A plan that does not exist would leave it without
both: each of its requests would be 403 Forbidden.`,
  },
  "unknown-stage": {
    severity: "error",
    message: (p: { name: string }) => `no stage is named "${p.name}"`,
    help: (p: { near: string | undefined }) => didYouMean(p.near, 'declare it under "stages"'),
    explain: `Plans and base paths of domains name stages of this file. On AWS a name that leads nowhere fails when the API is deployed.`,
  },
  "unknown-route": {
    severity: "error",
    message: (p: { name: string }) => `there is no route "${p.name}"`,
    help: (p: { near: string | undefined }) => didYouMean(p.near, "write it as under routes"),
    explain:
      "A plan's throttle of a route, and a stage's settings of one, name it by method and path, as it stands under routes.",
  },
  "key-in-two-plans": {
    severity: "error",
    message: (p: { plan: string; other: string; stage: string }) =>
      `the key is in "${p.other}" already, which has the stage "${p.stage}" too`,
    help: () => "keep one of the plans, or give them different stages",
    explain: `A key can be in several plans, but in one of each stage, or it would not be known whose limits hold: AWS refuses a second.
A plan without \`stages\` is for all of them.`,
  },
  "bad-key-length": {
    severity: "error",
    message: (p: { length: number }) => `a key of ${p.length} characters: AWS wants 20 to 128`,
    help: () => "leave value out and AWS makes one, or read it with ${env.NAME}",
    explain: `AWS: API Key value should be at least 20 characters, and API Key value exceeds maximum size of 128 characters. A short key could be
guessed; without a value AWS makes a good one.`,
  },
  "key-in-file": {
    severity: "warning",
    message: () => "this key is a secret, and everybody who reads the file has it",
    help: () => "read it from the environment: ${env.NAME}",
    explain:
      "gateway.yaml is committed to git. A value of the environment is read when the gateway starts and is in no output.",
  },
  "bad-redis-url": {
    severity: "error",
    message: (p: { url: string }) => `"${p.url}" is no address of a Redis`,
    help: () => "write redis://HOST:PORT, rediss:// with TLS, or ${env.NAME}",
    explain: `The address is a URL: redis://localhost:6379, rediss://user:password@redis.example.com:6380/0. Read from the
environment, it is in no output.`,
  },
  "api-key-without-plan": {
    severity: "warning",
    message: () => "an API key is required, but no plan lets any key in: nobody can call it",
    help: () => "add plans and keys",
    explain: "A key opens a stage only through a usage plan that has the stage; all else is 403 Forbidden.",
  },
  "throttle-over-quota": {
    severity: "warning",
    message: (p: { value: number; rate: number; burst: number }) =>
      `${p.value} is more than an account may have: ${p.rate} requests a second, ${p.burst} at once`,
    help: () => "ask AWS to raise the quota, or lower it",
    explain:
      "AWS throttles an account in each region. A higher limit here has no effect there until the quota is raised.",
  },
} as const satisfies Record<string, Rule>;
