import process from "node:process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TemplateCaseInput } from "../../scripts/vtl/template-case.js";
import type { Value } from "../../src/model/expressions.js";
import { parameterValue, ruleInput } from "../support/arbitrary-rules.js";
import { directivesOf, exchangeOf, isOverride, sentHere, setByTemplate, targets } from "../support/override-case.js";

const runs = Number(process.env["PROPERTY_RUNS"] ?? 1500);

describe("a header, a query parameter or a path parameter that a template sets on AWS", () => {
  test.each(targets)(
    "by %s is what is sent here",
    (target) => {
      const seen = { sent: 0, nothing: 0 };
      fc.assert(
        fc.property(parameterValue, ruleInput, (value, given) => {
          fc.pre(isOverride(value, target));
          const x = exchangeOf(target, given);
          const sent = sentHere(value, target, x);
          expect(setByTemplate(value, target, x)).toBe(sent);
          seen[sent === undefined ? "nothing" : "sent"]++;
        }),
        { numRuns: Math.ceil(runs / 2) },
      );
      expect(seen.sent).toBeGreaterThan(runs / 4);
      expect(seen.nothing).toBeGreaterThan(0);
    },
    60_000,
  );

  const header = (name: string) => ({ kind: "header", name }) as const;
  const body = (...names: string[]) =>
    ({ kind: "body", path: names.map((name) => ({ kind: "member", name }) as const) }) as const;
  const text = (...parts: Extract<Value, { kind: "text" }>["text"]["parts"]): Value => ({
    kind: "text",
    text: { parts },
  });
  const chain = (reference: ReturnType<typeof header>, otherwise: Value): Value => ({
    kind: "default",
    reference,
    otherwise,
  });

  test.each<[string, Value, TemplateCaseInput, string | undefined]>([
    [
      "numbers as they are written",
      text("n=", body("n")),
      { body: '{"n":9007199254740993.0}' },
      "n=9.007199254740992E15",
    ],
    ["long numbers whole", text("n=", body("n")), { body: '{"n":9007199254740993}' }, "n=9007199254740993"],
    ["a body that is no JSON has nothing", text("n=", body("n")), { body: "{n" }, "n="],
    ["two that are missing", chain(header("A"), { kind: "reference", reference: header("B") }), {}, undefined],
    [
      "the second of two",
      chain(header("A"), { kind: "reference", reference: header("X-H") }),
      { params: { header: { "X-H": "b" } } },
      "b",
    ],
    [
      "an empty one is there",
      chain(header("X-H"), { kind: "constant", value: "other" }),
      { params: { header: { "X-H": "" } } },
      "",
    ],
    ["null instead of it", chain(header("A"), { kind: "constant", value: null }), {}, undefined],
  ])("%s", (_, value, given, sent) => {
    const x = exchangeOf("requestOverride.header", given);
    expect(sentHere(value, "requestOverride.header", x)).toBe(sent);
    expect(setByTemplate(value, "requestOverride.header", x)).toBe(sent);
  });

  test("is set only where there is something to set", () => {
    const value = chain(header("A"), { kind: "reference", reference: header("B") });
    expect(directivesOf(value, "requestOverride.header")).toContain(
      "#if(!($input.params().header.get('A') == $null) || ",
    );
    expect(directivesOf(text("x"), "requestOverride.header")).not.toContain("#if");
  });
});
