import type { Rule } from "./rule.js";

/** What is wrong with the WebSocket API of a file. */
export const websocketRules = {
  "selection-syntax": {
    severity: "error",
    message: (p: { problem: string }) => `the selection expression cannot be read: ${p.problem}`,
    help: () => "write $request.body.action, or several values as ${request.body.service}/${request.body.action}",
    explain: `A route selection expression says where in a message the key of its route stands. It is wholly $request.body.x, or a text with
\${request.body.x} in it; \\$ is a dollar sign. Nothing but the message can be selected by. What is no JSON, and what matches no
route, goes to $default.`,
  },
  "websocket-route-key": {
    severity: "error",
    message: (p: { key: string }) => `"${p.key}" cannot be the key of a WebSocket route`,
    help: (p: { near: string | undefined }) =>
      p.near ? `did you mean "${p.near}"?` : "use what messages have at `select`, in at most 128 characters",
    explain: `WebSocket routes are $connect, $disconnect, $default and the values that the selection expression yields. Other keys do not begin
with a dollar sign: API Gateway keeps those names for itself.`,
  },
  "websocket-key-without-dollar": {
    severity: "warning",
    message: (p: { key: string }) => `"${p.key}" is a message's route, and there is no $${p.key}`,
    help: (p: { key: string }) => `write $${p.key}`,
    explain: `$connect, $disconnect and $default are called for the beginning, the end and whatever matches no other route. Without the dollar
sign it is a route for messages whose selected member has that value. Give it a \`body\` where clients send such messages.`,
  },
  "websocket-auth": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" cannot authorize WebSocket connections`,
    help: () => "use iam, none, or an authorizer of the kind lambda with `type: request` that answers with policies",
    explain: `API Gateway authorizes a WebSocket client once, when it connects: by IAM or by a Lambda authorizer of the type REQUEST. TOKEN,
Cognito and JWT authorizers exist on REST and HTTP APIs only, and simple responses on HTTP APIs only. A REQUEST authorizer can read
a token from a header or the query.`,
  },
  "websocket-authorizer-ttl": {
    severity: "warning",
    message: (p: { name: string }) => `decisions of "${p.name}" are not kept: only WebSocket clients are asked about`,
    help: () => "leave `ttl` out",
    explain: `API Gateway keeps decisions of authorizers for requests, by their \`ttl\`. A WebSocket client is asked about once, at its
handshake, and each handshake is decided about anew: a ticket that is good for one connection opens one.`,
  },
  "websocket-without-connect": {
    severity: "error",
    message: (p: { what: string }) => `${p.what} needs a route $connect, which is the one that is authorized`,
    help: () => "declare it: $connect: { mock: }",
    explain: `Who may connect, and whether an API key is needed, are settings of the route $connect on API Gateway. A mock that answers 200 is
enough when nothing else is to happen there.`,
  },
  "websocket-no-message": {
    severity: "error",
    message: (p: { key: string; member: string }) => `"${p.key}" has no message, so no "${p.member}"`,
    help: () => "leave it out; what $connect answers is the status of the handshake",
    explain: `$connect runs during the handshake and $disconnect after the end of a connection. Neither has a message, and nothing can be answered:
$connect refuses a connection by a status that is not 2xx, and $disconnect's answer is dropped.`,
  },
  "websocket-bodies": {
    severity: "error",
    message: (p: { problem: "both" | "unselected" | "alone" }) =>
      ({
        both: '"body" is the type of every message, so none can be chosen among "bodies"',
        unselected: 'nothing says which of "bodies" a message has to be',
        alone: '"bodySelection" has nothing to choose among',
      })[p.problem],
    help: (p: { problem: "both" | "unselected" | "alone" }) =>
      ({
        both: 'leave "body" out; what other messages may be stands under "bodies" as $default',
        unselected: 'add "bodySelection": $request.body.kind, or the types as one: body: A | B',
        alone: 'add "bodies", types by what the expression yields',
      })[p.problem],
    explain: `Messages of one route may be of several kinds. \`bodySelection\` is API Gateway's model selection expression: what it yields for a
message names the entry of \`bodies\` that the message is validated by; \`$default\` is for all others, and without it they are refused.`,
  },
  "websocket-type-without-key": {
    severity: "error",
    message: (p: { key: string; path: string }) => `no message of this type has "${p.key}" at ${p.path}`,
    help: (p: { key: string; member: string }) => `give the type the member ${p.member}: '${p.key}'`,
    explain: `A message reaches a route when the selection expression yields its key. A type whose member has other values, or lacks it, describes
messages that never reach the route: its validation would refuse each one.`,
  },
  "websocket-request-parameter": {
    severity: "error",
    message: (p: { name: string; key: string }) =>
      `messages have no headers and no query, so "${p.key}" cannot read ${p.name}`,
    help: () => "only $connect sees the handshake; keep what is needed later in the authorizer's context or a store",
    explain: `A message of a WebSocket connection is a text: it has no headers, no query and no path. Those of the handshake are seen by $connect
and its authorizer alone. The authorizer's context comes with each later message ($context.authorizer.x).`,
  },
  "websocket-status-rule": {
    severity: "error",
    message: () => "a reply has no status that a rule could give",
    help: () =>
      'take "status" out; a handshake is refused by the status of the response itself: 403: { from: "4\\d{2}" }',
    explain: `Replies of WebSocket routes are frames, which have no status, and API Gateway documents no override of the status
of a handshake.`,
  },
  "websocket-reply-words": {
    severity: "error",
    message: (p: { member: "body" | "description" | "type" }) =>
      `"${p.member}" of a response documents nothing on a WebSocket route`,
    help: (p: { member: "body" | "description" | "type" }) =>
      p.member === "body" ? 'the type of what is sent back stands under "reply" of the route' : "write a comment: # …",
    explain: `Whatever response is chosen, a client of a WebSocket API gets one text without a status. Its type is the route's
"reply", which AsyncAPI, clients and handlers take it from.`,
  },
  "websocket-reply-header": {
    severity: "error",
    message: (p: { name: string; key: string }) => `what "${p.key}" answers has no headers, so no ${p.name}`,
    help: () => "leave it out, or make it a member of the reply",
    explain: `A reply is a text message, and what $disconnect answers is dropped: neither has headers. Only $connect answers a request: its
headers are those of the refused handshake, and Sec-WebSocket-Protocol chooses the subprotocol.`,
  },
  "websocket-beyond-aws": {
    severity: "warning",
    message: (p: { what: string }) => `API Gateway does not have ${p.what}`,
    help: () => "it works in the generated gateway only; clients that must run on both should not count on it",
    explain: `On AWS a connection is closed after 10 minutes without traffic and after 2 hours in any case, a message has at most 128 KB and a
frame 32 KB, and nothing is compressed. The generated gateway can be given other limits. A template of an answer is chosen there by
its status and headers and by the message (\${integration.response.statuscode}, .header.x, \${request.body.x}), as AWS documents it.`,
  },
  "websocket-domain-shared": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" is a domain of the REST or HTTP API`,
    help: () => "give the WebSocket API a name of its own, such as live.example.com",
    explain: `A custom domain that leads to a WebSocket API leads to no REST and no HTTP API on AWS, whatever its base paths are. The generated
gateway serves both on one port, but tells them apart by their domains as AWS does.`,
  },
  "websocket-without-endpoint": {
    severity: "error",
    message: () => "nothing leads to the WebSocket API: its own endpoint is closed and it has no domain",
    help: () => "give it a domain, or leave disableExecuteApiEndpoint out",
    explain: `disableExecuteApiEndpoint closes the endpoints of all APIs of the file: clients come by custom domains only, and so do the
requests to @connections. The domains under \`domains\` are those of the REST or HTTP API; the WebSocket API's stands at
websocket.domain.`,
  },
  "bad-event-name": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" cannot name an event`,
    help: () => "use letters, digits and _, beginning with a letter",
    explain: "Names of events become names of types in SDKs and handlers, so they are identifiers.",
  },
} as const satisfies Record<string, Rule>;
