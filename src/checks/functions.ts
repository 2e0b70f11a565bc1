import { posix } from "node:path";
import { places } from "../mapping/expressions/index.js";
import { constantText } from "../model/expressions.js";
import type { LambdaFunction } from "../model/gateway-model.js";
import { nearest } from "../nearest.js";
import type { FunctionSyntax, Name, TextValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { isFixed, readText } from "./expressions.js";
import { isInRange } from "./limits.js";

/** As Lambda names functions, so that a name is never a path. */
const functionName = /^[A-Za-z0-9_-]{1,64}$/;

/** Lambda's own limit, 15 minutes. */
const longestTimeoutMs = 900_000;

/** The functions of the file, and those that routes name without declaring them: `handlers/<name>.ts`. */
export class FunctionTable {
  readonly #functions = new Map<string, LambdaFunction>();
  readonly #declared = new Set<string>();
  /** Spelling of each name, by the name in lower case. */
  readonly #spellings = new Map<string, string>();

  constructor(private readonly checking: Checking) {
    for (const syntax of checking.syntax.functions) {
      this.#declared.add(syntax.name.text);
      if (!this.#isName(syntax.name)) continue;
      const checked = checkFunction(syntax, checking);
      if (checked) this.#functions.set(checked.name, checked);
    }
  }

  /** Notes that a route or authorizer calls a function; one that is not declared is a module of its name. */
  use(name: Name): string {
    const { text } = name;
    if (this.#declared.has(text) || this.#functions.has(text) || !this.#isName(name)) return text;
    const near = [...this.#declared].find((declared) => isTransposed(text, declared));
    if (near !== undefined) this.checking.report("undeclared-function", name.span, { name: text, near });
    this.#functions.set(text, { name: text, code: moduleOf(text), timeoutMs: undefined });
    return text;
  }

  all(): readonly LambdaFunction[] {
    return [...this.#functions.values()];
  }

  #isName({ text, span }: Name): boolean {
    if (!functionName.test(text)) {
      this.checking.report("bad-function-name", span, { name: text });
      return false;
    }
    const other = this.#spellings.get(text.toLowerCase());
    if (other !== undefined && other !== text) {
      this.checking.report("function-name-case", span, { name: text, other });
      return false;
    }
    this.#spellings.set(text.toLowerCase(), text);
    return true;
  }
}

/** The same letters in another order: `getOrdre`. Names one letter apart (`getOrder`, `getOrders`) are often both meant. */
function isTransposed(name: string, declared: string): boolean {
  const letters = (text: string) => [...text.toLowerCase()].sort().join("");
  return name.length === declared.length && name.length > 3 && letters(name) === letters(declared);
}

function moduleOf(name: string): LambdaFunction["code"] {
  return { kind: "module", file: `handlers/${name}.ts` };
}

function checkFunction(syntax: FunctionSyntax, checking: Checking): LambdaFunction | undefined {
  const { timeout } = syntax;
  if (timeout)
    isInRange(timeout, { least: 1, most: longestTimeoutMs, what: "a function's timeout, in ms" }, checking.report);
  const code = checkCode(syntax, checking);
  return code && { name: syntax.name.text, code, timeoutMs: timeout?.value };
}

function checkCode(syntax: FunctionSyntax, checking: Checking): LambdaFunction["code"] | undefined {
  const { file, aliases, arn } = syntax;
  if (file) return isModulePath(file, checking) ? { kind: "module", file: posix.normalize(file.text) } : undefined;
  if (arn) return checkArn(arn, checking);
  if (aliases) return checkAliases(syntax, aliases, checking);
  return moduleOf(syntax.name.text);
}

function checkAliases(
  { name, alias }: FunctionSyntax,
  aliases: NonNullable<FunctionSyntax["aliases"]>,
  checking: Checking,
): LambdaFunction["code"] | undefined {
  const files = aliases
    .filter((entry) => isAliasName(entry.name, checking) && isModulePath(entry.value, checking))
    .map((entry) => ({ alias: entry.name.text, file: posix.normalize(entry.value.text) }));
  const names = files.map((entry) => entry.alias);
  if (alias === undefined) return undefined;
  const text = readText(alias, places.alias, checking);
  const constant = text && constantText(text);
  if (constant !== undefined && names.length === aliases.length && !names.includes(constant)) {
    checking.report("unknown-alias", alias.span, {
      function: name.text,
      alias: constant,
      near: nearest(constant, names),
    });
  }
  return text && { kind: "aliases", files, alias: text };
}

/** Every stage's value of a variable that chooses an alias is an alias that the function has. */
export function checkStageAliases(functions: readonly LambdaFunction[], { syntax, report }: Checking): void {
  for (const { name, code } of functions) {
    if (code.kind !== "aliases") continue;
    const [part, ...more] = code.alias.parts;
    if (typeof part !== "object" || part.kind !== "stageVariable" || more.length > 0) continue;
    const names = code.files.map(({ alias }) => alias);
    for (const stage of syntax.stages) {
      for (const variable of [...stage.variables, ...(stage.canary?.variables ?? [])]) {
        const { text, span } = variable.value;
        if (variable.name.text !== part.name || text.includes("${") || names.includes(text)) continue;
        report("unknown-alias", span, { function: name, alias: text, near: nearest(text, names) });
      }
    }
  }
}

/** Stage variables may stand in the function's name and alias, not in region and account (aws-behaviour.md section 6.7). */
function checkArn(arn: TextValue, checking: Checking): LambdaFunction["code"] | undefined {
  const text = readText(arn, places.arn, checking);
  if (!text) return undefined;
  const [first] = text.parts;
  const isWhole = typeof first === "object";
  if (!isWhole && !/^arn:aws[\w-]*:lambda:[a-z0-9-]+:\d{12}:function:/.test(first ?? "")) {
    checking.report("bad-function-arn", arn.span, { arn: arn.text });
    return undefined;
  }
  return { kind: "arn", arn: text };
}

function isAliasName(name: Name, { report }: Checking): boolean {
  if (/^[A-Za-z0-9_-]{1,128}$/.test(name.text)) return true;
  report("bad-function-name", name.span, { name: name.text });
  return false;
}

/** A module inside the project, in a language that is bundled. */
function isModulePath(path: TextValue, checking: Checking): boolean {
  const { text, span } = path;
  if (!isFixed(path, "a file", checking)) return false;
  const normal = posix.normalize(text);
  if (posix.isAbsolute(text) || normal.startsWith("..") || text.includes("\\") || /^[A-Za-z]:/.test(text)) {
    checking.report("path-outside-project", span, { path: text });
    return false;
  }
  if (/\.[cm]?[jt]s$/.test(normal) && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(normal)) return true;
  checking.report("not-a-module", span, { path: text });
  return false;
}
