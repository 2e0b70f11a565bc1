import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Budget } from "../../runtime/mapping/budget.js";
import { parseJson } from "../../runtime/mapping/json/parse-json.js";
import { readPath } from "../../runtime/mapping/jsonpath/evaluate.js";
import { parsePath } from "../../runtime/mapping/jsonpath/parse-path.js";
import { JsonPathError } from "../../runtime/mapping/jsonpath/path.js";
import { matchesPattern } from "../../runtime/mapping/regex/java-regex.js";
import { jsonText } from "../../runtime/mapping/values/json-text.js";
import type { VectorResult } from "./json-schema.js";

interface SuiteCase {
  readonly name: string;
  readonly selector: string;
  readonly document?: unknown;
  readonly result?: unknown;
  readonly results?: readonly unknown[];
  readonly invalid_selector?: boolean;
}

/** Where Jayway, which API Gateway uses, is not RFC 9535, by what the selector has. */
const jaywayDiffers: readonly (readonly [RegExp, string])[] = [
  [/\b(?:count|length|match|search|value)\s*\(/, "functions of the RFC stand before their argument, Jayway's behind"],
  [/\[[^\]]*:[^\]]*:[^\]]*\]|\[:\]/, "Jayway's slices have no step, and need a start or an end"],
  [/\[\s*-?\d*\s+:|:\s+-?\d|\[\s*-?\d+:\s*\n/, "no white space within a slice"],
  [/\d{11,}/, "an index is an int"],
  [/\[\d+:-\d+\]/, "a slice from the front to the back is empty"],
  [/\[-\d+:\d+\]/, "a slice from the back counts on through the front"],
  [/\['[^']*'\s*,\s*'[^']*'\]$|\["[^"]*"\s*,\s*"[^"]*"\]$/, "several names at the end give one object"],
  [/\[(?:'[^']*'|\d+|\*|\?[^\]]*)\s*,\s*(?:[\d*?]|'[^']*')|\[\?[^\]]*,/, "selectors of several kinds in one bracket"],
  [/^\$\s|\]\s+\[|\$\s*\n/, "no white space between segments"],
  [/\?.*(?:==|!=).*(?:\d|'1'|"1")/, "a number equals the text of that number"],
  [/\?@?\s*$|\[\?[@$]\]/, "a filter on an object tests the object itself"],
  [/<=\s*(?:null|true|false)|>=\s*(?:null|true|false)/, "only numbers and texts are ordered"],
  [/@\.absent|@\.a == @\.b/, "what is missing equals nothing"],
  [/\?!?@(?:\.\*|\[0)/, "an indefinite path always exists"],
  [/\?@\[\?|\?@\[0, 0/, "nested filters and mixed brackets"],
  [/\?@<3/, "a filter on an object tests the object itself"],
];

/**
 * The RFC 9535 suite: no selector crashes the parser, and results are the RFC's wherever Jayway agrees with it. What the
 * RFC refuses Jayway may take, so an invalid selector only has to be read or refused.
 */
export function runJsonPathVectors(dir: string): VectorResult {
  const failed: string[] = [];
  const known: string[] = [];
  let passed = 0;
  for (const testCase of readSuite(join(dir, "cts.json"))) {
    const problem = problemOf(testCase);
    const reason = problem && jaywayDiffers.find(([pattern]) => pattern.test(testCase.selector))?.[1];
    if (problem === undefined) passed++;
    else if (reason === undefined || problem.startsWith("threw"))
      failed.push(`${testCase.name} | ${testCase.selector}: ${problem}`);
    else known.push(`${testCase.name} | ${testCase.selector}: ${reason}`);
  }
  return { passed, failed, known };
}

function readSuite(file: string): readonly SuiteCase[] {
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly tests: readonly SuiteCase[] }).tests;
}

/** `[?@.a]` of the RFC is `[?(@.a)]` for Jayway. */
function withParentheses(selector: string): string {
  return selector.replace(/\[\s*\?\s*([^[\]]*(?:\[[^[\]]*\][^[\]]*)*)\]/g, "[?($1)]");
}

function problemOf({ selector, document, result, results, invalid_selector }: SuiteCase): string | undefined {
  const wanted = results ?? [result];
  try {
    const path = parsePath(withParentheses(selector));
    if (invalid_selector === true) return undefined;
    const value = valueAt(selector, document);
    const nodes = value === undefined ? [] : path.definite ? [value] : value;
    return wanted.some((expected) => isDeepStrictEqual(nodes, expected)) ? undefined : `gives ${JSON.stringify(nodes)}`;
  } catch (error) {
    if (!(error instanceof JsonPathError)) return `threw ${error instanceof Error ? error.message : String(error)}`;
    return invalid_selector === true ? undefined : `refused: ${error.message}`;
  }
}

function valueAt(selector: string, document: unknown): unknown {
  const budget = new Budget();
  const root = parseJson(JSON.stringify(document), budget) ?? null;
  const value = readPath(parsePath(withParentheses(selector)), root, { root, budget, matches: matchesPattern });
  return value === undefined ? undefined : JSON.parse(jsonText(value, budget));
}
