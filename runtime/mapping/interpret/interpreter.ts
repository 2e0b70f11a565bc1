import {
  add,
  calculate,
  call,
  index,
  list,
  map,
  property,
  range,
  setIndex,
  setProperty,
  truth,
} from "../operations.js";
import type { TemplateScope } from "../template-scope.js";
import { compare, looselyEqual } from "../values/equality.js";
import { double, integerOf } from "../values/numbers.js";
import type { Value } from "../values/value.js";
import type {
  BinaryNode,
  Block,
  Expression,
  ForeachNode,
  MacroCallNode,
  ReferenceNode,
  SetNode,
  Statement,
  TemplateTree,
} from "../velocity/nodes.js";
import { evaluateText } from "./evaluate-text.js";
import type { Output } from "./output.js";
import { type Macro, Rendering } from "./rendering.js";
import type { Argument, Variables } from "./variables.js";

/** Renders a parsed template without compiling it: what `#evaluate` does, and the plain form that tests compare with. */
export function interpretTemplate(tree: TemplateTree, scope: TemplateScope): string {
  const rendering = new Rendering(scope);
  addMacros(tree, rendering);
  return rendering.template((variables, output) => new Interpreter(rendering).block(tree.body, variables, output));
}

/** Makes the macros of a text known, unless there are some of the same names. */
export function addMacros(tree: TemplateTree, rendering: Rendering): void {
  const interpreter = new Interpreter(rendering);
  for (const { name, parameters, body } of tree.macros.values()) {
    if (rendering.macros.has(name)) continue;
    const macro: Macro = { name, parameters, body: (variables, output) => interpreter.block(body, variables, output) };
    rendering.macros.set(name, macro);
  }
}

/** Velocity's own way: every node is asked for its value or to render itself. */
export class Interpreter {
  readonly scope: TemplateScope;

  constructor(readonly rendering: Rendering) {
    this.scope = rendering.scope;
  }

  block(block: Block, variables: Variables, output: Output): void {
    for (const statement of block) this.#statement(statement, variables, output);
  }

  #statement(node: Statement, variables: Variables, output: Output): void {
    this.scope.budget.step();
    switch (node.kind) {
      case "text":
        output.write(node.text);
        return;
      case "reference":
        this.#printReference(node, variables, output);
        return;
      case "set":
        this.#set(node, variables);
        return;
      case "if":
        this.#if(node, variables, output);
        return;
      case "foreach":
        this.#foreach(node, variables, output);
        return;
      case "define":
        this.rendering.define(node.name, (inside, out) => this.block(node.body, inside, out), variables);
        return;
      case "call":
        this.#call(node, variables, output);
        return;
      case "evaluate":
        evaluateText(this.rendering, this.value(node.source, variables), variables, output);
        return;
      case "break":
        node.scope === undefined
          ? this.rendering.leave()
          : this.rendering.leaveScope(this.value(node.scope, variables));
        return;
      case "stop":
        this.rendering.stop();
        return;
      case "macro":
        return;
    }
  }

  #printReference(node: ReferenceNode, variables: Variables, output: Output): void {
    if (node.runt) {
      output.write(node.name);
      return;
    }
    const value = this.#execute(node, variables);
    if (node.escaped) {
      const text = variables.literal(node.nullText) ?? node.nullText;
      output.write(node.escapePrefix + (value === null ? `\\${text}` : text));
      return;
    }
    if (value === null && this.rendering.showsSource) {
      const text = variables.literal(node.nullText) ?? node.nullText;
      output.write(node.escapePrefix + node.escapePrefix + node.morePrefix + text);
      return;
    }
    this.rendering.print(value, variables, output, node.escapePrefix + node.morePrefix);
  }

  #if(node: Extract<Statement, { kind: "if" }>, variables: Variables, output: Output): void {
    const branch = node.branches.find(({ condition }) => this.#holds(condition, variables));
    if (branch !== undefined) this.block(branch.body, variables, output);
    else if (node.otherwise !== undefined) this.block(node.otherwise, variables, output);
  }

  #foreach(node: ForeachNode, variables: Variables, output: Output): void {
    if (node.list === undefined) return;
    const list =
      node.list.kind === "range"
        ? this.rendering.range(this.value(node.list.from, variables), this.value(node.list.to, variables))
        : this.value(node.list, variables);
    this.rendering.foreach(node.variable, list, variables, output, (inside, out) => this.block(node.body, inside, out));
  }

  #call(node: MacroCallNode, variables: Variables, output: Output): void {
    const args: Argument[] = node.args.map((arg): Argument => {
      switch (arg.kind) {
        case "word":
          return { constant: null };
        case "integer":
        case "float":
        case "boolean":
          return { constant: this.value(arg, variables) };
        default:
          return { value: (caller) => this.#argument(arg, caller), literal: arg.literal };
      }
    });
    const { body } = node;
    const block = body === undefined ? undefined : (inside: Variables, out: Output) => this.block(body, inside, out);
    this.rendering.call(
      node.name,
      args,
      node.literal,
      node.args.some((arg) => arg.kind === "word"),
      block,
      variables,
      output,
    );
  }

  /** ProxyVMContext.get: a reference is looked up even where it has no value in an expression. */
  #argument(node: Expression, caller: Variables): Value {
    return node.kind === "reference" ? this.#execute(node, caller) : this.value(node, caller);
  }

  #set(node: SetNode, variables: Variables): void {
    const value = this.value(node.value, variables);
    if (value === null) return;
    const { path } = node.target;
    const last = path[path.length - 1];
    if (last === undefined) {
      variables.put(node.variable, value);
      return;
    }
    let self = variables.get(node.target.name);
    for (const segment of path.slice(0, -1)) {
      if (self === null) return;
      self = this.#step(self, segment, variables);
    }
    if (self === null) return;
    if (last.kind === "index") setIndex(this.scope, self, this.value(last.index, variables), value);
    else setProperty(this.scope, self, last.name, value);
  }

  #execute(node: ReferenceNode, variables: Variables): Value {
    if (node.runt) return null;
    let value = variables.get(node.name);
    for (const segment of node.path) {
      if (value === null) return null;
      value = this.#step(value, segment, variables);
    }
    return value;
  }

  #step(self: Value, segment: ReferenceNode["path"][number], variables: Variables): Value {
    switch (segment.kind) {
      case "property":
        return property(self, segment.name);
      case "method":
        return call(
          this.scope,
          self,
          segment.name,
          segment.args.map((arg) => this.value(arg, variables)),
        );
      case "index":
        return index(self, this.value(segment.index, variables));
    }
  }

  /** Value of an expression. */
  value(node: Expression, variables: Variables): Value {
    this.scope.budget.step();
    switch (node.kind) {
      case "reference":
        return node.computable ? this.#execute(node, variables) : null;
      case "string": {
        const { body } = node;
        return body === undefined
          ? node.text
          : this.rendering.string((inside, out) => this.block(body, inside, out), variables, node.cutsLast);
      }
      case "integer":
        return integerOf(node.digits);
      case "float":
        return double(node.value);
      case "boolean":
        return node.value;
      case "list":
        return list(node.items.map((item) => this.value(item, variables)));
      case "map":
        return map(
          this.scope.budget,
          ...node.entries.flatMap(([key, item]) => [this.value(key, variables), this.value(item, variables)]),
        );
      case "range":
        return range(this.scope.budget, this.value(node.from, variables), this.value(node.to, variables));
      case "not":
        return !this.#holds(node.operand, variables);
      case "binary":
        return this.#binary(node, variables);
    }
  }

  #binary(node: BinaryNode, variables: Variables): Value {
    const { operator } = node;
    if (operator === "&&") return this.#holds(node.left, variables) && this.#holds(node.right, variables);
    if (operator === "||") return this.#holds(node.left, variables) || this.#holds(node.right, variables);
    const left = this.value(node.left, variables);
    const right = this.value(node.right, variables);
    switch (operator) {
      case "==":
        return looselyEqual(left, right, this.scope.budget);
      case "!=":
        return !looselyEqual(left, right, this.scope.budget);
      case "<":
      case ">":
      case "<=":
      case ">=":
        return compare(operator, left, right);
      case "+":
        return add(this.scope.budget, left, right, node.left.literal, node.right.literal);
      default:
        return calculate(operator, left, right);
    }
  }

  /** Whether an expression counts as true: of literals only `true` does, of arithmetic nothing. */
  #holds(node: Expression, variables: Variables): boolean {
    switch (node.kind) {
      case "reference":
        return truth(this.#execute(node, variables));
      case "boolean":
        return node.value;
      case "not":
        return !this.#holds(node.operand, variables);
      case "binary":
        return "+-*/%".includes(node.operator) ? false : this.value(node, variables) === true;
      default:
        return false;
    }
  }
}
