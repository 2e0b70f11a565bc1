import fc from "fast-check";

/** Source text of models M0 … M3 with all that the language has, which refer to each other. */
export function arbitraryModels(): fc.Arbitrary<string> {
  const name = fc.constantFrom("a", "b", "c", '"d-e"', "constructor");
  const leaf = fc.constantFrom(
    "string",
    "integer",
    "number",
    "boolean",
    "null",
    "unknown",
    "uuid",
    "datetime",
    "int64",
    '"x"',
    '"y"',
    "1",
    "true",
    "M0",
    "M1",
    "M2",
    "M3",
    "integer & Minimum<0> & Maximum<9>",
    "string & MinLength<1>",
    'string & Pattern<"^[a-z]+$">',
    "number & ExclusiveMinimum<0>",
    "number & MultipleOf<0.5>",
    'string & Format<"ipv4">',
    "Record<string, never>",
  );
  const { type } = fc.letrec<{ type: string }>((tie) => {
    const inner = tie("type").map((text) => `(${text})`);
    const members = fc
      .uniqueArray(fc.tuple(name, fc.boolean(), tie("type")), { maxLength: 4, selector: ([key]) => key })
      .map((list) => list.map(([key, optional, text]) => `${key}${optional ? "?" : ""}: ${text}`).join("; "));
    return {
      type: fc.oneof(
        { maxDepth: 2, depthSize: "small" },
        leaf,
        inner.map((text) => `${text}[]`),
        fc
          .tuple(inner, fc.constantFrom("MinItems<1>", "MaxItems<2>", "UniqueItems"))
          .map(([text, limit]) => `(${text}[] & ${limit})`),
        fc.array(inner, { minLength: 2, maxLength: 3 }).map((list) => list.join(" | ")),
        members.map((text) => `{ ${text} }`),
        inner.map((text) => `Record<string, ${text}>`),
        fc.tuple(inner, inner).map(([a, b]) => `[${a}, ${b}?]`),
        fc.tuple(inner, inner).map(([a, b]) => `[${a}, ...${b}[]]`),
      ),
    };
  });
  const object = fc
    .uniqueArray(fc.tuple(name, fc.boolean(), type), { minLength: 1, maxLength: 4, selector: ([key]) => key })
    .map((list) => `{ ${list.map(([key, optional, text]) => `${key}${optional ? "?" : ""}: ${text}`).join("; ")} }`);
  const closed = fc.constantFrom("", "/** @additionalProperties false */ ", "/** Text of it. @maxProperties 3 */ ");
  return fc
    .tuple(
      closed,
      object,
      object,
      type,
      fc.constantFrom("{ z?: M0[] }", '"x" | "y" | null', "M1 | M0", "M1 & { z?: string }"),
    )
    .map(([tag, a, b, c, d]) => `${tag}interface M0 ${a}\ninterface M1 ${b}\ntype M2 = { m?: ${c} }\ntype M3 = ${d}\n`);
}

/** JSON values that fit such types now and then. */
export function arbitraryValue(): fc.Arbitrary<unknown> {
  const key = fc.constantFrom("a", "b", "c", "d-e", "constructor", "m", "z", "q", "__proto__");
  const leaf = fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    1,
    2,
    1.5,
    -1,
    10,
    "",
    "x",
    "y",
    "abc",
    "ABC",
    "1.2.3.4",
    "2020-01-01T00:00:00Z",
    "123e4567-e89b-12d3-a456-426614174000",
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      leaf,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.uniqueArray(fc.tuple(key, tie("value")), { maxLength: 4, selector: ([name]) => name }).map(Object.fromEntries),
    ),
  }));
  return value;
}
