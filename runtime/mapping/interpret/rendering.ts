import { changedInLoop, items, rangeItems } from "../operations.js";
import { methodError } from "../template-error.js";
import type { TemplateScope } from "../template-scope.js";
import { JavaList } from "../values/collections.js";
import { printedText } from "../values/printed.js";
import type { Value } from "../values/value.js";
import { type BlockBody, BlockReference } from "./block-reference.js";
import { ForeachScope } from "./foreach-scope.js";
import { Output } from "./output.js";
import { leavesHere, StopSignal } from "./signals.js";
import { type Argument, MacroVariables, NullVariable, RootVariables, type Variables } from "./variables.js";

/** A macro: its parameters and its body. */
export interface Macro {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: BlockBody;
}

/**
 * A rendering with Velocity's chain of variables. Compiled templates with macros, blocks or `#evaluate`, and the
 * interpreter of evaluated texts, call the same functions, so both do the same.
 */
export class Rendering {
  readonly root: Variables;
  readonly macros: Map<string, Macro>;
  /** Levels of `#evaluate` that are under way. */
  evaluateDepth = 0;

  constructor(
    readonly scope: TemplateScope,
    macros: readonly Macro[] = [],
    /** Plain Velocity prints the source of a reference without a value; API Gateway prints nothing. */
    readonly showsSource = false,
  ) {
    this.root = new RootVariables(scope);
    this.macros = new Map(macros.map((macro) => [macro.name, macro]));
  }

  /** Renders a whole template. */
  template(body: BlockBody): string {
    const output = new Output(this.scope.budget);
    try {
      body(this.root, output);
    } catch (thrown) {
      if (!(thrown instanceof StopSignal)) throw thrown;
      if (typeof thrown.leaves === "object") throw methodError("#break names a loop that has ended");
    }
    return this.scope.budget.text(output.text);
  }

  /** Prints a value: a block renders itself with the variables of the place. */
  print(value: Value, variables: Variables, output: Output, prefix = ""): void {
    // A block is shown without what stood before its `$`: ASTReference.render.
    if (value instanceof BlockReference && value.render(variables, output)) return;
    output.write(prefix);
    output.write(printedText(value, this.scope.budget));
  }

  /** Text of an interpolated string. Velocity cuts the last character, which is the blank it added itself. */
  string(body: BlockBody, variables: Variables, cutsLast: boolean): string {
    const output = new Output(this.scope.budget);
    body(variables, output);
    return this.scope.budget.text(cutsLast ? output.text.slice(0, -1) : output.text);
  }

  /** `#define`. */
  define(name: string, body: BlockBody, variables: Variables): void {
    // define.directive.maxdepth
    variables.put(name, new BlockReference(body, variables, 2, this.scope.budget));
  }

  /** `#foreach` over a range that nothing else sees. */
  range(from: Value, to: Value): readonly Value[] | null {
    return rangeItems(this.scope.budget, from, to);
  }

  /** `#foreach`. `list` is the value, or the items of a range. */
  foreach(name: string, list: Value | readonly Value[], variables: Variables, output: Output, body: BlockBody): void {
    const found = Array.isArray(list) ? (list as readonly Value[]) : items(this.scope.budget, list as Value);
    if (found === null) return;
    const outer = [name, "velocityCount", "velocityHasNext"].map((key) => [key, variables.get(key)] as const);
    const scope = new ForeachScope(variables.get("foreach"));
    variables.put("foreach", scope);
    try {
      this.#iterate(name, found, list instanceof JavaList, scope, variables, output, body);
    } finally {
      for (const [key, value] of outer) restore(variables, key, value);
      leaveScope(variables);
    }
  }

  #iterate(
    name: string,
    found: readonly Value[],
    live: boolean,
    scope: ForeachScope,
    variables: Variables,
    output: Output,
    body: BlockBody,
  ): void {
    const { iterations } = this.scope.budget.limits;
    const count = found.length;
    let hidden: NullVariable | undefined;
    for (let i = 0; i !== found.length && i < iterations; i++) {
      if (live && found.length !== count) changedInLoop();
      output.check();
      const value = found[i] ?? null;
      const hasNext = i + 1 < count;
      variables.put("velocityCount", i + 1);
      variables.put("velocityHasNext", hasNext);
      variables.put(name, value);
      scope.index = i;
      scope.hasNext = hasNext;
      if (value === null) hidden ??= new NullVariable(name, variables);
      try {
        body(value === null && hidden !== undefined ? hidden : variables, output);
      } catch (thrown) {
        if (leavesHere(thrown, scope)) return;
        throw thrown;
      }
    }
  }

  /** `#name(…)`: the macro, or the source of the call where there is none. */
  call(
    name: string,
    args: readonly Argument[],
    literal: string,
    hasWord: boolean,
    block: BlockBody | undefined,
    variables: Variables,
    output: Output,
  ): void {
    const macro = this.macros.get(name);
    if (macro === undefined) {
      output.write(literal);
      return;
    }
    if (hasWord) throw methodError(`a bare word is no argument of macro "${name}"`);
    output.check();
    const inside = new MacroVariables(variables);
    inside.enter(name);
    for (let i = 0; i < Math.min(args.length, macro.parameters.length); i++) {
      inside.bind(macro.parameters[i] ?? "", args[i] as Argument);
    }
    // velocimacro.max.depth
    if (block !== undefined)
      inside.bind("bodyContent", { constant: new BlockReference(block, variables, 20, this.scope.budget) });
    try {
      macro.body(inside, output);
    } catch (thrown) {
      if (!leavesHere(thrown, undefined)) throw thrown;
    }
  }

  /** `#break`. */
  leave(): never {
    throw new StopSignal("nearest");
  }

  /** `#break($foreach)`. */
  leaveScope(scope: Value): never {
    if (scope instanceof ForeachScope) throw new StopSignal(scope);
    throw methodError("#break takes the scope of a loop");
  }

  /** `#stop`. */
  stop(): never {
    throw new StopSignal("all");
  }
}

function restore(variables: Variables, name: string, value: Value): void {
  if (value === null) variables.remove(name);
  else variables.put(name, value);
}

function leaveScope(variables: Variables): void {
  const scope = variables.get("foreach");
  if (!(scope instanceof ForeachScope)) return;
  restore(variables, "foreach", scope.parent ?? scope.replaced);
}
