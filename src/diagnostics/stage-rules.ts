import type { Rule } from "./rule.js";

const didYouMean = (near: string | undefined, otherwise: string) => (near ? `did you mean "${near}"?` : otherwise);

const noCdn = {
  private: ["CloudFront does not reach a private endpoint", "write endpoint: regional, or leave cdn out"],
  closed: [
    "CloudFront calls the API's own endpoint, which disableExecuteApiEndpoint closes",
    "leave disableExecuteApiEndpoint out, or cdn",
  ],
  mutualTls: ["clients' certificates do not reach API Gateway behind a CDN", "leave mutual TLS out, or cdn"],
  empty: ["no base path leads to a stage, so the CDN has nothing to stand in front of", 'such as paths: { "": prod }'],
} as const;

/** What is wrong with stages, their variables, caches and logs, with domains, and with gateway responses. */
export const stageRules = {
  "bad-stage-name": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" cannot name a stage`,
    help: () => "use letters, digits, - and _, at most 128",
    explain: "The stage's name is the first segment of its URLs; API Gateway takes these characters only.",
  },
  "undefined-stage-variable": {
    severity: "error",
    message: (p: { name: string }) => `no stage has a variable "${p.name}"`,
    help: (p: { name: string; near: string | undefined; hasStages: boolean }) =>
      didYouMean(
        p.near,
        p.hasStages
          ? `add "${p.name}" to the variables of each stage`
          : `define it: stages: { dev: { variables: { ${p.name}: … } } }`,
      ),
    explain: `On AWS an unknown stage variable is the empty text: an address made of it is a 500, a function's alias the wrong one.
So each stage must define each variable that the file uses.`,
  },
  "stage-lacks-variable": {
    severity: "error",
    message: (p: { stage: string; name: string }) => `the stage "${p.stage}" lacks the variable "${p.name}"`,
    help: (p: { name: string; near: string | undefined }) => didYouMean(p.near, `add ${p.name}: to its variables`),
    explain: `Other stages have the variable and the file uses it. On AWS it would be the empty text in this stage, and requests that
need it would fail there only. A variable of a canary does not count: the rest of the traffic lacks it.`,
  },
  "unused-stage-variable": {
    severity: "warning",
    message: (p: { name: string }) => `nothing reads the stage variable "${p.name}"`,
    help: () => "leave it out, or read it with ${stageVariables.…}",
    explain:
      "A variable that nothing reads is often a misspelt one. Functions see all of them, so with functions this is not reported.",
  },
  "bad-stage-variable": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" cannot name a stage variable`,
    help: () => "use letters, digits and _, at most 64",
    explain: "API Gateway takes these characters only, and templates read the variable by $stageVariables.name.",
  },
  "bad-stage-variable-value": {
    severity: "error",
    message: (p: { name: string; character: string | undefined; length: number }) =>
      p.character !== undefined
        ? `API Gateway does not take ${JSON.stringify(p.character)} in the value of "${p.name}"`
        : p.length === 0
          ? `the value of "${p.name}" is empty`
          : `the value of "${p.name}" has ${p.length} characters; API Gateway takes 512`,
    help: () => "letters, digits and -._~:/?#&=, are allowed; a secret belongs into the function's environment",
    explain:
      "Values of stage variables match [A-Za-z0-9-._~:/?#&=,]+ and have at most 512 characters. They are no place for secrets.",
  },
  "bad-cache-size": {
    severity: "error",
    message: (p: { size: number }) => `there is no cache of ${p.size} GB`,
    help: (p: { sizes: readonly number[] }) => `sizes are ${p.sizes.join(", ")}`,
    explain: "API Gateway's caches come in fixed sizes, billed by the hour. A change of the size empties the cache.",
  },
  "cache-without-stage": {
    severity: "warning",
    message: () => "the route asks for a cache, but no stage has one",
    help: () => "add cache: { size: 0.5 } to a stage",
    explain: `The cache belongs to a stage; a route says only whether and by which keys it uses it. Without a stage's cache every request goes to
the backend.`,
  },
  "stage-keeps-nothing": {
    severity: "error",
    message: (p: { stage: string }) => `the stage "${p.stage}" has no cache`,
    help: () => "give it one, such as cache: { size: 0.5 }, or leave this out",
    explain:
      "A stage keeps answers of a route in its cache; what has none keeps nothing, whatever it says of single routes.",
  },
  "route-keeps-nothing": {
    severity: "error",
    message: (p: { route: string }) => `${p.route} has no cache that the stage could use`,
    help: () => "say cache: true at the route, and cache: false on the stages that keep nothing of it",
    explain: `By which parameters answers are kept is said at the route. A GET has a cache where a stage has one; of other methods the route says
so. A stage may leave it unused, or keep answers for another time.`,
  },
  "cache-without-identity": {
    severity: "error",
    message: (p: { name: string }) => `the cache could not tell callers of "${p.name}" apart`,
    help: () => "say shared: true if all callers get the same answer, or give the authorizer a header as identity",
    explain: `A cached answer is made for one caller, and AWS gives it to the next. So a cached route with an authorizer has the caller's
identity in its key, and keys are parameters of the request. The identity sources of this authorizer are none.`,
  },
  "cache-ignores-body": {
    severity: "warning",
    message: () => "the body is no part of a cache's key",
    help: () => "leave the cache out, or be sure that the parameters alone decide the answer",
    explain: `API Gateway keeps answers by method, path and declared parameters. Two requests that differ in nothing but their body share one
answer, so a cached route that takes a body gives its second caller what the first one asked for.`,
  },
  "unknown-cache-key": {
    severity: "error",
    message: (p: { name: string }) => `the route declares no parameter "${p.name}"`,
    help: (p: { near: string | undefined }) => didYouMean(p.near, "declare it under params, query or headers"),
    explain:
      "Keys of a cache are declared parameters of the route. Two requests that differ in others share one answer.",
  },
  "log-without-id": {
    severity: "error",
    message: () => "the format of an access log must hold $context.requestId or $context.extendedRequestId",
    help: () => "add one of them, or use json, clf, xml or csv",
    explain: `AWS refuses a format by which the line of one request cannot be found. The id is also in the answer's x-amzn-RequestId, so the two
can be brought together.`,
  },
  "log-too-long": {
    severity: "error",
    message: (p: { length: number; most: number; where: "HTTP" | "WebSocket" }) =>
      `the format has ${p.length} bytes; ${p.where} APIs take ${p.most}`,
    explain: `The format of an access log of an HTTP or WebSocket API has at most 3 KB. REST APIs have no such limit; a file with both gives one
format to the stages of both.`,
  },
  "bad-sticky-key": {
    severity: "error",
    message: (p: { expression: string }) => `a canary cannot be chosen by ${p.expression}`,
    help: () => "use a header, a query parameter or $context.identity.sourceIp",
    explain: `Whether a request goes to the canary is decided before its route is known and its caller is authenticated: only what stands in
the request itself can keep a client on one side.`,
  },
  "bad-canary-header": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" cannot name a header`,
    help: () => "such as X-Canary; a request then says X-Canary: always or X-Canary: never",
    explain: "The key names the header by which a request may choose its side of a canary release.",
  },
  "bad-domain": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" is no domain name`,
    help: () => "such as api.example.com; other letters in their xn-- form",
    explain: `A custom domain is a full host name, without scheme, port and path; \`*.\` at its beginning stands for one label. Letters outside of
ASCII are written in their xn-- form.`,
  },
  "domain-twice": {
    severity: "error",
    message: (p: { name: string }) => `the domain "${p.name}" is there twice`,
    help: () => "put all base paths under one of them; capital letters make no other domain",
    explain: "Names of domains are the same in capital and small letters. A base path leads to one stage.",
  },
  "bad-base-path": {
    severity: "error",
    message: (p: { path: string; isTwice: boolean }) =>
      p.isTwice ? `the base path "${p.path}" is there twice` : `"${p.path}" cannot be a base path`,
    help: () => 'letters, digits and $-_.+!*\'(), segments with one slash between them; "/" is the root',
    explain:
      "A base path leads to one stage; the longest that fits a request wins. Slashes around it make no difference.",
  },
  "mutual-tls-on-edge": {
    severity: "error",
    message: () => "mutual TLS needs a regional endpoint",
    help: () => "write endpoint: regional",
    explain:
      "API Gateway asks clients for certificates on regional custom domains only; an edge endpoint ends TLS at the CDN.",
  },
  "default-endpoint-open": {
    severity: "warning",
    message: (p: { name: string }) => `"${p.name}" asks clients for certificates, but the API's own endpoint does not`,
    help: () => "write disableExecuteApiEndpoint: true at the top of the file",
    explain: `Mutual TLS is asked for on the custom domain alone. Whoever knows the API's own address gets past it, on AWS and here, until that
endpoint is switched off.`,
  },
  "multi-level-base-path": {
    severity: "error",
    message: (p: { path: string; isOld: boolean }) =>
      `the base path "${p.path}" has several segments, which ${p.isOld ? "TLS_1_0 does not allow" : "edge endpoints do not have"}`,
    help: (p: { isOld: boolean }) =>
      p.isOld ? "write securityPolicy: TLS_1_2" : "write endpoint: regional, or use one segment",
    explain: "API Gateway has base paths of several segments on regional custom domains with TLS 1.2 only.",
  },
  "cdn-not-possible": {
    severity: "error",
    message: (p: { why: keyof typeof noCdn }) => noCdn[p.why][0],
    help: (p: { why: keyof typeof noCdn }) => noCdn[p.why][1],
    explain: `cdn: true puts a CloudFront distribution in front of the stages' own addresses. It ends TLS, so that clients' certificates do not
reach API Gateway, and it calls the API from the internet.`,
  },
  "cdn-base-path": {
    severity: "error",
    message: (p: { path: string }) => `CloudFront's path patterns cannot hold the base path "${p.path}"`,
    help: () => "letters, digits and _-.$~'@:+/",
    explain: "Base paths of a domain behind a CDN are path patterns of its behaviours, which allow fewer characters.",
  },
  "cdn-certificate": {
    severity: "error",
    message: (p: { arn: string }) => `CloudFront does not take the certificate "${p.arn}"`,
    help: () => "arn:aws:acm:us-east-1:<account>:certificate/<id>",
    explain: "CloudFront reads certificates of AWS Certificate Manager in us-east-1 only, wherever the API is.",
  },
  "edge-beside-cdn": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" needs an edge endpoint, which the API does not have behind a CDN`,
    help: () => "give it cdn: true too, or write endpoint: regional",
    explain: `An edge endpoint stands behind a distribution of AWS's. With cdn: true the distribution is your own and the API is regional, for
all its domains.`,
  },
  "cdn-hides-callers": {
    severity: "warning",
    message: () => "behind the CDN, the policy sees CloudFront's addresses and not the callers'",
    help: () => "use waf: allow, block; its rules stand in front of the CDN too",
    explain: `A resource policy is asked by API Gateway, whose caller is CloudFront. The same holds for $context.identity.sourceIp; the caller's
address is in X-Forwarded-For.`,
  },
  "cdn-signed-requests": {
    severity: "warning",
    message: () => "requests that are signed for this domain do not verify behind the CDN",
    help: () => "sign for the stage's own address, or leave cdn out",
    explain: `API Gateway finds the API by the Host field, so CloudFront does not pass the domain's name on; but the host and the path are part of
what a signature (auth: iam) covers.`,
  },
  "cdn-firewall": {
    severity: "info",
    message: () => "the firewall stands in front of the CDN as well: a web ACL of scope CLOUDFRONT",
    help: () => "deploy in us-east-1, or give the template CdnWebAclArn; the rate is counted at the CDN only",
    explain: `AWS makes web ACLs of CloudFront in us-east-1 only; a stack elsewhere is given one by its parameter CdnWebAclArn and fails
without it. Whoever calls the API's own address meets all rules but the rate, which there would count CloudFront itself.`,
  },
  "cdn-behaviours": {
    severity: "warning",
    message: (p: { behaviours: number; policies: number }) =>
      `the distribution has ${p.behaviours} behaviours and ${p.policies} cache policies; CloudFront's quotas are 75 and 20`,
    help: () => "write cache: false on routes that need no CDN, or ask AWS for more",
    explain: `Each cached path is a behaviour, and so is each path that its pattern would take along. Routes with equal cache keys and ttl share
a cache policy.`,
  },
  "bad-certificate-arn": {
    severity: "error",
    message: (p: { arn: string }) => `"${p.arn}" is no ARN of a certificate`,
    help: () => "arn:aws:acm:<region>:<account>:certificate/<id>",
    explain: "A custom domain on AWS has a certificate of AWS Certificate Manager, for edge endpoints in us-east-1.",
  },
  "bad-truststore": {
    severity: "error",
    message: (p: { uri: string }) => `"${p.uri}" is no address in S3`,
    help: () => "s3://<bucket>/<key>.pem",
    explain: "API Gateway reads the certificates of clients' authorities (mutual TLS) from an object in S3.",
  },
  "unknown-error-type": {
    severity: "error",
    message: (p: { name: string }) => `there is no gateway response "${p.name}"`,
    help: (p: { near: string | undefined }) =>
      didYouMean(p.near, "DEFAULT_4XX and DEFAULT_5XX stand for all the others"),
    explain: `Entries of "errors" are API Gateway's types of gateway responses, such as UNAUTHORIZED, THROTTLED, BAD_REQUEST_BODY,
MISSING_AUTHENTICATION_TOKEN (no such route), DEFAULT_4XX and DEFAULT_5XX.`,
  },
  "gateway-response-not-vtl": {
    severity: "warning",
    message: (p: { directive: string }) => `"${p.directive}" is sent as it is: gateway responses are no VTL`,
    help: () => "only $context, $stageVariables and $method.request references are replaced",
    explain: `Templates of gateway responses are plain substitution: $context, $stageVariables and $method.request references are replaced, and
directives, $input and $util are sent to the client as they stand.`,
  },
} as const satisfies Record<string, Rule>;
