import type {
  Block,
  ForeachNode,
  MacroArgument,
  MacroCallNode,
  MacroNode,
  ReferenceNode,
  SetNode,
  Statement,
  StringNode,
  TemplateTree,
} from "../../../runtime/mapping/velocity/nodes.js";
import { ExpressionPrinter, isNeverNull, type Source } from "./expression-printer.js";
import { indent } from "./indent.js";
import { literal } from "./literal.js";

/**
 * Prints a template whose variables are shared with macros, blocks or evaluated texts: they live in Velocity's chain of
 * contexts (`_v`), what is printed goes to an output (`_o`), and `g` does what such templates need more.
 */
export class SharedPrinter extends ExpressionPrinter {
  #lines: string[] = [];
  /** Temporaries of the function that is being printed. */
  #declared: string[] = [];

  print({ body, macros }: TemplateTree): string {
    const named = [...macros.values()].map((macro) => this.#macro(macro));
    const main = this.#function(body);
    return indent([
      "(() => {",
      ...this.constants(),
      `return function (r${this.annotation("TemplateScope")})${this.annotation("string")} {`,
      ...this.useParts(),
      `const g = new ${this.helper("Rendering")}(r, [${named.join(", ")}]);`,
      `return g.template(${main});`,
      "};",
      "})()",
    ]);
  }

  #macro({ name, parameters, body }: MacroNode): string {
    return `{ name: ${literal(name)}, parameters: [${parameters.map(literal).join(", ")}], body: ${this.#function(body)} }`;
  }

  /** A block as a function of the variables and the output of the place. */
  #function(body: Block): string {
    const [lines, declared] = [this.#lines, this.#declared];
    this.#lines = [];
    this.#declared = [];
    for (const statement of body) this.#statement(statement);
    const names = this.#declared.map((name) => `let ${name}${this.annotation("Value")};`);
    const source = ["(_v, _o) => {", ...names, ...this.#lines, "}"].join("\n");
    this.#lines = lines;
    this.#declared = declared;
    return source;
  }

  protected override isBuiltIn(): boolean {
    return false;
  }

  protected override declared(): string {
    const name = this.temporary("t");
    this.#declared.push(name);
    return name;
  }

  protected override variable(node: ReferenceNode): Source {
    if (node.name === "input") {
      this.needs("dynamicPath");
      this.needs("matches");
    }
    return { code: `_v.get(${literal(node.name)})`, kind: "value" };
  }

  protected override interpolated(node: StringNode): string {
    return `g.string(${this.#function(node.body ?? [])}, _v, ${node.cutsLast})`;
  }

  #line(line: string): void {
    this.#lines.push(line);
  }

  #statement(node: Statement): void {
    switch (node.kind) {
      case "text":
        this.#line(`_o.write(${literal(node.text)});`);
        return;
      case "reference":
        this.#reference(node);
        return;
      case "set":
        this.#set(node);
        return;
      case "if":
        this.#if(node);
        return;
      case "foreach":
        this.#foreach(node);
        return;
      case "define":
        this.#line(`g.define(${literal(node.name)}, ${this.#function(node.body)}, _v);`);
        return;
      case "call":
        this.#call(node);
        return;
      case "evaluate":
        for (const part of ["regex", "matches", "dynamicPath"] as const) this.needs(part);
        this.#line(`${this.helper("evaluateText", "interpret/evaluate-text")}(g, ${this.value(node.source)}, _v, _o);`);
        return;
      case "break":
        this.#line(node.scope === undefined ? "g.leave();" : `g.leaveScope(${this.value(node.scope)});`);
        return;
      case "stop":
        this.#line("g.stop();");
        return;
      case "macro":
        return;
    }
  }

  #reference(node: ReferenceNode): void {
    if (node.runt) {
      this.#line(`_o.write(${literal(node.name)});`);
      return;
    }
    const value = this.reference(node).code;
    if (node.escaped) {
      const text = literal(node.nullText);
      const shown = `${this.helper("printEscaped")}(${value}, _v.literal(${text}) ?? ${text})`;
      this.#line(`_o.write(${literal(node.escapePrefix)} + ${shown});`);
      return;
    }
    const prefix = node.escapePrefix + node.morePrefix;
    this.#line(`g.print(${value}, _v, _o${prefix === "" ? "" : `, ${literal(prefix)}`});`);
  }

  #set(node: SetNode): void {
    const value = this.value(node.value);
    const { path } = node.target;
    const last = path[path.length - 1];
    if (last === undefined && isNeverNull(node.value)) {
      this.#line(`_v.put(${literal(node.variable)}, ${value});`);
      return;
    }
    const temporary = this.declared();
    if (last === undefined) {
      this.#line(`if ((${temporary} = ${value}) !== null) _v.put(${literal(node.variable)}, ${temporary});`);
      return;
    }
    const target = this.declared();
    const self = this.reference({ ...node.target, path: path.slice(0, -1) }).code;
    const done =
      last.kind === "index"
        ? `${this.helper("setIndex")}(r, ${target}, ${this.value(last.index)}, ${temporary})`
        : `${this.helper("setProperty")}(r, ${target}, ${literal(last.name)}, ${temporary})`;
    this.#line(`if ((${temporary} = ${value}) !== null && (${target} = ${self}) !== null) ${done};`);
  }

  #if(node: Extract<Statement, { kind: "if" }>): void {
    node.branches.forEach(({ condition, body }, position) => {
      this.#line(`${position === 0 ? "" : "} else "}if (${this.holds(condition)}) {`);
      for (const statement of body) this.#statement(statement);
    });
    if (node.otherwise !== undefined) {
      this.#line("} else {");
      for (const statement of node.otherwise) this.#statement(statement);
    }
    this.#line("}");
  }

  #foreach(node: ForeachNode): void {
    if (node.list === undefined) return;
    const list =
      node.list.kind === "range"
        ? `g.range(${this.value(node.list.from)}, ${this.value(node.list.to)})`
        : this.value(node.list);
    this.#line(`g.foreach(${literal(node.variable)}, ${list}, _v, _o, ${this.#function(node.body)});`);
  }

  #call(node: MacroCallNode): void {
    const args = node.args.map((arg) => this.#argument(arg));
    const hasWord = node.args.some((arg) => arg.kind === "word");
    const block = node.body === undefined ? "undefined" : this.#function(node.body);
    this.#line(
      `g.call(${literal(node.name)}, [${args.join(", ")}], ${literal(node.literal)}, ${hasWord}, ${block}, _v, _o);`,
    );
  }

  /** Constants are given as they are, everything else by name (ProxyVMContext). */
  #argument(arg: MacroArgument): string {
    switch (arg.kind) {
      case "word":
        return "{ constant: null }";
      case "integer":
      case "float":
      case "boolean":
        return `{ constant: ${this.value(arg)} }`;
      default: {
        const declared = this.#declared;
        this.#declared = [];
        const value = arg.kind === "reference" ? this.reference(arg).code : this.value(arg);
        const names = this.#declared.map((name) => `let ${name}${this.annotation("Value")}; `).join("");
        this.#declared = declared;
        return `{ value: (_v) => { ${names}return ${value}; }, literal: ${literal(arg.literal)} }`;
      }
    }
  }
}
