import type { Span } from "../source.js";
import type { Documents, ImportedFile } from "./documents.js";
import { memberOf, type Tree } from "./tree.js";

/** What could not be carried, once a kind: the first place, and how many more there are. */
interface LeftOut {
  readonly file: ImportedFile;
  readonly span: Span;
  readonly what: string;
  count: number;
}

/** One import under way: its files, and what it has to tell. */
export class Importing {
  /** OpenAPI 3.1, whose schemas are JSON Schema 2020-12. */
  is31 = false;
  readonly #leftOut = new Map<string, LeftOut>();
  readonly #resolved = new Map<Tree, Tree | undefined>();

  constructor(readonly documents: Documents) {}

  /** The value itself, or what its `$ref` leads to. */
  resolve(tree: Tree): Tree | undefined {
    if (memberOf(tree, "$ref") === undefined) return tree;
    if (!this.#resolved.has(tree)) this.#resolved.set(tree, this.documents.resolve(tree));
    return this.#resolved.get(tree);
  }

  /** Something of the document that gateway.yaml has no place for. Yields the comment that says so. */
  leftOut(tree: Tree, what: string): string {
    const known = this.#leftOut.get(what);
    if (known) known.count++;
    else this.#leftOut.set(what, { file: tree.file, span: tree.span, what, count: 1 });
    return `left out: ${what} (${tree.file.lineOf(tree.span.start)})`;
  }

  /** Something that is carried otherwise than it stood there. Yields the comment. */
  changed(tree: Tree, how: string): string {
    tree.file.report("import-changed", tree.span, { how });
    return how;
  }

  renamed(tree: Tree, from: string, to: string): void {
    tree.file.report("import-renamed", tree.span, { from, to });
  }

  wrongType(tree: Tree, what: string, wanted: string): void {
    tree.file.report("import-wrong-type", tree.span, { what, wanted });
  }

  /** Tells what was left out; to be called once, at the end. */
  finish(): void {
    for (const { file, span, what, count } of this.#leftOut.values()) {
      file.report("import-left-out", span, { what, others: count - 1 });
    }
  }
}
