import { evaluateText } from "../../runtime/mapping/interpret/evaluate-text.js";
import * as readJson from "../../runtime/mapping/json/read-json.js";
import { dynamicPath } from "../../runtime/mapping/jsonpath/dynamic-path.js";
import { matchesPattern } from "../../runtime/mapping/regex/java-regex.js";
import { regexMethods } from "../../runtime/mapping/regex/regex-methods.js";
import * as rules from "../../runtime/mapping/rules.js";
import * as runtime from "../../runtime/mapping/template-runtime.js";
import { compileTemplate } from "../../src/mapping/vtl/index.js";

const helpers = new Map<string, unknown>(
  Object.entries({ ...runtime, ...readJson, ...rules, evaluateText, dynamicPath, matchesPattern, regexMethods }),
);

/**
 * Compiles a template and loads the code at once, as only tests, benchmarks and this folder's commands do; a gateway
 * links the printed code.
 *
 * @returns undefined where the template is refused
 */
export function loadTemplate(text: string): runtime.Template | undefined {
  const compiled = compileTemplate(text, { kind: "request", report: () => {}, typed: false });
  if (compiled === undefined) return undefined;
  const names = compiled.imports.map(({ name }) => name);
  const values = names.map((name) => {
    if (!helpers.has(name)) throw new Error(`the runtime has no "${name}"`);
    return helpers.get(name);
  });
  return new Function(...names, `"use strict"; return ${compiled.code};`)(...values) as runtime.Template;
}
