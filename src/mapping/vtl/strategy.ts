import type { Block, ReferenceNode, Statement, TemplateTree } from "../../../runtime/mapping/velocity/nodes.js";
import { walkBlock } from "./walk.js";

/** Members of `$foreach` that a compiled loop has at hand; also called as getters. */
const loopMembers: ReadonlyMap<string, LoopMember> = new Map([
  ["index", "index"],
  ["count", "count"],
  ["hasNext", "hasNext"],
  ["first", "first"],
  ["last", "last"],
]);
const loopMethods: ReadonlyMap<string, LoopMember> = new Map([
  ["getIndex", "index"],
  ["getCount", "count"],
  ["hasNext", "hasNext"],
  ["getHasNext", "hasNext"],
  ["isFirst", "first"],
  ["getFirst", "first"],
  ["isLast", "last"],
  ["getLast", "last"],
]);
export type LoopMember = "index" | "count" | "hasNext" | "first" | "last";

const loopNames: ReadonlySet<string> = new Set(["foreach", "velocityCount", "velocityHasNext"]);

/**
 * Whether the variables of a template can be variables of JavaScript. They cannot where macros, blocks or evaluated
 * texts share them, where the scope of a loop is used as an object, or where a loop's variable is set inside the loop
 * (Velocity hides that while the item is null).
 */
export function variablesArePlain({ body, macros }: TemplateTree): boolean {
  if (macros.size > 0) return false;
  let plain = true;
  walkBlock(body, {
    statement: (node) => {
      plain &&= isPlainStatement(node);
    },
    expression: (node) => {
      if (node.kind === "string" && node.body !== undefined) plain &&= !leavesBlock(node.body);
    },
    reference: (node) => {
      if (node.name === "foreach") plain &&= loopMember(node) !== undefined;
    },
  });
  return plain && loopVariablesAreOwn(body, []);
}

function isPlainStatement(node: Statement): boolean {
  switch (node.kind) {
    case "define":
    case "evaluate":
    case "macro":
      return false;
    case "break":
      return node.scope === undefined;
    case "set":
      return !loopNames.has(node.variable) && !loopNames.has(node.target.name);
    case "foreach":
      return !loopNames.has(node.variable);
    default:
      return true;
  }
}

/** Whether a string's text holds `#break` or `#stop`, which leave more than the string. */
function leavesBlock(body: Block): boolean {
  let leaves = false;
  walkBlock(body, {
    statement: (node) => {
      leaves ||= node.kind === "break" || node.kind === "stop";
    },
  });
  return leaves;
}

/** The member of the loop that `$foreach.…` reads, where it is one that needs no object. */
export function loopMember(node: ReferenceNode): LoopMember | undefined {
  const [segment] = node.path;
  if (segment === undefined || segment.kind === "index") return undefined;
  if (segment.kind === "property") return loopMembers.get(segment.name);
  return segment.args.length === 0 ? loopMethods.get(segment.name) : undefined;
}

/** Whether no loop's variable is set within that loop. */
function loopVariablesAreOwn(block: Block, loops: readonly string[]): boolean {
  let own = true;
  const visit = (inner: Block, names: readonly string[]): void => {
    for (const node of inner) {
      if (node.kind === "set" && node.target.path.length === 0) own &&= !names.includes(node.variable);
      else if (node.kind === "foreach") {
        own &&= !names.includes(node.variable);
        visit(node.body, [...names, node.variable]);
      } else if (node.kind === "if") {
        for (const branch of node.branches) visit(branch.body, names);
        visit(node.otherwise ?? [], names);
      }
    }
  };
  visit(block, loops);
  return own && !setsInStrings(block);
}

/** A `#set` or `#foreach` inside an interpolated string is rare: such a template takes the general way. */
function setsInStrings(block: Block): boolean {
  let found = false;
  walkBlock(block, {
    expression: (node) => {
      if (node.kind !== "string" || node.body === undefined) return;
      walkBlock(node.body, {
        statement: (inner) => {
          found ||= inner.kind === "set" || inner.kind === "foreach";
        },
      });
    },
  });
  return found;
}
