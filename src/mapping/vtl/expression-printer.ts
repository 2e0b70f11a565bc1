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
import { isJsonStep } from "./json-variables.js";
import { literal } from "./literal.js";

/** Modules of the runtime that generated code may import from. */
export type TemplateModule =
  | "template-runtime"
  | "regex/regex-methods"
  | "regex/java-regex"
  | "rules"
  | "json/read-json"
  | "jsonpath/dynamic-path"
  | "interpret/evaluate-text";

export interface RuntimeImport {
  readonly name: string;
  /** Path below `runtime/mapping`, without extension. */
  readonly module: TemplateModule;
}

/** Where the types stand that typed code names. */
const typeModules = {
  ContextName: "template-scope",
  Json: "json/read-json",
  JsonPath: "jsonpath/path",
  TemplateScope: "template-scope",
  Value: "values/value",
} as const;

/**
 * What is known of a value: `json` is a part of the body as JSON.parse gave it, `text` a string, `number` a whole number and
 * `boolean` true or false, all of JavaScript; `value` is any other.
 */
export type Kind = "json" | "text" | "number" | "boolean" | "value";

/** Code of a value. */
export interface Source {
  readonly code: string;
  readonly kind: Kind;
}

export interface TypeImport {
  readonly name: keyof typeof typeModules;
  readonly module: (typeof typeModules)[keyof typeof typeModules];
}

/** Methods of String that need the engine of regular expressions. */
const regexMethodNames: ReadonlySet<string> = new Set(["matches", "replaceAll", "replaceFirst", "split"]);

const arithmetic = "+-*/%";

/** Methods of parts of the body that need no template's value: name → helper. */
const jsonMethods: ReadonlyMap<string, string> = new Map([
  ["size", "jsonSize"],
  ["isEmpty", "jsonIsEmpty"],
]);

/** Properties that a text or a list has. */
const getters: ReadonlySet<string> = new Set(["empty", "Empty", "blank", "Blank"]);

const none: Source = { code: "null", kind: "value" };
const anyValue = (code: string): Source => ({ code, kind: "value" });
const knownText = (code: string): Source => ({ code, kind: "text" });

/** Prints expressions as JavaScript. How variables and interpolated strings are written is up to the strategy. */
export abstract class ExpressionPrinter {
  readonly #imports = new Map<string, TemplateModule>();
  /** Constants made once, before the first rendering: name → source. */
  readonly #constants = new Map<string, { readonly source: string; readonly type: string }>();
  /** Paths that one pass over the body finds. */
  readonly #bodyParts: string[] = [];
  readonly #types = new Set<keyof typeof typeModules>();
  readonly #parts = new Set<"regex" | "matches" | "dynamicPath">();
  #temporaries = 0;

  constructor(
    /** Whether the code is TypeScript, with the types that `strict` wants. */
    protected readonly typed: boolean,
  ) {}

  /** A type annotation, where the code has types. */
  protected annotation(type: keyof typeof typeModules | "string"): string {
    if (!this.typed) return "";
    if (type !== "string") this.#types.add(type);
    return `: ${type}`;
  }

  /** Types that the code names. */
  get types(): readonly TypeImport[] {
    return [...this.#types].sort().map((name) => ({ name, module: typeModules[name] }));
  }

  /** Source of the value of a variable that has been looked up by its whole reference. */
  protected abstract variable(node: ReferenceNode): Source;

  /** Whether the template changes a list or a map, or may. */
  protected get changes(): boolean {
    return true;
  }

  /** Whether all that is read of the body is JSON of parts, which one pass over its text finds. */
  protected get inOnePass(): boolean {
    return false;
  }

  /** Whether parts of the body are read as JSON.parse gives them. */
  protected get readsJson(): boolean {
    return false;
  }

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

  protected constant(prefix: string, source: string, type?: "JsonPath" | "ContextName"): string {
    for (const [name, known] of this.#constants) if (known.source === source) return name;
    const name = `${prefix}${this.#constants.size + 1}`;
    this.#constants.set(name, { source, type: type === undefined ? "" : this.annotation(type) });
    return name;
  }

  /** Lines that make the constants. */
  protected constants(): string[] {
    const made = [...this.#constants].map(([name, { source, type }]) => `const ${name}${type} = ${source};`);
    if (this.#bodyParts.length === 0) return made;
    return [...made, `const parts = ${this.helper("bodyParts", "rules")}([${this.#bodyParts.join(", ")}]);`];
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
  protected reference(node: ReferenceNode): Source {
    if (node.runt) return none;
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

  /** Code of what a reference prints. */
  protected printed(node: ReferenceNode): string {
    const shown = this.#gatewayText(node);
    if (shown !== undefined) return shown;
    const { code, kind } = this.reference(node);
    if (code === "null") return '""';
    if (kind === "text") return code;
    if (kind === "number") return `String(${code})`;
    return kind === "json"
      ? `${this.helper("show", "json/read-json")}(r, ${code})`
      : `${this.helper("print")}(r, ${code})`;
  }

  /** What `$context.a.b` and `$stageVariables.a` print, and `$util.escapeJavaScript(…)`: nobody needs the value itself. */
  #gatewayText({ name, path, runt }: ReferenceNode): string | undefined {
    const [first] = path;
    if (first === undefined || runt || !this.isBuiltIn(name)) return undefined;
    if (name === "util") {
      const arg = path.length === 1 && first.kind === "method" ? escapedArgument(first) : undefined;
      return arg && `${this.helper("escapedText")}(r, ${this.json(arg).code})`;
    }
    const names = path.map((segment) => (segment.kind === "property" ? segment.name : ""));
    if (names.some((each) => each === "" || getters.has(each))) return undefined;
    if (name === "stageVariables" && names.length === 1)
      return `(${this.helper("stageText", "rules")}(r, ${literal(names[0] ?? "")}) ?? "")`;
    if (name !== "context") return undefined;
    const constant = this.constant("name", contextNameSource(names), "ContextName");
    return `(${this.helper("contextText", "rules")}(r, ${constant}) ?? "")`;
  }

  /** `$input.body`, `$input.path('…')` and the like, without a look-up. */
  #builtIn({ name }: ReferenceNode, segment: Segment): Source | undefined {
    if (name === "context" || name === "stageVariables") {
      return segment.kind === "property" ? anyValue(`r.${name}.property(${literal(segment.name)})`) : undefined;
    }
    if (name === "util") {
      const arg = segment.kind === "method" ? escapedArgument(segment) : undefined;
      return arg && anyValue(`${this.helper("escapeText")}(r, ${this.json(arg).code})`);
    }
    if (name !== "input") return undefined;
    if (segment.kind === "property") return segment.name === "body" ? knownText("r.body") : undefined;
    if (segment.kind !== "method") return undefined;
    const [arg] = segment.args;
    if (segment.name === "params" && segment.args.length <= 1) {
      if (arg === undefined) return anyValue("r.params()");
      return arg.kind === "string" && arg.body === undefined ? knownText(`r.param(${literal(arg.text)})`) : undefined;
    }
    if (segment.args.length !== 1 || arg === undefined || (segment.name !== "path" && segment.name !== "json"))
      return undefined;
    const path = readLiteralPath(arg);
    if (path === undefined) this.needs("dynamicPath");
    return path === undefined || path === null ? undefined : this.#inputPath(segment.name, path);
  }

  #inputPath(method: "path" | "json", path: JsonPath): Source {
    if (usesPattern(path)) this.needs("matches");
    if (this.inOnePass)
      return knownText(`${this.helper("partJson", "rules")}(r, parts, ${this.#part(pathSource(path))})`);
    const constant = this.constant("path", pathSource(path), "JsonPath");
    if (method === "json") return knownText(`r.jsonOf(${constant})`);
    if (!this.readsJson) return anyValue(`${this.helper("inputPath")}(r, ${constant})`);
    const read = this.helper(this.changes ? "readJsonOnce" : "readJson", "json/read-json");
    return { code: `${read}(r, ${constant})`, kind: "json" };
  }

  #part(source: string): number {
    const known = this.#bodyParts.indexOf(source);
    return known === -1 ? this.#bodyParts.push(source) - 1 : known;
  }

  /** One step along a path. Arguments that do something wait until the value before them is known not to be null. */
  #step(self: Source, segment: Segment): Source {
    if (self.kind === "json" && isJsonStep(segment)) return { code: this.#jsonStep(self.code, segment), kind: "json" };
    switch (segment.kind) {
      case "property":
        return anyValue(`${this.helper("property")}(${self.code}, ${literal(segment.name)})`);
      case "method": {
        if (regexMethodNames.has(segment.name)) this.needs("regex");
        if (segment.name === "path" || segment.name === "json") {
          this.needs("dynamicPath");
          this.needs("matches");
        }
        const own = self.kind === "json" && segment.args.length === 0 ? jsonMethods.get(segment.name) : undefined;
        if (own !== undefined) return anyValue(`${this.helper(own, "json/read-json")}(r, ${self.code})`);
        const args = segment.args.map((arg) => this.value(arg)).join(", ");
        if (segment.name === "get" && segment.args.length === 1) {
          return this.#guarded(self, segment.args, (value) => `${this.helper("get")}(r, ${value}, ${args})`);
        }
        return this.#guarded(
          { code: this.#made(self), kind: "value" },
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

  /** The same from a part of the body to a part of that. */
  #jsonStep(self: string, segment: Segment): string {
    switch (segment.kind) {
      case "property":
        return this.#member(self, segment.name);
      case "index": {
        const at = this.value(segment.index);
        const use = (value: string) => `${this.helper("jsonIndex", "json/read-json")}(${value}, ${at})`;
        return this.#guarded({ code: self, kind: "json" }, [segment.index], use).code;
      }
      case "method": {
        const args = segment.args.map((arg) => this.value(arg)).join(", ");
        const use = (value: string) => `${this.helper("jsonGet", "json/read-json")}(r, ${value}, ${args})`;
        return this.#guarded({ code: self, kind: "json" }, segment.args, use).code;
      }
    }
  }

  /**
   * A member as JavaScript reads it, so that each place gets a look-up of its own: through one function for all of them it
   * costs several times as much. What every object seems to have is asked for in another way.
   */
  #member(self: string, name: string): string {
    const other = (value: string) => `${this.helper("jsonProperty", "json/read-json")}(${value}, ${literal(name)})`;
    if (name in {}) return other(self);
    const isVariable = /^v_\w+$/.test(self);
    const value = isVariable ? self : this.declared("Json");
    const test = `${this.helper("isObject", "json/read-json")}(${isVariable ? self : `${value} = ${self}`})`;
    return `(${test} ? ${value}[${literal(name)}] : ${other(value)})`;
  }

  #guarded(self: Source, args: readonly Expression[], use: (self: string) => string): Source {
    if (args.every(isQuiet)) return anyValue(use(self.code));
    const isJson = self.kind === "json";
    const name = this.declared(isJson ? "Json" : "Value");
    const test = isJson ? `((${name} = ${self.code}) ?? null) === null` : `(${name} = ${self.code}) === null`;
    return anyValue(`(${test} ? null : ${use(name)})`);
  }

  /** A template's value. */
  #made({ code, kind }: Source): string {
    return kind === "json" ? `${this.helper("made", "json/read-json")}(r, ${code})` : code;
  }

  /** Declares a variable of the function that is being printed. */
  protected abstract declared(type?: "Value" | "Json"): string;

  /** An expression, parts of the body as they are. */
  json(node: Expression): Source {
    if (node.kind === "reference") return node.computable ? this.reference(node) : none;
    return { code: this.value(node), kind: node.kind === "string" ? "text" : "value" };
  }

  /** Value of an expression. */
  value(node: Expression): string {
    switch (node.kind) {
      case "reference":
        return node.computable ? this.#made(this.reference(node)) : "null";
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
    if (operator === "==" || operator === "!=") return this.#equality(node);
    const left = this.value(node.left);
    const right = this.value(node.right);
    switch (operator) {
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

  #truth({ code, kind }: Source): string {
    return kind === "boolean" ? code : `${this.helper("truth")}(${code})`;
  }

  #equality({ operator, left, right }: BinaryNode): string {
    const [a, b] = [this.json(left), this.json(right)];
    if (a.kind === "text" && b.kind === "text") return `(${a.code} ${operator}= ${b.code})`;
    return `${operator === "!=" ? "!" : ""}${this.helper("looselyEqual")}(${this.#made(a)}, ${this.#made(b)}, r.budget)`;
  }

  /** Whether an expression counts as true: of literals only `true` does, of arithmetic nothing. */
  holds(node: Expression): string {
    switch (node.kind) {
      case "reference":
        return this.#truth(this.reference(node));
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

/** The argument of `$util.escapeJavaScript`, where it is called as it wants to be. */
function escapedArgument({ name, args: [arg, ...more] }: Extract<Segment, { kind: "method" }>): Expression | undefined {
  return name === "escapeJavaScript" && more.length === 0 ? arg : undefined;
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

/** A variable of `$context` as source: its dotted name and the steps to it. */
export function contextNameSource(path: readonly string[]): string {
  return `{ name: ${literal(path.join("."))}, path: [${path.map(literal).join(", ")}] }`;
}
