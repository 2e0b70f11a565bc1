import { invariant } from "../../src/invariant.js";
import { compileTemplate } from "../../src/mapping/vtl/index.js";
import type { Value } from "../../src/model/expressions.js";
import type { Template } from "../../src/model/integrations.js";
import { code, type Planned, stringLiteral } from "../emit/code-literal.js";
import { formCode, type RuleCode, ruleCode, textCode } from "./rule-code.js";

/** One compiled template, printed as a constant of a module of their own. */
export interface TemplatePlan {
  readonly name: string;
  readonly code: string;
}

/** The compiled templates of a gateway; equal templates share one constant. */
export class TemplatePlans {
  readonly #plans = new Map<string, TemplatePlan>();
  readonly #imports = new Map<string, Set<string>>();

  all(): readonly TemplatePlan[] {
    return [...this.#plans.values()];
  }

  /** Names that the code takes from modules below `runtime/mapping/`, sorted. */
  imports(): readonly { readonly module: string; readonly names: readonly string[] }[] {
    return [...this.#imports]
      .map(([module, names]) => ({ module, names: [...names].sort() }))
      .sort((a, b) => (a.module < b.module ? -1 : 1));
  }

  /** `new Map([["application/json", template1]])`; a constant stands there as it is. */
  mapOf(templates: readonly Template[], side: "request" | "response"): Planned {
    const entries = templates.map((template) => {
      return `[${stringLiteral(template.mediaType)}, ${this.#valueOf(template, side)}]`;
    });
    return code(`new Map<string, BodyTemplate>([${entries.join(", ")}])`);
  }

  /** The code of what gives an answer's status: a text, or a template that makes it. */
  statusOf(rule: Value): Planned {
    if (rule.kind === "constant") return code(stringLiteral(String(rule.value)));
    return code(this.#named(JSON.stringify({ kind: "status", rule }), () => textCode(rule)));
  }

  #valueOf(template: Template, side: "request" | "response"): string {
    const { source } = template;
    if (source.kind === "constant") return stringLiteral(source.text);
    return this.#named(keyOf(source), () => compile(source, side));
  }

  #named(key: string, make: () => RuleCode): string {
    const known = this.#plans.get(key);
    if (known) return known.name;
    const compiled = make();
    for (const { module, name } of compiled.imports) this.#import(module, name);
    for (const { module, name } of compiled.types) this.#import(module, `type ${name}`);
    const plan = { name: `template${this.#plans.size + 1}`, code: compiled.code };
    this.#plans.set(key, plan);
    return plan.name;
  }

  #import(module: string, name: string): void {
    const names = this.#imports.get(module) ?? new Set();
    this.#imports.set(module, names.add(name));
  }
}

type Compiled = Exclude<Template["source"], { kind: "constant" }>;

function keyOf(source: Compiled): string {
  return source.kind === "vtl" ? source.text : JSON.stringify(source);
}

/** Templates are checked before, where what is wrong is reported; one that does not compile here is a bug of ours. */
function compile(source: Compiled, kind: "request" | "response"): RuleCode {
  if (source.kind === "rule") return ruleCode(source.rule);
  if (source.kind === "form") return formCode(source.prefix, source.fields);
  const compiled = compileTemplate(source.text, { kind, report: () => undefined });
  invariant(compiled !== undefined, "a checked template compiles");
  return compiled;
}
