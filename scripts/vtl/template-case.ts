import { type ContextData, contextMap } from "../../runtime/mapping/context-map.js";
import { TemplateError } from "../../runtime/mapping/template-error.js";
import { renderTemplate } from "../../runtime/mapping/template-runtime.js";
import type { TemplateInput } from "../../runtime/mapping/template-scope.js";
import { loadTemplate } from "./load-template.js";

type Names = Readonly<Record<string, string>>;

/** Input of a case: `context` of a VTL case, `given` of a conformance case. */
export interface TemplateCaseInput {
  readonly body?: string;
  readonly params?: { readonly path?: Names; readonly querystring?: Names; readonly header?: Names };
  readonly context?: { readonly [name: string]: ContextData };
  readonly stageVariables?: Names;
}

/** A line of `vtl/cases.jsonl` (its README has the meaning of the fields). */
export interface TemplateCase {
  readonly id: string;
  readonly family?: string;
  readonly template: string;
  readonly context: TemplateCaseInput;
  readonly expected?: string;
  readonly undefinedEmpty?: string;
  readonly error?: "parse" | "method";
}

export function templateInput(given: TemplateCaseInput): TemplateInput {
  const { path, querystring, header } = given.params ?? {};
  return {
    body: given.body ?? "",
    params: { path: names(path), querystring: names(querystring), header: names(header) },
    context: contextMap(given.context ?? {}),
    stageVariables: contextMap(given.stageVariables ?? {}),
  };
}

function names(given: Names | undefined): ReadonlyMap<string, string> {
  return new Map(Object.entries(given ?? {}));
}

/** What a template prints, or why it does not: `parse` or `method`. */
export type Outcome = { readonly text: string } | { readonly error: string };

export function renderCase(template: string, given: TemplateCaseInput): Outcome {
  const compiled = loadTemplate(template);
  if (compiled === undefined) return { error: "parse" };
  try {
    return { text: renderTemplate(compiled, templateInput(given)) };
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.reason };
    throw error;
  }
}

/** What is wrong with a case's outcome; undefined where it is as expected. */
export function problemOf(testCase: TemplateCase, outcome: Outcome): string | undefined {
  if (testCase.error !== undefined) {
    if ("error" in outcome && outcome.error === testCase.error) return undefined;
    return `wanted the error ${testCase.error}, got ${show(outcome)}`;
  }
  const wanted = testCase.undefinedEmpty ?? testCase.expected;
  if ("text" in outcome && outcome.text === wanted) return undefined;
  return `wanted ${JSON.stringify(wanted)}, got ${show(outcome)}`;
}

function show(outcome: Outcome): string {
  return "text" in outcome ? JSON.stringify(outcome.text) : `the error ${outcome.error}`;
}
