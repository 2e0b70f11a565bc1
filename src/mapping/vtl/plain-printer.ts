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
import { ExpressionPrinter, isNeverNull } from "./expression-printer.js";
import { indent } from "./indent.js";
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
  readonly #declared: string[] = [];
  #lines: string[] = [];
  /** Parts of the output that are not written yet. */
  #pending: string[] = [];

  /** Source of the template: an expression that gives a function. */
  print(body: Block): string {
    this.#collect(body);
    this.#block(body);
    this.#flush();
    const lines = this.#lines;
    const start = [...this.useParts(), ...this.#declarations(), 'let out = "";'];
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
      ([name, id]) => `let ${id}${this.annotation("Value")} = ${builtInSources.get(name) ?? "null"};`,
    );
    return [...variables, ...this.#declared.map((name) => `let ${name}${this.annotation("Value")};`)];
  }

  protected override isBuiltIn(name: string): boolean {
    return builtIns.has(name) && !this.#variables.has(name);
  }

  protected override declared(): string {
    const name = this.temporary("t");
    this.#declared.push(name);
    return name;
  }

  protected override variable(node: ReferenceNode): string {
    const { name } = node;
    const loop = this.#loops[this.#loops.length - 1];
    if (name === "foreach") return loopSource(loop, loopMember(node));
    if (name === "velocityCount") return loopSource(loop, "count");
    if (name === "velocityHasNext") return loopSource(loop, "hasNext");
    return this.#variables.get(name) ?? builtInSources.get(name) ?? "null";
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

  #joined(parts: readonly string[]): string {
    const shown = parts.filter((part) => part !== '""');
    if (shown.length === 0) return '""';
    return shown.join(" + ");
  }

  #flush(): void {
    if (this.#pending.length > 0) this.#lines.push(`out += ${this.#joined(this.#pending)};`);
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
    const value = this.reference(node);
    if (node.escaped) {
      const shown = `${this.helper("printEscaped")}(${value}, ${literal(node.nullText)})`;
      return node.escapePrefix === "" ? shown : `${literal(node.escapePrefix)} + ${shown}`;
    }
    const prefix = node.escapePrefix + node.morePrefix;
    const shown = value === "null" ? '""' : `${this.helper("print")}(r, ${value})`;
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
    const value = this.value(node.value);
    const { path, name } = node.target;
    const last = path[path.length - 1];
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
      const temporary = this.declared();
      this.#line(`if ((${temporary} = ${value}) !== null) ${variable} = ${temporary};`);
      return;
    }
    const temporary = this.declared();
    const self = this.reference({ ...node.target, name, path: path.slice(0, -1) });
    const target = this.declared();
    const done =
      last.kind === "index"
        ? `${this.helper("setIndex")}(r, ${target}, ${this.value(last.index)}, ${temporary})`
        : `${this.helper("setProperty")}(r, ${target}, ${literal(last.name)}, ${temporary})`;
    this.#line(`if ((${temporary} = ${value}) !== null && (${target} = ${self}) !== null) ${done};`);
  }

  #if(node: Extract<Statement, { kind: "if" }>): void {
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

  #foreach(node: ForeachNode): void {
    if (node.list === undefined) return;
    const list =
      node.list.kind === "range"
        ? `${this.helper("rangeItems")}(r.budget, ${this.value(node.list.from)}, ${this.value(node.list.to)})`
        : `${this.helper("items")}(r.budget, ${this.value(node.list)})`;
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
    this.#line(`const ${array} = ${list};`);
    this.#line(`if (${array} !== null) {`);
    this.#lines.push(
      `const ${count} = ${array}.length, ${most} = r.budget.limits.iterations;`,
      ...(variable === undefined ? [] : [`const ${saved}${this.annotation("Value")} = ${variable};`]),
      `${breaks ? `${label}: ` : ""}for (let ${position} = 0; ${position} !== ${array}.length && ${position} < ${most}; ${position}++) {`,
      `if (${array}.length !== ${count}) ${this.helper("changedInLoop")}();`,
      `${this.helper("tick")}(r, out);`,
      ...(variable === undefined ? [] : [`${variable} = ${array}[${position}] ?? null;`]),
    );
    this.#loops.push({ position, count, label });
    this.#block(node.body);
    this.#flush();
    this.#loops.pop();
    this.#lines.push("}", ...(variable === undefined ? [] : [`${variable} = ${saved};`]), "}");
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

function loopSource(loop: Loop | undefined, member: LoopMember | undefined): string {
  if (loop === undefined || member === undefined) return "null";
  const { position, count } = loop;
  switch (member) {
    case "index":
      return position;
    case "count":
      return `(${position} + 1)`;
    case "hasNext":
      return `(${position} + 1 < ${count})`;
    case "first":
      return `(${position} < 1)`;
    case "last":
      return `(${position} + 1 >= ${count})`;
  }
}
