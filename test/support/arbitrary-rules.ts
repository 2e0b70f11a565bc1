import fc from "fast-check";
import type { TemplateCaseInput } from "../../scripts/vtl/template-case.js";
import type { PathStep, Reference, Text, Value } from "../../src/model/expressions.js";

/** Texts that mappings get wrong: escapes, quotes, Velocity's own characters, what is past ASCII and past one UTF-16 unit. */
const text = fc
  .array(
    fc.constantFrom(
      "a",
      "Z",
      " ",
      '"',
      "'",
      "\\",
      "\\'",
      "\n",
      "\r\n",
      "\t",
      "\u0000",
      "\u001f",
      "\u007f",
      "é",
      "😀",
      "\u2028",
      "$",
      "#",
      "${",
      "$input",
      "#end",
      "#set(",
      "{",
      "}",
      "</",
      "%",
      "&",
      "=",
      "+",
      "null",
      "0",
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));

/** JSON as text, so that numbers keep what JavaScript's own would lose. */
const number = fc.constantFrom(
  "0",
  "-0",
  "1",
  "-17",
  "2147483648",
  "9007199254740993",
  "123456789012345678901234567890",
  "10.0",
  "2.50",
  "1e3",
  "1E-7",
  "0.1",
  "-2.5e10",
);
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom("null", "true", "false", '""', "[]", "{}"),
    number,
    text.map((value) => JSON.stringify(value)),
    fc.array(tie("json"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom("a", "b", "it's", "sku", "items", "1"), tie("json")), {
        selector: ([name]) => name,
        maxLength: 3,
      })
      .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`),
  ),
}));

export const jsonBody = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(json, json, json)
      .map(([a, b, c]) => `{"a":${a},"b":${b},"items":[{"sku":${c}},{"sku":${a}}],"it's":${b}}`),
  },
  { weight: 1, arbitrary: fc.constantFrom("", "{}", "[]", "not json", "<xml/>", "{", '"text"') },
);

export const ruleInput: fc.Arbitrary<TemplateCaseInput> = fc.record({
  body: jsonBody,
  params: fc.record({
    path: fc.record({ id: text }, { requiredKeys: [] }),
    querystring: fc.record({ q: text }, { requiredKeys: [] }),
    header: fc.record({ "X-H": text }, { requiredKeys: [] }),
  }),
  context: fc.record(
    { requestId: text, authorizer: fc.record({ "custom:role": text, tenant: text }, { requiredKeys: [] }) },
    { requiredKeys: [] },
  ),
  stageVariables: fc.record({ host: text }, { requiredKeys: [] }),
}) as fc.Arbitrary<TemplateCaseInput>;

const member = (name: string): PathStep => ({ kind: "member", name });
const bodyPath = fc.constantFrom<readonly PathStep[]>(
  [],
  [member("a")],
  [member("b"), member("a")],
  [member("it's")],
  [member("items"), { kind: "index", index: 1 }, member("sku")],
  [member("items"), { kind: "items" }, member("sku")],
  [member("items"), { kind: "items" }],
  [member("none")],
  [member("a"), { kind: "index", index: 0 }],
);

const reference: fc.Arbitrary<Reference> = fc.oneof(
  { weight: 3, arbitrary: bodyPath.map((path): Reference => ({ kind: "body", path })) },
  fc.constantFrom<Reference>(
    { kind: "path", name: "id" },
    { kind: "querystring", name: "q" },
    { kind: "header", name: "X-H" },
    { kind: "context", path: ["requestId"] },
    { kind: "context", path: ["authorizer", "custom:role"] },
    { kind: "context", path: ["authorizer", "tenant"] },
    { kind: "stageVariable", name: "host" },
  ),
);

const constant = fc
  .oneof(text, fc.constantFrom(null, true, false, 0, 10, 2.5, -1e21))
  .map((value): Value => ({ kind: "constant", value }));

const textValue = fc
  .array(
    fc.oneof(
      text.filter((part) => part !== ""),
      reference,
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts): Text => ({ parts: joined(parts) }));

function joined(parts: readonly (string | Reference)[]): (string | Reference)[] {
  const out: (string | Reference)[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (typeof part === "string" && typeof last === "string") out[out.length - 1] = last + part;
    else out.push(part);
  }
  return out;
}

export const { ruleValue } = fc.letrec<{ ruleValue: Value }>((tie) => ({
  ruleValue: fc.oneof(
    { maxDepth: 3 },
    constant,
    reference.map((of): Value => ({ kind: "reference", reference: of })),
    textValue.map((of): Value => ({ kind: "text", text: of })),
    fc
      .tuple(reference, tie("ruleValue"))
      .map(([of, otherwise]): Value => ({ kind: "default", reference: of, otherwise })),
    fc
      .tuple(fc.constantFrom("json-text" as const, "base64" as const), tie("ruleValue"))
      .map(([as, value]): Value => ({ kind: "encoded", as, value })),
    fc
      .uniqueArray(fc.tuple(text, tie("ruleValue")), { selector: ([name]) => name, maxLength: 3 })
      .map((members): Value => ({ kind: "object", members: members.map(([name, value]) => ({ name, value })) })),
    fc.array(tie("ruleValue"), { maxLength: 3 }).map((items): Value => ({ kind: "list", items })),
  ),
}));

/** Values of headers and other parameters, as the language takes them. */
export const parameterValue: fc.Arbitrary<Value> = fc.oneof(
  textValue.map((of): Value => ({ kind: "text", text: of })),
  fc.letrec<{ chain: Value }>((tie) => ({
    chain: fc
      .tuple(
        reference,
        fc.oneof(
          { maxDepth: 2 },
          constant,
          reference.map((of): Value => ({ kind: "reference", reference: of })),
          textValue.map((of): Value => ({ kind: "text", text: of })),
          tie("chain"),
        ),
      )
      .map(([of, otherwise]): Value => ({ kind: "default", reference: of, otherwise })),
  })).chain,
);

/** What may and may not be a status, as text and as JSON. */
const status = fc.constantFrom("404", "503", "099", "600", "4041", " 404", "404\n", "404.0", "", "x", "-404", "+404");
const statusJson = fc.constantFrom(
  "404",
  '"503"',
  "599",
  "600",
  "404.0",
  "4.04e2",
  "null",
  "true",
  "[404]",
  '{"a":404}',
);

export const statusInput: fc.Arbitrary<TemplateCaseInput> = fc.record({
  body: statusJson.map((json) => `{"a":${json},"items":[{"sku":${json}}]}`),
  params: fc.record({
    path: fc.record({ id: status }),
    querystring: fc.record({ q: status }, { requiredKeys: [] }),
    header: fc.record({ "X-H": status }, { requiredKeys: [] }),
  }),
  context: fc.record({ authorizer: fc.record({ tenant: status }, { requiredKeys: [] }) }, { requiredKeys: [] }),
  stageVariables: fc.record({ host: status }, { requiredKeys: [] }),
}) as fc.Arbitrary<TemplateCaseInput>;

const statusConstant = fc.constantFrom(100, 204, "404").map((value): Value => ({ kind: "constant", value }));

/** Rules for a status, as the language takes them. */
export const statusRule: fc.Arbitrary<Value> = fc.oneof(
  statusConstant,
  reference.map((of): Value => ({ kind: "reference", reference: of })),
  fc
    .tuple(
      reference,
      fc.oneof(
        statusConstant,
        reference.map((of): Value => ({ kind: "reference", reference: of })),
      ),
    )
    .map(([of, otherwise]): Value => ({ kind: "default", reference: of, otherwise })),
  fc
    .tuple(fc.constantFrom("4", "50", " "), reference)
    .map(([start, of]): Value => ({ kind: "text", text: { parts: [start, of] } })),
);
