import type { Block, Statement, TemplateTree } from "../../../../runtime/mapping/velocity/nodes.js";
import type { Report } from "../../../diagnostics/diagnostic.js";
import { walkBlock } from "../walk.js";
import { acceptsEnd, anything, type JsonStates, start, step, union, valueHole } from "./json-states.js";

interface Problem {
  readonly at: number;
  readonly end: number;
  readonly problem: string;
}

/**
 * What the template prints can be JSON. Text is certain, a reference may print nothing, a value or part of a string, a
 * branch may be taken or not, a loop may run or not: only what is wrong in all these cases is reported.
 */
export function checkJsonOutput(
  tree: TemplateTree,
  { report, givesJson }: { readonly report: Report; readonly givesJson?: boolean | undefined },
): void {
  if (givesJson !== true || tree.macros.size > 0 || isOpen(tree.body)) return;
  const checker = new OutputChecker();
  const end = checker.block(tree.body, start);
  if (checker.problem !== undefined) {
    const { at, end: to, problem } = checker.problem;
    report("template-not-json", { start: at, end: to }, { problem });
    return;
  }
  if (tree.body.length === 0 || end === anything || [...end].some(acceptsEnd)) return;
  const last = tree.body[tree.body.length - 1]?.span ?? { start: 0, end: 1 };
  report(
    "template-not-json",
    { start: Math.max(last.start, last.end - 1), end: last.end },
    { problem: "something is left open at the end" },
  );
}

/** Whether the output depends on more than can be seen: blocks, evaluated text, early ends. */
function isOpen(body: Block): boolean {
  let open = false;
  walkBlock(body, {
    statement: ({ kind }) => {
      open ||= kind === "define" || kind === "evaluate" || kind === "break" || kind === "stop" || kind === "call";
    },
  });
  return open;
}

class OutputChecker {
  problem: Problem | undefined;
  /** Why a branch cannot be, while another may. */
  #dead: Problem | undefined;

  block(block: Block, states: JsonStates): JsonStates {
    let current = states;
    for (const statement of block) {
      if (current === anything || this.problem !== undefined) return anything;
      current = this.#statement(statement, current);
    }
    return current;
  }

  #statement(node: Statement, states: JsonStates): JsonStates {
    if (states === anything) return anything;
    switch (node.kind) {
      case "text":
        return this.#text(node.text, node.span, states);
      case "reference":
        return valueHole(states);
      case "if": {
        const branches = node.branches.map(({ body }) => this.#tried(body, states));
        const otherwise = node.otherwise === undefined ? states : this.#tried(node.otherwise, states);
        return this.#reached(union([...branches, otherwise]));
      }
      case "foreach": {
        let reached: JsonStates = states;
        for (let round = 0; round < 3; round++) reached = union([reached, this.#tried(node.body, reached)]);
        return reached;
      }
      default:
        return states;
    }
  }

  /** A block that may not run: what is wrong inside is no more than a way that leads nowhere. */
  #tried(body: Block, states: JsonStates): JsonStates {
    const inner = new OutputChecker();
    const end = inner.block(body, states);
    if (inner.problem === undefined) return end;
    this.#dead ??= inner.problem;
    return new Set();
  }

  /** Where no way is left, the first one that ended tells why. */
  #reached(states: JsonStates): JsonStates {
    if (states === anything || states.size > 0) {
      this.#dead = undefined;
      return states;
    }
    this.problem = this.#dead;
    return anything;
  }

  #text(text: string, span: { readonly start: number; readonly end: number }, states: JsonStates): JsonStates {
    let current = states;
    for (let at = 0; at < text.length; at++) {
      if (current === anything) return anything;
      const next = step(current, text[at] ?? "");
      if (next !== anything && next.size === 0) {
        const exact = span.end - span.start === text.length;
        const start = exact ? span.start + at : span.start;
        this.problem = {
          at: start,
          end: exact ? start + 1 : span.end,
          problem: `${JSON.stringify(text[at])} cannot stand here`,
        };
        return anything;
      }
      current = next;
    }
    return current;
  }
}
