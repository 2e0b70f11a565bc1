import { stringLiteral } from "./code-literal.js";
import { isSchema, type Located, type SchemaObject } from "./schema-references.js";
import type { ValidatorChecks } from "./validator-checks.js";
import { enumCondition, refName } from "./validator-schemas.js";
import { countTexts, formatTexts } from "./validator-texts.js";
import { memberAccess, typeCondition, typesOf, type ValidatorWriter, wrongTypeCondition } from "./validator-writer.js";

/** Longest list of failures; more are not told. */
const maxFailures = 100;

/**
 * Writes functions that say what is wrong, in the words and the order of the validator that API Gateway uses (the
 * documented sample shows its messages): the keywords of one schema by name, format last; parts are looked at only
 * while nothing is wrong yet with what contains them, members by name.
 */
export class ValidatorFailures {
  readonly #names = new Map<SchemaObject, string>();

  constructor(
    private readonly writer: ValidatorWriter,
    private readonly checks: ValidatorChecks,
  ) {}

  functionFor(target: Located, about = ""): string {
    const known = this.#names.get(target.schema);
    if (known) return known;
    const name = this.writer.nameFor("explain", about);
    this.#names.set(target.schema, name);
    const { value, list } = this.writer.types;
    const lines = this.#lines(target);
    this.writer.add(name, `function ${name}(v${value}, e${list}) {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`);
    return name;
  }

  #lines({ schema, base }: Located): readonly string[] {
    if (typeof schema.$ref === "string") {
      return [`${this.functionFor(this.writer.locate(schema.$ref, base), refName(schema.$ref))}(v, e);`];
    }
    const own = [
      ...group("Array.isArray(v)", this.#array(schema)),
      ...group(typeCondition(["object"], "v"), this.#closed(schema)),
      ...this.#combination("allOf", { schema, base }),
      ...this.#combination("anyOf", { schema, base }),
      ...group(typeCondition(["object"], "v"), this.#dependencies({ schema, base })),
      ...this.#enum(schema),
      ...group("Array.isArray(v)", this.#count("maxItems", schema, "v.length")),
      ...group('typeof v === "string"', this.#length("maxLength", schema)),
      ...group(typeCondition(["object"], "v"), this.#count("maxProperties", schema, "Object.keys(v).length")),
      ...group('typeof v === "number"', this.#bound("maximum", schema)),
      ...group("Array.isArray(v)", this.#count("minItems", schema, "v.length")),
      ...group('typeof v === "string"', this.#length("minLength", schema)),
      ...group(typeCondition(["object"], "v"), this.#count("minProperties", schema, "Object.keys(v).length")),
      ...group('typeof v === "number"', this.#bound("minimum", schema)),
      ...group('typeof v === "number"', this.#multiple(schema)),
      ...this.#not({ schema, base }),
      ...this.#combination("oneOf", { schema, base }),
      ...group('typeof v === "string"', this.#pattern(schema)),
      ...group(typeCondition(["object"], "v"), this.#required(schema)),
      ...this.#type(schema),
      ...group("Array.isArray(v)", this.#unique(schema)),
      ...group('typeof v === "string"', this.#format(schema)),
    ];
    const parts = [
      ...group("Array.isArray(v)", this.#items({ schema, base })),
      ...group(typeCondition(["object"], "v"), this.#members({ schema, base })),
    ];
    return parts.length === 0 ? own : [...own, ...(own.length > 0 ? ["if (e.length > 0) return;"] : []), ...parts];
  }

  #array(schema: SchemaObject): readonly string[] {
    const { items } = schema;
    if (!Array.isArray(items) || schema.additionalItems !== false) return [];
    const text = `schema only allows ${items.length} elements in array but instance has \${v.length} elements`;
    return [`if (v.length > ${items.length}) e.push(\`${text}\`);`];
  }

  #closed(schema: SchemaObject): readonly string[] {
    if (schema.additionalProperties !== false) return [];
    const names = isSchema(schema.properties) ? Object.keys(schema.properties) : [];
    const patterns = isSchema(schema.patternProperties) ? Object.keys(schema.patternProperties) : [];
    const known = [
      ...names.map((name) => `k === ${stringLiteral(name)}`),
      ...patterns.map((pattern) => `${this.writer.pattern(pattern)}.test(k)`),
    ];
    const filter = known.length > 0 ? `.filter((k) => !(${known.join(" || ")}))` : "";
    const text = `object instance has properties which are not allowed by the schema: \${${this.writer.use("quote")}(extra)}`;
    return [`const extra = Object.keys(v)${filter}.sort();`, `if (extra.length > 0) e.push(\`${text}\`);`];
  }

  #combination(keyword: "allOf" | "anyOf" | "oneOf", { schema, base }: Located): readonly string[] {
    const list = schema[keyword];
    if (!Array.isArray(list) || list.length === 0) return [];
    const tests = list.filter((item) => isSchema(item)).map((item) => `Number(${this.#check(item, base)}(v))`);
    const count = tests.join(" + ");
    const total = tests.length;
    if (keyword === "anyOf") {
      return [`if (${count} === 0) e.push("instance failed to match at least one required schema among ${total}");`];
    }
    const name = `${keyword}Matched`;
    const text =
      keyword === "allOf"
        ? `instance failed to match all required schemas (matched only \${${name}} out of ${total})`
        : `instance failed to match exactly one schema (matched \${${name}} out of ${total})`;
    return [`const ${name} = ${count};`, `if (${name} !== ${keyword === "allOf" ? total : 1}) e.push(\`${text}\`);`];
  }

  #dependencies({ schema, base }: Located): readonly string[] {
    if (!isSchema(schema.dependencies)) return [];
    const lines: string[] = [];
    for (const [name, needed] of Object.entries(schema.dependencies)) {
      const present = `${this.writer.use("has")}(v, ${stringLiteral(name)})`;
      if (isSchema(needed)) {
        lines.push(`if (${present}) ${this.functionFor(this.#at(needed, base))}(v, e);`);
      } else if (Array.isArray(needed)) {
        const wanted = stringLiteral(JSON.stringify([...needed].sort()));
        const missing = `${JSON.stringify([...needed].sort())}.filter((k) => !has(v, k))`;
        const text = `property "\${${stringLiteral(name)}}" of object has missing property dependencies (schema requires \${${wanted}}; missing: \${${this.writer.use("quote")}(missing)})`;
        lines.push(
          `if (${present}) {`,
          `  const missing = ${missing};`,
          `  if (missing.length > 0) e.push(\`${text}\`);`,
          "}",
        );
      }
    }
    return lines;
  }

  #enum(schema: SchemaObject): readonly string[] {
    if (!Array.isArray(schema.enum)) return [];
    const values = stringLiteral(JSON.stringify(schema.enum));
    const text = `instance value (\${${this.writer.use("quote")}(v)}) not found in enum (possible values: \${${values}})`;
    return [`if (!(${enumCondition(schema.enum, "v", this.writer)})) e.push(\`${text}\`);`];
  }

  #count(keyword: keyof typeof countTexts, schema: SchemaObject, size: string): readonly string[] {
    const limit = schema[keyword];
    if (typeof limit !== "number") return [];
    const operator = keyword.startsWith("max") ? ">" : "<";
    return [`if (${size} ${operator} ${limit}) e.push(\`${countTexts[keyword](limit, `\${${size}}`)}\`);`];
  }

  #length(keyword: "minLength" | "maxLength", schema: SchemaObject): readonly string[] {
    const limit = schema[keyword];
    if (typeof limit !== "number") return [];
    const size = `${this.writer.use("lengthOf")}(v)`;
    this.writer.use("excerpt");
    const text =
      keyword === "minLength"
        ? `string "\${excerpt(v)}" is too short (length: \${${size}}, required minimum: ${limit})`
        : `string "\${excerpt(v)}" is too long (length: \${${size}}, maximum allowed: ${limit})`;
    return [`if (${size} ${keyword === "minLength" ? "<" : ">"} ${limit}) e.push(\`${text}\`);`];
  }

  #bound(keyword: "minimum" | "maximum", schema: SchemaObject): readonly string[] {
    const limit = schema[keyword];
    if (typeof limit !== "number") return [];
    const [operator, exclusive, relation, strict] =
      keyword === "minimum"
        ? (["<", "exclusiveMinimum", "lower than the required minimum", "greater than the required minimum"] as const)
        : ([">", "exclusiveMaximum", "greater than the required maximum", "lower than the required maximum"] as const);
    const lines = [
      `if (v ${operator} ${limit}) e.push(\`numeric instance is ${relation} (${keyword}: ${limit}, found: \${v})\`);`,
    ];
    if (schema[exclusive] === true)
      lines.push(`if (v === ${limit}) e.push("numeric instance is not strictly ${strict} ${limit}");`);
    return lines;
  }

  #multiple({ multipleOf }: SchemaObject): readonly string[] {
    if (typeof multipleOf !== "number") return [];
    const text = `remainder of division is not zero (\${v} / ${multipleOf})`;
    return [`if (!${this.writer.use("isMultiple")}(v, ${multipleOf})) e.push(\`${text}\`);`];
  }

  #not({ schema, base }: Located): readonly string[] {
    if (!isSchema(schema.not)) return [];
    return [`if (${this.#check(schema.not, base)}(v)) e.push("instance matched a schema which it should not have");`];
  }

  /** A text far beyond its `maxLength` is not given to the pattern, which may be slow on it. */
  #pattern({ pattern, maxLength }: SchemaObject): readonly string[] {
    if (typeof pattern !== "string") return [];
    this.writer.use("excerpt");
    const isShort = typeof maxLength === "number" ? `v.length <= ${2 * maxLength + 100} && ` : "";
    const text = `ECMA 262 regex "\${${stringLiteral(pattern)}}" does not match input string "\${excerpt(v)}"`;
    return [`if (${isShort}!${this.writer.pattern(pattern)}.test(v)) e.push(\`${text}\`);`];
  }

  #required({ required }: SchemaObject): readonly string[] {
    if (!Array.isArray(required) || required.length === 0) return [];
    const names = required.map(String).sort();
    const list = `[${names.map(stringLiteral).join(", ")}]`;
    const text = `object has missing required properties (\${${this.writer.use("quote")}(absent)})`;
    return [
      `const absent = ${list}.filter((k) => !${this.writer.use("has")}(v, k));`,
      `if (absent.length > 0) e.push(\`${text}\`);`,
    ];
  }

  #type(schema: SchemaObject): readonly string[] {
    const types = typesOf(schema.type);
    if (!types) return [];
    // The validator lists integer beside number, and all by name.
    const named = types.flatMap((type) => (type === "number" ? ["integer", "number"] : [type])).sort();
    const text = `instance type (\${${this.writer.use("typeName")}(v)}) does not match any allowed primitive type (allowed: \${${stringLiteral(JSON.stringify(named))}})`;
    return [`if (${wrongTypeCondition(types, "v")}) e.push(\`${text}\`);`];
  }

  #unique(schema: SchemaObject): readonly string[] {
    if (schema.uniqueItems !== true) return [];
    return [`if (${this.writer.use("hasRepetition")}(v)) e.push("array must not contain duplicate elements");`];
  }

  #format({ format }: SchemaObject): readonly string[] {
    const check = this.writer.formatCheck(format);
    if (check) this.writer.use("excerpt");
    const text = formatTexts.get(String(format)) ?? `string "\${excerpt(v)}" is not a valid ${String(format)}`;
    return check ? [`if (!${check}(v)) e.push(\`${text}\`);`] : [];
  }

  #items({ schema, base }: Located): readonly string[] {
    const { items } = schema;
    const lines: string[] = [];
    const each = (inner: SchemaObject, from: number) =>
      lines.push(
        `for (let i = ${from}; i < v.length && e.length < ${maxFailures}; i++) ${this.functionFor(this.#at(inner, base))}(v[i], e);`,
      );
    if (isSchema(items)) each(items, 0);
    if (!Array.isArray(items)) return lines;
    for (const [index, item] of items.entries()) {
      if (isSchema(item))
        lines.push(`if (v.length > ${index}) ${this.functionFor(this.#at(item, base))}(v[${index}], e);`);
    }
    if (isSchema(schema.additionalItems)) each(schema.additionalItems, items.length);
    return lines;
  }

  #members({ schema, base }: Located): readonly string[] {
    const properties = isSchema(schema.properties) ? Object.entries(schema.properties).sort(byName) : [];
    const patterns = isSchema(schema.patternProperties) ? Object.entries(schema.patternProperties).sort(byName) : [];
    const additional = isSchema(schema.additionalProperties) ? schema.additionalProperties : undefined;
    const explain = (inner: SchemaObject, about = "") => this.functionFor(this.#at(inner, base), about);
    if (patterns.length === 0 && !additional) {
      return properties.flatMap(([name, inner]) => {
        if (!isSchema(inner)) return [];
        const present = `${this.writer.use("has")}(v, ${stringLiteral(name)})`;
        const access = memberAccess("v", name, this.writer);
        return [`if (${present}) ${explain(inner, name)}(${access.includes("?") ? `(${access})` : access}, e);`];
      });
    }
    const lines = ["for (const k of Object.keys(v).sort()) {", `  if (e.length >= ${maxFailures}) return;`];
    if (additional) lines.push("  let known = false;");
    const mark = additional ? "known = true; " : "";
    for (const [name, inner] of properties) {
      if (isSchema(inner))
        lines.push(`  if (k === ${stringLiteral(name)}) { ${mark}${explain(inner, name)}(v[k], e); }`);
    }
    for (const [pattern, inner] of patterns) {
      if (isSchema(inner))
        lines.push(`  if (${this.writer.pattern(pattern)}.test(k)) { ${mark}${explain(inner)}(v[k], e); }`);
    }
    if (additional) lines.push(`  if (!known) ${explain(additional)}(v[k], e);`);
    return [...lines, "}"];
  }

  #check(schema: SchemaObject, base: string): string {
    return this.checks.functionFor(this.#at(schema, base));
  }

  #at(schema: SchemaObject, base: string): Located {
    return { schema, base: this.writer.references.baseOf(schema, base) };
  }
}

/** Lines that hold for values of one kind only. */
function group(condition: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const [only = ""] = lines;
  if (lines.length === 1 && !only.startsWith("const")) return [`if (${condition}) {`, `  ${only}`, "}"];
  return [`if (${condition}) {`, ...lines.map((line) => `  ${line}`), "}"];
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
