import type {
  MacroCallNode,
  ReferenceNode,
  Segment,
  TemplateTree,
} from "../../../../runtime/mapping/velocity/nodes.js";
import type { Report } from "../../../diagnostics/diagnostic.js";
import { nearest } from "../../../nearest.js";
import { memberName, ownNames } from "../facts.js";
import { walkBlock } from "../walk.js";
import { contextElsewhere, contextVariables, restApis, type TemplateContext } from "./context-names.js";

const utilFunctions = ["escapeJavaScript", "parseJson", "urlEncode", "urlDecode", "base64Encode", "base64Decode"];
const inputMembers = ["body", "json", "path", "params"];
const builtIns = ["input", "util", "context", "stageVariables"];
const directives = ["if", "else", "elseif", "end", "set", "foreach", "break", "stop", "define", "macro", "evaluate"];
/** Names that nobody sets: those of a loop, of a macro's body, and the usual way to write null. */
const alwaysFine: ReadonlySet<string> = new Set(["foreach", "velocityCount", "velocityHasNext", "bodyContent", "null"]);

interface Names {
  readonly own: ReadonlySet<string>;
  readonly report: Report;
  readonly context: TemplateContext;
  /** False where a text that is put together at run time may set variables. */
  readonly closed: boolean;
}

/** Every name of a template means something: members of `$context`, `$input`, `$util`, variables and directives. */
export function checkNames(
  tree: TemplateTree,
  { report, context = "mapping" }: { readonly report: Report; readonly context?: TemplateContext | undefined },
): void {
  const names: Names = { own: ownNames(tree), report, context, closed: !evaluates(tree) };
  const blocks = [tree.body, ...[...tree.macros.values()].map((macro) => macro.body)];
  for (const block of blocks) {
    walkBlock(block, {
      statement: (node) => {
        if (node.kind === "call" && !tree.macros.has(node.name)) checkDirective(node, report);
      },
      reference: (node) => checkReference(node, names),
    });
  }
}

function evaluates(tree: TemplateTree): boolean {
  let found = false;
  const blocks = [tree.body, ...[...tree.macros.values()].map((macro) => macro.body)];
  for (const block of blocks) {
    walkBlock(block, {
      statement: (node) => {
        found ||= node.kind === "evaluate";
      },
    });
  }
  return found;
}

function checkDirective(node: MacroCallNode, report: Report): void {
  const near = node.name.length < 3 ? undefined : nearest(node.name, directives);
  if (near !== undefined) report("unknown-directive", node.nameSpan, { name: node.name, near: `#${near}` });
}

function checkReference(node: ReferenceNode, { own, report, context, closed }: Names): void {
  if (node.runt || node.escaped || !node.computable || own.has(node.name)) return;
  const [first] = node.path;
  switch (node.name) {
    case "context":
      checkContext(node.path, context, report);
      return;
    case "input":
      checkMember(first, "unknown-input-member", inputMembers, report);
      return;
    case "util":
      checkMember(first, "unknown-util-function", utilFunctions, report);
      return;
    case "stageVariables":
      return;
    default:
      if (!closed || alwaysFine.has(node.name)) return;
      report("template-variable-never-set", node.nameSpan, { name: node.name, near: near$(node.name, own) });
  }
}

function near$(name: string, own: ReadonlySet<string>): string | undefined {
  const near = nearest(name, [...builtIns, ...own]);
  return near === undefined ? undefined : `$${near}`;
}

type MemberCode = "unknown-input-member" | "unknown-util-function";

function checkMember(segment: Segment | undefined, code: MemberCode, known: readonly string[], report: Report): void {
  if (segment === undefined || segment.kind === "index") return;
  const wanted =
    segment.kind === "property" ? known.filter((name) => name === "body") : known.filter((name) => name !== "body");
  if (wanted.includes(segment.name)) return;
  const span = segment.kind === "method" ? segment.nameSpan : segment.span;
  report(code, span, { name: segment.name, near: nearest(segment.name, known) });
}

/** Goes down the documented names as far as the reference spells them out. */
function checkContext(path: readonly Segment[], context: TemplateContext, report: Report): void {
  let below = contextVariables[context].map((name) => name.split("."));
  const written: string[] = [];
  for (const segment of path) {
    const name = memberName(segment);
    if (name === undefined) return;
    const [first = name] = [...written, name];
    const elsewhere = contextElsewhere[context].find(({ names }) => names.includes(first));
    if (elsewhere !== undefined) {
      const whole = written.length === 0 ? name : written.join(".");
      if (elsewhere.where === restApis) report("context-variable-of-rest", segment.span, { name: whole });
      else report("context-variable-elsewhere", segment.span, { name: whole, where: elsewhere.where });
      return;
    }
    const next = below.filter(([head]) => head === name || head === "*");
    if (next.length === 0) {
      // Below a variable that holds text there are Java's own members, which are not ours to know.
      if (below.length === 0 || below.every((names) => names.length === 0)) return;
      const near = nearest(
        name,
        below.flatMap(([head]) => (head === undefined ? [] : [head])),
      );
      report("unknown-context-variable", segment.span, { name: [...written, name].join("."), near });
      return;
    }
    if (next.some(([head]) => head === "*")) return;
    written.push(name);
    below = next.map((names) => names.slice(1)).filter((names) => names.length > 0);
    if (below.length === 0) return;
  }
}
