import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { loadValidators } from "../../generators/emit/load-validators.js";
import type { SchemaObject } from "../../generators/emit/schema-references.js";
import { validatorSource } from "../../generators/emit/validator.js";

export interface VectorResult {
  readonly passed: number;
  /** `file | group | test: why`, sorted. */
  readonly failed: readonly string[];
  /** Deviations that are known, each with its reason. */
  readonly known: readonly string[];
}

interface Group {
  readonly description: string;
  readonly schema: SchemaObject;
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[];
}

/**
 * Runs the draft-04 suite (its `tests` folder, or any folder of files in that format) against generated validators. The
 * documents under `remotes` are handed over under the suite's base; nothing is fetched. The product itself hands over no
 * such documents: a remote `$ref` in a model is a diagnostic, as API Gateway does not load them either.
 */
export function runJsonSchemaVectors(dir: string): VectorResult {
  const others = remoteDocuments(dir);
  let passed = 0;
  const failed: string[] = [];
  const known: string[] = [];
  for (const file of jsonFiles(join(dir, "tests"), dir)) {
    for (const group of JSON.parse(readFileSync(file, "utf8")) as Group[]) {
      const name = `${relative(dir, file)} | ${group.description}`;
      for (const { description, why } of runGroup(group, others)) {
        const reason = why === undefined ? undefined : deviations.get(`${group.description} | ${description}`);
        if (why === undefined) passed++;
        else if (reason) known.push(`${name} | ${description}: ${reason}`);
        else failed.push(`${name} | ${description}: ${why}`);
      }
    }
  }
  return { passed, failed: failed.sort(), known: known.sort() };
}

/** What cannot be told apart once `JSON.parse` has read it. */
const deviations: ReadonlyMap<string, string> = new Map([
  [
    "some languages do not distinguish between different types of numeric value | a float is not an integer even without fractional part",
    "JSON.parse reads 1.0 and 1 as the same number",
  ],
]);

function runGroup(
  group: Group,
  others: ReadonlyMap<string, SchemaObject>,
): readonly { readonly description: string; readonly why: string | undefined }[] {
  let validate: ((value: unknown) => string | undefined) | undefined;
  let problem = "";
  try {
    const entries = [{ name: "validate", ref: "#" }];
    const source = validatorSource({ document: group.schema, entries, others, explains: true });
    validate = loadValidators(source).get("validate");
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  return group.tests.map(({ description, data, valid }) => {
    if (!validate) return { description, why: problem };
    const failures = validate(data);
    if ((failures === undefined) !== valid)
      return { description, why: `expected ${valid ? "valid" : "invalid"}, got ${failures}` };
    return { description, why: failures === "[]" ? "invalid, but nothing to say about it" : undefined };
  });
}

/** Documents under `remotes`, at the suite's base, and the draft's own meta-schema, from ajv's package. */
function remoteDocuments(dir: string): ReadonlyMap<string, SchemaObject> {
  const folder = join(dir, "remotes");
  const documents = new Map<string, SchemaObject>();
  for (const file of jsonFiles(folder, undefined)) {
    const path = relative(folder, file).replaceAll("\\", "/");
    documents.set(`http://localhost:1234/${path}`, JSON.parse(readFileSync(file, "utf8")) as SchemaObject);
  }
  const metaSchema = createRequire(import.meta.url)("ajv-draft-04/dist/refs/json-schema-draft-04.json") as SchemaObject;
  documents.set("http://json-schema.org/draft-04/schema", metaSchema);
  return documents;
}

/** JSON files below a folder, sorted; those of another folder when the first is not there. */
function jsonFiles(folder: string, otherwise: string | undefined): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch {
    return otherwise === undefined ? [] : jsonFiles(otherwise, undefined);
  }
}
