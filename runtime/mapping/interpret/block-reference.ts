import type { Budget } from "../budget.js";
import { JavaObject, type Value } from "../values/value.js";
import { Output } from "./output.js";
import { leavesHere } from "./signals.js";
import type { Variables } from "./variables.js";

/** Renders a block with the given variables. */
export type BlockBody = (variables: Variables, output: Output) => void;

/** What `#define` puts into its variable, and `$bodyContent` of a macro with a body: rendered wherever it is printed. */
export class BlockReference extends JavaObject {
  #depth = 0;

  constructor(
    readonly body: BlockBody,
    /** Variables where it was defined: those of `toString`. */
    readonly defined: Variables,
    readonly maxDepth: number,
    readonly budget: Budget,
  ) {
    super();
  }

  /** Renders the block; false where it contains itself too often. */
  render(variables: Variables, output: Output): boolean {
    if (this.#depth >= this.maxDepth) return false;
    output.check();
    this.#depth++;
    try {
      this.body(variables, output);
    } catch (thrown) {
      if (!leavesHere(thrown, undefined)) throw thrown;
    } finally {
      this.#depth--;
    }
    return true;
  }

  override isTrue(): boolean {
    return this.toText() !== null;
  }

  override getter(method: string): Value | undefined {
    return method === "toString" ? this.toText() : undefined;
  }

  toText(): string | null {
    const output = new Output(this.budget);
    return this.render(this.defined, output) ? this.budget.text(output.text) : null;
  }
}
