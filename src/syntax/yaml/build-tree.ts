import type { Alias, ParsedNode, YAMLMap, YAMLSeq } from "yaml";
import type { Report } from "../../diagnostics/diagnostic.js";
import { nearest } from "../../nearest.js";
import type { Span } from "../../source.js";
import type { ListNode, MapEntry, MapNode, Node } from "../tree.js";
import { library } from "./library.js";
import { limits } from "./limits.js";
import { keyName } from "./map-key.js";
import type { RepairedText } from "./repair.js";
import { brokenAt, nullAt, scalarNode } from "./scalar-node.js";

/** One document on its way into our tree. */
export interface TreeBuilder {
  readonly yaml: ReturnType<typeof library>;
  readonly repaired: RepairedText;
  readonly report: Report;
  readonly anchors: Map<string, Anchor>;
  /** Nodes so far, those behind aliases counted at each use. */
  nodes: number;
  /** Of them, those behind aliases. */
  aliased: number;
  /** Depth of the deepest node since the innermost anchor. */
  deepest: number;
  /** A limit of aliases was met and reported. */
  isOver: boolean;
}

interface Anchor {
  readonly span: Span;
  /** Undefined while the anchored node is being built: an alias met then would make a cycle. */
  node: Node | undefined;
  nodes: number;
  height: number;
}

/** Our tree of a composed document. Aliases become the node they stand for, within limits; `<<` merges. */
export function buildTree(contents: ParsedNode, repaired: RepairedText, report: Report): Node {
  const anchors = new Map<string, Anchor>();
  return build(contents, 0, {
    yaml: library(),
    repaired,
    report,
    anchors,
    nodes: 0,
    aliased: 0,
    deepest: 0,
    isOver: false,
  });
}

export function spanOf(node: ParsedNode, { repaired }: TreeBuilder): Span {
  const [start, end] = node.range;
  let last = end;
  while (last > start && /\s/.test(repaired.text[last - 1] ?? "")) last--;
  return { start: repaired.toFile(start), end: Math.max(repaired.toFile(start), repaired.toFile(last)) };
}

function build(node: ParsedNode, depth: number, builder: TreeBuilder): Node {
  if (builder.yaml.isAlias(node)) return resolve(node as Alias.Parsed, depth, builder);
  const name = node.anchor;
  if (name === undefined) return buildPlain(node, depth, builder);
  const before = { nodes: builder.nodes, deepest: builder.deepest };
  const anchor: Anchor = { span: spanOf(node, builder), node: undefined, nodes: 0, height: 0 };
  builder.anchors.set(name, anchor);
  builder.deepest = depth;
  anchor.node = buildPlain(node, depth, builder);
  anchor.nodes = builder.nodes - before.nodes;
  anchor.height = builder.deepest - depth;
  builder.deepest = Math.max(before.deepest, builder.deepest);
  return anchor.node;
}

function buildPlain(node: Exclude<ParsedNode, Alias.Parsed>, depth: number, builder: TreeBuilder): Node {
  builder.nodes++;
  builder.deepest = Math.max(builder.deepest, depth);
  if (builder.yaml.isScalar(node)) return scalarNode(node, builder);
  if (builder.yaml.isMap(node)) return buildMap(node as YAMLMap.Parsed, depth, builder);
  if (builder.yaml.isSeq(node)) return buildList(node as YAMLSeq.Parsed, depth, builder);
  return nullAt({ start: 0, end: 0 });
}

function buildList(node: YAMLSeq.Parsed, depth: number, builder: TreeBuilder): ListNode {
  const items = node.items.map((item) => build(item, depth + 1, builder));
  const span = spanOf(node, builder);
  return { kind: "list", span: (node.flow ? undefined : blockSpan(span, items.at(-1)?.span)) ?? span, items };
}

function buildMap(node: YAMLMap.Parsed, depth: number, builder: TreeBuilder): MapNode {
  const entries = new Map<string, MapEntry>();
  const merged: MapEntry[] = [];
  for (const pair of node.items) {
    const name = keyName(pair.key, builder);
    if (!name) continue;
    const value = pair.value === null ? nullAt(name.span) : build(pair.value, depth + 1, builder);
    if (builder.yaml.isScalar(pair.key) && pair.key.type === "PLAIN" && name.text === "<<") {
      merged.push(...entriesToMerge(value, builder));
      continue;
    }
    const first = entries.get(name.text);
    if (first) {
      const notes = [{ span: first.name.span, message: "first given here" }];
      builder.report("yaml-duplicate-key", name.span, { name: name.text }, { notes });
    } else entries.set(name.text, { name, value: isEmpty(value) ? nullAt(name.span) : value });
  }
  for (const entry of merged) if (!entries.has(entry.name.text)) entries.set(entry.name.text, entry);
  const all = [...entries.values()];
  const own = all.length > 0 && !node.flow ? blockSpan(all[0]?.name.span, all.at(-1)?.value.span) : undefined;
  return { kind: "map", span: own ?? spanOf(node, builder), entries: all };
}

/** A block map or list ends with its last value, without comments; an alias there stands elsewhere. */
function blockSpan(first: Span | undefined, last: Span | undefined): Span | undefined {
  return first && last && last.end > first.start ? { start: first.start, end: last.end } : undefined;
}

function isEmpty(node: Node): boolean {
  return node.kind === "scalar" && node.value === null && node.text === "" && !node.isBroken;
}

/** `<<: *base` and `<<: [*one, *two]`: entries that the map does not have itself; earlier maps of a list win. */
function entriesToMerge(value: Node, { report }: TreeBuilder): readonly MapEntry[] {
  const maps = value.kind === "list" ? value.items : [value];
  return maps.flatMap((map) => {
    if (map.kind === "map") return map.entries;
    if (map.kind === "scalar" && map.isBroken) return [];
    report("yaml-merge", map.span, undefined);
    return [];
  });
}

function resolve(alias: Alias.Parsed, depth: number, builder: TreeBuilder): Node {
  const span = spanOf(alias, builder);
  const anchor = builder.anchors.get(alias.source);
  const nothing = brokenAt(span);
  if (!anchor) {
    const near = nearest(alias.source, [...builder.anchors.keys()].slice(0, 100));
    builder.report("yaml-alias", span, { name: alias.source, near });
    return nothing;
  }
  const notes = [{ span: anchor.span, message: `"${alias.source}" is this` }];
  if (!anchor.node) {
    builder.report("yaml-cycle", span, { name: alias.source }, { notes });
    return nothing;
  }
  builder.nodes += anchor.nodes;
  builder.aliased += anchor.nodes;
  builder.deepest = Math.max(builder.deepest, depth + anchor.height);
  const isTooDeep = depth + anchor.height > limits.depth;
  if (!isTooDeep && builder.aliased <= limits.aliasedNodes) return anchor.node;
  if (!builder.isOver && isTooDeep) builder.report("yaml-too-deep", span, { limit: limits.depth });
  else if (!builder.isOver) builder.report("yaml-alias-bomb", span, { limit: limits.aliasedNodes }, { notes });
  builder.isOver = true;
  return nothing;
}
