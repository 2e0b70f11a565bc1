import { rootUri, type SchemaObject, SchemaReferences } from "./schema-references.js";
import { ValidatorChecks } from "./validator-checks.js";
import { ValidatorFailures } from "./validator-failures.js";
import { refName } from "./validator-schemas.js";
import { ValidatorWriter } from "./validator-writer.js";

/** One validator wanted: its exported name and the schema it checks, as a reference into the document. */
export interface ValidatorEntry {
  /** Identifier of the function. */
  readonly name: string;
  /** `#/definitions/Order`, or `#` for the document itself. */
  readonly ref: string;
}

export interface ValidatorOptions {
  /** Draft-04 schema with all that the entries need under `definitions`. */
  readonly document: SchemaObject;
  readonly entries: readonly ValidatorEntry[];
  /** Further documents by absolute URI; nothing else is ever looked up. */
  readonly others?: ReadonlyMap<string, SchemaObject>;
  /**
   * Also write what it takes to say what is wrong, in the words of API Gateway's validator, for
   * `$context.error.validationErrorString`; without it the functions say only that something is.
   */
  readonly explains: boolean;
  /** `typescript` annotates; the code is otherwise the same. */
  readonly language?: "javascript" | "typescript";
  /** Formats that are checked: those of draft-04 and uuid, as on AWS, or all that we know (`strict`). */
  readonly formats?: "aws" | "strict";
}

export interface ValidatorSource {
  /** Function declarations: for each entry `export function name(value): string | undefined`. */
  readonly code: string;
  /** Names that the code uses from `runtime/validation/index.js`, sorted. */
  readonly helpers: readonly string[];
}

/**
 * Draft-04 schemas as plain functions, which need no schema library and no `eval` when they run. A validator yields
 * undefined for a valid value, otherwise the failures as text: `[object has missing required properties (["id"])]`.
 *
 * @throws InvariantError for a reference that leads nowhere: models are checked before
 * @see JSON Schema draft-04, validation; aws-behaviour.md section 15
 */
export function validatorSource(options: ValidatorOptions): ValidatorSource {
  const references = new SchemaReferences(options.document, options.others);
  const writer = new ValidatorWriter(references, options);
  const checks = new ValidatorChecks(writer);
  const failures = options.explains ? new ValidatorFailures(writer, checks) : undefined;
  const exported = options.entries.map(({ name, ref }) => {
    const named = writer.locate(ref, rootUri);
    const { $ref } = named.schema;
    const target = typeof $ref === "string" ? writer.locate($ref, named.base) : named;
    return {
      name,
      check: checks.functionFor(target, refName($ref ?? ref)),
      explain: failures?.functionFor(target, refName($ref ?? ref)),
    };
  });
  checks.finish();
  const { value, text } = writer.types;
  for (const { name, check, explain } of exported) {
    const test = checks.isRecursive(check) ? `${writer.use("bounded")}(${check}, value)` : `${check}(value)`;
    const otherwise = explain
      ? `${writer.use("failureText")}(${explain}, value)`
      : '"[instance does not match its model]"';
    writer.add(
      name,
      `export function ${name}(value${value})${text} {\n  return ${test} ? undefined : ${otherwise};\n}\n`,
    );
  }
  return { code: writer.code(), helpers: writer.helpers() };
}
