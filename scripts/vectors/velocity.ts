import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Budget } from "../../runtime/mapping/budget.js";
import { addMacros, Interpreter } from "../../runtime/mapping/interpret/interpreter.js";
import { Rendering } from "../../runtime/mapping/interpret/rendering.js";
import { parseJson } from "../../runtime/mapping/json/parse-json.js";
import { regexMethods } from "../../runtime/mapping/regex/regex-methods.js";
import { TemplateScope } from "../../runtime/mapping/template-scope.js";
import { JavaList, JavaMap } from "../../runtime/mapping/values/collections.js";
import type { Value } from "../../runtime/mapping/values/value.js";
import { TemplateSyntaxError, type TemplateTree } from "../../runtime/mapping/velocity/nodes.js";
import { parseTemplate } from "../../runtime/mapping/velocity/parser.js";
import { templateInput } from "../vtl/template-case.js";
import type { VectorResult } from "./json-schema.js";

/**
 * What the suite, which is that of Velocity 2, has otherwise than 1.7: a mark in a template, and the reason. Our results
 * for these were compared with Velocity 1.7 on a JVM, and are the same.
 */
const differentIn17: readonly (readonly [(template: string) => boolean, string])[] = [
  [(text) => /#\{?(?:include|parse)\b/.test(text), "uses #include or #parse, which API Gateway has not"],
  [(text) => hasForeachElse(text), "#foreach … #else is Velocity 2"],
  [(text) => /\$\w+\.\w+##/.test(text), 'a comment right behind "$a.b" is text for 1.7 (VELOCITY-783)'],
  [(text) => /\[[^\]\n]*\.\.\s*["']/.test(text), "a range up to a text is Velocity 2"],
  [
    (text) => /\$[ \t]*\n?[ \t]*#(?:if|foreach|set|end|else)|\$\$#/.test(text),
    "1.7 refuses a stray $ before a directive",
  ],
  [(text) => callsUnknownMacro(text), "calls macros of a library file"],
  [
    (text) => /\$!?\{?(?:provider|person|templatenumber1|customer)\b/.test(text),
    "calls Java classes of the suite, which context.json has not",
  ],
  [(text) => /#macro\(\s*\w+ \$\w+/.test(text), "an argument without a value prints as the caller wrote it in 1.7"],
];

/** Velocity's own templates, with Velocity 1.7's handling of white space (`bc`). */
export function runVelocityVectors(dir: string): VectorResult {
  const failed: string[] = [];
  const known: string[] = [];
  let passed = 0;
  for (const { name, template, wanted, values } of suite(dir)) {
    const problem = problemOf(template, wanted, values);
    const reason = problem === undefined ? undefined : differentIn17.find(([has]) => has(template))?.[1];
    if (problem === undefined) passed++;
    else if (problem.startsWith("refused")) known.push(`${name}: ${reason ?? "1.7's grammar has it not"} (${problem})`);
    else if (reason === undefined) failed.push(`${name}: ${problem}`);
    else known.push(`${name}: ${reason}`);
  }
  return { passed, failed, known };
}

interface SuiteTemplate {
  readonly name: string;
  readonly template: string;
  readonly wanted: string;
  readonly values: ReadonlyMap<Value, Value>;
}

function* suite(dir: string): Generator<SuiteTemplate> {
  const values = suiteValues(join(dir, "context.json"));
  const read = (path: string) => readFileSync(join(dir, path), "utf8");
  for (const file of namesIn(join(dir, "templates"), ".vm")) {
    const wanted = `compare/${file.slice(0, -3)}.cmp`;
    if (!existsSync(join(dir, wanted))) continue;
    yield { name: file, template: read(`templates/${file}`), wanted: read(wanted), values };
  }
  for (const file of namesIn(join(dir, "gobbling"), ".vtl")) {
    const wanted = `gobbling/compare/${file}.BC`;
    if (!existsSync(join(dir, wanted))) continue;
    yield { name: `gobbling/${file}`, template: read(`gobbling/${file}`), wanted: read(wanted), values: new Map() };
  }
}

function namesIn(folder: string, suffix: string): readonly string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(suffix))
        .sort()
    : [];
}

function problemOf(template: string, wanted: string, values: ReadonlyMap<Value, Value>): string | undefined {
  try {
    const shown = renderPlain(template, values);
    return shown.trimEnd() === wanted.trimEnd() ? undefined : firstDifference(shown, wanted);
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return `refused: ${error.message}`;
    return `threw ${error instanceof Error ? error.message : String(error)}`;
  }
}

function firstDifference(shown: string, wanted: string): string {
  const lines = shown.split("\n");
  const at = wanted.split("\n").findIndex((line, index) => line !== lines[index]);
  return `line ${at + 1}: ${JSON.stringify(lines[at])}, wanted ${JSON.stringify(wanted.split("\n")[at])}`;
}

/** Renders as plain Velocity: a reference without a value prints its source. */
function renderPlain(template: string, values: ReadonlyMap<Value, Value>): string {
  const scope = new TemplateScope(templateInput({}));
  scope.use({ regex: regexMethods });
  const rendering = new Rendering(scope, [], true);
  const tree = parseTemplate(template);
  addMacros(tree, rendering);
  for (const [name, value] of values) rendering.root.put(String(name), value);
  return rendering.template((variables, output) => new Interpreter(rendering).block(tree.body, variables, output));
}

function suiteValues(file: string): ReadonlyMap<Value, Value> {
  const context = existsSync(file) ? parseJson(readFileSync(file, "utf8"), new Budget()) : null;
  const values = context instanceof JavaMap ? asJava(context.get("values")) : null;
  return values instanceof JavaMap ? values.entries : new Map();
}

/** Lists that print as Java's do, not as JSON. */
function asJava(value: Value): Value {
  if (value instanceof JavaList) return new JavaList(value.items.map(asJava), false);
  if (!(value instanceof JavaMap)) return value;
  return new JavaMap(new Map([...value.entries].map(([key, item]) => [key, asJava(item)])));
}

/** Whether an `#else` belongs to a `#foreach`: counted by the directives that open and close blocks. */
function hasForeachElse(text: string): boolean {
  const open: string[] = [];
  for (const [, name = ""] of text
    .replace(/##[^\n]*|#\*[\s\S]*?\*#/g, "")
    .matchAll(/#\{?(if|foreach|macro|define|@\w+|else|end)\b/g)) {
    if (name === "end") open.pop();
    else if (name !== "else") open.push(name);
    else if (open.at(-1) === "foreach") return true;
  }
  return false;
}

const directives = new Set([
  "set",
  "if",
  "elseif",
  "else",
  "end",
  "foreach",
  "break",
  "stop",
  "macro",
  "define",
  "evaluate",
  "include",
  "parse",
]);

/** A call with parentheses of a macro that the template does not make. */
function callsUnknownMacro(text: string): boolean {
  let tree: TemplateTree;
  try {
    tree = parseTemplate(text);
  } catch {
    return false;
  }
  return [...text.matchAll(/(?<!\\)#@?\{?([A-Za-z]\w*)\}?\(/g)].some(
    ([, name = ""]) => !directives.has(name) && !tree.macros.has(name),
  );
}
