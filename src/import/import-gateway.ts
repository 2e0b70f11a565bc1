import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { ApiKind } from "../model/gateway-model.js";
import type { SourceFile } from "../source.js";
import { isTemplate, readTemplate } from "./cloudformation/template.js";
import { Documents } from "./documents.js";
import { DraftMap } from "./draft.js";
import { Importing } from "./importing.js";
import { type Around, readOpenApi } from "./openapi/document.js";
import { settle } from "./settle.js";
import { memberOf, type Tree, textOf } from "./tree.js";
import { Variables } from "./variables.js";

export interface ImportOptions {
  /** Folders besides the document's own that references may lead to. */
  readonly folders?: readonly string[];
  readonly basePath?: "ignore" | "prepend" | "split";
  /** Kind of API, where the document does not show it. */
  readonly kind?: ApiKind | undefined;
}

export interface Import {
  /** gateway.yaml; undefined when the document could not be read. */
  readonly text: string | undefined;
  /** What is told, by file, in its own coordinates. */
  readonly found: readonly { readonly source: SourceFile; readonly diagnostics: readonly Diagnostic[] }[];
  /** Mistakes that the language finds in what was written and that could not be taken out. */
  readonly rest: readonly Diagnostic[];
}

/** Reads an API description of any kind and yields gateway.yaml. Reads files, writes none, fetches nothing. */
export async function importGateway(path: string, options: ImportOptions = {}): Promise<Import> {
  const documents = new Documents(path, { folders: options.folders ?? [] });
  const importing = new Importing(documents);
  const written = documents.main.tree && (await write(documents.main.tree, importing, options));
  importing.finish();
  const found = documents.files.map(({ source, diagnostics }) => ({ source, diagnostics }));
  return {
    text: written?.text,
    found: found.filter(({ diagnostics }) => diagnostics.length > 0),
    rest: written?.errors ?? [],
  };
}

async function write(tree: Tree, importing: Importing, options: ImportOptions) {
  const version = textOf(memberOf(tree, "openapi")) ?? textOf(memberOf(tree, "swagger"));
  if (tree.kind === "map" && version !== undefined && /^(?:3\.[01](?:\.|$)|2(?:\.0)?$)/.test(version)) {
    const { map, models, origins } = readOpenApi(tree, importing, optionsOf(options), nothingAround());
    return settle({ map, models, importing, origins });
  }
  if (tree.kind === "map" && isTemplate(tree)) {
    const read = readTemplate(tree, importing, optionsOf(options));
    return read && settle({ ...read, importing });
  }
  const found = version === undefined ? "it has neither openapi, swagger nor Resources" : `its version is ${version}`;
  tree.file.report(
    "import-unknown-document",
    { start: tree.span.start, end: Math.min(tree.span.end, tree.span.start + 1) },
    { found },
  );
  return undefined;
}

function optionsOf({ basePath, kind }: ImportOptions) {
  return { basePath: basePath ?? "ignore", kind } as const;
}

function nothingAround(): Around {
  return {
    variables: new Variables(),
    name: undefined,
    stages: new DraftMap(),
    plans: new DraftMap(),
    keys: new DraftMap(),
    domains: new DraftMap(),
    stageVariables: new Map(),
  };
}
