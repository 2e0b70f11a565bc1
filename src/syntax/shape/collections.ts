import type { Span } from "../../source.js";
import type { ListNode, MapNode, Name, Node, ScalarNode } from "../tree.js";
import { exampleInside } from "./example.js";
import { reportInexactNumbers } from "./number.js";
import { mapped, type Place, readInside, reportWrongType, type Shape } from "./shape.js";
import { reportUnquotedType } from "./text.js";

/** A list; items that are wrong are reported and left out. */
export function list<T>(item: Shape<T>, expected: string, { min = 0 } = {}): Shape<readonly T[]> {
  return {
    expected,
    schema: () => ({ type: "array", items: item.schema(), ...(min > 0 ? { minItems: min } : {}) }),
    read(node, place) {
      if (node.kind !== "list") {
        reportWrongType(node, expected, place);
        return undefined;
      }
      if (node.items.length < min) reportWrongType(node, expected, place);
      return node.items.map((entry) => readInside(item, entry, place)).filter((value) => value !== undefined);
    },
  };
}

/** One thing, or a list of them: read as a list. */
export function oneOrMore<T>(item: Shape<T>, expected: string): Shape<readonly T[]> {
  const one = mapped(item, (value) => [value]);
  return byKind({ scalar: { ...one, expected: item.expected }, list: list(item, expected) }, expected);
}

interface Kinds<T> {
  readonly scalar?: Shape<T>;
  readonly list?: Shape<T>;
  readonly map?: Shape<T>;
}

/** Forms that YAML's kind of the value tells apart: `auth: name` and `auth: { name: … }`. Nothing counts as a map. */
export function byKind<T>(kinds: Kinds<T>, expected: string): Shape<T> {
  const shapes = [kinds.scalar, kinds.list, kinds.map].filter((shape) => shape !== undefined);
  return {
    expected,
    schema: () => ({ anyOf: shapes.map((shape) => shape.schema()) }),
    read(node, place) {
      const shape = isNothing(node) && kinds.map ? kinds.map : kinds[node.kind];
      if (shape) return shape.read(node, place);
      reportWrongType(node, expected, place);
      return undefined;
    },
  };
}

/** The long form of something that is mostly a type. */
interface LongForm<T> extends Shape<T> {
  knows(name: string): boolean;
}

/**
 * A type expression, or the long form that has it as a member. A flow map none of whose keys the long form knows is a
 * type whose quotes were forgotten.
 */
export function typeOrMap<T>(type: Shape<T>, form: LongForm<T>): Shape<T> {
  return {
    expected: `${type.expected}, or ${form.expected}`,
    schema: () => ({ anyOf: [type.schema(), form.schema()] }),
    read(node, place) {
      if (node.kind === "scalar") return type.read(node, place);
      if (node.kind === "map" && !isForgottenType(node, form, place)) return form.read(node, place);
      reportUnquotedType(node, place);
      return undefined;
    },
  };
}

function isForgottenType(node: MapNode, form: LongForm<unknown>, { source }: Place): boolean {
  const isFlow = source.text[node.span.start] === "{";
  return isFlow && node.entries.length > 0 && !node.entries.some(({ name }) => form.knows(name.text));
}

/** Scalars that JSON's type tells apart: `cache: true` and `cache: 60`. */
export function byType<T>(types: { readonly boolean: Shape<T>; readonly other: Shape<T> }, expected: string): Shape<T> {
  return {
    expected,
    schema: () => ({ anyOf: [types.boolean.schema(), types.other.schema()] }),
    read(node, place) {
      const isBoolean = node.kind === "scalar" && typeof node.value === "boolean";
      return (isBoolean ? types.boolean : types.other).read(node, place);
    },
  };
}

interface EntriesOptions {
  /** What a key must look like. */
  readonly names?: { readonly pattern: RegExp; readonly wanted: string };
}

/**
 * A map from names of the user's own to things, read as a list in the order of the file. An entry whose value is wrong
 * stays, made by `broken`, so that its name resolves.
 */
export function entries<T, R>(
  item: Shape<T>,
  expected: string,
  make: (name: Name, value: T | undefined, node: Node, place: Place) => R | undefined,
  { names }: EntriesOptions = {},
): Shape<readonly R[]> {
  return {
    expected,
    schema: () => ({
      type: ["object", "null"],
      ...(names ? { propertyNames: { pattern: names.pattern.source } } : {}),
      additionalProperties: item.schema(),
    }),
    read(node, place) {
      if (isNothing(node)) return [];
      if (node.kind !== "map") {
        reportWrongType(node, expected, place, helpForEntries(node));
        return undefined;
      }
      return node.entries.flatMap(({ name, value }) => {
        if (names && !names.pattern.test(name.text)) {
          place.report("wrong-key", name.span, { name: name.text, wanted: names.wanted });
          return [];
        }
        const inside = { ...place, owner: name, example: exampleInside(place.example) };
        return make(name, readInside(item, value, inside), value, inside) ?? [];
      });
    },
  };
}

function helpForEntries(node: Node): string | undefined {
  if (node.kind === "list") return "write `name: …` without a dash";
  return node.kind === "scalar" && node.text.includes(": ")
    ? "write it on the lines below, moved in by two spaces, or in {…}"
    : undefined;
}

/** Anything that JSON can say: rules, AWS's own options. Keys in it are the user's. */
export function json(): Shape<Node> {
  return {
    expected: "a value",
    schema: () => ({}),
    read(node, place) {
      reportInexactNumbers(node, place);
      return node;
    },
  };
}

export function jsonMap(expected: string): Shape<MapNode> {
  return {
    expected,
    schema: () => ({ type: "object" }),
    read(node, place) {
      if (node.kind === "map") {
        reportInexactNumbers(node, place);
        return node;
      }
      reportWrongType(node, expected, place);
      return undefined;
    },
  };
}

/** A text, number, boolean or null. */
export function scalar(expected: string): Shape<ScalarNode> {
  return {
    expected,
    schema: () => ({ type: ["string", "number", "boolean"] }),
    read(node, place) {
      if (node.kind === "scalar" && node.value !== null) return node;
      reportWrongType(node, expected, place);
      return undefined;
    },
  };
}

/** `key:` without a value. */
export function isNothing(node: Node): node is ScalarNode {
  return node.kind === "scalar" && node.value === null;
}

/** Smallest place that shows a map as a whole: its key, or where there is none its first key. */
export function placeOf(node: MapNode | ListNode | ScalarNode, owner: Name | undefined): Span {
  if (owner) return owner.span;
  return node.kind === "map" ? (node.entries[0]?.name.span ?? node.span) : node.span;
}
