import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formTemplate, ruleTemplate, statusDirective } from "../../generators/emit/vtl-rule.js";
import { TemplateError } from "../../runtime/mapping/template-error.js";
import { renderTemplate, type Template } from "../../runtime/mapping/template-runtime.js";
import { loadForm, loadRule, loadText } from "../../scripts/vtl/load-rule.js";
import { renderCase, type TemplateCaseInput, templateInput } from "../../scripts/vtl/template-case.js";
import { ruleInput, ruleValue, statusInput, statusRule } from "../support/arbitrary-rules.js";

const runs = Number(process.env["PROPERTY_RUNS"] ?? 1500);

function rendered(
  template: Template,
  given: TemplateCaseInput,
): { readonly text: string } | { readonly error: string } {
  try {
    return { text: renderTemplate(template, templateInput(given)) };
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.reason };
    throw error;
  }
}

describe("a rule", () => {
  test("gives the same bytes as JavaScript and as the VTL that AWS gets", () => {
    fc.assert(
      fc.property(ruleValue, ruleInput, (rule, given) => {
        expect(rendered(loadRule(rule), given)).toEqual(renderCase(ruleTemplate(rule), given));
      }),
      { numRuns: runs },
    );
  });

  test("gives JSON, whatever the request holds", () => {
    fc.assert(
      fc.property(ruleValue, ruleInput, (rule, given) => {
        const outcome = rendered(loadRule(rule), given);
        if ("text" in outcome) JSON.parse(outcome.text);
      }),
      { numRuns: runs },
    );
  });

  test("as fields of a form gives the same bytes, and each value comes out whole", () => {
    fc.assert(
      fc.property(fc.array(ruleValue, { maxLength: 3 }), ruleInput, (values, given) => {
        const fields = values.map((value, at) => ({ name: `F${at}`, value }));
        const outcome = rendered(loadForm("Action=A", fields), given);
        expect(outcome).toEqual(renderCase(formTemplate("Action=A", fields), given));
        if ("text" in outcome) expect([...new URLSearchParams(outcome.text).keys()]).toHaveLength(fields.length + 1);
      }),
      { numRuns: runs },
    );
  });

  test("for a status gives the same one as JavaScript and as the VTL that AWS gets, and prints nothing", () => {
    const given = new Set<string>();
    fc.assert(
      fc.property(statusRule, statusInput, (rule, sample) => {
        const ours = rendered(loadText(rule), sample);
        const status = "text" in ours && /^[1-5]\d\d$/.test(ours.text) ? ours.text : "";
        given.add(status);
        const template = `${statusDirective(rule)}<$context.responseOverride.status>`;
        const context = { ...sample.context, responseOverride: { header: {} } };
        expect(renderCase(template, { ...sample, context })).toEqual({ text: `<${status}>` });
      }),
      { numRuns: runs },
    );
    expect([...given].sort()).toEqual(["", "100", "204", "404", "503", "599"]);
  });
});
