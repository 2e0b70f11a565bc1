import type { Block, Statement, TemplateTree } from "../../../../runtime/mapping/velocity/nodes.js";
import type { Report } from "../../../diagnostics/diagnostic.js";
import type { Span } from "../../../source.js";
import { literalNames, memberName, ownNames } from "../facts.js";

interface Override {
  /** As the template names it: `responseOverride.header.X-A`. */
  readonly name: string;
  /** The same for all spellings of a header. */
  readonly key: string;
  readonly span: Span;
}

/**
 * A parameter is overridden once in a template: the second time is a 5XX (aws-behaviour.md 12.3). Told where it is certain:
 * on one way through the template, with names that are written out.
 */
export function checkOverrides(tree: TemplateTree, { report }: { readonly report: Report }): void {
  if (!ownNames(tree).has("context")) overriddenIn(tree.body, new Set(), report);
}

/** @returns what has been overridden after the block, whichever way it took */
function overriddenIn(block: Block, before: ReadonlySet<string>, report: Report): ReadonlySet<string> {
  let done = before;
  for (const node of block) {
    if (node.kind === "if") {
      const ways = [...node.branches.map(({ body }) => body), node.otherwise ?? []];
      done = inAll(ways.map((way) => overriddenIn(way, done, report)));
    }
    if (node.kind === "foreach") overriddenIn(node.body, done, report);
    if (node.kind === "stop") return done;
    const override = overrideOf(node);
    if (override === undefined) continue;
    if (done.has(override.key)) report("overridden-twice", override.span, { name: override.name });
    else done = new Set([...done, override.key]);
  }
  return done;
}

function inAll([first = new Set(), ...others]: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set([...first].filter((key) => others.every((other) => other.has(key))));
}

/** `#set($context.responseOverride.status = …)`, or `.put("name", …)` on one of the maps. */
function overrideOf(node: Statement): Override | undefined {
  if (node.kind === "set" && node.target.name === "context")
    return named(literalNames(node.target.path), node.target.span);
  if (node.kind !== "reference" || node.name !== "context") return undefined;
  const last = node.path.at(-1);
  if (last?.kind !== "method" || last.name !== "put" || last.args.length !== 2) return undefined;
  const [key] = last.args;
  const name = key && memberName({ kind: "index", index: key, span: key.span });
  return name === undefined ? undefined : named([...literalNames(node.path.slice(0, -1)), name], node.span);
}

function named(names: readonly string[], span: Span): Override | undefined {
  const name = names.join(".");
  if (name === "responseOverride.status") return { name, key: name, span };
  const [root, place, parameter, ...rest] = names;
  const isMap = root === "requestOverride" || (root === "responseOverride" && place === "header");
  if (!isMap || parameter === undefined || rest.length > 0) return undefined;
  return { name, key: place === "header" ? name.toLowerCase() : name, span };
}
