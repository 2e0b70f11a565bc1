import { TemplateError } from "../template-error.js";
import { textOf } from "../values/text.js";
import type { Value } from "../values/value.js";
import { TemplateSyntaxError } from "../velocity/nodes.js";
import { parseTemplate } from "../velocity/parser.js";
import { addMacros, Interpreter } from "./interpreter.js";
import type { Output } from "./output.js";
import type { Rendering } from "./rendering.js";
import { StopSignal } from "./signals.js";
import type { Variables } from "./variables.js";

/** Levels of `#evaluate` within `#evaluate`. */
const maxEvaluateDepth = 20;

/** `#evaluate`: parses the text and renders it with the variables of the place. */
export function evaluateText(rendering: Rendering, source: Value, variables: Variables, output: Output): void {
  const text = textOf(source, rendering.scope.budget) ?? "";
  rendering.scope.budget.step(1 + text.length);
  rendering.evaluateDepth++;
  if (rendering.evaluateDepth > maxEvaluateDepth) throw new TemplateError("budget", "#evaluate nests too deeply");
  try {
    const tree = parsed(text, rendering);
    addMacros(tree, rendering);
    new Interpreter(rendering).block(tree.body, variables, output);
  } catch (thrown) {
    if (!(thrown instanceof StopSignal) || typeof thrown.leaves === "object") throw thrown;
  } finally {
    rendering.evaluateDepth--;
  }
}

function parsed(text: string, rendering: Rendering) {
  try {
    return parseTemplate(text, rendering.macros.keys());
  } catch (error) {
    if (error instanceof TemplateSyntaxError) throw new TemplateError("parse", `#evaluate: ${error.message}`);
    throw error;
  }
}
