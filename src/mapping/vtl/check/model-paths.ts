import { parsePath } from "../../../../runtime/mapping/jsonpath/parse-path.js";
import { type JsonPath, JsonPathError } from "../../../../runtime/mapping/jsonpath/path.js";
import type {
  Expression,
  ReferenceNode,
  Segment,
  StringNode,
  TemplateTree,
} from "../../../../runtime/mapping/velocity/nodes.js";
import type { Report } from "../../../diagnostics/diagnostic.js";
import type { ModelLookup } from "../../../model/type-questions.js";
import type { Type } from "../../../model/types.js";
import { nearest } from "../../../nearest.js";
import type { Span } from "../../../source.js";
import { memberName, ownNames } from "../facts.js";
import { walkBlock } from "../walk.js";
import { followPath, isMissing, itemsOf, type MissingMember, memberOf, type Shape } from "./body-shape.js";

interface Options {
  readonly report: Report;
  readonly bodyType?: Type | undefined;
  readonly lookupModel?: ModelLookup | undefined;
}

/** How a variable gets its value: by one `#set`, as the item of one loop, or in ways that are not followed. */
type Definition = { readonly of: "value" | "item"; readonly from: Expression } | "many";

/** Getters that every text, list or map has, whatever its type. */
const javaProperties: ReadonlySet<string> = new Set(["empty", "class"]);

/** The JSONPaths of a template are valid, and lead to members that the declared type of the payload has. */
export function checkModelPaths(tree: TemplateTree, { report, bodyType, lookupModel }: Options): void {
  const lookup: ModelLookup = lookupModel ?? (() => undefined);
  const body: Shape = bodyType === undefined ? undefined : [bodyType];
  const checker = new PathChecker(tree, report, body, lookup);
  const targets = new Set<ReferenceNode>();
  for (const block of [tree.body, ...[...tree.macros.values()].map((macro) => macro.body)]) {
    walkBlock(block, {
      statement: (node) => {
        if (node.kind === "set") targets.add(node.target);
      },
      reference: (node) => {
        checker.literalPaths(node);
        if (!targets.has(node)) checker.reference(node);
      },
    });
  }
}

class PathChecker {
  readonly #definitions: ReadonlyMap<string, Definition>;
  readonly #own: ReadonlySet<string>;
  /** Members that the template itself puts somewhere; undefined where it puts some by computed names. */
  readonly #written: ReadonlySet<string> | undefined;
  readonly #visiting = new Set<string>();

  constructor(
    tree: TemplateTree,
    readonly report: Report,
    readonly body: Shape,
    readonly lookup: ModelLookup,
  ) {
    this.#definitions = tree.macros.size > 0 ? new Map() : definitionsOf(tree);
    this.#own = ownNames(tree);
    this.#written = membersWritten(tree);
  }

  /** Reports the paths that are none, and those that the type of the payload does not have. */
  literalPaths(node: ReferenceNode): void {
    const arg = this.#inputArgument(node);
    if (arg === undefined) return;
    const path = this.#parse(arg);
    if (path === undefined) return;
    const result = followPath(path.steps, this.body, this.lookup);
    if (isMissing(result)) this.#missing(result, nameSpan(arg, result.name));
  }

  #parse(arg: StringNode): JsonPath | undefined {
    try {
      return parsePath(arg.text);
    } catch (error) {
      if (!(error instanceof JsonPathError)) throw error;
      this.report("invalid-json-path", arg.span, { path: arg.text, problem: error.message });
      return undefined;
    }
  }

  /** The literal path of `$input.path('…')` or `$input.json('…')`. */
  #inputArgument(node: ReferenceNode): StringNode | undefined {
    const [first] = node.path;
    if (node.name !== "input" || this.#own.has("input") || first?.kind !== "method") return undefined;
    const [arg] = first.args;
    if (first.args.length !== 1 || (first.name !== "path" && first.name !== "json")) return undefined;
    return arg?.kind === "string" && arg.body === undefined ? arg : undefined;
  }

  /** Reports members of `$root.a.b` that the type behind `$root` does not have. */
  reference(node: ReferenceNode): void {
    this.#follow(node, (missing, segment) => this.#missing(missing, segment.span));
  }

  #missing({ name, known, where }: MissingMember, span: Span): void {
    this.report("path-not-in-model", span, { name, where, near: nearest(name, known) });
  }

  #follow(node: ReferenceNode, missing: (member: MissingMember, segment: Segment) => void): Shape {
    const start = this.#start(node);
    let shape = start.shape;
    for (const segment of start.rest) {
      if (shape === undefined) return undefined;
      const name = memberName(segment);
      if (name !== undefined) {
        if (this.#written === undefined || this.#written.has(name) || javaProperties.has(name)) return undefined;
        const next = memberOf(shape, name, this.lookup);
        if (isMissing(next)) {
          missing(next, segment);
          return undefined;
        }
        shape = next;
      } else shape = takesItem(segment) ? itemsOf(shape, this.lookup) : undefined;
    }
    return shape;
  }

  /** The shape at the root of a reference, and what is left of its path. */
  #start(node: ReferenceNode): { readonly shape: Shape; readonly rest: readonly Segment[] } {
    const nothing = { shape: undefined, rest: [] };
    if (node.name === "input") {
      const arg = this.#inputArgument(node);
      const [first, ...rest] = node.path;
      if (arg === undefined || first?.kind !== "method" || first.name !== "path") return nothing;
      return { shape: this.#pathShape(arg), rest };
    }
    return { shape: this.#variable(node.name), rest: node.path };
  }

  #pathShape(arg: StringNode): Shape {
    try {
      const path = parsePath(arg.text);
      const result = followPath(path.steps, this.body, this.lookup);
      return path.definite && !isMissing(result) ? result : undefined;
    } catch (error) {
      if (error instanceof JsonPathError) return undefined;
      throw error;
    }
  }

  #variable(name: string): Shape {
    const definition = this.#definitions.get(name);
    if (definition === undefined || definition === "many" || this.#visiting.has(name)) return undefined;
    if (definition.from.kind !== "reference") return undefined;
    this.#visiting.add(name);
    const shape = this.#follow(definition.from, () => {});
    this.#visiting.delete(name);
    return definition.of === "item" ? itemsOf(shape, this.lookup) : shape;
  }
}

function takesItem(segment: Segment): boolean {
  return (
    segment.kind === "index" ||
    (segment.kind === "method" && segment.name === "get" && segment.args[0]?.kind === "integer")
  );
}

function definitionsOf(tree: TemplateTree): ReadonlyMap<string, Definition> {
  const found = new Map<string, Definition>();
  const define = (name: string, definition: Definition) => found.set(name, found.has(name) ? "many" : definition);
  walkBlock(tree.body, {
    statement: (node) => {
      if (node.kind === "set" && node.target.path.length === 0)
        define(node.variable, { of: "value", from: node.value });
      if (node.kind === "foreach")
        define(node.variable, node.list === undefined ? "many" : { of: "item", from: node.list });
      if (node.kind === "define") define(node.name, "many");
      if (node.kind === "evaluate") for (const name of found.keys()) found.set(name, "many");
    },
  });
  return found;
}

function membersWritten(tree: TemplateTree): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  let computed = false;
  const note = (name: string | undefined) => {
    if (name === undefined) computed = true;
    else names.add(name);
  };
  for (const block of [tree.body, ...[...tree.macros.values()].map((macro) => macro.body)]) {
    walkBlock(block, {
      statement: (node) => {
        const last = node.kind === "set" ? node.target.path[node.target.path.length - 1] : undefined;
        if (last !== undefined) note(memberName(last));
      },
      reference: (node) => {
        for (const segment of node.path) {
          if (segment.kind !== "method") continue;
          if (segment.name === "putAll") computed = true;
          const [key] = segment.args;
          if (segment.name === "put" || segment.name === "putIfAbsent")
            note(key?.kind === "string" && key.body === undefined ? key.text : undefined);
        }
      },
    });
  }
  return computed ? undefined : names;
}

/** Span of a name inside a literal path; of the whole literal where it is written otherwise. */
function nameSpan(arg: StringNode, name: string): Span {
  const at = Math.max(
    arg.text.lastIndexOf(`.${name}`),
    arg.text.lastIndexOf(`'${name}`),
    arg.text.lastIndexOf(`"${name}`),
  );
  const plain = arg.literal.slice(1, -1) === arg.text;
  if (at < 0 || !plain) return arg.span;
  return { start: arg.span.start + 2 + at, end: arg.span.start + 2 + at + name.length };
}
