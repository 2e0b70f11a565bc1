import type {
  Block,
  Expression,
  MacroArgument,
  ReferenceNode,
  Statement,
} from "../../../runtime/mapping/velocity/nodes.js";

/** Called on each node, parents first. */
export interface Visitor {
  statement?(node: Statement): void;
  expression?(node: Expression): void;
  /** Also of references that are printed or set. */
  reference?(node: ReferenceNode): void;
}

/** Goes through a block, the text of interpolated strings included. */
export function walkBlock(block: Block, visitor: Visitor): void {
  for (const statement of block) walkStatement(statement, visitor);
}

function walkStatement(node: Statement, visitor: Visitor): void {
  visitor.statement?.(node);
  switch (node.kind) {
    case "reference":
      walkReference(node, visitor);
      return;
    case "set":
      walkReference(node.target, visitor);
      walkExpression(node.value, visitor);
      return;
    case "if":
      for (const { condition, body } of node.branches) {
        walkExpression(condition, visitor);
        walkBlock(body, visitor);
      }
      walkBlock(node.otherwise ?? [], visitor);
      return;
    case "foreach":
      if (node.list !== undefined) walkExpression(node.list, visitor);
      walkBlock(node.body, visitor);
      return;
    case "macro":
    case "define":
      walkBlock(node.body, visitor);
      return;
    case "call":
      for (const arg of node.args) walkArgument(arg, visitor);
      walkBlock(node.body ?? [], visitor);
      return;
    case "evaluate":
      walkExpression(node.source, visitor);
      return;
    case "break":
      if (node.scope !== undefined) walkExpression(node.scope, visitor);
      return;
    default:
      return;
  }
}

function walkArgument(arg: MacroArgument, visitor: Visitor): void {
  if (arg.kind !== "word") walkExpression(arg, visitor);
}

function walkExpression(node: Expression, visitor: Visitor): void {
  visitor.expression?.(node);
  switch (node.kind) {
    case "reference":
      walkReference(node, visitor);
      return;
    case "string":
      walkBlock(node.body ?? [], visitor);
      return;
    case "list":
      for (const item of node.items) walkExpression(item, visitor);
      return;
    case "map":
      for (const entry of node.entries) for (const part of entry) walkExpression(part, visitor);
      return;
    case "range":
      walkExpression(node.from, visitor);
      walkExpression(node.to, visitor);
      return;
    case "not":
      walkExpression(node.operand, visitor);
      return;
    case "binary":
      walkExpression(node.left, visitor);
      walkExpression(node.right, visitor);
      return;
    default:
      return;
  }
}

function walkReference(node: ReferenceNode, visitor: Visitor): void {
  visitor.reference?.(node);
  for (const segment of node.path) {
    if (segment.kind === "method") for (const arg of segment.args) walkExpression(arg, visitor);
    if (segment.kind === "index") walkExpression(segment.index, visitor);
  }
}
