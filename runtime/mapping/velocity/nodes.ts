/**
 * The tree of a template in Velocity 1.7's language. Every node knows its span: half-open UTF-16 offsets into the
 * template. `literal` is the source of a node as Velocity prints it where a value is missing.
 */
export interface TemplateSpan {
  readonly start: number;
  readonly end: number;
}

interface NodeBase {
  readonly span: TemplateSpan;
}

export type Statement =
  | TextNode
  | ReferenceNode
  | SetNode
  | IfNode
  | ForeachNode
  | MacroNode
  | MacroCallNode
  | DefineNode
  | EvaluateNode
  | BreakNode
  | StopNode;

export type Block = readonly Statement[];

/** Text that is printed as it stands: escapes and comments are already resolved. */
export interface TextNode extends NodeBase {
  readonly kind: "text";
  readonly text: string;
}

/** `$a.b`, `${a.b}`, `$!a.b()`, `$a['k']`, and the odd forms that Velocity reads as references. */
export interface ReferenceNode extends NodeBase {
  readonly kind: "reference";
  /** Name of the variable. */
  readonly name: string;
  readonly nameSpan: TemplateSpan;
  readonly path: readonly Segment[];
  readonly quiet: boolean;
  /** An odd number of backslashes stood before it: its source is printed, not its value. */
  readonly escaped: boolean;
  /** Backslashes that are left of those before it. */
  readonly escapePrefix: string;
  /** Dollar signs before the one that counts. */
  readonly morePrefix: string;
  /** A name in reference state without a dollar sign: prints itself, has no value. */
  readonly runt: boolean;
  /** False for `$\!x`: it has no value inside an expression. */
  readonly computable: boolean;
  readonly literal: string;
  /** What Velocity prints instead of null: the source, or nothing for a quiet reference. */
  readonly nullText: string;
}

export type Segment = PropertySegment | MethodSegment | IndexSegment;

export interface PropertySegment extends NodeBase {
  readonly kind: "property";
  readonly name: string;
}

export interface MethodSegment extends NodeBase {
  readonly kind: "method";
  readonly name: string;
  readonly nameSpan: TemplateSpan;
  readonly args: readonly Expression[];
}

export interface IndexSegment extends NodeBase {
  readonly kind: "index";
  readonly index: Expression;
}

export interface SetNode extends NodeBase {
  readonly kind: "set";
  readonly target: ReferenceNode;
  /** Name that is written when the target has no path: `x`, but `!x` for `#set($!x = 1)`, as Velocity has it. */
  readonly variable: string;
  readonly value: Expression;
}

export interface IfBranch {
  readonly condition: Expression;
  readonly body: Block;
}

export interface IfNode extends NodeBase {
  readonly kind: "if";
  readonly branches: readonly IfBranch[];
  readonly otherwise: Block | undefined;
}

export interface ForeachNode extends NodeBase {
  readonly kind: "foreach";
  readonly variable: string;
  readonly variableSpan: TemplateSpan;
  /** Undefined where the list is left out or misplaced: Velocity then renders nothing. */
  readonly list: Expression | undefined;
  readonly body: Block;
}

export interface MacroNode extends NodeBase {
  readonly kind: "macro";
  readonly name: string;
  readonly nameSpan: TemplateSpan;
  readonly parameters: readonly string[];
  readonly body: Block;
}

/** `#name(…)` or `#@name(…) … #end`; also any `#word` that names no directive. */
export interface MacroCallNode extends NodeBase {
  readonly kind: "call";
  readonly name: string;
  readonly nameSpan: TemplateSpan;
  readonly args: readonly MacroArgument[];
  readonly body: Block | undefined;
  /** Printed where no macro has the name. */
  readonly literal: string;
}

/** A bare word may stand as argument only where no macro has the name. */
export type MacroArgument = Expression | WordNode;

export interface WordNode extends NodeBase {
  readonly kind: "word";
  readonly text: string;
  readonly literal: string;
}

export interface DefineNode extends NodeBase {
  readonly kind: "define";
  readonly name: string;
  readonly body: Block;
}

export interface EvaluateNode extends NodeBase {
  readonly kind: "evaluate";
  readonly source: Expression;
}

/** `#break`, or `#break($foreach)` with the scope to leave. */
export interface BreakNode extends NodeBase {
  readonly kind: "break";
  readonly scope: Expression | undefined;
}

export interface StopNode extends NodeBase {
  readonly kind: "stop";
}

export type Expression =
  | ReferenceNode
  | StringNode
  | IntegerNode
  | FloatNode
  | BooleanNode
  | ListNode
  | RangeNode
  | MapNode
  | NotNode
  | BinaryNode;

interface ExpressionBase extends NodeBase {
  readonly literal: string;
}

/** `body` is there for a double-quoted text that holds `$` or `#`: its value is what the body prints. */
export interface StringNode extends ExpressionBase {
  readonly kind: "string";
  readonly text: string;
  readonly body: Block | undefined;
  /** Velocity parses an interpolated text with a blank after it and cuts the last character of the result. */
  readonly cutsLast: boolean;
}

export interface IntegerNode extends ExpressionBase {
  readonly kind: "integer";
  readonly digits: string;
}

export interface FloatNode extends ExpressionBase {
  readonly kind: "float";
  readonly value: number;
}

export interface BooleanNode extends ExpressionBase {
  readonly kind: "boolean";
  readonly value: boolean;
}

export interface ListNode extends ExpressionBase {
  readonly kind: "list";
  readonly items: readonly Expression[];
}

export interface RangeNode extends ExpressionBase {
  readonly kind: "range";
  readonly from: Expression;
  readonly to: Expression;
}

export interface MapNode extends ExpressionBase {
  readonly kind: "map";
  readonly entries: readonly (readonly [Expression, Expression])[];
}

export interface NotNode extends ExpressionBase {
  readonly kind: "not";
  readonly operand: Expression;
}

export type BinaryOperator = "||" | "&&" | "==" | "!=" | "<" | ">" | "<=" | ">=" | "+" | "-" | "*" | "/" | "%";

export interface BinaryNode extends ExpressionBase {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** A parsed template and the macros that it defines anywhere, the first definition of a name counting. */
export interface TemplateTree {
  readonly body: Block;
  readonly macros: ReadonlyMap<string, MacroNode>;
}

/** What is wrong with a template, where, and which rule of the catalogue it breaks. */
export class TemplateSyntaxError extends Error {
  override readonly name = "TemplateSyntaxError";

  constructor(
    message: string,
    readonly span: TemplateSpan,
    /** The directive that was opened and not closed, where that is the trouble. */
    readonly opened: TemplateSpan | undefined = undefined,
  ) {
    super(message);
  }
}
