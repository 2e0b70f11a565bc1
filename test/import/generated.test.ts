import fc from "fast-check";
import { expect, test } from "vitest";
import { printJson } from "../../generators/emit/stable-json.js";
import { planAwsDocument } from "../../generators/openapi/plan-aws.js";
import { arbitraryModels } from "../models/arbitrary-types.js";
import { comparable, importTexts, modelOf } from "./support.js";

/** Import of an export, for files that nobody wrote: gateway.yaml as JSON, which is YAML too. */
test("what generated files export comes back", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(gateway, async (file) => {
      // Some combinations of types are mistakes (a circle, a union that admits nothing).
      const model = await modelOf(JSON.stringify(file, null, 1)).catch(() => fc.pre(false));
      if (!model) return;
      const { text } = await importTexts({ "openapi.json": printJson(planAwsDocument(model)) }, { kind: model.kind });
      expect(comparable(await modelOf(text ?? "")), text).toEqual(comparable(model));
    }),
    { numRuns: 100 },
  );
});

type Json = fc.JsonValue;

const type = fc.constantFrom(
  "string",
  "integer",
  "Order",
  "Order[]",
  "uuid",
  "Status",
  "{ id: string; more?: Order }",
  "Order | null",
  "M0",
  "M1[]",
  "M2 | null",
  "M3",
);
const scalarType = fc.constantFrom("string", "integer", "number", "boolean", "uuid", "Status", "integer & Minimum<1>");
const word = fc.constantFrom("a", "b-c", "X-Tenant", "limit", "Status", "if_match");
const parameters = fc
  .dictionary(
    fc.tuple(word, fc.boolean()).map(([name, optional]) => (optional ? `${name}?` : name)),
    scalarType,
    { maxKeys: 3 },
  )
  .filter(
    (map) =>
      new Set(Object.keys(map).map((name) => name.replace("?", "").toLowerCase())).size === Object.keys(map).length,
  );

const requestValue = fc.constantFrom(
  "$request.header.X-Tenant",
  "$context.requestId",
  "$stageVariables.v",
  "$request.body.a[0].b",
  "plain text",
  "$$5",
);
const template = fc.constantFrom(
  "$input.body",
  '{ "id": "$input.params(\'id\')" }',
  "#set($x = $input.path('$'))\n$x\n",
  "<a/>",
);

const responses = fc.record(
  {
    200: fc.oneof(type, fc.constant(null)),
    404: fc.option(fc.record({ body: type, description: fc.constantFrom("gone", "two\nlines") }), { nil: undefined }),
  },
  { requiredKeys: ["200"] },
);

/** Integrations of REST APIs, each with the answers that it can have. */
const rest = fc.oneof(
  fc.record({ lambda: fc.constantFrom("one", "two"), responses }),
  fc.record({
    http: fc.constantFrom("http://example.com/x", "https://${stageVariables.v}/y"),
    request: fc.record(
      {
        method: fc.constantFrom("GET", "POST"),
        headers: fc.dictionary(fc.constantFrom("X-A", "X-B"), requestValue, { maxKeys: 2 }),
      },
      { requiredKeys: [] },
    ),
    timeout: fc.constantFrom(50, 5000, 29_000),
  }),
  fc.record({
    lambda: fc.constant("mapped"),
    request: fc.record(
      { template, passthrough: fc.constantFrom("when_no_match", "never") },
      { requiredKeys: ["template"] },
    ),
    responses: fc.record(
      {
        200: fc.record(
          { body: type, template, headers: fc.constantFrom({}, { "X-B": "$response.header.X-C" }, { "X-D": "it's" }) },
          { requiredKeys: ["template"] },
        ),
        500: fc.record({ from: fc.constantFrom(".*Error.*", "a|b"), template }),
      },
      { requiredKeys: ["200"] },
    ),
  }),
  fc.record({
    mock: fc.constantFrom<Json>(null, { a: 1 }, { a: "$context.requestId" }),
    responses: fc.record({ 201: fc.constant(null), 400: fc.constant("Order") }, { requiredKeys: [] }),
  }),
  fc.record({
    aws: fc.constantFrom("sqs:SendMessage", "dynamodb:PutItem", "s3:bucket/key"),
    with: fc.constantFrom({}, { QueueUrl: "${stageVariables.v}" }),
    responses: fc.constantFrom({}, { 200: "Order" }),
  }),
);
const http = fc.oneof(
  fc.record({ lambda: fc.constantFrom("one", "two"), payloadFormat: fc.constantFrom("1.0", "2.0"), responses }),
  fc.record({
    http: fc.constantFrom("http://example.com/x", "https://${stageVariables.v}/y"),
    request: fc.record(
      {
        headers: fc.dictionary(
          fc.constantFrom("x-a", "x-b"),
          fc.constantFrom("$request.header.h", "${context.requestId}!", "text", null),
          { maxKeys: 2 },
        ),
      },
      { requiredKeys: [] },
    ),
  }),
);

const access = fc.record({ auth: fc.constantFrom("iam", "none", "partners") }, { requiredKeys: [] });
const documented = fc.record(
  {
    summary: fc.constantFrom("Lists", "It: is"),
    description: fc.constantFrom("one", "two\nlines", "# no comment"),
    tags: fc.constantFrom(["a"], ["a", "b c"]),
  },
  { requiredKeys: [] },
);

const stages = { dev: { variables: { v: "x" } }, prod: { variables: { v: "y" } } };
const own = "interface Order { id: uuid; status?: Status; lines: Order[] }\ntype Status = 'new' | 'old'\n";
// OpenAPI 3.0 has no tuples: of one comes an array of a union.
const models = arbitraryModels()
  .filter((text) => !/\?\]|\.\.\./.test(text))
  .map((text) => ({ models: `${text}${own}` }));
const head = {
  gateway: "made",
  authorizers: { partners: { lambda: "authorize", identity: ["$request.header.X-Partner"], ttl: 60 } },
};

const cors = fc.constantFrom<Json>(
  null,
  { origins: ["*"] },
  { origins: ["https://a.example", "https://b.example"], credentials: true, maxAge: 60 },
  { origins: ["https://a.example"], exposeHeaders: ["X-A"] },
);
const keys = fc.uniqueArray(
  fc.constantFrom("GET /", "GET /a", "POST /a", "ANY /a/{id}", "PUT /a/{id}/b", "DELETE /c/{rest+}"),
  { minLength: 1, maxLength: 4 },
);

const routesOf = (integration: fc.Arbitrary<object>, isRest: boolean) =>
  keys
    .chain((all) =>
      fc.tuple(
        ...all.map((key) =>
          fc
            .tuple(
              integration,
              access,
              documented,
              fc.record({ query: parameters, headers: parameters }, { requiredKeys: [] }),
              fc.option(type, { nil: undefined }),
            )
            .map(
              ([own, who, docs, named, body]) =>
                [key, { ...docs, ...named, ...(body && isRest ? { body } : {}), ...who, ...own }] as const,
            ),
        ),
      ),
    )
    .map((entries) => Object.fromEntries(entries));

const api = fc.oneof(
  fc
    .record({ routes: routesOf(rest, true), cors, validate: fc.constantFrom("all", "none", "body") })
    .map((each) => ({ ...head, ...each, stages, ...(each.cors === null ? { cors: false } : {}) })),
  fc
    .record({ routes: routesOf(http, false), cors })
    .map((each) => ({ ...head, ...each, kind: "http", stages, ...(each.cors === null ? { cors: false } : {}) })),
);

const gateway = fc.tuple(api, models).map(([made, types]) => ({ ...made, ...types }));
