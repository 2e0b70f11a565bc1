import type { Report } from "../../diagnostics/diagnostic.js";
import type { SourceFile } from "../../source.js";
import type { Name, Node } from "../tree.js";
import { exampleHelp } from "./example.js";

/**
 * What a value of the language looks like: it reads a node of the tree into its typed form, reporting what does not fit,
 * and prints itself as JSON Schema. Parser and schema are the same objects, so they cannot disagree.
 */
export interface Shape<T> {
  /** For messages: "a number", "a map of routes". */
  readonly expected: string;
  /** Undefined when it could not be read, which has been reported. */
  read(node: Node, place: Place): T | undefined;
  schema(): JsonSchema;
}

/** Where a node stands, for messages. */
export interface Place {
  readonly report: Report;
  readonly source: SourceFile;
  /** The key whose value the node is; undefined at the root. */
  readonly owner: Name | undefined;
  /** What the value may look like, as the reference shows it. */
  readonly example?: unknown;
  /** Told of each key that works for one target only; what stands below it is not told again. */
  readonly notice?: ((key: OneSidedKey) => void) | undefined;
}

/** A key of the file that only one target carries out. */
export interface OneSidedKey {
  readonly name: Name;
  readonly target: "aws" | "node";
  readonly about: string;
}

/** Draft-07, which editors know best. */
export type JsonSchema = { readonly [keyword: string]: unknown };

export type ValueOf<S> = S extends Shape<infer T> ? T : never;

/** Reads what is inside a map or list; silent about what the reader of YAML has reported already. */
export function readInside<T>(shape: Shape<T>, node: Node, place: Place): T | undefined {
  return node.kind === "scalar" && node.isBroken ? undefined : shape.read(node, place);
}

/** Reads the same values into another form. */
export function mapped<A, B>(shape: Shape<A>, convert: (value: A, node: Node, place: Place) => B): Shape<B> {
  return {
    expected: shape.expected,
    schema: () => shape.schema(),
    read(node, place) {
      const value = shape.read(node, place);
      return value === undefined ? undefined : convert(value, node, place);
    },
  };
}

/** A node as messages name it: `the text "x"`, `a list`. */
export function found(node: Node): string {
  if (node.kind !== "scalar") return node.kind === "map" ? "a map" : "a list";
  if (node.value === null) return "nothing";
  const text = node.text.length > 40 ? `${node.text.slice(0, 37)}…` : node.text;
  return typeof node.value === "string" ? `the text "${text}"` : `the ${typeof node.value} ${text}`;
}

/** Reports that a node is not what its place asks for. */
export function reportWrongType(node: Node, expected: string, place: Place, help?: string): void {
  place.report("wrong-type", node.span, { expected, found: found(node), help: help ?? exampleHelp(place) });
}
