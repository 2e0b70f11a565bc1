import { isPartPath } from "../../../runtime/mapping/json/body-parts.js";
import type { Block, Expression, ReferenceNode, Segment, SetNode } from "../../../runtime/mapping/velocity/nodes.js";
import { readLiteralPath } from "./input-paths.js";
import { walkBlock } from "./walk.js";

/** How a template deals with values. */
export interface ValueUse {
  /** Variables that may hold a part of the body, where the template changes none: they hold what JSON.parse gave. */
  readonly json: ReadonlySet<string>;
  /** Whether parts of the body are read so. */
  readonly readsJson: boolean;
  /** Whether all that is read of the body is `$input.json` of paths that one pass over its text can follow. */
  readonly inOnePass: boolean;
  /** Whether the template changes a list or map at all, be it of its own. */
  readonly changes: boolean;
}

/** Methods that change nothing, of whatever class: all others may. */
const readers: ReadonlySet<string> = new Set(
  (
    "charAt compareTo compareToIgnoreCase concat contains containsAll containsKey containsValue endsWith entrySet equals " +
    "equalsIgnoreCase get getKey getOrDefault getValue hasNext hashCode indexOf intValue isBlank isEmpty keySet " +
    "lastIndexOf length matches replaceAll replaceFirst size split startsWith strip substring toLowerCase toString " +
    "toUpperCase trim values doubleValue longValue getIndex getCount getHasNext isFirst getFirst isLast getLast"
  ).split(" "),
);

/** Methods of `$input` and `$util`, where the gateway's own objects are called. */
const inputMethods: ReadonlySet<string> = new Set(["path", "json", "params"]);

/**
 * Finds out which variables may hold parts of the body. A template that may change a part of it, or something that such a
 * part has been put into, has none: what one reference changes, others have to see.
 *
 * @param own  names that the template sets or loops with
 */
export function valueUse(body: Block, own: ReadonlySet<string>): ValueUse {
  const json = spread(body, own);
  const reading = new Reading(json, own);
  walkBlock(body, {
    statement: (node) => {
      if (node.kind === "set") reading.set(node);
    },
    expression: (node) => reading.expression(node),
    reference: (node) => reading.reference(node),
  });
  const readsJson = !reading.changesJson && !(reading.changes && reading.stores);
  return { json: readsJson ? json : new Set(), readsJson, inOnePass: readsParts(body, own), changes: reading.changes };
}

function readsParts(body: Block, own: ReadonlySet<string>): boolean {
  let parts = true;
  walkBlock(body, {
    reference: ({ name, path: [first] }) => {
      if (name !== "input" || own.has(name)) return;
      if (first?.kind === "property") parts &&= first.name === "body";
      else parts &&= first?.kind === "method" && (first.name === "params" || (first.name === "json" && isPart(first)));
    },
  });
  return parts;
}

function isPart({ args: [arg, ...more] }: Extract<Segment, { kind: "method" }>): boolean {
  const path = arg === undefined || more.length > 0 ? undefined : readLiteralPath(arg);
  return path !== undefined && path !== null && isPartPath(path);
}

/** Variables that are set to parts of the body, or to parts of such variables. */
function spread(body: Block, own: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (let size = -1; size < found.size; ) {
    size = found.size;
    walkBlock(body, {
      statement: (node) => {
        if (node.kind === "set" && node.target.path.length === 0 && isJson(node.value, found, own))
          found.add(node.variable);
        if (node.kind === "foreach" && node.list !== undefined && isJson(node.list, found, own))
          found.add(node.variable);
      },
    });
  }
  return found;
}

/** Whether an expression gives a part of the body as it is. */
function isJson(node: Expression, json: ReadonlySet<string>, own: ReadonlySet<string>): boolean {
  if (node.kind !== "reference" || node.runt) return false;
  if (json.has(node.name)) return node.path.every(isJsonStep);
  return isBodyPath(node, own) && node.path.slice(1).every(isJsonStep);
}

/** `$input.path('…')` of a literal. */
function isBodyPath({ name, path }: ReferenceNode, own: ReadonlySet<string>): boolean {
  const [first] = path;
  return name === "input" && !own.has(name) && first?.kind === "method" && first.name === "path" && isLiteral(first);
}

function isLiteral({ args: [arg, ...more] }: Extract<Segment, { kind: "method" }>): boolean {
  return arg !== undefined && more.length === 0 && (readLiteralPath(arg) ?? null) !== null;
}

/** Steps from a part of a body to a part of that. */
export function isJsonStep(segment: Segment): boolean {
  return segment.kind !== "method" || (segment.name === "get" && segment.args.length === 1);
}

class Reading {
  /** Something is changed. */
  changes = false;
  /** Something is changed that is a part of the body. */
  changesJson = false;
  /** A part of the body is put into something else, or something is made that may show it. */
  stores = false;

  constructor(
    private readonly json: ReadonlySet<string>,
    private readonly own: ReadonlySet<string>,
  ) {}

  set({ target, value }: SetNode): void {
    if (target.path.length === 0) return;
    this.#change({ ...target, path: target.path.slice(0, -1) });
    this.stores ||= this.#isJson(value);
  }

  expression(node: Expression): void {
    if (node.kind === "list") this.stores ||= node.items.some((item) => this.#isJson(item));
    if (node.kind === "map") this.stores ||= node.entries.flat().some((item) => this.#isJson(item));
  }

  reference(node: ReferenceNode): void {
    const { name, path } = node;
    const isGateways = !this.own.has(name);
    if (isGateways && name === "util") return;
    if (isGateways && name === "input" && !this.#isPlainInput(node)) {
      // The body may be reached through an object of the template's own.
      this.changesJson = true;
      return;
    }
    path.forEach((segment, at) => {
      if (segment.kind !== "method" || (at === 0 && isGateways && name === "input" && inputMethods.has(segment.name)))
        return;
      const self = { ...node, path: path.slice(0, at) };
      if (!readers.has(segment.name)) {
        this.#change(self);
        this.stores ||= segment.args.some((arg) => this.#isJson(arg));
      }
      this.stores ||= this.#isJson(self) && !isOwnStep(segment);
    });
  }

  #change(self: ReferenceNode): void {
    this.changes = true;
    this.changesJson ||= this.#isJson(self);
  }

  #isJson(node: Expression): boolean {
    return isJson(node, this.json, this.own);
  }

  /** `$input.body`, `$input.params(…)`, and paths that are literals. */
  #isPlainInput({ path: [first] }: ReferenceNode): boolean {
    if (first?.kind === "property") return first.name === "body";
    return first?.kind === "method" && (first.name === "params" || (inputMethods.has(first.name) && isLiteral(first)));
  }
}

/** Methods that are answered without the making of a template's value. */
function isOwnStep(segment: Segment): boolean {
  if (segment.kind !== "method") return true;
  return isJsonStep(segment) || (segment.args.length === 0 && (segment.name === "size" || segment.name === "isEmpty"));
}
