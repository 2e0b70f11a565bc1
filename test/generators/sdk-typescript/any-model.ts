import fc from "fast-check";
import type { LambdaAuthorizer } from "../../../src/model/authorizers.js";
import type { GatewayModel } from "../../../src/model/gateway-model.js";
import {
  enumeration,
  literal,
  object,
  primitive,
  property,
  reference,
  union,
} from "../../../src/model/type-builders.js";
import { noDocs } from "../../../src/model/types.js";
import { awsWebSocketLimits, type WebSocketApi, type WebSocketRoute } from "../../../src/model/websocket.js";
import { gatewayModel, lambda, model, parameter, response, route, stage } from "../../support/model.js";

/** What breaks out of comments, strings, templates, Markdown and type positions. */
export const nasty = [
  "*/ export const broken = 1; /*",
  "`${globalThis.process.exit(1)}`",
  '"; throw 1; //',
  "'; throw 1; //",
  "\\",
  "\\u0022",
  "a\u2028b\u2029c",
  "line\r\nbreak\nand\rmore",
  "</script><script>",
  "{{#each x}} {{{y}}}",
  "```\ncode",
  "| cell | \\|",
  "@deprecated @param {x}",
  "// comment",
  "\u0000\u0007",
  "\ud800",
  "{a+}",
  "__proto__",
  "constructor",
  "code",
  "$&$1$`$'",
  'components["schemas"]["0"]',
  "名前",
  "🙂",
  "é".normalize("NFD"),
  "",
];

const text = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({ maxLength: 12 }),
);
const identifier = fc.oneof(
  fc.constantFrom(
    "delete",
    "default",
    "call",
    "createClient",
    "ApiError",
    "Promise",
    "Order",
    "order",
    "_",
    "$",
    "getOrder",
    "名前",
    "client",
  ),
  fc.stringMatching(/^[a-zA-Z_$][a-zA-Z0-9_$]{0,8}$/),
);
const unique = <T>(values: fc.Arbitrary<T>, maxLength: number) => fc.uniqueArray(values, { minLength: 1, maxLength });

/** Gateways whose texts and names are chosen to break what is generated of them. */
export const anyModel: fc.Arbitrary<GatewayModel> = fc
  .record({
    name: text,
    description: text,
    version: text,
    license: text,
    operations: unique(identifier, 4),
    models: unique(fc.oneof(identifier, fc.constantFrom("Record", "GetOrderInput", "Client", "string")), 4),
    words: unique(text, 6),
    names: unique(text, 5),
    media: fc.constantFrom("application/json", "text/plain", "application/x-www-form-urlencoded", 'a/b"; x'),
    stages: unique(fc.constantFrom("dev", "$default", "__proto__", "constructor", "prod"), 3),
    enums: fc.constantFrom("closed", "open"),
    int64: fc.constantFrom("number", "bigint", "string"),
  })
  .map(({ enums, int64, name, description, version, license, operations, models, words, names, media, stages }) => {
    const docs = {
      ...noDocs,
      description: words.join("\n"),
      title: words[0],
      default: words[1] ?? null,
      examples: words,
    };
    const values = words.slice(0, 3);
    const type = object(
      [
        ...words.map((word) => property(word, literal(word), { docs, optional: true })),
        ...names
          .filter((entry) => !words.includes(entry))
          .map((entry) => property(entry, primitive("integer", "int64"), { optional: true })),
      ],
      union([primitive("string"), enumeration(values)]),
    );
    const { sdk } = gatewayModel({});
    return gatewayModel({
      sdk: { ...sdk, typescript: { ...sdk.typescript, enums, int64, apigClient: true } },
      name,
      description,
      version,
      license,
      models: models.map((entry, at) => model(entry, at === 1 ? enumeration(values) : type, { docs })),
      routes: operations.map((operation, at) =>
        route(`POST /p${at}/{id}`, {
          operation,
          summary: words[0],
          description: words.join(" "),
          parameters: [
            parameter("path", "id", enumeration(values), { description }),
            ...names.flatMap((entry) => [
              parameter("query", entry, primitive("string"), { required: false, description: entry }),
              parameter("header", entry, primitive("string"), { description: entry }),
            ]),
          ],
          body: { type, mediaTypes: [media], required: true },
          responses: [response(200, type), response(404, enumeration(values))],
          otherwise: {
            description,
            body: { type: at === 1 ? union([type, primitive("string")]) : type, mediaType: "application/json" },
          },
        }),
      ),
      stages: stages.map((entry) => stage(entry)),
      authorizers: [guests(names)],
      websocket: anySocket(description, words, names, operations, models),
    });
  });

/** An authorizer that reads what has any name. */
function guests(names: readonly string[]): LambdaAuthorizer {
  return {
    kind: "lambda",
    name: "guests",
    description: undefined,
    type: "request",
    function: "admit",
    identity: names.map((name, at) => ({ kind: at % 2 === 0 ? "querystring" : "header", name })),
    validation: undefined,
    ttlSeconds: 0,
    payloadFormat: "1.0",
    simpleResponses: false,
    context: [],
  };
}

/** Routes and events have names of all kinds: the file's own, and those of methods, models and the runtime's types. */
function anySocket(
  description: string,
  words: readonly string[],
  names: readonly string[],
  operations: readonly string[],
  models: readonly string[],
): WebSocketApi {
  const selection = {
    parts: [{ path: [{ kind: "member", name: words[0] ?? "action" }] }],
    text: "$request.body.action",
  };
  const type = object([
    property(words[0] ?? "action", literal(words[0] ?? "")),
    property("n", primitive("integer", "int64")),
  ]);
  const keys = [...new Set(["$default", "close", "connect", ...words, ...operations, "SendX", "sendX", "a-b", "a b"])];
  const routes = keys.map(
    (key, at): WebSocketRoute => ({
      key,
      operation: `socket${at}`,
      description: words[at % words.length],
      body: at % 3 === 0 ? undefined : at % 3 === 1 ? type : reference(models[0] ?? ""),
      reply: at % 2 === 0 ? undefined : union([type, primitive(at % 3 === 0 ? "null" : "string")]),
      integration: lambda(`socket${at}`),
      bodies: undefined,
      templateSelection: undefined,
      throttle: undefined,
      log: undefined,
      awsOptions: {},
    }),
  );
  const events = [...new Set(["Event", "Unknown", "event", "Socket", ...words, ...names, ...models])];
  return {
    name: description,
    description,
    selection: selection as WebSocketApi["selection"],
    authorization: { kind: "authorizer", name: "guests", scopes: [] },
    apiKeyRequired: true,
    domain: undefined,
    routes,
    events: events.map((name, at) => ({
      name,
      type: at % 2 === 0 ? type : primitive("string"),
      description: words[at % words.length],
    })),
    limits: awsWebSocketLimits,
    compression: false,
    awsOptions: {},
  };
}
