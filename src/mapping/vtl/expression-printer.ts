import type { JsonPath } from "../../../runtime/mapping/jsonpath/path.js";
import { usesPattern } from "../../../runtime/mapping/jsonpath/path.js";
import type {
  BinaryNode,
  Expression,
  ReferenceNode,
  Segment,
  StringNode,
} from "../../../runtime/mapping/velocity/nodes.js";
import { readLiteralPath } from "./input-paths.js";
import { literal } from "./literal.js";

/** Modules of the runtime that generated code may import from. */
export type TemplateModule =
  | "template-runtime"
  | "regex/regex-methods"
  | "regex/java-regex"
  | "rules"
  | "jsonpath/dynamic-path"
  | "interpret/evaluate-text";

export interface RuntimeImport {
  readonly name: string;
  /** Path below `runtime/mapping`, without extension. */
  readonly module: TemplateModule;
}

/** Where the types stand that typed code names. */
const typeModules = { JsonPath: "jsonpath/path", TemplateScope: "template-scope", Value: "values/value" } as const;

export interface TypeImport {
  readonly name: keyof typeof typeModules;
  readonly module: (typeof typeModules)[keyof typeof typeModules];
}

/** Methods of String that need the engine of regular expressions. */
const regexMethodNames: ReadonlySet<string> = new Set(["matches", "replaceAll", "replaceFirst", "split"]);

const arithmetic = "+-*/%";

/** Prints expressions as JavaScript. How variables and interpolated strings are written is up to the strategy. */
export abstract class ExpressionPrinter {
  readonly #imports = new Map<string, TemplateModule>();
  /** Constants made once, before the first rendering: name → source. */
  readonly #constants = new Map<string, { readonly source: string; readonly type: string }>();
  readonly #types = new Set<keyof typeof typeModules>();
  readonly #parts = new Set<"regex" | "matches" | "dynamicPath">();
  #temporaries = 0;

  constructor(
    /** Whether the code is TypeScript, with the types that `strict` wants. */
    protected readonly typed: boolean,
  ) {}

  /** A type annotation, where the code has types. */
  protected annotation(type: "Value" | "TemplateScope" | "JsonPath" | "string"): string {
    if (!this.typed) return "";
    if (type !== "string") this.#types.add(type);
    return `: ${type}`;
  }

  /** Types that the code names. */
  get types(): readonly TypeImport[] {
    return [...this.#types].sort().map((name) => ({ name, module: typeModules[name] }));
  }

  /** Source of the value of a variable that has been looked up by its whole reference. */
  protected abstract variable(node: ReferenceNode): string;

  /** Source of the text of an interpolated string. */
  protected abstract interpolated(node: StringNode): string;

  /** Whether a name still means what the gateway put there. */
  protected abstract isBuiltIn(name: string): boolean;

  /** The imports in a fixed order. */
  get imports(): readonly RuntimeImport[] {
    return [...this.#imports].map(([name, module]) => ({ name, module })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Name of a helper of the runtime. */
  protected helper(name: string, module: TemplateModule = "template-runtime"): string {
    this.#imports.set(name, module);
    return name;
  }

  protected constant(prefix: string, source: string): string {
    for (const [name, known] of this.#constants) if (known.source === source) return name;
    const name = `${prefix}${this.#constants.size + 1}`;
    this.#constants.set(name, { source, type: prefix === "path" ? this.annotation("JsonPath") : "" });
    return name;
  }

  /** Lines that make the constants. */
  protected constants(): string[] {
    return [...this.#constants].map(([name, { source, type }]) => `const ${name}${type} = ${source};`);
  }

  /** A name of its own for a value in between. */
  protected temporary(prefix: string): string {
    this.#temporaries++;
    return `${prefix}${this.#temporaries}`;
  }

  protected needs(part: "regex" | "matches" | "dynamicPath"): void {
    this.#parts.add(part);
  }

  /** The line that gives the rendering the parts it needs, if it needs any. */
  protected useParts(): string[] {
    const given: string[] = [];
    if (this.#parts.has("regex")) given.push(`regex: ${this.helper("regexMethods", "regex/regex-methods")}`);
    if (this.#parts.has("matches")) given.push(`matches: ${this.helper("matchesPattern", "regex/java-regex")}`);
    if (this.#parts.has("dynamicPath"))
      given.push(`dynamicPath: ${this.helper("dynamicPath", "jsonpath/dynamic-path")}`);
    return given.length === 0 ? [] : [`r.use({ ${given.join(", ")} });`];
  }

  /** Value of a reference, whatever it is used for. */
  protected reference(node: ReferenceNode): string {
    if (node.runt) return "null";
    const [first, ...rest] = node.path;
    const direct = first === undefined || !this.isBuiltIn(node.name) ? undefined : this.#builtIn(node, first);
    let source = direct ?? this.variable(node);
    for (const segment of direct === undefined ? this.restOf(node) : rest) source = this.#step(source, segment);
    return source;
  }

  /** Segments that `variable` has not dealt with. */
  protected restOf(node: ReferenceNode): readonly Segment[] {
    return node.path;
  }

  /** `$input.body`, `$input.path('…')` and the like, without a look-up. */
  #builtIn({ name }: ReferenceNode, segment: Segment): string | undefined {
    if (name === "context" || name === "stageVariables") {
      return segment.kind === "property" ? `r.${name}.property(${literal(segment.name)})` : undefined;
    }
    if (name === "util" && segment.kind === "method" && segment.name === "escapeJavaScript") {
      const [arg] = segment.args;
      return arg === undefined || segment.args.length > 1
        ? undefined
        : `${this.helper("escapeText")}(r, ${this.value(arg)})`;
    }
    if (name !== "input") return undefined;
    if (segment.kind === "property") return segment.name === "body" ? "r.body" : undefined;
    if (segment.kind !== "method") return undefined;
    const [arg] = segment.args;
    if (segment.name === "params" && segment.args.length <= 1) {
      if (arg === undefined) return "r.params()";
      return arg.kind === "string" && arg.body === undefined ? `r.param(${literal(arg.text)})` : undefined;
    }
    if (segment.args.length !== 1 || arg === undefined || (segment.name !== "path" && segment.name !== "json"))
      return undefined;
    const path = readLiteralPath(arg);
    if (path === undefined) this.needs("dynamicPath");
    return path === undefined || path === null ? undefined : this.#inputPath(segment.name, path);
  }

  #inputPath(method: "path" | "json", path: JsonPath): string {
    if (usesPattern(path)) this.needs("matches");
    const constant = this.constant("path", pathSource(path));
    return method === "path" ? `${this.helper("inputPath")}(r, ${constant})` : `r.jsonOf(${constant})`;
  }

  /** One step along a path. Arguments that do something wait until the value before them is known not to be null. */
  #step(self: string, segment: Segment): string {
    switch (segment.kind) {
      case "property":
        return `${this.helper("property")}(${self}, ${literal(segment.name)})`;
      case "method": {
        if (regexMethodNames.has(segment.name)) this.needs("regex");
        if (segment.name === "path" || segment.name === "json") {
          this.needs("dynamicPath");
          this.needs("matches");
        }
        const args = segment.args.map((arg) => this.value(arg)).join(", ");
        if (segment.name === "get" && segment.args.length === 1) {
          return this.#guarded(self, segment.args, (value) => `${this.helper("get")}(r, ${value}, ${args})`);
        }
        return this.#guarded(
          self,
          segment.args,
          (value) => `${this.helper("call")}(r, ${value}, ${literal(segment.name)}, [${args}])`,
        );
      }
      case "index": {
        const at = this.value(segment.index);
        return this.#guarded(self, [segment.index], (value) => `${this.helper("index")}(${value}, ${at})`);
      }
    }
  }

  #guarded(self: string, args: readonly Expression[], use: (self: string) => string): string {
    if (args.every(isQuiet)) return use(self);
    const name = this.declared();
    return `((${name} = ${self}) === null ? null : ${use(name)})`;
  }

  /** Declares a variable of the function that is being printed. */
  protected abstract declared(): string;

  /** Value of an expression. */
  value(node: Expression): string {
    switch (node.kind) {
      case "reference":
        return node.computable ? this.reference(node) : "null";
      case "string":
        return node.body === undefined ? literal(node.text) : this.interpolated(node);
      case "integer":
        return this.#integer(node.digits);
      case "float":
        return Number.isInteger(node.value) || !Number.isFinite(node.value)
          ? this.constant("double", `${this.helper("double")}(${numberSource(node.value)})`)
          : numberSource(node.value);
      case "boolean":
        return String(node.value);
      case "list":
        return `${this.helper("list")}([${node.items.map((item) => this.value(item)).join(", ")}])`;
      case "map": {
        const pairs = node.entries.flatMap((entry) => entry.map((part) => this.value(part)));
        return `${this.helper("map")}(${["r.budget", ...pairs].join(", ")})`;
      }
      case "range":
        return `${this.helper("range")}(r.budget, ${this.value(node.from)}, ${this.value(node.to)})`;
      case "not":
        return `!${this.holds(node.operand)}`;
      case "binary":
        return this.#binary(node);
    }
  }

  #integer(digits: string): string {
    const value = Number(digits);
    if (value >= -2147483648 && value <= 2147483647) return numberSource(value + 0);
    return this.constant("integer", `${this.helper("integerOf")}(${literal(digits)})`);
  }

  #binary(node: BinaryNode): string {
    const { operator } = node;
    if (operator === "&&" || operator === "||")
      return `(${this.holds(node.left)} ${operator} ${this.holds(node.right)})`;
    const left = this.value(node.left);
    const right = this.value(node.right);
    switch (operator) {
      case "==":
        return `${this.helper("looselyEqual")}(${left}, ${right}, r.budget)`;
      case "!=":
        return `!${this.helper("looselyEqual")}(${left}, ${right}, r.budget)`;
      case "<":
      case ">":
      case "<=":
      case ">=":
        return `${this.helper("compare")}("${operator}", ${left}, ${right})`;
      case "+":
        return `${this.helper("add")}(r.budget, ${left}, ${right}, ${literal(node.left.literal)}, ${literal(node.right.literal)})`;
      default:
        return `${this.helper("calculate")}("${operator}", ${left}, ${right})`;
    }
  }

  /** Whether an expression counts as true: of literals only `true` does, of arithmetic nothing. */
  holds(node: Expression): string {
    switch (node.kind) {
      case "reference":
        return `${this.helper("truth")}(${this.reference(node)})`;
      case "boolean":
        return String(node.value);
      case "not":
        return `!${this.holds(node.operand)}`;
      case "binary":
        return arithmetic.includes(node.operator) ? "false" : this.value(node);
      default:
        return "false";
    }
  }
}

/** Whether evaluating an expression changes nothing and cannot fail, so that it may be done too early. */
function isQuiet(node: Expression): boolean {
  switch (node.kind) {
    case "reference":
      return node.path.every((segment) => segment.kind === "property");
    case "string":
      return node.body === undefined;
    case "integer":
    case "float":
    case "boolean":
      return true;
    default:
      return false;
  }
}

/** Whether an expression never gives null. */
export function isNeverNull(node: Expression): boolean {
  switch (node.kind) {
    case "reference":
    case "range":
      return false;
    case "binary":
      return (
        !arithmetic.includes(node.operator) ||
        (node.operator === "+" && (node.left.kind === "string" || node.right.kind === "string"))
      );
    default:
      return true;
  }
}

function numberSource(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (value === Number.POSITIVE_INFINITY) return "Infinity";
  return value === Number.NEGATIVE_INFINITY ? "-Infinity" : String(value);
}

/** A path as source: plain data, every text a literal. */
export function pathSource(value: unknown): string {
  if (typeof value === "string") return literal(value);
  if (Array.isArray(value)) return `[${value.map(pathSource).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${key}: ${pathSource(item)}`)
    .join(", ")} }`;
}
