import type { Span, SpanMap } from "../source.js";

/**
 * A value of gateway.yaml with its place. YAML's own notions (anchors, tags, styles of maps) are gone: an alias is the
 * node it stands for, shared, so the tree is a graph without cycles whose expanded size is bounded.
 */
export type Node = MapNode | ListNode | ScalarNode;

/** A name of the file: a key of a map, or a value that names something. */
export interface Name {
  /** Without quotes, escapes resolved; a key such as `200` or `1.10` exactly as written. */
  readonly text: string;
  /** In the file, quotes included. */
  readonly span: Span;
  /** Offsets of `text` → offsets of the file. */
  readonly spanMap: SpanMap;
}

export interface MapNode {
  readonly kind: "map";
  readonly span: Span;
  /** In the order of the file; names are unique. `__proto__` is a name like any other. */
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly name: Name;
  /** An empty value (`key:`) is the scalar null, with the span of its key. */
  readonly value: Node;
}

export interface ListNode {
  readonly kind: "list";
  readonly span: Span;
  readonly items: readonly Node[];
}

export type ScalarStyle = "plain" | "single" | "double" | "literal" | "folded";

/** A scalar by YAML 1.2's core schema: `on`, `yes` and times are strings; quoted and block scalars are always strings. */
export interface ScalarNode {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** The content as a text: of plain scalars exactly as written (`1.10`), of all others the string that they mean. */
  readonly text: string;
  readonly style: ScalarStyle;
  /** In the file, quotes included; of a block scalar from its `|` to the end of its last line. */
  readonly span: Span;
  /** Offsets of `text` → offsets of the file, through quotes, escapes, folding and indentation. */
  readonly spanMap: SpanMap;
  /** Stands for something that could not be read, and was reported: nothing more is to be said of it. */
  readonly isBroken?: true;
}

/** The entry of that name; maps of the file are small enough for a walk. */
export function entryOf(map: MapNode, name: string): MapEntry | undefined {
  return map.entries.find((entry) => entry.name.text === name);
}
