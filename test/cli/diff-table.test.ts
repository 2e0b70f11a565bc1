import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gateway, project } from "./support.js";

/** Route, models and the rest of a file. */
interface Parts {
  readonly route?: string;
  readonly models?: string;
  readonly more?: string;
}

function file({ route = "GET /a: { mock: {} }", models, more = "" }: Parts): string {
  return `gateway: shop\nversion: 1.0.0\n${more}\n${models ? `models: |\n  ${models}\n` : ""}routes:\n  ${route}\n`;
}

const takes = (type: string, models?: string): Parts => ({
  route: `POST /a: { lambda: f, body: "${type}" }`,
  ...(models && { models }),
});
const gives = (type: string, models?: string): Parts => ({
  route: `GET /a: { lambda: f, responses: { 200: "${type}" } }`,
  ...(models && { models }),
});
const stages = "stages: { dev: {}, prod: {} }";
const domain = (paths: string): Parts => ({ more: `${stages}\ndomains: { api.example.com: { paths: ${paths} } }` });
const lambda = (settings: string): Parts => ({
  more: `authorizers: { partners: { lambda: who, ${settings} } }`,
  route: "GET /a: { lambda: f, auth: partners }",
});
const live = (routes: string, events = "Moved: string", more = ""): Parts => ({
  more: `${stages}\nwebsocket: { select: $request.body.action, ${more} routes: { ${routes} }, events: { ${events} } }`,
});
const list = (more: string): Parts => ({
  route: `GET /a: { lambda: f, query: { cursor?: string }, responses: { 200: "{ items: string[]; cursor?: string }" }${more} }`,
});
const keyed = (source: string): Parts => ({
  more: `${source}\nplans: { all: { throttle: { rate: 1, burst: 1 } } }\nkeys: { one: { plan: all } }`,
  route: "GET /a: { lambda: f, apiKey: true }",
});
const across = (cors: string, own = ""): Parts => ({
  more: `cors: { ${cors} }`,
  route: `GET /a: { lambda: f${own} }\n  PUT /b: { lambda: g }`,
});
const plans = (written: string, more = ""): Parts => ({
  more: `plans: { ${written} }\n${more}`,
  route: "GET /a: { mock: {}, apiKey: true }",
});
const throttled = (throttle: string) => `stages: { prod: { throttle: { ${throttle} } } }`;
const pay = "interface Card { kind: 'card'; last4: string } interface Bill { kind: 'bill'; days: integer }";

const table: readonly (readonly [string, Parts, Parts, readonly string[]])[] = [
  ["a body of less", takes("string | number"), takes("string"), ["breaking POST /a, body: takes less than before"]],
  ["a body of more", takes("string"), takes("string | number"), ["compatible POST /a, body: takes more than before"]],
  [
    "an answer of less",
    gives("string | number"),
    gives("string"),
    ["compatible GET /a, 200 body: is narrower than before"],
  ],
  [
    "an answer of more",
    gives("string"),
    gives("string | number"),
    ["breaking GET /a, 200 body: may be more than before"],
  ],
  [
    "a body with a format",
    takes("{ a: string }"),
    takes("{ a: uuid }"),
    ["breaking POST /a, body.a: has the format uuid now"],
  ],
  [
    "a body of any text",
    takes("{ a: uuid }"),
    takes("{ a: string }"),
    ["compatible POST /a, body.a: has no format any more (was uuid)"],
  ],
  ["an answer with a format", gives("string"), gives("uuid"), ["compatible GET /a, 200 body: has the format uuid now"]],
  [
    "an answer with another format",
    gives("date"),
    gives("datetime"),
    ["breaking GET /a, 200 body: has the format date-time now (was date)"],
  ],
  [
    "an answer of whole numbers no more",
    gives("integer"),
    gives("number"),
    ["breaking GET /a, 200 body: may be more than before"],
  ],
  [
    "a map of other values",
    gives("Record<string, integer>"),
    gives("Record<string, string>"),
    ["breaking GET /a, 200 body.*: is another type than before"],
  ],
  ["a body that takes a word more", takes("'x'"), takes("'x' | 'y'"), ['compatible POST /a, body: may also be "y"']],
  ["an answer that has a word more", gives("'x'"), gives("'x' | 'y'"), ['breaking GET /a, 200 body: may also be "y"']],
  [
    "an answer that has a word less",
    gives("'x' | 'y'"),
    gives("'x'"),
    ['compatible GET /a, 200 body: is no longer "y"'],
  ],
  [
    "a required member of a body",
    takes("{ a?: string }"),
    takes("{ a: string }"),
    ["breaking POST /a, body.a: is required now"],
  ],
  [
    "a required member of an answer",
    gives("{ a?: string }"),
    gives("{ a: string }"),
    ["compatible GET /a, 200 body.a: is required now"],
  ],
  [
    "a member of a union that changed",
    gives("Card | Bill", pay),
    gives("Card | Bill", pay.replace("days: integer", "days: string")),
    ["breaking model Bill, days: is another type than before"],
  ],
  [
    "one more of a union in answers",
    gives("Card", pay),
    gives("Card | Bill", pay),
    ["breaking GET /a, 200 body: may be more than before"],
  ],
  [
    "one less of a union in answers",
    gives("Card | Bill | string", pay),
    gives("Card | Bill", pay),
    ["compatible GET /a, 200 body: is narrower than before"],
  ],
  [
    "one less of a union in bodies",
    takes("Card | Bill | string", pay),
    takes("Card | Bill", pay),
    ["breaking POST /a, body: takes less than before"],
  ],
  [
    "constraints inside of a union",
    takes("Card | Bill", pay),
    takes("Card | Bill", pay.replace("last4", "/** @maxLength 4 */ last4")),
    ["breaking model Card, last4: has maxLength 4 now"],
  ],
  ["a route that is gone", { route: "GET /a: { mock: {} }\n  GET /b: { mock: {} }" }, {}, ["breaking GET /b: is gone"]],
  ["a stage that is gone", { more: stages }, { more: "stages: { dev: {} }" }, ["breaking api, stage prod: is gone"]],
  [
    "a base path that is gone",
    domain("{ v1: prod, v2: dev }"),
    domain("{ v1: prod }"),
    ["breaking api, address api.example.com/v2: is gone"],
  ],
  [
    "a base path that is new",
    domain("{ v1: prod }"),
    domain("{ v1: prod, v2: dev }"),
    ["compatible api, address api.example.com/v2: is new"],
  ],
  [
    "a base path of another stage",
    domain("{ v1: prod, v2: dev }"),
    domain("{ v1: prod, v2: prod }"),
    ["breaking api, address api.example.com/v2: leads to the stage prod now (was dev)"],
  ],
  ["IAM", {}, { route: "GET /a: { mock: {}, auth: iam }" }, ["breaking GET /a: is called with iam now (was none)"]],
  [
    "IAM no more",
    { route: "GET /a: { mock: {}, auth: iam }" },
    {},
    ["compatible GET /a: is called with none now (was iam)"],
  ],
  [
    "a token elsewhere",
    lambda("identity: $request.header.X-A"),
    lambda("identity: $request.header.X-B"),
    ["breaking GET /a: looks for its credentials in header x-b now"],
  ],
  [
    "the same header in other letters",
    lambda("identity: $request.header.X-A"),
    lambda("identity: $request.header.x-a"),
    [],
  ],
  [
    "an API key that the authorizer brings no more",
    keyed("apiKeySource: authorizer\nauthorizers: { who: { lambda: w } }"),
    keyed("authorizers: { who: { lambda: w } }"),
    ["breaking GET /a: requires an API key now"],
  ],
  [
    "pages no more",
    list(", paginate: cursor"),
    list(""),
    ["breaking GET /a: can no longer be gone through by pages in SDKs"],
  ],
  ["pages", list(""), list(", paginate: cursor"), ["compatible GET /a: can be gone through by pages in SDKs now"]],
  [
    "a message of more",
    live("join: { lambda: f, body: \"{ action: 'join'; a?: string }\" }"),
    live("join: { lambda: f, body: \"{ action: 'join'; a: string }\" }"),
    ["breaking WebSocket join, a: is required now"],
  ],
  [
    "a message that is gone",
    live("join: { lambda: f }, quit: { lambda: g }"),
    live("join: { lambda: f }"),
    ["breaking WebSocket quit: is gone"],
  ],
  [
    "an event of another type",
    live("join: { lambda: f }"),
    live("join: { lambda: f }", "Moved: integer"),
    ["breaking WebSocket event Moved: is another type than before"],
  ],
  [
    "a reply of less",
    live("join: { lambda: f, reply: '{ a: string }' }"),
    live("join: { lambda: f, reply: '{ b?: string }' }"),
    ["breaking WebSocket join, reply.a: is no longer answered", "compatible WebSocket join, reply.b: is new"],
  ],
  [
    "WebSocket at another address",
    live("join: { lambda: f }", undefined, "domain: { name: a.example.com, paths: { '': dev } },"),
    live("join: { lambda: f }", undefined, "domain: { name: b.example.com, paths: { '': dev } },"),
    ["breaking WebSocket, address a.example.com: is gone", "compatible WebSocket, address b.example.com: is new"],
  ],
  [
    "CORS of all routes, told once",
    across("origins: [https://a.example, https://b.example], exposeHeaders: [X-Total]"),
    across("origins: [https://a.example]"),
    [
      "breaking api: no longer lets other origins call it: pages of https://b.example",
      "breaking api: no longer lets other origins read headers: x-total",
    ],
  ],
  [
    "CORS of one route, told of it",
    across("origins: [https://a.example]"),
    across("origins: [https://a.example]", ", cors: false"),
    ["breaking GET /a: can no longer be called by pages of other origins"],
  ],
  [
    "CORS for everybody",
    across("origins: [https://a.example]"),
    across("origins: ['*']"),
    ["compatible api: lets other origins call it: pages of *"],
  ],
  [
    "CORS for one in place of everybody, without its cookies",
    across("origins: [https://a.example], credentials: true"),
    across("origins: [https://a.example]"),
    ["breaking api: no longer takes cookies and credentials of other origins"],
  ],
  [
    "CORS with fewer headers, and a method that a preflight has to name",
    across("origins: ['*'], headers: [X-A, Authorization], methods: [GET, PUT]"),
    across("origins: ['*'], headers: ['*'], methods: [GET]"),
    [
      "breaking api: no longer lets other origins send headers: authorization",
      "breaking PUT /b: no longer lets other origins use PUT",
      "compatible api: lets other origins send headers: *",
    ],
  ],
  [
    "choices of SDKs that change types, and a package of another name",
    {
      more: "sdk: { typescript: { name: a, enums: open, apigClient: true }, python: { name: p, models: typed-dict }, go: example.com/a }",
    },
    {
      more: "sdk: { typescript: { name: b, int64: bigint }, python: { name: p, models: dataclass }, java: com.example.a }",
    },
    [
      "breaking SDK for TypeScript: is imported as b now (was a)",
      "breaking SDK for TypeScript, int64: is bigint now (was number)",
      "breaking SDK for TypeScript, apigClient: is gone now (was there)",
      "breaking SDK for Python, models: is dataclass now (was typed-dict)",
      "breaking SDK for Go: is no longer made",
      "compatible SDK for TypeScript, enums: is closed now (was open)",
      "compatible SDK for Java: is new",
    ],
  ],
  [
    "a model of another name",
    gives("Order", "interface Order { id: string; next?: Order }"),
    gives("Purchase", "interface Purchase { id: string; next?: Purchase }"),
    ["breaking model Purchase: is called Purchase in SDKs now (was Order)"],
  ],
  [
    "a model of another name that changed as well: its members are told as one model's",
    gives("Order[]", "interface Order { id: string; total: number; note: string }"),
    gives("Purchase[]", "interface Purchase { id: string; total: string; note: string }"),
    [
      "breaking model Purchase, total: is another type than before",
      "breaking model Purchase: is called Purchase in SDKs now (was Order)",
    ],
  ],
  [
    "a member of a union of another name, and a model that nothing uses",
    gives("Card | Bill", `${pay} interface Spare { seat: 1 }`),
    gives("Card | Invoice", `${pay.replace("Bill", "Invoice")} interface Wheel { seat: 1 }`),
    [
      "breaking model Invoice: is called Invoice in SDKs now (was Bill)",
      "breaking model Wheel: is called Wheel in SDKs now (was Spare)",
    ],
  ],
  [
    "two models of the same type that nothing tells apart are gone and new",
    { models: "interface A { x: 1 } interface B { x: 1 }" },
    { models: "interface C { x: 1 } interface D { x: 1 }" },
    ["breaking model A: is no type of SDKs any more", "breaking model B: is no type of SDKs any more"],
  ],
  [
    "a model that is written out where it is used",
    gives("Order", "interface Order { id: string }"),
    gives("{ id: string }"),
    ["breaking model Order: is no type of SDKs any more"],
  ],
  [
    "another success, which calls return, too",
    gives("string"),
    { route: "GET /a: { lambda: f, responses: { 200: string, 202: integer } }" },
    ["breaking GET /a, 202: may be answered now, and calls of SDKs return it, too"],
  ],
  [
    "another success with the same body",
    gives("string"),
    { route: "GET /a: { lambda: f, responses: { 200: string, 201: string } }" },
    ["compatible GET /a, 201: may be answered now"],
  ],
  [
    "headers of answers",
    { route: "GET /a: { lambda: f, responses: { 200: { body: string, headers: { X-A: string, X-B: integer } } } }" },
    { route: "GET /a: { lambda: f, responses: { 200: { body: string, headers: { x-b: string, X-C: string } } } }" },
    [
      "breaking GET /a, 200 X-A: is no longer answered",
      "breaking GET /a, 200 X-B: is another type than before",
      "compatible GET /a, 200 X-C: is new",
    ],
  ],
  [
    "a message that is checked no more",
    live("join: { lambda: f, body: \"{ action: 'join' }\" }"),
    live("join: { lambda: f }"),
    ["compatible WebSocket join: takes any message now"],
  ],
  [
    "a plan of less, of more, and one that is gone",
    plans(
      "small: { throttle: { rate: 10, burst: 20 }, quota: { limit: 100, period: day } }, big: { quota: { limit: 9, period: day } }",
    ),
    plans(
      "small: { throttle: { rate: 5, burst: 40 }, quota: { limit: 3100, period: month } }, new: { quota: { limit: 9, period: day } }",
    ),
    [
      "breaking plan small: takes 5 requests a second, bursts of 40 now (was 10 requests a second, bursts of 20)",
      "breaking plan big: is gone, and its keys with it",
      "compatible plan small: has 3100 requests a month now (was 100 requests a day)",
      "compatible plan new: is new",
    ],
  ],
  [
    "as much in a month, less in a day",
    plans("all: { quota: { limit: 3100, period: month } }"),
    plans("all: { quota: { limit: 100, period: day } }"),
    ["breaking plan all: has 100 requests a day now (was 3100 requests a month)"],
  ],
  [
    "a quota no more, and one where there was none",
    plans("a: { quota: { limit: 1, period: day } }, b: { throttle: { rate: 1, burst: 1 } }"),
    plans(
      "a: { throttle: { rate: 1, burst: 1 } }, b: { throttle: { rate: 1, burst: 1 }, quota: { limit: 1, period: week } }",
    ),
    [
      "breaking plan a: takes 1 request a second, bursts of 1 now (had no limit)",
      "breaking plan b: has 1 request a week now (was no quota)",
      "compatible plan a: has no quota now (was 1 request a day)",
    ],
  ],
  [
    "a plan for fewer stages; stages that are new or gone are told once",
    plans(
      "all: { stages: [dev, prod], quota: { limit: 1, period: day } }, every: { quota: { limit: 1, period: day } }",
      "stages: { dev: {}, prod: {} }",
    ),
    plans(
      "all: { stages: [prod], quota: { limit: 1, period: day } }, every: { quota: { limit: 1, period: day } }",
      "stages: { dev: {}, prod: {}, test: {} }",
    ),
    ["breaking plan all: its keys no longer open the stage dev", "compatible api, stage test: is new"],
  ],
  [
    "throttles of a stage, of a route in it, and of a route that is gone",
    {
      more: throttled("rate: 100, burst: 10"),
      route: "GET /a: { mock: {} }\n  GET /b: { mock: {}, throttle: { rate: 9, burst: 9 } }",
    },
    { more: throttled("rate: 50, burst: 10"), route: "GET /a: { mock: {}, throttle: { rate: 200, burst: 10 } }" },
    [
      "breaking GET /b: is gone",
      "breaking stage prod: takes 50 requests a second, bursts of 10 now (was 100 requests a second, bursts of 10)",
      "compatible stage prod, GET /a: takes 200 requests a second, bursts of 10 now (was 100 requests a second, bursts of 10)",
    ],
  ],
  [
    "a throttle no more",
    { more: throttled("rate: 100, burst: 10") },
    { more: "stages: { prod: {} }" },
    ["compatible stage prod: has no limit of its own any more (was 100 requests a second, bursts of 10)"],
  ],
  [
    "the gateway's own answers have another status",
    {},
    { more: "errors: { THROTTLED: { status: 503 } }" },
    ["breaking api, answer THROTTLED: has the status 503 now (was API Gateway's own)"],
  ],
  [
    "only at custom domains, with certificates and newer TLS",
    { more: `${stages}\ndomains: { api.example.com: { paths: { v1: prod } } }` },
    {
      more: `${stages}\ndisableExecuteApiEndpoint: true\ndomains: { api.example.com: { securityPolicy: TLS_1_3, tls: { certificate: a, key: b, clientCa: c }, paths: { v1: prod } } }`,
    },
    [
      "breaking api, address api.example.com/v1: wants certificates of its clients now",
      "breaking api, address api.example.com/v1: speaks TLS 1.3 and above now (was TLS 1.2)",
      "breaking api: can be called at its custom domains only",
    ],
  ],
  [
    "types of parameters that are checked",
    { route: "GET /a: { lambda: f, query: { n?: integer }, validate: true }" },
    { route: "GET /a: { lambda: f, query: { n?: integer }, validate: strict }" },
    ["breaking GET /a: checks the types of its parameters now"],
  ],
  [
    "checks of the body beside those of parameters",
    { route: "POST /a: { lambda: f, body: '{ a: string }', query: { q: string }, validate: parameters }" },
    { route: "POST /a: { lambda: f, body: '{ a: string }', query: { q: string }, validate: true }" },
    ["breaking POST /a: checks its body now"],
  ],
  [
    "checks no more",
    { route: "POST /a: { lambda: f, body: '{ a: string }' }" },
    { route: "POST /a: { lambda: f, body: '{ a: string }', validate: false }" },
    ["compatible POST /a: checks its body no more"],
  ],
  [
    "a shorter wait for all, told once",
    { more: "timeout: 20s", route: "GET /a: { lambda: f }\n  GET /b: { lambda: f }" },
    { more: "timeout: 5s", route: "GET /a: { lambda: f }\n  GET /b: { lambda: f }" },
    ["breaking api: waits 5000 ms for its backend now (was 20000 ms)"],
  ],
  [
    "an address more in the policy, and one less",
    { more: "policy: { allow: { ips: [192.0.2.0/24, 198.51.100.7] } }" },
    { more: "policy: { allow: { ips: [192.0.2.0/23, 198.51.100.7, 203.0.113.1] } }" },
    [
      "compatible api, resource policy: allows everybody; IpAddress aws:sourceip 192.0.2.0/23, 198.51.100.7, 203.0.113.1 now",
    ],
  ],
  [
    "a policy that denies more",
    { more: "policy: { deny: { ips: [192.0.2.0/24] } }" },
    { more: "policy: { deny: { ips: [192.0.2.0/24, 203.0.113.1] } }" },
    ["breaking api, resource policy: denies everybody; IpAddress aws:sourceip 192.0.2.0/24, 203.0.113.1 now"],
  ],
  [
    "a policy where there was none, and none any more",
    {},
    { more: "policy: { allow: { ips: [192.0.2.0/24] } }" },
    ["breaking api, resource policy: is new: Allow everybody; IpAddress aws:sourceip 192.0.2.0/24"],
  ],
  [
    "no policy any more",
    { more: "policy: { allow: { ips: [192.0.2.0/24] } }" },
    {},
    ["compatible api, resource policy: is gone, and everybody may call"],
  ],
  [
    "a firewall of other rules",
    { more: "waf: { block: { ips: [192.0.2.0/24] }, rate: { limit: 100, window: 1m }, size: { query: 100 } }" },
    {
      more: "waf: { block: { ips: [192.0.2.8, 203.0.113.1] }, rate: { limit: 100, window: 5m }, size: { query: 200, body: 10 }, patterns: [{ in: query, match: select }] }",
    },
    [
      "breaking api, firewall: refuses 203.0.113.1 now",
      "breaking api, firewall: takes 100 requests in 300 s of one address now (was 100 requests in 60 s)",
      "breaking api, firewall: takes at most 10 bytes of body now (was a body of any size)",
      "breaking api, firewall: refuses /select/ in the query now",
      "compatible api, firewall: refuses 192.0.2.0/24 no more",
      "compatible api, firewall: takes at most 200 bytes of query now (was at most 100 bytes of query)",
    ],
  ],
  [
    "bodies of the gateway's own answers",
    { more: `errors: { DEFAULT_4XX: { template: '{"code":"E1","say":"No good","id":"$context.requestId"}' } }` },
    { more: `errors: { DEFAULT_4XX: { template: '{"code":"E2","say":"Not good","more":1}' } }` },
    [
      "breaking api, answer DEFAULT_4XX body.id: is no longer answered",
      'breaking api, answer DEFAULT_4XX body.code: says "E2" now (was "E1")',
      "compatible api, answer DEFAULT_4XX body.more: is new",
      'compatible api, answer DEFAULT_4XX body.say: says "Not good" now (was "No good")',
    ],
  ],
  [
    "an answer of its own in place of API Gateway's",
    {},
    {
      more: `errors: { THROTTLED: { status: 429, template: '{"error":"slow down"}', headers: { Retry-After: "1" } } }`,
    },
    [
      "breaking api, answer THROTTLED body.message: is no longer answered",
      "compatible api, answer THROTTLED: has the header retry-after now",
      "compatible api, answer THROTTLED body.error: is new",
    ],
  ],
  [
    "tokens of another pool",
    {
      more: "authorizers: { customers: { cognito: [arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_A, arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_B] } }",
      route: "GET /a: { lambda: f, auth: customers }",
    },
    {
      more: "authorizers: { customers: { cognito: [arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_B, arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_C] } }",
      route: "GET /a: { lambda: f, auth: customers }",
    },
    [
      "breaking authorizer customers: takes no tokens of arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_A any more",
      "compatible authorizer customers: takes tokens of arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_C now",
    ],
  ],
  [
    "an authorizer of another name, which no client sees",
    {
      more: "authorizers: { customers: { cognito: 'arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_A' } }",
      route: "GET /a: { lambda: f, auth: customers }",
    },
    {
      more: "authorizers: { users: { cognito: 'arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_A' } }",
      route: "GET /a: { lambda: f, auth: users }",
    },
    ["compatible authorizer users: was called customers, which callers do not see"],
  ],
  [
    "keys that are gone, refused, and in other plans",
    plans(
      "a: { quota: { limit: 1, period: day } }, b: { quota: { limit: 1, period: day } }",
      "keys: { one: { plan: a }, two: { plan: a }, three: { plan: a } }",
    ),
    plans(
      "a: { quota: { limit: 1, period: day } }, b: { quota: { limit: 1, period: day } }",
      "keys: { two: { plan: a, enabled: false }, three: { plan: b } }",
    ),
    [
      "breaking API key one: is gone",
      "breaking API key two: is refused now",
      "breaking API key three: is no longer in the plan a",
      "compatible API key three: is in the plan b, too",
    ],
  ],
  [
    "a route of its own for what a greedy one took",
    { route: "ANY /{proxy+}: { lambda: f }" },
    { route: "ANY /{proxy+}: { lambda: f }\n  POST /a/{id}: { lambda: g, body: '{ a: string }', apiKey: true }" },
    [
      "breaking POST /a/{id}: requires an API key now",
      "breaking POST /a/{id}, body: is new and required",
      "compatible POST /a/{id}: is new; ANY /{proxy+} took its requests",
    ],
  ],
  [
    "a route beside that of a parameter",
    { route: "GET /a/{id}: { lambda: f, responses: { 200: string } }" },
    { route: "GET /a/{id}: { lambda: f, responses: { 200: string } }\n  GET /a/all: { lambda: g, auth: iam }" },
    ["compatible GET /a/all: is new"],
  ],
  [
    "limits of connections",
    live("join: { lambda: f }", undefined, "limits: { idle: 5m },"),
    live("join: { lambda: f }", undefined, "limits: { idle: 2m },"),
    ["breaking WebSocket: closes connections that are idle for 120000 ms now (was 300000)"],
  ],
  [
    "kinds of messages",
    live(
      "draw: { lambda: f, bodySelection: $request.body.shape, bodies: { circle: '{ action: \"draw\"; shape: string; r: integer }', square: '{ action: \"draw\"; shape: string }' } }",
    ),
    live(
      "draw: { lambda: f, bodySelection: $request.body.shape, bodies: { circle: '{ action: \"draw\"; shape: string; r: string }', line: '{ action: \"draw\"; shape: string }' } }",
    ),
    [
      "breaking WebSocket draw, circle.r: is another type than before",
      "breaking WebSocket draw, square: is no kind of its messages any more",
      "compatible WebSocket draw, line: is a new kind of its messages",
    ],
  ],
  [
    "a message of its own that $default took",
    live("$default: { lambda: f }"),
    live("$default: { lambda: f }, join: { lambda: f, body: \"{ action: 'join'; room: string }\" }"),
    ["breaking WebSocket join, once $default: checks its message now", "compatible WebSocket join: is new"],
  ],
  [
    "request bodies are unpacked no more, and what was bytes is none",
    { more: "compression: 1000\nbinaryMediaTypes: [image/png]" },
    {},
    ["breaking api: takes no compressed request bodies any more", "breaking api: no longer handles image/png as bytes"],
  ],
  [
    "bodies of other media types are refused",
    {
      route:
        "POST /a: { http: 'http://a.example/', request: { method: POST, templates: { application/json: '{}' }, passthrough: when_no_match } }",
    },
    {
      route:
        "POST /a: { http: 'http://a.example/', request: { method: POST, templates: { application/json: '{}' }, passthrough: never } }",
    },
    ["breaking POST /a: refuses bodies that are not application/json, with 415"],
  ],
  [
    "deprecations and defaults",
    takes("{ /** @default 10 */ size?: integer; old?: string }"),
    takes("{ /** @default 20 */ size?: integer; /** @deprecated */ old?: string }"),
    [
      "breaking POST /a, body.size: is 20 where it is left out now (was 10)",
      "compatible POST /a, body.old: is deprecated now",
    ],
  ],
  [
    "a body of any value becomes one of a text",
    takes("unknown"),
    takes("string"),
    ["breaking POST /a, body: takes less than before"],
  ],
  [
    "a limit that stood at a name",
    gives("Name", "type Name = string & MaxLength<5>"),
    gives("Name", "type Name = string"),
    ["breaking model Name: has no maxLength any more (was 5)"],
  ],
  [
    "a limit inside of a union",
    takes("{ a: string | integer }"),
    takes("{ a: (string & MaxLength<5>) | integer }"),
    ["breaking POST /a, body.a: takes less than before"],
  ],
];

describe("adversarial changes, in text, JSON and Markdown", () => {
  test.each(table)("%s", async (_, older, newer, expected) => {
    const folder = project({ "old.yaml": file(older), "new.yaml": file(newer) });
    const diff = (...flags: readonly string[]) =>
      gateway("diff", join(folder, "old.yaml"), join(folder, "new.yaml"), ...flags);
    const { out, code, error } = await diff();
    expect(error).toBe("");
    const lines = out.split("\n").slice(0, -2);
    expect(lines.map((line) => line.replace(/ +/, " ").replace(/ \[[a-z0-9-]+\]$/, ""))).toEqual(expected);
    const breaks = expected.some((line) => line.startsWith("breaking"));
    expect(code).toBe(breaks ? 1 : 0);
    expect((await diff("--fail-on", "any")).code).toBe(expected.length > 0 ? 1 : 0);

    const json = await diff("--format", "json");
    expect(json.code).toBe(code);
    const told = JSON.parse(json.out);
    expect(told.breaking).toBe(breaks);
    expect(
      told.changes.map(
        (change: Record<string, string>) =>
          `${change["kind"]} ${change["where"]}${change["path"] && `, ${change["path"]}`}: ${change["message"]}`,
      ),
    ).toEqual(expected);

    const markdown = await diff("--format", "markdown");
    expect(markdown.code).toBe(code);
    const items = markdown.out.split("\n").filter((line) => line.startsWith("- "));
    expect(items).toHaveLength(expected.length);
    expect(markdown.out.includes("### Breaking")).toBe(breaks);
    expect((await diff("--fail-on", "wire")).code).toBe(told.breakingOnWire ? 1 : 0);
    expect(markdown.out.includes("### Breaking\n")).toBe(told.breakingOnWire);
  });
});

describe("what breaks programs that use the SDKs only", () => {
  test("has a heading and a count of its own, and need not fail", async () => {
    const model = (name: string, total: string) =>
      file(gives(name, `interface ${name} { id: string; total: ${total} }`));
    const folder = project({
      "a.yaml": model("Order", "1"),
      "b.yaml": model("Deal", "1"),
      "c.yaml": model("Deal", "2"),
    });
    const diff = (to: string, ...flags: readonly string[]) =>
      gateway("diff", join(folder, "a.yaml"), join(folder, to), ...flags);
    const renamed = "is called Deal in SDKs now (was Order)";
    expect(await diff("b.yaml")).toMatchObject({
      code: 1,
      out: `breaking   model Deal: ${renamed} [model-renamed]\n1 breaking (for programs that use the SDKs only), 0 compatible\n`,
    });
    expect((await diff("b.yaml", "--fail-on", "wire")).code).toBe(0);
    expect((await diff("b.yaml", "--format", "markdown")).out).toBe(
      `### Breaking for programs that use the SDKs only\n\n- \`model Deal\` ${renamed}\n`,
    );
    expect(JSON.parse((await diff("b.yaml", "--format", "json")).out)).toMatchObject({
      breaking: true,
      breakingOnWire: false,
      changes: [{ code: "model-renamed", affects: "sdk" }],
    });
    expect((await diff("c.yaml", "--fail-on", "wire")).code).toBe(1);
    expect((await diff("c.yaml")).out).toMatch(/2 breaking \(1 for programs that use the SDKs only\), 1 compatible\n$/);
  });
});

describe("a contract of an older format", () => {
  test("is read; what it does not say is no change", async () => {
    const folder = project({ "gateway.yaml": file(domain("{ v1: prod }")) });
    expect((await gateway("build", folder, "--only", "contract")).code).toBe(0);
    const { readFileSync, writeFileSync } = await import("node:fs");
    const path = join(folder, "build/contract/contract.json");
    const now = JSON.parse(readFileSync(path, "utf8"));
    expect(now).toMatchObject({ format: 4, addresses: [{ address: "api.example.com/v1", stage: "prod" }] });
    const routes = now.routes.map(
      ({ credentials: _, pages: __, cors: ___, strict: ____, ...route }: Record<string, unknown>) => route,
    );
    const old = join(folder, "old.json");
    const { sdks: _, limits: __, ...rest } = now;
    writeFileSync(
      old,
      JSON.stringify({ ...rest, format: 1, addresses: ["api.example.com/v1", "api.example.com"], routes }),
    );
    expect(await gateway("diff", old, path)).toMatchObject({
      code: 1,
      out: "breaking   api, address api.example.com: is gone [address-removed]\n1 breaking, 0 compatible\n",
    });
    writeFileSync(
      old,
      JSON.stringify({
        ...now,
        limits: undefined,
        format: 2,
        addresses: [{ address: "api.example.com/v1", stage: "dev" }],
      }),
    );
    expect((await gateway("diff", old, path)).out).toBe(
      "breaking   api, address api.example.com/v1: leads to the stage prod now (was dev) [address-moved]\n1 breaking, 0 compatible\n",
    );
    writeFileSync(old, JSON.stringify({ ...now, format: 5 }));
    expect((await gateway("diff", old, path)).error).toContain("no contract that this version of gateway can read");
  });
});
