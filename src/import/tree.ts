import type { JsonValue } from "../model/types.js";
import type { Span } from "../source.js";
import type { ImportedFile } from "./documents.js";

/**
 * A value of an imported document with its place. CloudFormation's short forms (`!Sub x`) are their long ones here
 * (`Fn::Sub: x`), so that YAML and JSON read alike.
 */
export type Tree = MapTree | ListTree | ScalarTree;

interface Placed {
  readonly span: Span;
  readonly file: ImportedFile;
}

export interface MapTree extends Placed {
  readonly kind: "map";
  /** In the order of the file. `__proto__` is a name like any other. */
  readonly members: ReadonlyMap<string, Member>;
}

export interface Member {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: Tree;
}

export interface ListTree extends Placed {
  readonly kind: "list";
  readonly items: readonly Tree[];
}

/** `text` is the scalar as written where it is no string: `1.10` stays `1.10`. */
export interface ScalarTree extends Placed {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  readonly text: string;
}

export function memberOf(tree: Tree | undefined, name: string): Tree | undefined {
  return tree?.kind === "map" ? tree.members.get(name)?.value : undefined;
}

/** Members in order; none where there is no map. */
export function membersOf(tree: Tree | undefined): readonly Member[] {
  return tree?.kind === "map" ? [...tree.members.values()] : [];
}

export function itemsOf(tree: Tree | undefined): readonly Tree[] {
  return tree?.kind === "list" ? tree.items : [];
}

/** A scalar's text; undefined for null and for everything that is no scalar. */
export function textOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === "scalar" && tree.value !== null ? tree.text : undefined;
}

export function isTrue(tree: Tree | undefined): boolean {
  return tree?.kind === "scalar" && (tree.value === true || tree.value === "true");
}

export function numberOf(tree: Tree | undefined): number | undefined {
  const text = textOf(tree);
  return text !== undefined && text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

/** A tree as plain data. `fromEntries` defines members, so that no name reaches a prototype. */
export function jsonOf(tree: Tree): JsonValue {
  switch (tree.kind) {
    case "scalar":
      return tree.value;
    case "list":
      return tree.items.map(jsonOf);
    case "map":
      return Object.fromEntries(membersOf(tree).map(({ name, value }) => [name, jsonOf(value)]));
  }
}

/** A map made of parts of documents: what CloudFormation says in resources, OpenAPI says in one map. */
export function madeMap(place: Placed, members: Iterable<readonly [string, Tree | undefined]>): MapTree {
  const made = new Map<string, Member>();
  for (const [name, value] of members) {
    if (value) made.set(name, { name, nameSpan: value.span, value });
  }
  return { kind: "map", span: place.span, file: place.file, members: made };
}

export function madeScalar(place: Placed, value: string | number | boolean): ScalarTree {
  return { kind: "scalar", span: place.span, file: place.file, value, text: String(value) };
}

export function madeList(place: Placed, items: readonly Tree[]): ListTree {
  return { kind: "list", span: place.span, file: place.file, items };
}
