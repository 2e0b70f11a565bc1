import process from "node:process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ruleTemplate, statusDirective } from "../../generators/emit/vtl-rule.js";
import { parsePath } from "../../runtime/mapping/jsonpath/parse-path.js";
import { renderTemplate } from "../../runtime/mapping/template-runtime.js";
import { TemplateScope } from "../../runtime/mapping/template-scope.js";
import { loadRule, loadText } from "../../scripts/vtl/load-rule.js";
import { type TemplateCaseInput, templateInput } from "../../scripts/vtl/template-case.js";
import type { Value } from "../../src/model/expressions.js";
import { parameterValue, ruleInput, ruleValue, statusInput, statusRule } from "../support/arbitrary-rules.js";
import { exchangeOf, isOverride, sentHere, shownByTemplate, targets } from "../support/override-case.js";
import { askVelocity, hasVelocity, type OracleRequest } from "../support/velocity/oracle.js";

const runs = Number(process.env["PROPERTY_RUNS"] ?? 1500);

/** Velocity 1.7 on a JVM renders what AWS gets of a rule; the JavaScript of the same rule has to give the same bytes. */
describe.skipIf(!hasVelocity() && process.env["CI"] === undefined)("rules through Apache Velocity itself", () => {
  test("give the bytes of the JavaScript that runs here", () => {
    const cases = fc.sample(fc.tuple(ruleValue, ruleInput), runs);
    const shown = askVelocity(cases.map(([rule, given]) => requestOf(ruleTemplate(rule), given)));
    const wrong = cases
      .map(([rule, given], at) => ({
        rule,
        given,
        template: ruleTemplate(rule),
        ours: renderTemplate(loadRule(rule), templateInput(given)),
        velocity: shown[at],
      }))
      .filter(({ ours, velocity }) => ours !== velocity);
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  test("for a status give the status of the JavaScript", () => {
    const cases = fc.sample(fc.tuple(statusRule, statusInput), runs);
    const templateOf = (rule: Value) => `${statusDirective(rule)}<$!context.responseOverride.status>`;
    const shown = askVelocity(cases.map(([rule, given]) => requestOf(templateOf(rule), given)));
    const wrong = cases
      .map(([rule, given], at) => {
        const text = renderTemplate(loadText(rule), templateInput(given));
        return { rule, given, ours: /^[1-5]\d\d$/.test(text) ? `<${text}>` : "<>", velocity: shown[at] };
      })
      .filter(({ ours, velocity }) => ours !== velocity);
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  test("for a parameter that a template sets give what is sent here", () => {
    const cases = overrideCases();
    const shown = askVelocity(
      cases.map(({ value, target, given }) => requestOf(shownByTemplate(value, target), given)),
    );
    const wrong = cases
      .map(({ value, target, x, given }, at) => {
        const sent = sentHere(value, target, x);
        return { value, target, given, ours: sent === undefined ? "nothing" : `<${sent}>`, velocity: shown[at] };
      })
      .filter(({ ours, velocity }) => ours !== velocity);
    expect(cases.length).toBeGreaterThan(runs / 2);
    expect(wrong.slice(0, 3)).toEqual([]);
  });
});

/** Parameters that a template sets: a header, a query parameter, a path parameter, a header of the answer. */
function overrideCases() {
  const cases = fc.sample(fc.tuple(parameterValue, ruleInput, fc.constantFrom(...targets)), runs);
  return cases
    .filter(([value, , target]) => isOverride(value, target))
    .map(([value, given, target]) => {
      // A parameter of the path is always there, and the id of a request is the gateway's.
      const params = { ...given.params, path: { id: "", ...given.params?.path } };
      const x = exchangeOf(target, { ...given, params });
      return { value, target, x, given: { ...given, params, context: { ...given.context, requestId: x.requestId } } };
    });
}

/** What the template's references give: paths by our evaluator, which has tests of its own against Jayway's results. */
function requestOf(template: string, given: TemplateCaseInput): OracleRequest {
  const scope = new TemplateScope(templateInput(given));
  const paths = new Set(
    [...template.matchAll(/input\.(?:json|path)\('((?:[^']|'')*)'\)/g)].map(([, path = ""]) =>
      path.replaceAll("''", "'"),
    ),
  );
  const named = (kind: string, values: object | undefined) =>
    Object.entries(values ?? {})
      .filter(([, text]) => typeof text === "string")
      .map(([name, text]) => ({ kind, name, text: String(text) }));
  return {
    template,
    values: [
      ...[...paths].flatMap((path) => {
        const value = scope.read(parsePath(path)) ?? null;
        const json = { kind: "json", name: path, text: scope.jsonOf(parsePath(path)) };
        if (value === null) return [json];
        return [
          json,
          typeof value === "string"
            ? { kind: "string", name: path, text: value }
            : { kind: "value", name: path, text: "" },
        ];
      }),
      ...named("path", given.params?.path),
      ...named("querystring", given.params?.querystring),
      ...named("header", given.params?.header),
      ...named("context", given.context),
      ...named("authorizer", given.context?.["authorizer"] as object | undefined),
      ...named("stage", given.stageVariables),
    ],
  };
}
