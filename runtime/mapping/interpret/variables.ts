import { TemplateError } from "../template-error.js";
import type { TemplateScope } from "../template-scope.js";
import type { Value } from "../values/value.js";

/**
 * Variables of a rendering where macros, blocks and evaluated texts share them: Velocity's chain of contexts. Templates
 * without these compile to plain JavaScript variables and do not need it.
 */
export interface Variables {
  get(name: string): Value;
  put(name: string, value: Value): void;
  remove(name: string): void;
  /** Source of the argument that a macro's parameter stands for, by the text `$parameter`. */
  literal(text: string): string | undefined;
  /** Depth of macro calls. */
  readonly depth: number;
}

/** The outermost variables: `$input`, `$util`, `$context`, `$stageVariables` and what the template sets. */
export class RootVariables implements Variables {
  readonly depth = 0;
  readonly #values: Map<string, Value>;

  constructor(readonly scope: TemplateScope) {
    this.#values = new Map<string, Value>([
      ["input", scope.inputObject],
      ["util", scope.utilObject],
      ["context", scope.context],
      ["stageVariables", scope.stageVariables],
    ]);
  }

  get(name: string): Value {
    return this.#values.get(name) ?? null;
  }

  put(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  remove(name: string): void {
    this.#values.delete(name);
  }

  literal(): undefined {
    return undefined;
  }
}

/** Hides a loop's variable while its value is null, so that an outer one does not show (Foreach.NullHolderContext). */
export class NullVariable implements Variables {
  #active = true;

  constructor(
    readonly name: string,
    readonly inner: Variables,
  ) {}

  get depth(): number {
    return this.inner.depth;
  }

  get(name: string): Value {
    return this.#active && name === this.name ? null : this.inner.get(name);
  }

  put(name: string, value: Value): void {
    if (name === this.name && value === null) this.#active = true;
    this.inner.put(name, value);
  }

  remove(name: string): void {
    if (name === this.name) this.#active = false;
    this.inner.remove(name);
  }

  literal(text: string): string | undefined {
    return this.inner.literal(text);
  }
}

/** An argument of a macro call: a constant, or an expression that is evaluated each time its parameter is read. */
export type Argument =
  | { readonly constant: Value }
  | { readonly value: (caller: Variables) => Value; readonly literal: string };

/** velocimacro.max.depth. */
const maxMacroDepth = 20;

/** Variables inside a macro (ProxyVMContext): parameters by name; what is set there is set outside as well. */
export class MacroVariables implements Variables {
  readonly depth: number;
  readonly #local = new Map<string, Value>();
  readonly #literals = new Map<string, string>();
  readonly #arguments = new Map<string, (caller: Variables) => Value>();

  constructor(readonly caller: Variables) {
    this.depth = caller.depth + 1;
  }

  /** Gives a parameter its argument. */
  bind(name: string, argument: Argument): void {
    if ("constant" in argument) this.#local.set(name, argument.constant);
    else {
      this.#arguments.set(name, argument.value);
      this.#literals.set(`$${name}`, argument.literal);
    }
  }

  /** Refuses the call that goes too deep. */
  enter(name: string): void {
    if (this.caller.depth >= maxMacroDepth) {
      throw new TemplateError("budget", `macro "${name}" calls itself more than ${maxMacroDepth} levels deep`);
    }
  }

  get(name: string): Value {
    const local = this.#local.get(name) ?? null;
    if (local !== null) return local;
    const argument = this.#arguments.get(name);
    return argument === undefined ? this.caller.get(name) : argument(this.caller);
  }

  put(name: string, value: Value): void {
    this.#local.set(name, value);
    this.caller.put(name, value);
  }

  remove(name: string): void {
    this.#local.delete(name);
    this.#arguments.delete(name);
    this.caller.remove(name);
  }

  literal(text: string): string | undefined {
    return this.#literals.get(text) ?? this.caller.literal(text);
  }
}
