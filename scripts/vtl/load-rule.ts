import { formCode, type RuleCode, ruleCode, textCode } from "../../generators/gateway/rule-code.js";
import * as rules from "../../runtime/mapping/rules.js";
import * as runtime from "../../runtime/mapping/template-runtime.js";
import type { Value } from "../../src/model/expressions.js";

const helpers = new Map<string, unknown>(Object.entries({ ...runtime, ...rules }));

/** Compiles a rule to JavaScript and loads the code at once, as only tests and benchmarks do. */
export function loadRule(rule: Value): runtime.Template {
  return load(ruleCode(rule, false));
}

/** The same for a rule that gives plain text. */
export function loadText(rule: Value): runtime.Template {
  return load(textCode(rule, false));
}

/** The same for a form. */
export function loadForm(prefix: string, fields: readonly { readonly name: string; readonly value: Value }[]) {
  return load(formCode(prefix, fields, false));
}

function load({ code, imports }: RuleCode): runtime.Template {
  const names = imports.map(({ name }) => name);
  return new Function(...names, `"use strict"; return ${code};`)(
    ...names.map((name) => helpers.get(name)),
  ) as runtime.Template;
}
