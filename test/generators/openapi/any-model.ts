import fc from "fast-check";
import type { Authorizer } from "../../../src/model/authorizers.js";
import type { Value } from "../../../src/model/expressions.js";
import type { Cors, GatewayModel } from "../../../src/model/gateway-model.js";
import type { Integration } from "../../../src/model/integrations.js";
import { httpMethods, type Route } from "../../../src/model/routes.js";
import { enumeration, union, withDocs } from "../../../src/model/type-builders.js";
import { type Docs, noDocs, type Type } from "../../../src/model/types.js";
import {
  aws,
  gatewayModel,
  http,
  integrationResponse,
  lambda,
  mock,
  model,
  noMapping,
  parameter,
  ref,
  response,
  route,
  stage,
  text,
  value,
} from "../../support/model.js";
import { array, integer, object, primitive, property, reference } from "./types.js";

/** Text that hurts: quotes, comment ends, line ends, Unicode, names of the prototype, YAML's and Velocity's own. */
export const awkwardText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...[
      "__proto__",
      "constructor",
      "toString",
      "'",
      '"',
      "*/",
      "a\nb",
      "\r\n",
      "\u2028",
      "日本語",
      "😀",
      "\ud800",
      "on",
      "~",
    ],
    ...[
      "1.10",
      "null",
      "a: b",
      "# c",
      "- d",
      "${e}",
      "$input.json('$')",
      "#set($x = 1)",
      "\\",
      "%2F",
      "a b",
      "</script>",
      "0x1F",
    ],
    ...["", " ", "x".repeat(1200)],
  ),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ maxLength: 12 }),
);

const someText = awkwardText.filter((found) => found !== "");
const modelNames = fc.uniqueArray(someText, { minLength: 1, maxLength: 4 });

const docs: fc.Arbitrary<Docs> = fc
  .option(fc.record({ description: awkwardText, title: awkwardText }), { nil: undefined })
  .map((found) =>
    found ? { ...noDocs, ...found, examples: [found.title], default: found.description, deprecated: true } : noDocs,
  );

function anyType(names: readonly string[]): fc.Arbitrary<Type> {
  return fc.letrec<{ type: Type }>((tie) => ({
    type: fc
      .tuple(
        fc.oneof(
          { depthSize: "small" },
          fc.constantFrom<Type>(
            primitive("string"),
            integer(),
            primitive("any"),
            primitive("boolean"),
            primitive("binary"),
          ),
          fc.constantFrom(...names).map(reference),
          fc.uniqueArray(awkwardText, { minLength: 1, maxLength: 3 }).map(enumeration),
          tie("type").map(array),
          tie("type").map((type) => union([type, primitive("null")])),
          fc
            .uniqueArray(fc.tuple(awkwardText, tie("type"), fc.boolean()), { selector: ([name]) => name, maxLength: 4 })
            .map((all) => object(all.map(([name, type, optional]) => property(name, type, { optional })))),
        ),
        docs,
      )
      .map(([type, of]) => withDocs(type, of)),
  })).type;
}

const references = fc.oneof(
  someText.map((name) => ref(`request.header.${name}`)),
  someText.map((name) => ref(`request.querystring.${name}`)),
  fc.constant(ref("request.path.id")),
  fc.constant(ref("request.body.a.b")),
  fc.constant(ref("context.requestId")),
  fc.constant(ref("stageVariables.v")),
);
const values: fc.Arbitrary<Value> = fc.oneof(awkwardText.map(value), fc.integer().map(value), references.map(value));
const mappings = fc.array(fc.record({ name: someText, value: values }), { maxLength: 3 });

const constantTemplates = fc.array(
  fc
    .tuple(someText, awkwardText)
    .map(([mediaType, of]) => ({ mediaType, source: { kind: "constant", text: of } }) as const),
  { maxLength: 2 },
);

const answers = fc.array(
  fc
    .tuple(
      fc.integer({ min: 200, max: 599 }),
      fc.option(awkwardText, { nil: undefined }),
      awkwardText,
      constantTemplates,
    )
    .map(([status, pattern, header, templates]) =>
      integrationResponse(status, {
        pattern,
        templates,
        headers: header === "" ? [] : [{ name: header, value: value("1") }],
      }),
    ),
  { maxLength: 3 },
);

const integrations: fc.Arbitrary<Integration> = fc
  .tuple(fc.integer({ min: 0, max: 5 }), awkwardText, mappings, mappings, answers, constantTemplates)
  .map(([kind, name, headers, query, responses, templates]): Integration => {
    const request = { ...noMapping, headers, query, templates };
    if (kind === 0) return lambda("handler");
    if (kind === 1) return lambda("handler", { proxy: false, request, responses });
    if (kind === 2) return http(text(name, ref("request.path.id")), { request });
    if (kind === 3) return http(name, { proxy: false, method: "POST", request, responses });
    if (kind === 4) return aws("sqs", name, { parameters: headers, responses });
    return mock({ [name]: name }, { awsOptions: { [name]: name } });
  });

const cors: fc.Arbitrary<Cors | undefined> = fc.option(
  fc.record({
    origins: fc.array(fc.oneof(someText, fc.constantFrom("*", "https://a.example.com", "https://*")), {
      minLength: 1,
      maxLength: 3,
    }),
    methods: fc.constant(undefined),
    headers: fc.array(awkwardText, { maxLength: 2 }),
    exposeHeaders: fc.array(awkwardText, { maxLength: 2 }),
    credentials: fc.boolean(),
    maxAgeSeconds: fc.constantFrom(undefined, 60),
  }),
  { nil: undefined },
);

function anyRoute(names: readonly string[], authorizers: readonly Authorizer[]): fc.Arbitrary<Partial<Route>> {
  const type = anyType(names);
  return fc.record({
    summary: fc.option(awkwardText, { nil: undefined }),
    description: fc.option(awkwardText, { nil: undefined }),
    tags: fc.uniqueArray(awkwardText, { maxLength: 2 }),
    deprecated: fc.boolean(),
    parameters: fc
      .uniqueArray(fc.tuple(fc.constantFrom("query", "header"), someText, type), {
        selector: (p) => `${p[0]} ${p[1]}`,
        maxLength: 3,
      })
      .map((all) => [
        parameter("path", "id"),
        ...all.map(([where, name, of]) => parameter(where as "query", name, of)),
      ]),
    body: fc.option(
      type.map((of) => ({ type: of, mediaTypes: ["application/json"], required: true })),
      { nil: undefined },
    ),
    responses: fc
      .uniqueArray(fc.tuple(fc.integer({ min: 100, max: 599 }), type, someText), {
        selector: ([status]) => status,
        maxLength: 2,
      })
      .map((all) =>
        all.map(([status, of, name]) => response(status, of, { headers: [{ name, type: of }], description: name })),
      ),
    authorization: fc.constantFrom(
      { kind: "none" } as const,
      { kind: "iam" } as const,
      ...authorizers.map(({ name }) => ({ kind: "authorizer", name, scopes: ["a b", "'"] }) as const),
    ),
    apiKeyRequired: fc.boolean(),
    validation: fc.record({ parameters: fc.boolean(), body: fc.boolean(), strict: fc.boolean() }),
    integration: integrations,
    cors,
    cache: fc.constantFrom(undefined, { ttlSeconds: 60, shared: false, keys: [{ in: "query", name: "q" }] } as const),
  });
}

function authorizer(name: string, kind: number): Authorizer {
  const base = { name, description: name };
  if (kind === 0)
    return {
      ...base,
      kind: "cognito",
      issuerEndpoint: undefined,
      clockSkewSeconds: 5,
      providerArns: [text(name)],
      header: "Authorization",
      ttlSeconds: 0,
    };
  if (kind === 1)
    return {
      ...base,
      kind: "jwt",
      issuerEndpoint: undefined,
      clockSkewSeconds: 5,
      issuer: text(name),
      audience: [text(name)],
      identity: ref("request.header.A"),
    };
  return {
    ...base,
    kind: "lambda",
    function: "authorize",
    type: "request",
    identity: [ref("request.header.A"), ref("request.querystring.b")],
    validation: undefined,
    ttlSeconds: 0,
    payloadFormat: "2.0",
    simpleResponses: true,
    context: [],
  };
}

/** Gateways as odd as the model allows: not what a user writes, but what must not break an output. */
export const anyModel: fc.Arbitrary<GatewayModel> = fc
  .record({
    names: modelNames,
    kind: fc.constantFrom("rest", "http"),
    authorizers: fc.uniqueArray(fc.tuple(someText, fc.integer({ min: 0, max: 2 })), {
      selector: ([name]) => name,
      maxLength: 3,
    }),
  })
  .chain(({ names, kind, authorizers: drawn }) => {
    const authorizers = drawn.map(([name, of]) => authorizer(name, of));
    const methods = fc.uniqueArray(fc.constantFrom(...httpMethods, "ANY"), { minLength: 1, maxLength: 3 });
    return fc.record({
      kind: fc.constant(kind as "rest" | "http"),
      name: someText,
      version: awkwardText,
      description: fc.option(awkwardText, { nil: undefined }),
      authorizers: fc.constant(authorizers),
      // A name that only stands for itself is refused by the compiler, so every model is an object.
      models: fc.tuple(
        ...names.map((name) => anyType(names).map((type) => model(name, object([property(name, type)])))),
      ),
      routes: fc
        .uniqueArray(fc.tuple(someText, methods, anyRoute(names, authorizers)), {
          selector: ([name]) => name,
          minLength: 1,
          maxLength: 3,
        })
        .map((all) =>
          all.flatMap(([name, found, overrides], at) =>
            found.map((method) =>
              route(`${method} /${name.replace(/[/{} ]/g, "-")}${at}/{id}`, {
                ...overrides,
                operation: `op${at}${method}`,
              }),
            ),
          ),
        ),
      gatewayResponses: awkwardText.map((template) => [
        {
          type: "THROTTLED",
          status: 429,
          headers: [{ name: "X", value: value(template) }],
          templates: [{ mediaType: "text/plain", template }],
        } as const,
      ]),
      stages: fc.uniqueArray(someText, { minLength: 1, maxLength: 2 }).map((all) => all.map((name) => stage(name))),
      awsOptions: fc.dictionary(
        awkwardText.map((name) => `x-${name}`),
        awkwardText,
        { maxKeys: 2 },
      ),
    });
  })
  .map((overrides) => gatewayModel(overrides));
