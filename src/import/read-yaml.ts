import type { ParsedNode, YAMLMap, YAMLSeq } from "yaml";
import type { Span } from "../source.js";
import { library } from "../syntax/yaml/library.js";
import type { ImportedFile } from "./documents.js";
import type { Member, Tree } from "./tree.js";

const limits = { depth: 200, aliasedNodes: 200_000, problems: 20 } as const;

/** Reads YAML 1.2 with CloudFormation's tags. Undefined when it cannot be read, which has been reported. */
export function readYaml(file: ImportedFile): Tree | undefined {
  const { parseDocument, LineCounter: _ } = library();
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    const document = parseDocument(file.source.text, {
      version: "1.2",
      schema: "core",
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
      keepSourceTokens: false,
    });
    const errors = document.errors.slice(0, limits.problems);
    for (const { pos, message } of errors) {
      file.report(
        "import-syntax",
        { start: pos[0], end: Math.max(pos[1], pos[0] + 1) },
        { language: "YAML", problem: message },
      );
    }
    if (errors.length > 0) return undefined;
    if (document.contents === null) {
      file.report("import-syntax", { start: 0, end: 0 }, { language: "YAML", problem: "the file is empty" });
      return undefined;
    }
    return build(document.contents as ParsedNode, 0, { file, anchors: new Map(), aliased: 0 });
  } catch (error) {
    // The library recurses: a text nested ten thousand deep overflows its stack.
    if (!(error instanceof RangeError)) throw error;
    file.report("import-syntax", { start: 0, end: 0 }, { language: "YAML", problem: "values nest too deep" });
    return undefined;
  } finally {
    Error.stackTraceLimit = before;
  }
}

interface Builder {
  readonly file: ImportedFile;
  readonly anchors: Map<string, Tree | undefined>;
  aliased: number;
}

function build(node: ParsedNode, depth: number, builder: Builder): Tree {
  const { isAlias } = library();
  const { file } = builder;
  if (depth > limits.depth) {
    file.report("import-syntax", spanOf(node), {
      language: "YAML",
      problem: `values nest deeper than ${limits.depth}`,
    });
    return nothing(node, file);
  }
  if (isAlias(node)) {
    const target = builder.anchors.get(node.source);
    builder.aliased += target ? sizeOf(target, limits.aliasedNodes) : 0;
    if (target && builder.aliased <= limits.aliasedNodes) return target;
    const problem = target
      ? `aliases stand for more than ${limits.aliasedNodes} values`
      : builder.anchors.has(node.source)
        ? `the alias "${node.source}" stands inside what it stands for`
        : `there is no anchor "${node.source}"`;
    file.report("import-syntax", spanOf(node), { language: "YAML", problem });
    return nothing(node, file);
  }
  if (node.anchor !== undefined) builder.anchors.set(node.anchor, undefined);
  const tree = tagged(node, plain(node, depth, builder), file);
  if (node.anchor !== undefined) builder.anchors.set(node.anchor, tree);
  return tree;
}

function plain(node: ParsedNode, depth: number, builder: Builder): Tree {
  const { isMap, isSeq, isScalar } = library();
  const { file } = builder;
  const span = spanOf(node);
  if (isSeq(node)) {
    return {
      kind: "list",
      span,
      file,
      items: (node as YAMLSeq.Parsed).items.map((item) => build(item, depth + 1, builder)),
    };
  }
  if (isMap(node)) return { kind: "map", span, file, members: membersOf(node as YAMLMap.Parsed, depth, builder) };
  if (!isScalar(node)) return nothing(node, file);
  const { value } = node;
  const isPlainText =
    typeof value === "string" || value === null || typeof value === "boolean" || typeof value === "number";
  const text = typeof value === "string" ? value : (node.source ?? "");
  return { kind: "scalar", span, file, value: isPlainText ? value : text, text };
}

function membersOf(node: YAMLMap.Parsed, depth: number, builder: Builder): ReadonlyMap<string, Member> {
  const { isScalar } = library();
  const members = new Map<string, Member>();
  const merged: Member[] = [];
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? (key.source ?? String(key.value ?? "")) : "";
    const nameSpan = spanOf(key);
    const tree = value === null ? nothing(key, builder.file) : build(value, depth + 1, builder);
    if (name === "<<" && tree.kind === "map") merged.push(...tree.members.values());
    else members.set(name, { name, nameSpan, value: tree });
  }
  for (const member of merged) if (!members.has(member.name)) members.set(member.name, member);
  return members;
}

/** `!Ref x` is `Ref: x`, `!GetAtt a.b` is `Fn::GetAtt: [a, b]`, `!Sub x` is `Fn::Sub: x`. */
function tagged(node: ParsedNode, tree: Tree, file: ImportedFile): Tree {
  const tag = /^!([A-Za-z][A-Za-z0-9]*)$/.exec(node.tag ?? "")?.[1];
  if (tag === undefined) return tree;
  const name = tag === "Ref" || tag === "Condition" ? tag : `Fn::${tag}`;
  const value = tag === "GetAtt" && tree.kind === "scalar" ? attribute(tree) : tree;
  return { kind: "map", span: tree.span, file, members: new Map([[name, { name, nameSpan: tree.span, value }]]) };
}

function attribute(tree: Tree & { readonly kind: "scalar" }): Tree {
  const dot = tree.text.indexOf(".");
  const parts = dot < 0 ? [tree.text] : [tree.text.slice(0, dot), tree.text.slice(dot + 1)];
  return { ...tree, kind: "list", items: parts.map((text) => ({ ...tree, value: text, text })) };
}

function spanOf(node: ParsedNode): Span {
  const [start, end] = node.range;
  return { start, end: Math.max(end, start) };
}

function nothing(node: ParsedNode, file: ImportedFile): Tree {
  return { kind: "scalar", span: spanOf(node), file, value: null, text: "" };
}

/** Values of a tree, shared ones at each use, counted no further than a limit. */
function sizeOf(tree: Tree, limit: number): number {
  let size = 0;
  const queue: Tree[] = [tree];
  for (let next = queue.pop(); next && size <= limit; next = queue.pop()) {
    size++;
    if (next.kind === "list") for (const item of next.items) queue.push(item);
    else if (next.kind === "map") for (const member of next.members.values()) queue.push(member.value);
  }
  return size;
}
