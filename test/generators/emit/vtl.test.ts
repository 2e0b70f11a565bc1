import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainTemplate, ruleTemplate } from "../../../generators/emit/vtl-rule.js";
import { vtlLiteral, vtlText } from "../../../generators/emit/vtl-text.js";
import { renderCase, type TemplateCaseInput } from "../../../scripts/vtl/template-case.js";
import type { Value } from "../../../src/model/expressions.js";
import { ref, text, value } from "../../support/model.js";

/** What Velocity makes of a template. */
function rendered(template: string, given: TemplateCaseInput = {}): string {
  const outcome = renderCase(template, given);
  return "text" in outcome ? outcome.text : `error: ${outcome.error}`;
}

function object(members: Readonly<Record<string, Value>>): Value {
  return { kind: "object", members: Object.entries(members).map(([name, member]) => ({ name, value: member })) };
}

describe("constants", () => {
  const velocityText = fc
    .array(
      fc.constantFrom(
        "$",
        "#",
        "\\",
        "{",
        "}",
        "input",
        "set(",
        "end",
        "if(true)",
        "[[",
        "]]",
        "*",
        "'",
        '"',
        "\n",
        " ",
        "x",
        "!",
      ),
    )
    .map((parts) => parts.join(""));

  test("any text comes out as it went in", () => {
    fc.assert(
      fc.property(velocityText, (constant) => {
        expect(rendered(vtlText(constant))).toBe(constant);
      }),
      { numRuns: 1000 },
    );
  });

  test("so does any literal", () => {
    fc.assert(
      fc.property(velocityText, (constant) => {
        expect(rendered(`#set($x = ${vtlLiteral(constant)})$x`)).toBe(constant);
      }),
      { numRuns: 1000 },
    );
  });

  test("a text without Velocity's characters stays readable", () => {
    expect(vtlText('{"status":"ok"}')).toBe('{"status":"ok"}');
  });
});

describe("rules", () => {
  const given = {
    body: '{"user":{"name":"Ada \\"L\\""},"list":[1,2],"it\'s":true}',
    params: { header: { "X-Trace": "a'b\"c" }, path: { id: "7" }, querystring: {} },
    context: { requestId: "r-1", authorizer: { claims: { "custom:role": "admin" } } },
    stageVariables: { host: "h" },
  };

  test("make JSON of bodies, parameters, context and texts", () => {
    const rule = object({
      whole: value(ref("request.body")),
      name: value(ref("request.body.user.name")),
      quoted: value({ kind: "body", path: [{ kind: "member", name: "it's" }] }),
      second: value({
        kind: "body",
        path: [
          { kind: "member", name: "list" },
          { kind: "index", index: 1 },
        ],
      }),
      trace: value(ref("request.header.X-Trace")),
      role: value({ kind: "context", path: ["authorizer", "claims", "custom:role"] }),
      cost: value("$5 #1"),
      none: value(null),
      list: { kind: "list", items: [value(1), value(true)] },
      text: { kind: "text", text: text("order ", ref("request.path.id"), ".txt on ", ref("stageVariables.host"), "x") },
    });
    expect(JSON.parse(rendered(ruleTemplate(rule), given))).toEqual({
      whole: { user: { name: 'Ada "L"' }, list: [1, 2], "it's": true },
      name: 'Ada "L"',
      quoted: true,
      second: 2,
      trace: "a'b\"c",
      role: "admin",
      cost: "$5 #1",
      none: null,
      list: [1, true],
      text: "order 7.txt on hx",
    });
  });

  test("make plain text of the same for headers and forms", () => {
    const joined: Value = { kind: "text", text: text("id=", ref("context.requestId"), "!") };
    expect(rendered(plainTemplate(joined), given)).toBe("id=r-1!");
    expect(rendered(plainTemplate(value(ref("request.body"))), given)).toBe(given.body);
  });
});
