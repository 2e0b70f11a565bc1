import type { JsonPath } from "../../../runtime/mapping/jsonpath/path.js";
import type { ReferenceNode, Segment, TemplateTree } from "../../../runtime/mapping/velocity/nodes.js";
import type { Span } from "../../source.js";
import { readLiteralPath } from "./input-paths.js";
import { walkBlock } from "./walk.js";

/** A name that a template uses, at its place in the template. */
export interface NameUse {
  readonly name: string;
  readonly span: Span;
}

/** A literal path of `$input.path` or `$input.json`. */
export interface PathUse {
  readonly text: string;
  readonly path: JsonPath;
  readonly span: Span;
}

/** What others need to know of a template without reading it. */
export interface TemplateFacts {
  /** Whether the payload is read at all. */
  readonly usesBody: boolean;
  /** Whether parameters are read by names that are not known at build time. */
  readonly usesAllParams: boolean;
  /** Names of `$input.params('name')` and of `$input.params().querystring.name`. */
  readonly params: readonly NameUse[];
  readonly stageVariables: readonly NameUse[];
  /** Whether `$stageVariables` is used as a whole or by computed names. */
  readonly usesAllStageVariables: boolean;
  /** Dotted names below `$context`, as far as they are literal: `identity.sourceIp`. */
  readonly contextNames: readonly NameUse[];
  readonly inputPaths: readonly PathUse[];
  /** Whether `$context.requestOverride` or `$context.responseOverride` is touched. */
  readonly usesOverrides: boolean;
}

/** Collects the facts of a parsed template. A name that the template sets anew is no longer the gateway's. */
export function templateFacts(tree: TemplateTree): TemplateFacts {
  const own = ownNames(tree);
  const facts = {
    usesBody: false,
    usesAllParams: false,
    params: [] as NameUse[],
    stageVariables: [] as NameUse[],
    usesAllStageVariables: false,
    contextNames: [] as NameUse[],
    inputPaths: [] as PathUse[],
    usesOverrides: false,
  };
  const reference = (node: ReferenceNode) => {
    if (node.runt || own.has(node.name)) return;
    if (node.name === "input") inputFacts(node.path, facts);
    if (node.name === "stageVariables") {
      const name = memberName(node.path[0]);
      if (name === undefined) facts.usesAllStageVariables = true;
      else facts.stageVariables.push({ name, span: node.path[0]?.span ?? node.span });
    }
    if (node.name === "context") {
      const names = literalNames(node.path);
      if (names.length > 0)
        facts.contextNames.push({ name: names.join("."), span: pathSpan(node.path.slice(0, names.length)) });
      if (names.length === 0 || names[0] === "requestOverride" || names[0] === "responseOverride")
        facts.usesOverrides = true;
    }
  };
  walkBlock(tree.body, { reference });
  for (const macro of tree.macros.values()) walkBlock(macro.body, { reference });
  return facts;
}

/** Names that the template sets, loops with or defines. */
export function ownNames(tree: TemplateTree): ReadonlySet<string> {
  const names = new Set<string>();
  const blocks = [tree.body, ...[...tree.macros.values()].map((macro) => macro.body)];
  for (const block of blocks) {
    walkBlock(block, {
      statement: (node) => {
        if (node.kind === "set" && node.target.path.length === 0) names.add(node.variable);
        if (node.kind === "foreach") names.add(node.variable);
        if (node.kind === "define") names.add(node.name);
      },
    });
  }
  for (const macro of tree.macros.values()) for (const parameter of macro.parameters) names.add(parameter);
  return names;
}

type Mutable = {
  -readonly [K in keyof TemplateFacts]: TemplateFacts[K] extends readonly (infer T)[] ? T[] : TemplateFacts[K];
};

function inputFacts(path: readonly Segment[], facts: Mutable): void {
  const [first, second, third] = path;
  const name = first?.kind === "index" ? undefined : first?.name;
  if (name === "params" && first?.kind === "method") {
    const arg = first.args[0];
    if (arg?.kind === "string" && arg.body === undefined) facts.params.push({ name: arg.text, span: arg.span });
    else if (arg !== undefined || memberName(second) === undefined) facts.usesAllParams = true;
    else {
      const param = memberName(third);
      if (param === undefined || third === undefined) facts.usesAllParams = true;
      else facts.params.push({ name: param, span: third.span });
    }
    return;
  }
  facts.usesBody = true;
  const arg = first?.kind === "method" && (name === "path" || name === "json") ? first.args[0] : undefined;
  const parsed = arg === undefined ? undefined : readLiteralPath(arg);
  if (arg?.kind === "string" && parsed !== undefined && parsed !== null) {
    facts.inputPaths.push({ text: arg.text, path: parsed, span: arg.span });
  }
}

/** Name of `.name`, `['name']` or `.get('name')`; undefined for anything else. */
export function memberName(segment: Segment | undefined): string | undefined {
  if (segment === undefined) return undefined;
  if (segment.kind === "property") return segment.name;
  const arg =
    segment.kind === "index"
      ? segment.index
      : segment.name === "get" && segment.args.length === 1
        ? segment.args[0]
        : undefined;
  return arg?.kind === "string" && arg.body === undefined ? arg.text : undefined;
}

/** Names at the head of a path, up to the first step that is not a name. */
export function literalNames(path: readonly Segment[]): readonly string[] {
  const names: string[] = [];
  for (const segment of path) {
    const name = memberName(segment);
    if (name === undefined) break;
    names.push(name);
  }
  return names;
}

function pathSpan(path: readonly Segment[]): Span {
  return { start: path[0]?.span.start ?? 0, end: path[path.length - 1]?.span.end ?? 0 };
}
