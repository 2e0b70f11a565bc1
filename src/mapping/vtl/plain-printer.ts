import type {
  Block,
  Expression,
  ForeachNode,
  ReferenceNode,
  Segment,
  SetNode,
  Statement,
  StringNode,
} from "../../../runtime/mapping/velocity/nodes.js";
import { ExpressionPrinter, isNeverNull, type Source } from "./expression-printer.js";
import { indent } from "./indent.js";
import { type ValueUse, valueUse } from "./json-variables.js";
import { literal } from "./literal.js";
import { type LoopMember, loopMember } from "./strategy.js";
import { walkBlock } from "./walk.js";

interface Loop {
  readonly position: string;
  readonly count: string;
  readonly label: string;
}

const builtIns: ReadonlySet<string> = new Set(["input", "util", "context", "stageVariables"]);
const builtInSources = new Map([
  ["input", "r.inputObject"],
  ["util", "r.utilObject"],
  ["context", "r.context"],
  ["stageVariables", "r.stageVariables"],
]);

/** Prints a template whose variables can be variables of JavaScript (strategy.ts): one function, one string that grows. */
export class PlainPrinter extends ExpressionPrinter {
  /** Variables that the template sets or loops with: name → identifier. */
  readonly #variables = new Map<string, string>();
  /** Variables that are read somewhere. */
  readonly #read = new Set<string>();
  readonly #loops: Loop[] = [];
  readonly #declared: { readonly name: string; readonly type: "Value" | "Json" }[] = [];
  #use: ValueUse = { json: new Set(), readsJson: false, inOnePass: false, changes: true };
  #lines: string[] = [];
  /** Parts of the output that are not written yet. */
  #pending: string[] = [];

  /** Source of the template: an expression that gives a function. */
  print(body: Block): string {
    this.#collect(body);
    this.#use = valueUse(body, new Set(this.#variables.keys()));
    this.#block(body);
    this.#flush();
    const lines = this.#lines;
    const start = [...this.useParts(), ...this.#declarations()];
    const [first = ""] = lines;
    if (first.startsWith("out += ")) lines[0] = `let out = ${first.slice("out += ".length)}`;
    else start.push('let out = "";');
    return indent([
      "(() => {",
      ...this.constants(),
      `return function (r${this.annotation("TemplateScope")})${this.annotation("string")} {`,
      ...start,
      ...lines,
      `return ${this.helper("finish")}(r, out);`,
      "};",
      "})()",
    ]);
  }

  #collect(body: Block): void {
    const targets = new Set<ReferenceNode>();
    walkBlock(body, {
      statement: (node) => {
        if (node.kind === "set" && node.target.path.length === 0) {
          targets.add(node.target);
          this.#variable(node.variable);
        }
        if (node.kind === "foreach") this.#variable(node.variable);
      },
      reference: (node) => {
        if (!targets.has(node)) this.#read.add(node.name);
      },
    });
  }

  /** Identifier of a variable; undefined where nothing reads it. */
  #identifier(name: string): string | undefined {
    return this.#read.has(name) ? this.#variables.get(name) : undefined;
  }

  #variable(name: string): void {
    if (this.#variables.has(name)) return;
    const clean = name.replace(/[^A-Za-z0-9_]/g, "_");
    const base = `v_${clean}`;
    const taken = [...this.#variables.values()].includes(base);
    this.#variables.set(name, taken ? `${base}_${this.#variables.size}` : base);
  }

  #declarations(): string[] {
    const read = [...this.#variables].filter(([name]) => this.#read.has(name));
    const variables = read.map(
      ([name, id]) => `let ${id}${this.annotation(this.#typeOf(name))} = ${builtInSources.get(name) ?? "null"};`,
    );
    return [...variables, ...this.#declared.map(({ name, type }) => `let ${name}${this.annotation(type)};`)];
  }

  /** Type of a variable. */
  #typeOf(name: string): "Value" | "Json" {
    return this.#use.json.has(name) ? "Json" : "Value";
  }

  protected override get inOnePass(): boolean {
    return this.#use.inOnePass;
  }

  protected override get changes(): boolean {
    return this.#use.changes;
  }

  protected override get readsJson(): boolean {
    return this.#use.readsJson;
  }

  protected override isBuiltIn(name: string): boolean {
    return builtIns.has(name) && !this.#variables.has(name);
  }

  protected override declared(type: "Value" | "Json" = "Value"): string {
    const name = this.temporary("t");
    this.#declared.push({ name, type });
    return name;
  }

  protected override variable(node: ReferenceNode): Source {
    const { name } = node;
    const loop = this.#loops[this.#loops.length - 1];
    if (name === "foreach") return loopSource(loop, loopMember(node));
    if (name === "velocityCount") return loopSource(loop, "count");
    if (name === "velocityHasNext") return loopSource(loop, "hasNext");
    const code = this.#variables.get(name) ?? builtInSources.get(name) ?? "null";
    return { code, kind: this.#use.json.has(name) ? "json" : "value" };
  }

  /** `$foreach.index` is one thing, not a step along an object. */
  protected override restOf(node: ReferenceNode): readonly Segment[] {
    return node.name === "foreach" ? node.path.slice(1) : node.path;
  }

  protected override interpolated(node: StringNode): string {
    const body = node.body ?? [];
    const last = body[body.length - 1];
    const trimmed = node.cutsLast && last?.kind === "text" && last.text.endsWith(" ");
    const shown = trimmed ? [...body.slice(0, -1), { ...last, text: last.text.slice(0, -1) }] : body;
    const wrap = this.helper(node.cutsLast && !trimmed ? "cutText" : "text");
    const simple = shown.every((part) => part.kind === "text" || part.kind === "reference");
    if (simple) return `${wrap}(r, ${this.#joined(shown.map((part) => this.#part(part)))})`;
    return `(() => {\n${this.#inside(() => this.#block(shown)).join("\n")}\nreturn ${wrap}(r, out);\n})()`;
  }

  /** Lines of a block that writes into an `out` of its own. */
  #inside(print: () => void): string[] {
    const [lines, pending] = [this.#lines, this.#pending];
    this.#lines = ['let out = "";'];
    this.#pending = [];
    print();
    this.#flush();
    const inner = this.#lines;
    this.#lines = lines;
    this.#pending = pending;
    return inner;
  }

  /** Parts as one text; neighbours that are known are made one, and a first one makes the whole a text. */
  #joined(parts: readonly string[]): string {
    const shown: string[] = [];
    for (const part of parts.filter((each) => each !== '""')) {
      const before = shown[shown.length - 1];
      if (before !== undefined && isLiteral(before) && isLiteral(part)) {
        shown[shown.length - 1] = before.slice(0, -1) + part.slice(1);
      } else shown.push(part);
    }
    return shown.length === 0 ? '""' : shown.join(" + ");
  }

  #flush(): void {
    const text = this.#joined(this.#pending);
    if (text !== '""') this.#lines.push(`out += ${text};`);
    this.#pending = [];
  }

  #line(line: string): void {
    this.#flush();
    this.#lines.push(line);
  }

  #block(block: Block): void {
    for (const statement of block) {
      if (statement.kind === "text" || statement.kind === "reference") this.#pending.push(this.#part(statement));
      else if (statement.kind === "call") this.#pending.push(literal(statement.literal));
      else this.#statement(statement);
    }
  }

  /** Source of what a text or a reference prints. */
  #part(node: Statement): string {
    if (node.kind === "text") return literal(node.text);
    if (node.kind !== "reference") return '""';
    if (node.runt) return literal(node.name);
    if (node.escaped) {
      const shown = `${this.helper("printEscaped")}(${this.value({ ...node, computable: true })}, ${literal(node.nullText)})`;
      return node.escapePrefix === "" ? shown : `${literal(node.escapePrefix)} + ${shown}`;
    }
    const prefix = node.escapePrefix + node.morePrefix;
    const shown = this.printed(node);
    return prefix === "" ? shown : this.#joined([literal(prefix), shown]);
  }

  #statement(node: Statement): void {
    switch (node.kind) {
      case "set":
        this.#set(node);
        return;
      case "if":
        this.#if(node);
        return;
      case "foreach":
        this.#foreach(node);
        return;
      case "break": {
        const loop = this.#loops[this.#loops.length - 1];
        this.#line(loop === undefined ? `return ${this.helper("finish")}(r, out);` : `break ${loop.label};`);
        return;
      }
      case "stop":
        this.#line(`return ${this.helper("finish")}(r, out);`);
        return;
      default:
        return;
    }
  }

  #set(node: SetNode): void {
    const { path, name } = node.target;
    const last = path[path.length - 1];
    const isJson = last === undefined && this.#use.json.has(node.variable);
    const value = isJson ? this.json(node.value).code : this.value(node.value);
    if (last === undefined) {
      const variable = this.#identifier(node.variable);
      if (variable === undefined) {
        // Nothing reads it, but its value may do something, or fail.
        if (!isConstant(node.value)) this.#line(`${value};`);
        return;
      }
      if (isNeverNull(node.value)) {
        this.#line(`${variable} = ${value};`);
        return;
      }
      const temporary = this.declared(isJson ? "Json" : "Value");
      const test = isJson ? `((${temporary} = ${value}) ?? null) !== null` : `(${temporary} = ${value}) !== null`;
      this.#line(`if (${test}) ${variable} = ${temporary};`);
      return;
    }
    const temporary = this.declared();
    const self = this.reference({ ...node.target, name, path: path.slice(0, -1) }).code;
    const target = this.declared();
    const done =
      last.kind === "index"
        ? `${this.helper("setIndex")}(r, ${target}, ${this.value(last.index)}, ${temporary})`
        : `${this.helper("setProperty")}(r, ${target}, ${literal(last.name)}, ${temporary})`;
    this.#line(`if ((${temporary} = ${value}) !== null && (${target} = ${self}) !== null) ${done};`);
  }

  #if(node: Extract<Statement, { kind: "if" }>): void {
    const text = this.#choice(node);
    if (text !== undefined) {
      this.#pending.push(text);
      return;
    }
    this.#flush();
    // A later condition may need a temporary, never a line of its own: conditions are expressions.
    node.branches.forEach(({ condition, body }, position) => {
      this.#lines.push(`${position === 0 ? "" : "} else "}if (${this.holds(condition)}) {`);
      this.#block(body);
      this.#flush();
    });
    if (node.otherwise !== undefined && node.otherwise.length > 0) {
      this.#lines.push("} else {");
      this.#block(node.otherwise);
      this.#flush();
    }
    this.#lines.push("}");
  }

  /** A choice between texts as an expression; undefined where a branch does more than print. */
  #choice({ branches, otherwise = [] }: Extract<Statement, { kind: "if" }>): string | undefined {
    if (![...branches.map(({ body }) => body), otherwise].every(isTextOnly)) return undefined;
    const chosen = branches.map(({ condition, body }) => `${this.holds(condition)} ? ${this.#textOf(body)} : `);
    return `(${chosen.join("")}${this.#textOf(otherwise)})`;
  }

  /** What a block prints that only prints. */
  #textOf(block: Block): string {
    return this.#joined(block.map((node) => (node.kind === "call" ? literal(node.literal) : this.#part(node))));
  }

  #foreach(node: ForeachNode): void {
    if (node.list === undefined) return;
    const list = this.#itemsOf(node.list);
    const number = this.temporary("");
    const [array, count, most, position, saved, label] = [
      `a${number}`,
      `n${number}`,
      `m${number}`,
      `i${number}`,
      `s${number}`,
      `loop${number}`,
    ];
    const variable = this.#identifier(node.variable);
    const breaks = leaves(node.body);
    const end = this.#use.changes ? `${position} !== ${array}.length` : `${position} < ${count}`;
    this.#line(`const ${array} = ${list};`);
    this.#line(`if (${array} !== null) {`);
    this.#lines.push(
      `const ${count} = ${array}.length, ${most} = r.budget.limits.iterations;`,
      ...(variable === undefined
        ? []
        : [`const ${saved}${this.annotation(this.#typeOf(node.variable))} = ${variable};`]),
      `${breaks ? `${label}: ` : ""}for (let ${position} = 0; ${end} && ${position} < ${most}; ${position}++) {`,
      ...(this.#use.changes ? [`if (${array}.length !== ${count}) ${this.helper("changedInLoop")}();`] : []),
      `${this.helper("tick")}(r, out);`,
      ...(variable === undefined ? [] : [`${variable} = ${array}[${position}] ?? null;`]),
    );
    this.#loops.push({ position, count, label });
    this.#block(node.body);
    this.#flush();
    this.#loops.pop();
    this.#lines.push("}", ...(variable === undefined ? [] : [`${variable} = ${saved};`]), "}");
  }

  /** What a loop goes over: an array, or null. */
  #itemsOf(node: Expression): string {
    if (node.kind === "range")
      return `${this.helper("rangeItems")}(r.budget, ${this.value(node.from)}, ${this.value(node.to)})`;
    const keysOf = node.kind === "reference" ? keySet(node) : undefined;
    if (keysOf !== undefined) {
      const { code, kind } = this.reference(keysOf);
      return `${kind === "json" ? this.helper("jsonKeys", "json/read-json") : this.helper("keys")}(r, ${code})`;
    }
    const { code, kind } = this.json(node);
    return kind === "json"
      ? `${this.helper("jsonItems", "json/read-json")}(r, ${code})`
      : `${this.helper("items")}(r.budget, ${code})`;
  }
}

/** Whether a `#break` of the block leaves the loop that it is the body of. */
function leaves(body: Block): boolean {
  return body.some((node) => {
    if (node.kind === "break") return true;
    return node.kind === "if" && [...node.branches.map((branch) => branch.body), node.otherwise ?? []].some(leaves);
  });
}

function isConstant(node: Expression): boolean {
  return (
    node.kind === "integer" ||
    node.kind === "float" ||
    node.kind === "boolean" ||
    (node.kind === "string" && node.body === undefined)
  );
}

/** What `keySet()` is called on at the end of a reference; undefined where it is not. */
function keySet(node: ReferenceNode): ReferenceNode | undefined {
  const { path, runt, computable } = node;
  const last = path[path.length - 1];
  const isCalled = last?.kind === "method" && last.name === "keySet" && last.args.length === 0;
  return isCalled && computable && !runt ? { ...node, path: path.slice(0, -1) } : undefined;
}

/** Whether a block prints text and references, and does nothing else. */
function isTextOnly(block: Block): boolean {
  return block.every(({ kind }) => kind === "text" || kind === "reference" || kind === "call");
}

/** Whether code is a text in quotes, and nothing but that. */
function isLiteral(code: string): boolean {
  return /^"(?:[^"\\]|\\.)*"$/.test(code);
}

function loopSource(loop: Loop | undefined, member: LoopMember | undefined): Source {
  if (loop === undefined || member === undefined) return { code: "null", kind: "value" };
  const { position, count } = loop;
  switch (member) {
    case "index":
      return { code: position, kind: "number" };
    case "count":
      return { code: `(${position} + 1)`, kind: "number" };
    case "hasNext":
      return { code: `(${position} + 1 < ${count})`, kind: "boolean" };
    case "first":
      return { code: `(${position} < 1)`, kind: "boolean" };
    case "last":
      return { code: `(${position} + 1 >= ${count})`, kind: "boolean" };
  }
}
