import { posix } from "node:path";
import type { LambdaFunction } from "../model/gateway-model.js";
import { nearest } from "../nearest.js";
import type { FunctionSyntax, Name, TextValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { checkConfigText } from "./mapping-values.js";

const functionName = /^[A-Za-z0-9_-]{1,64}$/;

/** The functions of the file, and those that routes name without declaring them: `handlers/<name>.ts`. */
export class FunctionTable {
  readonly #functions = new Map<string, LambdaFunction>();
  readonly #declared: ReadonlySet<string>;

  constructor(private readonly checking: Checking) {
    const { functions } = checking.syntax;
    this.#declared = new Set(functions.map(({ name }) => name.text));
    for (const syntax of functions) {
      if (!this.#checkName(syntax.name)) continue;
      const checked = checkFunction(syntax, checking);
      if (checked) this.#functions.set(checked.name, checked);
    }
  }

  /** Notes that a route or authorizer calls a function; one that is not declared is a module of its name. */
  use(name: Name): string {
    if (this.#declared.has(name.text) || this.#functions.has(name.text) || !this.#checkName(name)) return name.text;
    const near = [...this.#declared].find((declared) => isMisspelt(name.text, declared));
    if (near) this.checking.report("undeclared-function", name.span, { name: name.text, near });
    const file = `handlers/${name.text}.ts`;
    this.#functions.set(name.text, { name: name.text, code: { kind: "module", file }, timeoutMs: undefined });
    return name.text;
  }

  all(): readonly LambdaFunction[] {
    return [...this.#functions.values()];
  }

  #checkName({ text, span }: Name): boolean {
    if (functionName.test(text)) return true;
    this.checking.report("bad-function-name", span, { name: text });
    return false;
  }
}

/** Near enough to a declared name that another file under `handlers/` is hardly meant. */
function isMisspelt(name: string, declared: string): boolean {
  return (
    name.length > 4 &&
    Math.abs(name.length - declared.length) <= 1 &&
    nearest(name, [declared]) !== undefined &&
    shareStart(name, declared)
  );
}

function shareStart(a: string, b: string): boolean {
  return a.slice(0, 3).toLowerCase() === b.slice(0, 3).toLowerCase();
}

function checkFunction(syntax: FunctionSyntax, checking: Checking): LambdaFunction | undefined {
  const code = checkCode(syntax, checking);
  if (code === undefined) return undefined;
  return { name: syntax.name.text, code, timeoutMs: syntax.timeout?.value };
}

function checkCode(syntax: FunctionSyntax, checking: Checking): LambdaFunction["code"] | undefined {
  const { file, aliases, alias, arn } = syntax;
  if (file) return isModulePath(file, checking) ? { kind: "module", file: posix.normalize(file.text) } : undefined;
  if (arn) return checkArn(arn, checking);
  if (!aliases) return { kind: "module", file: `handlers/${syntax.name.text}.ts` };
  const files = aliases
    .filter(({ name, value }) => isAliasName(name, checking) && isModulePath(value, checking))
    .map(({ name, value }) => ({ alias: name.text, file: posix.normalize(value.text) }));
  if (alias === undefined) {
    if (files.length > 1) checking.report("alias-not-chosen", syntax.name.span, { name: syntax.name.text });
    return { kind: "aliases", files, alias: { parts: [files[0]?.alias ?? ""] } };
  }
  const text = checkConfigText(alias, checking);
  return text && { kind: "aliases", files, alias: text };
}

function checkArn(arn: TextValue, checking: Checking): LambdaFunction["code"] | undefined {
  const text = checkConfigText(arn, checking);
  if (text && !/^arn:[^:]+:lambda:/.test(arn.text) && !arn.text.startsWith("${")) {
    checking.report("bad-function-arn", arn.span, { arn: arn.text });
  }
  return text && { kind: "arn", arn: text };
}

function isAliasName(name: Name, { report }: Checking): boolean {
  if (/^[A-Za-z0-9_-]{1,128}$/.test(name.text)) return true;
  report("bad-function-name", name.span, { name: name.text });
  return false;
}

/** A module inside the project, in a language that is bundled. */
function isModulePath({ text, span }: TextValue, { report }: Checking): boolean {
  const normal = posix.normalize(text);
  if (posix.isAbsolute(text) || normal.startsWith("..") || text.includes("\\") || /^[A-Za-z]:/.test(text)) {
    report("path-outside-project", span, { path: text });
    return false;
  }
  if (/\.[cm]?[jt]s$/.test(normal) && !/[\0-\x1f]/.test(normal)) return true;
  report("not-a-module", span, { path: text });
  return false;
}
