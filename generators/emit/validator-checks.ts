import { stringLiteral } from "./code-literal.js";
import { isSchema, type Located, type SchemaObject } from "./schema-references.js";
import { aboutOf, annotations, enumCondition, isSmall, isTrivial, refName, unwrapped } from "./validator-schemas.js";
import { memberAccess, typeCondition, typesOf, type ValidatorWriter, wrongTypeCondition } from "./validator-writer.js";

interface Body {
  readonly lines: string[];
  /** Functions that this one calls on the same value or on parts of it. */
  readonly calls: Set<string>;
  variables: number;
}

/** Writes functions that say whether a value is valid, and stop at the first reason why not. */
export class ValidatorChecks {
  readonly #names = new Map<SchemaObject, string>();
  readonly #queue: { readonly name: string; readonly target: Located }[] = [];
  readonly #calls = new Map<string, ReadonlySet<string>>();

  constructor(private readonly writer: ValidatorWriter) {}

  /** Name of the function for a schema, which is written later. */
  functionFor(target: Located, about = aboutOf(target.schema)): string {
    const known = this.#names.get(target.schema);
    if (known) return known;
    const name = this.writer.nameFor("is", about);
    this.#names.set(target.schema, name);
    this.#queue.push({ name, target });
    return name;
  }

  /** Writes all functions asked for, and those that they need in turn. */
  finish(): void {
    const { value, boolean } = this.writer.types;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const { name, target } = next;
      const body: Body = { lines: [], calls: new Set(), variables: 0 };
      this.#schema(body, target, "v", "  ");
      this.#calls.set(name, body.calls);
      this.writer.add(name, `function ${name}(v${value})${boolean} {\n${body.lines.join("")}  return true;\n}\n`);
    }
  }

  /** Whether a function may call itself, by whatever way around. */
  isRecursive(name: string): boolean {
    const seen = new Set<string>();
    const onPath = new Set<string>();
    const visit = (current: string): boolean => {
      if (onPath.has(current)) return true;
      if (seen.has(current)) return false;
      seen.add(current);
      onPath.add(current);
      const found = [...(this.#calls.get(current) ?? [])].some(visit);
      onPath.delete(current);
      return found;
    };
    return visit(name);
  }

  #schema(body: Body, { schema, base }: Located, v: string, indent: string): void {
    const out = (line: string) => body.lines.push(`${indent}${line}\n`);
    if (typeof schema.$ref === "string") {
      out(`if (!${this.#call(body, this.writer.locate(schema.$ref, base), refName(schema.$ref))}(${v})) return false;`);
      return;
    }
    const types = typesOf(schema.type);
    if (types) out(`if (${wrongTypeCondition(types, v)}) return false;`);
    if (Array.isArray(schema.enum)) out(`if (!(${enumCondition(schema.enum, v, this.writer)})) return false;`);
    this.#group(body, types, ["number", "integer"], `typeof ${v} === "number"`, indent, (inner) =>
      this.#number(schema, v, inner),
    );
    this.#group(body, types, ["string"], `typeof ${v} === "string"`, indent, (inner) => this.#string(schema, v, inner));
    this.#group(body, types, ["array"], `Array.isArray(${v})`, indent, (inner, deeper) =>
      this.#array(body, { schema, base }, v, inner, deeper),
    );
    this.#group(body, types, ["object"], typeCondition(["object"], v), indent, (inner, deeper) =>
      this.#object(body, { schema, base }, v, inner, deeper),
    );
    this.#combinations(body, { schema, base }, v, indent);
  }

  /** Checks for values of one kind, inside a condition unless the type is known to be of that kind. */
  #group(
    body: Body,
    types: readonly string[] | undefined,
    kinds: readonly string[],
    condition: string,
    indent: string,
    write: (out: (line: string) => void, indent: string) => void,
  ): void {
    if (types && !types.some((type) => kinds.includes(type))) return;
    const isKnown = types?.every((type) => kinds.includes(type)) === true;
    const deeper = isKnown ? indent : `${indent}  `;
    const start = body.lines.length;
    write((line) => body.lines.push(`${deeper}${line}\n`), deeper);
    if (isKnown || body.lines.length === start) return;
    body.lines.splice(start, 0, `${indent}if (${unwrapped(condition)}) {\n`);
    body.lines.push(`${indent}}\n`);
  }

  #number(schema: SchemaObject, v: string, out: (line: string) => void): void {
    const { minimum, maximum, multipleOf } = schema;
    if (typeof minimum === "number")
      out(`if (!(${v} ${schema.exclusiveMinimum === true ? ">" : ">="} ${minimum})) return false;`);
    if (typeof maximum === "number")
      out(`if (!(${v} ${schema.exclusiveMaximum === true ? "<" : "<="} ${maximum})) return false;`);
    if (typeof multipleOf === "number")
      out(`if (!${this.writer.use("isMultiple")}(${v}, ${multipleOf})) return false;`);
  }

  #string(schema: SchemaObject, v: string, out: (line: string) => void): void {
    const { minLength, maxLength, pattern } = schema;
    if (typeof minLength === "number" && minLength > 0) {
      const exact = `(${v}.length < ${2 * minLength} && ${this.writer.use("lengthOf")}(${v}) < ${minLength})`;
      out(`if (${v}.length < ${minLength} || ${exact}) return false;`);
    }
    if (typeof maxLength === "number") {
      out(`if (${v}.length > ${maxLength} && ${this.writer.use("lengthOf")}(${v}) > ${maxLength}) return false;`);
    }
    const format = this.writer.formatCheck(schema.format);
    if (format) out(`if (!${format}(${v})) return false;`);
    if (typeof pattern === "string") out(`if (!${this.writer.pattern(pattern)}.test(${v})) return false;`);
  }

  #array(body: Body, { schema, base }: Located, v: string, out: (line: string) => void, indent: string): void {
    const { minItems, maxItems, items } = schema;
    if (typeof minItems === "number" && minItems > 0) out(`if (${v}.length < ${minItems}) return false;`);
    if (typeof maxItems === "number") out(`if (${v}.length > ${maxItems}) return false;`);
    if (Array.isArray(items)) {
      for (const [index, item] of items.entries()) {
        if (isSchema(item))
          this.#member(body, this.#at(item, base), `${v}[${index}]`, `${v}.length > ${index}`, indent);
      }
      if (schema.additionalItems === false) out(`if (${v}.length > ${items.length}) return false;`);
      if (isSchema(schema.additionalItems))
        this.#each(body, this.#at(schema.additionalItems, base), v, items.length, indent);
    } else if (isSchema(items)) {
      this.#each(body, this.#at(items, base), v, 0, indent);
    }
    if (schema.uniqueItems === true) out(`if (${this.writer.use("hasRepetition")}(${v})) return false;`);
  }

  #each(body: Body, target: Located, v: string, from: number, indent: string): void {
    if (isTrivial(target.schema)) return;
    const index = `i${++body.variables}`;
    body.lines.push(`${indent}for (let ${index} = ${from}; ${index} < ${v}.length; ${index}++) {\n`);
    this.#value(body, target, `${v}[${index}]`, `${indent}  `);
    body.lines.push(`${indent}}\n`);
  }

  #object(body: Body, { schema, base }: Located, v: string, out: (line: string) => void, indent: string): void {
    const { minProperties, maxProperties } = schema;
    if (typeof minProperties === "number" && minProperties > 0) {
      out(`if (Object.keys(${v}).length < ${minProperties}) return false;`);
    }
    if (typeof maxProperties === "number") out(`if (Object.keys(${v}).length > ${maxProperties}) return false;`);
    this.#properties(body, { schema, base }, v, indent);
    this.#otherMembers(body, { schema, base }, v, indent);
    if (!isSchema(schema.dependencies)) return;
    for (const [name, needed] of Object.entries(schema.dependencies)) {
      const present = `${this.writer.use("has")}(${v}, ${stringLiteral(name)})`;
      if (Array.isArray(needed)) {
        const lacks = needed.map((other) => `!has(${v}, ${stringLiteral(String(other))})`);
        if (lacks.length > 0) out(`if (${present} && (${lacks.join(" || ")})) return false;`);
      } else if (isSchema(needed) && !isTrivial(needed)) {
        out(`if (${present} && !${this.#call(body, this.#at(needed, base))}(${v})) return false;`);
      }
    }
  }

  #properties(body: Body, { schema, base }: Located, v: string, indent: string): void {
    const properties = isSchema(schema.properties) ? new Map(Object.entries(schema.properties)) : new Map();
    const required = new Set(Array.isArray(schema.required) ? schema.required.map(String) : []);
    for (const name of new Set([...properties.keys(), ...required])) {
      const own = properties.get(name);
      const target = isSchema(own) && !isTrivial(own) ? this.#at(own, base) : undefined;
      if (!target && !required.has(name)) continue;
      const member = `v${++body.variables}`;
      body.lines.push(`${indent}const ${member} = ${memberAccess(v, name, this.writer)};\n`);
      if (required.has(name)) body.lines.push(`${indent}if (${member} === undefined) return false;\n`);
      if (!target) continue;
      if (required.has(name)) this.#value(body, target, member, indent, name);
      else this.#member(body, target, member, `${member} !== undefined`, indent, name);
    }
  }

  /** A part of a value that need not be there. */
  #member(body: Body, target: Located, value: string, condition: string, indent: string, about?: string): void {
    const start = body.lines.length;
    this.#value(body, target, value, `${indent}  `, about);
    if (body.lines.length === start) return;
    body.lines.splice(start, 0, `${indent}if (${condition}) {\n`);
    body.lines.push(`${indent}}\n`);
  }

  /** Small schemas are checked on the spot, others by a function of their own. */
  #value(body: Body, target: Located, value: string, indent: string, about?: string): void {
    if (isTrivial(target.schema)) return;
    if (!isSmall(target.schema)) {
      body.lines.push(`${indent}if (!${this.#call(body, target, about)}(${value})) return false;\n`);
      return;
    }
    let name = value;
    if (!/^\w+$/.test(value)) {
      name = `v${++body.variables}`;
      body.lines.push(`${indent}const ${name} = ${value};\n`);
    }
    this.#schema(body, target, name, indent);
  }

  /** Members that `properties` does not list: patterns, and what else may stand there. */
  #otherMembers(body: Body, { schema, base }: Located, v: string, indent: string): void {
    const patterns = isSchema(schema.patternProperties) ? Object.entries(schema.patternProperties) : [];
    const { additionalProperties: additional } = schema;
    const limits = additional === false || (isSchema(additional) && !isTrivial(additional));
    if (!limits && patterns.length === 0) return;
    const names = isSchema(schema.properties) ? Object.keys(schema.properties) : [];
    const key = `k${++body.variables}`;
    const line = (text: string) => body.lines.push(`${indent}  ${text}\n`);
    body.lines.push(`${indent}for (const ${key} of Object.keys(${v})) {\n`);
    const listed = names.map((name) => `${key} === ${stringLiteral(name)}`).join(" || ");
    if (patterns.length === 0) {
      if (listed) line(`if (${listed}) continue;`);
    } else {
      line(`let known${body.variables} = ${listed || "false"};`);
    }
    const known = `known${body.variables}`;
    for (const [pattern, inner] of patterns) {
      line(`if (${this.writer.pattern(pattern)}.test(${key})) {`);
      line(`  ${known} = true;`);
      if (isSchema(inner)) this.#value(body, this.#at(inner, base), `${v}[${key}]`, `${indent}    `);
      line("}");
    }
    const unlisted = patterns.length > 0 ? `if (!${known}) ` : "";
    if (additional === false) line(`${unlisted}return false;`);
    else if (isSchema(additional) && !isTrivial(additional)) {
      line(
        `if (${patterns.length > 0 ? `!${known} && ` : ""}!${this.#call(body, this.#at(additional, base))}(${v}[${key}])) return false;`,
      );
    }
    body.lines.push(`${indent}}\n`);
  }

  #combinations(body: Body, { schema, base }: Located, v: string, indent: string): void {
    const out = (line: string) => body.lines.push(`${indent}${line}\n`);
    const list = (value: unknown) => (Array.isArray(value) ? value.filter((item) => isSchema(item)) : []);
    for (const inner of list(schema.allOf)) this.#value(body, this.#at(inner, base), v, indent);
    const test = (inner: SchemaObject) => this.#condition(body, this.#at(inner, base), v);
    const any = list(schema.anyOf).map(test);
    if (any.length > 0) out(`if (!(${any.join(" || ")})) return false;`);
    const one = list(schema.oneOf).map(test);
    if (one.length > 0) out(`if (${one.map((condition) => `Number(${condition})`).join(" + ")} !== 1) return false;`);
    if (isSchema(schema.not)) out(`if (${test(schema.not)}) return false;`);
  }

  /** A condition for a schema: written out when it is only a type or values, else a call. */
  #condition(body: Body, target: Located, v: string): string {
    const { schema } = target;
    const keywords = Object.keys(schema).filter((keyword) => !annotations.has(keyword));
    const types = typesOf(schema.type);
    if (keywords.length === 0) return "true";
    if (keywords.length === 1 && types && types.length > 0) return `(${typeCondition(types, v)})`;
    if (keywords.length === 1 && Array.isArray(schema.enum)) return `(${enumCondition(schema.enum, v, this.writer)})`;
    return `${this.#call(body, target)}(${v})`;
  }

  #call(body: Body, target: Located, about?: string): string {
    const followed =
      typeof target.schema.$ref === "string" ? this.writer.locate(target.schema.$ref, target.base) : target;
    const name = this.functionFor(followed, about ?? refName(target.schema.$ref) ?? aboutOf(followed.schema));
    body.calls.add(name);
    return name;
  }

  #at(schema: SchemaObject, base: string): Located {
    return { schema, base: this.writer.references.baseOf(schema, base) };
  }
}
