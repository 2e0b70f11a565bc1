import { readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, extname, relative, resolve, sep } from "node:path";
import { type Diagnostic, DiagnosticList, type Report } from "../diagnostics/diagnostic.js";
import { SourceFile } from "../source.js";
import { JsonProblem, readJson } from "./read-json.js";
import { readYaml } from "./read-yaml.js";
import { memberOf, type Tree } from "./tree.js";

/** Largest file that is read, bytes, and how many are. */
const limits = { bytes: 32 * 1024 * 1024, files: 2000 } as const;

/** One file of an imported description; mistakes are told in its own coordinates. */
export class ImportedFile {
  readonly #found = new DiagnosticList();
  readonly report: Report = this.#found.report;
  /** Undefined when the file cannot be read, which has been reported. */
  tree: Tree | undefined;

  constructor(
    readonly source: SourceFile,
    /** Absolute. */
    readonly path: string,
  ) {}

  get diagnostics(): readonly Diagnostic[] {
    return this.#found.sorted();
  }

  /** `api.yaml:12` of an offset, for comments. */
  lineOf(offset: number): string {
    return `${basename(this.source.path)}:${this.source.position(offset).line}`;
  }
}

export interface DocumentOptions {
  /** Folders besides the document's own that references may lead to, absolute. */
  readonly folders: readonly string[];
}

/** The files of one import. Nothing is fetched; nothing outside the document's folder is read unless it was named. */
export class Documents {
  readonly #files = new Map<string, ImportedFile>();
  readonly #folders: readonly string[];
  readonly main: ImportedFile;

  constructor(path: string, { folders }: DocumentOptions) {
    const real = realpathSync(resolve(path));
    this.#folders = [dirname(real), ...folders.map((folder) => realpathSync(resolve(folder)))];
    this.main = this.#read(real, relative(process.cwd(), resolve(path)) || path);
  }

  get files(): readonly ImportedFile[] {
    return [...this.#files.values()];
  }

  /** The value that a `$ref` leads to, through further references. Undefined when it leads nowhere; that is reported. */
  resolve(reference: Tree): Tree | undefined {
    const seen = new Set<Tree>();
    let at = reference;
    for (let target = memberOf(at, "$ref"); target !== undefined; target = memberOf(at, "$ref")) {
      if (target.kind !== "scalar" || typeof target.value !== "string") {
        target.file.report("import-wrong-type", target.span, { what: "$ref", wanted: "a text" });
        return undefined;
      }
      if (seen.has(at)) {
        target.file.report("import-reference-cycle", target.span, { reference: target.text });
        return undefined;
      }
      seen.add(at);
      const found = this.#find(target.text, target);
      if (!found) return undefined;
      at = found;
    }
    return at;
  }

  #find(reference: string, at: Tree): Tree | undefined {
    const hash = reference.indexOf("#");
    const place = hash < 0 ? reference : reference.slice(0, hash);
    const root = place === "" ? at.file.tree : this.#load(place, at)?.tree;
    if (!root) return undefined;
    let found: Tree | undefined = root;
    const steps =
      hash < 0
        ? []
        : reference
            .slice(hash + 1)
            .split("/")
            .slice(1);
    for (const step of steps) {
      const name = unescaped(step);
      found = found?.kind === "list" ? found.items[Number(name)] : memberOf(found, name);
    }
    const isPointer = hash < 0 || reference[hash + 1] === undefined || reference[hash + 1] === "/";
    if (found && isPointer) return found;
    at.file.report("import-reference", at.span, { reference, why: "nothing is there" });
    return undefined;
  }

  /** Another file, by its path from the referring one. */
  #load(place: string, at: Tree): ImportedFile | undefined {
    if (/^[a-z][a-z0-9+.-]+:/i.test(place) || place.startsWith("//")) {
      at.file.report("import-remote-reference", at.span, { reference: place });
      return undefined;
    }
    const wanted = resolve(dirname(at.file.path), decoded(place));
    let real: string;
    try {
      real = realpathSync(wanted);
      if (!statSync(real).isFile()) throw new Error("no file");
    } catch {
      at.file.report("import-reference", at.span, { reference: place, why: "there is no such file" });
      return undefined;
    }
    if (!this.#folders.some((folder) => real.startsWith(folder + sep))) {
      at.file.report("import-outside-reference", at.span, { reference: place });
      return undefined;
    }
    const known = this.#files.get(real);
    if (known) return known;
    if (this.#files.size >= limits.files || statSync(real).size > limits.bytes) {
      at.file.report("import-reference", at.span, { reference: place, why: "the description is too large" });
      return undefined;
    }
    return this.#read(real, relative(process.cwd(), wanted));
  }

  #read(path: string, shown: string): ImportedFile {
    const isTooLarge = statSync(path).size > limits.bytes;
    const file = new ImportedFile(new SourceFile(shown, isTooLarge ? "" : readFileSync(path, "utf8")), path);
    this.#files.set(path, file);
    if (isTooLarge) {
      file.report(
        "import-syntax",
        { start: 0, end: 0 },
        { language: "the file", problem: `it has more than ${limits.bytes} bytes` },
      );
    } else file.tree = readTree(file);
    return file;
  }
}

/** JSON where the text begins like it; whatever JSON's reader refuses may still be YAML, but for `.json` files. */
function readTree(file: ImportedFile): Tree | undefined {
  if (!/^\ufeff?\s*[{[]/.test(file.source.text)) return readYaml(file);
  try {
    return readJson(file);
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    if (extname(file.path) !== ".json") return readYaml(file);
    const start = Math.max(0, Math.min(error.at, file.source.text.length - 1));
    file.report("import-syntax", { start, end: start + 1 }, { language: "JSON", problem: error.problem });
    return undefined;
  }
}

/** A step of a JSON pointer in a URI fragment (RFC 6901, section 6). */
function unescaped(step: string): string {
  return decoded(step).replaceAll("~1", "/").replaceAll("~0", "~");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
