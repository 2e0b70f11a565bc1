import {
  boolean,
  choice,
  duration,
  entries,
  integer,
  jsonMap,
  key,
  map,
  mapped,
  on,
  prose,
  type Shape,
  text,
  typeOrMap,
  typeText,
} from "../shape/index.js";
import type { Name, Node } from "../tree.js";
import type { TextValue } from "../values-syntax.js";
import type { WebSocketRouteSyntax, WebSocketSyntax } from "../websocket-syntax.js";
import { socketDomain } from "./domains.js";
import { integrationFields, integrationOf, integrationRules, request, requestExamples } from "./integration.js";
import { replies } from "./responses.js";
import { auth, awsOptionsAbout, name, throttle, timeout, timeoutAbout } from "./shared.js";

const awsOnly = { apis: ["websocket"], targets: ["aws"] } as const;
const nodeOnly = { apis: ["websocket"], targets: ["node"] } as const;

const routeForm = map(
  "a WebSocket route",
  {
    operation: key(name("a name"), "Name of the handler's type. By default made of the route's key.", {
      examples: ["joinRoom"],
      on: on.webSocket,
    }),
    description: key(prose(), "What the message is for.", { examples: ["Enters a room."], on: on.webSocket }),
    body: key(typeText(), "Type of the message.", { examples: ["{ action: 'join'; room: string }"], on: on.webSocket }),
    bodies: key(
      entries(typeText(), "a map of types", (key, type) => (type ? { key, type } : undefined)),
      "Types of the message by what `bodySelection` yields for it; `$default` is for all others. Without it a message of another kind is refused.",
      { examples: [{ circle: "Circle", square: "Square" }], on: on.webSocket },
    ),
    bodySelection: key(
      text("an expression"),
      "Model selection expression: which of `bodies` a message has to be, within one route.",
      { examples: ["$request.body.shape"], on: on.webSocket },
    ),
    reply: key(typeText(), "Type of the answer to the message. A route without it answers nothing.", {
      examples: ["{ joined: string }"],
      on: on.webSocket,
    }),
    ...integrationFields,
    request: key(request(), "How the integration's request is made.", { examples: requestExamples, on: on.webSocket }),
    templateSelection: key(
      text("an expression"),
      "Template selection expression: which entry of `request.templates` a message gets. Left out, it is the one for application/json.",
      { examples: ["$request.body.version"], on: on.webSocket },
    ),
    responses: key(replies(), "How answers of the integration become the reply, by status.", {
      examples: [{ 200: { map: { joined: "$response.body.room" } } }],
      default: {},
      on: on.webSocket,
    }),
    throttle: key(throttle(), "Limit of messages of this route.", {
      examples: [{ rate: 10, burst: 20 }],
      on: on.webSocket,
    }),
    log: key(
      choice(["off", "error", "info", "debug"]),
      "Execution log of the route, whatever its stages say. By default the stage's `log`.",
      { examples: ["debug"], on: on.webSocket },
    ),
    timeout: key(timeout(), timeoutAbout, { examples: ["5s"], default: 29_000, on: on.webSocket }),
    "aws-options": key(jsonMap("a map of options"), awsOptionsAbout("the route"), {
      examples: [{ OperationName: "JoinRoom" }],
      default: {},
      on: awsOnly,
    }),
  },
  {
    ...integrationRules,
    synonyms: {
      ...integrationRules.synonyms,
      ...{ message: "body", messages: "bodies", response: "reply" },
      ...{ requestModels: "bodies", modelSelection: "bodySelection", modelSelectionExpression: "bodySelection" },
    },
  },
);

const eventForm = map(
  "an event",
  {
    type: key(typeText(), "Type of the event.", { examples: ["Order"], on: on.webSocket }),
    description: key(prose(), "When the event is sent.", {
      examples: ["Whenever an order has moved."],
      on: on.webSocket,
    }),
  },
  { required: ["type"] },
);

type EventMembers = { readonly type: TextValue | undefined; readonly description: TextValue | undefined };

const form = map(
  "a WebSocket API",
  {
    description: key(prose(), "What the WebSocket API is for.", {
      examples: ["Live news of orders."],
      on: on.webSocket,
    }),
    select: key(text("an expression"), "Route selection expression: where in a message its route's key stands.", {
      examples: ["$request.body.type"],
      default: "$request.body.action",
      on: on.webSocket,
    }),
    auth: key(
      auth(),
      "Who may connect: `iam`, or an authorizer of the kind lambda with `type: request`. Applies to $connect, as on AWS.",
      { examples: ["iam"], default: "none", on: on.webSocket },
    ),
    apiKey: key(boolean(), "Whether an API key is required to connect.", { default: false, on: on.webSocket }),
    compression: key(
      boolean(),
      "Whether clients that offer permessage-deflate get it. Without context takeover, so that it costs no memory between messages. AWS never compresses.",
      { default: false, on: nodeOnly },
    ),
    limits: key(
      map("limits of connections", {
        idle: key(duration("s", { min: 1 }), "Seconds without a message or ping after which a connection is closed.", {
          examples: ["30m"],
          default: 600,
          on: nodeOnly,
        }),
        life: key(duration("s", { min: 1 }), "Seconds after which a connection is closed whatever it does.", {
          examples: ["8h"],
          default: 7200,
          on: nodeOnly,
        }),
        message: key(integer(125, 16_777_216), "Bytes that a message may have.", {
          examples: [1_048_576],
          default: 131_072,
          on: nodeOnly,
        }),
        frame: key(integer(125, 16_777_216), "Bytes that a frame may have.", {
          examples: [65_536],
          default: 32_768,
          on: nodeOnly,
        }),
      }),
      "Limits of connections, where they are not to be AWS's. Only the generated gateway has others.",
      { examples: [{ idle: "30m", message: 1_048_576 }], on: nodeOnly },
    ),
    domain: key(socketDomain(), "Custom domain. AWS shares none between REST and WebSocket APIs.", {
      examples: ["live.example.com"],
      on: on.webSocket,
    }),
    routes: key(
      entries(routeForm, "a map of WebSocket routes", (key, members, node) =>
        routeOf(key, members ?? routeForm.none(node.span), node),
      ),
      "Routes by key: $connect, $disconnect, $default, and what `select` yields.",
      {
        examples: [{ $connect: { lambda: "connect" } }],
        on: on.webSocket,
      },
    ),
    events: key(
      entries(
        typeOrMap<EventMembers>(
          mapped(typeText(), (type) => ({ type, description: undefined })),
          eventForm,
        ),
        "a map of events",
        (name, value, { span }) => ({ name, span, type: value?.type, description: value?.description }),
      ),
      "Messages that the server may send on its own.",
      { default: {}, examples: [{ OrderMoved: "{ id: uuid; status: Status }" }], on: on.webSocket },
    ),
    "aws-options": key(jsonMap("a map of options"), awsOptionsAbout("AWS::ApiGatewayV2::Api"), {
      examples: [{ IpAddressType: "dualstack" }],
      default: {},
      on: awsOnly,
    }),
  },
  { required: ["routes"], synonyms: { routeSelectionExpression: "select" } },
);

export const websocket = (): Shape<WebSocketSyntax> =>
  mapped(form, ({ routes, events, "aws-options": awsOptions, ...rest }) => ({
    ...rest,
    routes: routes ?? [],
    events: events ?? [],
    awsOptions,
  }));

function routeOf(key: Name, members: ReturnType<typeof routeForm.none>, node: Node): WebSocketRouteSyntax {
  const {
    lambda,
    http,
    aws,
    mock,
    with: parameters,
    credentials,
    permission,
    vpcLink,
    insecureSkipVerification,
    payloadFormat,
    ...own
  } = members;
  const { "aws-options": awsOptions, responses, bodies, ...rest } = own;
  return {
    ...rest,
    key,
    bodies: bodies ?? [],
    responses: responses ?? [],
    integration: integrationOf(members, node),
    awsOptions,
  };
}
