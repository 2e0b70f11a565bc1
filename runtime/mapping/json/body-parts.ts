import type { JsonPath } from "../jsonpath/path.js";
import { PartReader } from "./part-reader.js";

/** A place in JSON where somebody reads something, or below which somebody does. */
export interface PartNode {
  /** Index of the path that ends here; -1: none does. */
  slot: number;
  readonly names: string[];
  /** One for each name. */
  readonly members: (PartNode | undefined)[];
  /** By index. */
  readonly items: (PartNode | undefined)[];
}

/** The paths that a template reads of its body, together: one pass over the text finds them all. */
export interface BodyParts {
  readonly paths: readonly JsonPath[];
  readonly root: PartNode;
}

/** Whether a path is one of names and indexes, which a pass over the text can follow. */
export function isPartPath({ definite, steps }: JsonPath): boolean {
  return definite && steps.every((step) => nameOf(step) !== undefined || indexOf(step) !== undefined);
}

/** @param paths  each fulfils `isPartPath` */
export function bodyParts(paths: readonly JsonPath[]): BodyParts {
  const root = newNode();
  for (const [slot, { steps }] of paths.entries()) {
    let node = root;
    for (const step of steps) node = childOf(node, step);
    node.slot = slot;
  }
  return { paths, root };
}

/**
 * What one pass found. A part is a stretch of the body's own text: where that is written as a template writes it, it is handed
 * on as it is, which takes a fraction of JSON.parse and JSON.stringify (bench/support/mapping-steps.mjs).
 */
export class FoundParts {
  private constructor(private readonly reader: PartReader) {}

  /**
   * Undefined for what is no JSON, and where only a slower reader can tell.
   *
   * @param before  what was found for another template, perhaps of the same text
   */
  static of(text: string, { paths, root }: BodyParts, before?: FoundParts): FoundParts | undefined {
    const reader = new PartReader(text, paths.length);
    const known = before?.reader.text === text ? reader.readAfter(before.reader, root) : reader.read(root);
    return known ? new FoundParts(reader) : undefined;
  }

  /** Whether a path has something: neither missing nor null. */
  has(slot: number): boolean {
    const first = this.firstOf(slot);
    return first !== missing && first !== letterN;
  }

  /** A part as compact JSON, two quotes where there is none; undefined where only a slower reader can tell. */
  json(slot: number): string | undefined {
    const first = this.firstOf(slot);
    if (first === missing) return '""';
    if (this.reader.isUsual(slot)) return this.reader.textOf(slot);
    return first === quote ? JSON.stringify(JSON.parse(this.reader.textOf(slot))) : undefined;
  }

  /** A part as plain text: a string as it is, all else as its JSON, missing and null empty. Undefined as above. */
  text(slot: number): string | undefined {
    switch (this.firstOf(slot)) {
      case missing:
      case letterN:
        return "";
      case quote: {
        const text = this.reader.textOf(slot);
        return text.includes("\\") ? (JSON.parse(text) as string) : text.slice(1, -1);
      }
      default:
        return this.reader.isUsual(slot) ? this.reader.textOf(slot) : undefined;
    }
  }

  private firstOf(slot: number): number {
    return this.reader.firstOf(slot);
  }
}

/** Nodes stand at their index. */
const maxIndex = 1000;

const missing = 0;
const quote = 0x22;
const letterN = 0x6e;

function newNode(): PartNode {
  return { slot: -1, names: [], members: [], items: [] };
}

function childOf({ names, members, items }: PartNode, step: Step): PartNode {
  const name = nameOf(step);
  const list = name === undefined ? items : members;
  const at = name === undefined ? (indexOf(step) ?? 0) : placeOf(names, name);
  while (list.length < at) list.push(undefined);
  const node = list[at] ?? newNode();
  list[at] = node;
  return node;
}

function placeOf(names: string[], name: string): number {
  const known = names.indexOf(name);
  return known === -1 ? names.push(name) - 1 : known;
}

type Step = JsonPath["steps"][number];

function nameOf(step: Step): string | undefined {
  return step.kind === "names" && step.names.length === 1 ? step.names[0] : undefined;
}

function indexOf(step: Step): number | undefined {
  const index = step.kind === "indexes" && step.indexes.length === 1 ? step.indexes[0] : undefined;
  return index !== undefined && index >= 0 && index < maxIndex ? index : undefined;
}
