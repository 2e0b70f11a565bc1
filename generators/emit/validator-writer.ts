import { invariant } from "../../src/invariant.js";
import { patternFlags } from "../../src/syntax/patterns.js";
import { stringLiteral } from "./code-literal.js";
import type { Located, SchemaReferences } from "./schema-references.js";

/** Names of the helpers in runtime/validation that generated code may use. */
export type HelperName =
  | "bounded"
  | "equals"
  | "excerpt"
  | "failureText"
  | "has"
  | "hasRepetition"
  | "isDate"
  | "isDateTime"
  | "isEmail"
  | "isHostname"
  | "isIpv4"
  | "isIpv6"
  | "isMultiple"
  | "isRegex"
  | "isUri"
  | "isUuid"
  | "lengthOf"
  | "quote"
  | "typeName";

const formatChecks: ReadonlyMap<string, HelperName> = new Map([
  ["date-time", "isDateTime"],
  ["email", "isEmail"],
  ["hostname", "isHostname"],
  ["ipv4", "isIpv4"],
  ["ipv6", "isIpv6"],
  ["regex", "isRegex"],
  ["uri", "isUri"],
  ["uuid", "isUuid"],
]);

/** Collects the pieces of one module of validators: constants, functions in order of need, helpers used. */
export class ValidatorWriter {
  readonly types: { readonly value: string; readonly boolean: string; readonly text: string; readonly list: string };
  readonly #pieces = new Map<string, string>();
  readonly #constants: string[] = [];
  readonly #patterns = new Map<string, string>();
  readonly #helpers = new Set<HelperName>();
  readonly #names = new Set<string>();
  readonly #counts = new Map<string, number>();

  constructor(
    readonly references: SchemaReferences,
    private readonly options: {
      readonly entries: readonly { readonly name: string }[];
      readonly language?: "javascript" | "typescript";
      readonly formats?: "aws" | "strict";
    },
  ) {
    const isTyped = options.language === "typescript";
    this.types = isTyped
      ? { value: ": any", boolean: ": boolean", text: ": string | undefined", list: ": string[]" }
      : { value: "", boolean: "", text: "", list: "" };
    for (const { name } of options.entries) this.#names.add(name);
  }

  /** The schema that a reference means; `$ref` chains are followed by the functions themselves. */
  locate(reference: string, base: string): Located {
    const found = this.references.find(reference, base);
    invariant(found, `the schema reference ${reference} leads somewhere`);
    return found;
  }

  /** Notes that a helper is used, and yields its name. */
  use(name: HelperName): string {
    this.#helpers.add(name);
    return name;
  }

  helpers(): readonly string[] {
    return [...this.#helpers].sort();
  }

  /** A free identifier that starts with a verb and says what it is about. */
  nameFor(verb: string, about: string): string {
    const word = about
      .replace(/[^A-Za-z0-9]+/g, " ")
      .trim()
      .split(" ")
      .map(capitalised)
      .join("")
      .slice(0, 60);
    const base = `${verb}${word}`;
    for (;;) {
      const count = (this.#counts.get(base) ?? 0) + 1;
      this.#counts.set(base, count);
      const name = count === 1 && word !== "" ? base : `${base}${count}`;
      if (this.#names.has(name)) continue;
      this.#names.add(name);
      return name;
    }
  }

  add(name: string, piece: string): void {
    this.#pieces.set(name, piece);
  }

  /** A constant for a pattern, shared by equal ones. */
  pattern(source: string): string {
    const known = this.#patterns.get(source);
    if (known) return known;
    const flags = patternFlags(source);
    invariant(typeof flags === "string", "patterns were checked");
    const name = `pattern${this.#patterns.size + 1}`;
    this.#patterns.set(source, name);
    this.#constants.push(`const ${name} = ${new RegExp(source, flags).toString()};\n`);
    return name;
  }

  constant(value: unknown): string {
    const name = `constant${this.#constants.length + 1}`;
    this.#constants.push(`const ${name}${this.types.value} = JSON.parse(${stringLiteral(JSON.stringify(value))});\n`);
    return name;
  }

  /** Helper that checks a format; undefined for formats that are documentation only. */
  formatCheck(format: unknown): string | undefined {
    if (typeof format !== "string") return undefined;
    if (format === "date" && this.options.formats === "strict") return this.use("isDate");
    const helper = formatChecks.get(format);
    return helper && this.use(helper);
  }

  code(): string {
    return [this.#constants.join(""), ...this.#pieces.values()].filter((piece) => piece !== "").join("\n");
  }
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Names that every object has by its prototype: to be asked for as own members. */
function isInherited(name: string): boolean {
  return name in Object.prototype;
}

/** A member of a value, by its own name only. */
export function memberAccess(value: string, name: string, writer: ValidatorWriter): string {
  const access = /^[A-Za-z_$][\w$]*$/.test(name) ? `${value}.${name}` : `${value}[${stringLiteral(name)}]`;
  return isInherited(name) ? `${writer.use("has")}(${value}, ${stringLiteral(name)}) ? ${access} : undefined` : access;
}

/** Condition that a value has one of some JSON Schema types. */
export function typeCondition(types: readonly string[], value: string): string {
  return types.map((type) => oneType(type, value)).join(" || ");
}

function oneType(type: string, value: string): string {
  switch (type) {
    case "array":
      return `Array.isArray(${value})`;
    case "integer":
      return `Number.isInteger(${value})`;
    case "null":
      return `${value} === null`;
    case "object":
      return `(typeof ${value} === "object" && ${value} !== null && !Array.isArray(${value}))`;
    default:
      return `typeof ${value} === "${type}"`;
  }
}

/** Condition that a value has none of some JSON Schema types. */
export function wrongTypeCondition(types: readonly string[], value: string): string {
  if (types.length === 0) return "true";
  const tests = types.map((type) => wrongType(type, value));
  return tests.map((test) => (tests.length > 1 && test.includes("||") ? `(${test})` : test)).join(" && ");
}

function wrongType(type: string, value: string): string {
  switch (type) {
    case "array":
      return `!Array.isArray(${value})`;
    case "integer":
      return `!Number.isInteger(${value})`;
    case "null":
      return `${value} !== null`;
    case "object":
      return `typeof ${value} !== "object" || ${value} === null || Array.isArray(${value})`;
    default:
      return `typeof ${value} !== "${type}"`;
  }
}

/** `type` as a list; undefined when every type will do. */
export function typesOf(type: unknown): readonly string[] | undefined {
  const known = ["array", "boolean", "integer", "null", "number", "object", "string"];
  if (typeof type === "string") return known.includes(type) ? [type] : undefined;
  if (!Array.isArray(type)) return undefined;
  return known.filter((name) => type.includes(name) && !(name === "integer" && type.includes("number")));
}
