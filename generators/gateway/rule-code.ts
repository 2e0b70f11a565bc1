import { isPartPath } from "../../runtime/mapping/json/body-parts.js";
import { parsePath } from "../../runtime/mapping/jsonpath/parse-path.js";
import { assertNever } from "../../src/invariant.js";
import type { RuntimeImport, TypeImport } from "../../src/mapping/vtl/index.js";
import { contextNameSource, pathSource } from "../../src/mapping/vtl/index.js";
import { isBody, type PathStep, type Reference, type Text, type Value } from "../../src/model/expressions.js";
import { pathTail } from "../emit/aws-text.js";
import { stringLiteral } from "../emit/code-literal.js";

/** A rule as JavaScript: an expression that gives a `Template` of the runtime, and the names it uses. */
export interface RuleCode {
  readonly code: string;
  readonly imports: readonly RuntimeImport[];
  readonly types: readonly TypeImport[];
}

/**
 * A mapping rule straight as JavaScript: text that is joined, with no template between. It gives the bytes of the VTL
 * that `generators/emit/vtl-rule.ts` prints of the same rule.
 *
 * @param typed  whether the code has the types that TypeScript's `strict` wants
 */
export function ruleCode(rule: Value, typed = true): RuleCode {
  return write(typed, (writer) => writer.json(rule));
}

/** A rule as plain text: what `plainTemplate` of `generators/emit/vtl-rule.ts` prints of it. */
export function textCode(rule: Value, typed = true): RuleCode {
  return write(typed, (writer) => writer.plain(rule));
}

/** A form of the query protocol: `prefix&Name=value…`. */
export function formCode(
  prefix: string,
  fields: readonly { readonly name: string; readonly value: Value }[],
  typed = true,
): RuleCode {
  return write(typed, (writer) => [
    { text: prefix },
    ...fields.flatMap(({ name, value }) => [
      { text: `&${name}=` },
      { code: `${writer.helper("formText")}(r, ${writer.joined(writer.plain(value))})` },
    ]),
  ]);
}

/** One pass over the body finds all parts of a rule; paths such as `items[*].sku` need what JSON.parse makes of it. */
function write(typed: boolean, make: (writer: RuleWriter) => readonly Piece[]): RuleCode {
  const inOnePass = new RuleWriter(typed, true);
  const code = inOnePass.write(make);
  return inOnePass.canPass ? code : new RuleWriter(typed, false).write(make);
}

/** Text known at build time, or an expression that gives text. */
type Piece = { readonly text: string } | { readonly code: string };

class RuleWriter {
  /** Paths in the body: text → constant, or number among the parts. */
  readonly #paths = new Map<string, string>();
  /** Variables of `$context`: source → constant. */
  readonly #names = new Map<string, string>();
  readonly #imports = new Map<string, RuntimeImport["module"]>();

  constructor(
    private readonly typed: boolean,
    private readonly inOnePass: boolean,
  ) {}

  /** Whether one pass over the body finds all that was read. */
  get canPass(): boolean {
    return [...this.#paths.keys()].every((text) => isPartPath(parsePath(text)));
  }

  write(make: (writer: RuleWriter) => readonly Piece[]): RuleCode {
    const body = this.joined(make(this));
    const finish = this.helper("finish", "template-runtime");
    const type = (name: string) => (this.typed ? `: ${name}` : "");
    const names = [...this.#names].map(([source, name]) => `  const ${name}${type("ContextName")} = ${source};\n`);
    const constants = [...this.#pathConstants(type), ...names].join("");
    const code = `(() => {\n${constants}  return (r${type("TemplateScope")})${type("string")} => ${finish}(r, ${body});\n})()`;
    const types: TypeImport[] = this.typed ? [{ name: "TemplateScope", module: "template-scope" }] : [];
    if (this.typed && this.#paths.size > 0 && !this.inOnePass)
      types.push({ name: "JsonPath", module: "jsonpath/path" });
    if (this.typed && names.length > 0) types.push({ name: "ContextName", module: "template-scope" });
    return { code, imports: [...this.#imports].map(([name, module]) => ({ name, module })), types };
  }

  #pathConstants(type: (name: string) => string): readonly string[] {
    const paths = [...this.#paths].map(([text, name]) => ({ name, source: pathSource(parsePath(text)) }));
    if (!this.inOnePass) return paths.map(({ name, source }) => `  const ${name}${type("JsonPath")} = ${source};\n`);
    if (paths.length === 0) return [];
    const list = paths.map(({ source }) => source).join(", ");
    return [`  const parts = ${this.helper("bodyParts")}([${list}]);\n`];
  }

  helper(name: string, module: RuntimeImport["module"] = "rules"): string {
    this.#imports.set(name, module);
    return name;
  }

  /** Pieces as one expression; neighbouring texts as one. */
  joined(pieces: readonly Piece[]): string {
    const parts: string[] = [];
    let text = "";
    for (const piece of pieces) {
      if ("text" in piece) {
        text += piece.text;
        continue;
      }
      if (text !== "") parts.push(stringLiteral(text));
      text = "";
      parts.push(piece.code);
    }
    if (text !== "" || parts.length === 0) parts.push(stringLiteral(text));
    return parts.join(" + ");
  }

  /** The value as JSON. */
  json(rule: Value): readonly Piece[] {
    switch (rule.kind) {
      case "constant":
        return [{ text: JSON.stringify(rule.value) }];
      case "reference":
        return this.#jsonOf(rule.reference);
      case "default":
        return [this.#either(rule.reference, this.#jsonOf(rule.reference), this.json(rule.otherwise))];
      case "encoded":
        return this.#encoded(rule);
      case "text":
        return [{ text: '"' }, ...this.#inString(rule.text), { text: '"' }];
      case "object": {
        const members = rule.members.flatMap(({ name, value }, at) => [
          { text: `${at > 0 ? "," : ""}${JSON.stringify(name)}:` },
          ...this.json(value),
        ]);
        return [{ text: "{" }, ...members, { text: "}" }];
      }
      case "list": {
        const items = rule.items.flatMap((item, at) => [...(at > 0 ? [{ text: "," }] : []), ...this.json(item)]);
        return [{ text: "[" }, ...items, { text: "]" }];
      }
      default:
        return assertNever(rule);
    }
  }

  /** The value as plain text, for a form field or inside a text. */
  plain(value: Value): readonly Piece[] {
    switch (value.kind) {
      case "constant":
        return value.value === null ? [] : [{ text: String(value.value) }];
      case "reference":
        return [{ code: this.#plainOf(value.reference) }];
      case "default": {
        const given = [{ code: this.#plainOf(value.reference) }];
        return [this.#either(value.reference, given, this.plain(value.otherwise))];
      }
      case "text":
        return value.text.parts.map((part) =>
          typeof part === "string" ? { text: part } : { code: this.#plainOf(part) },
        );
      default:
        return this.json(value);
    }
  }

  #encoded({ as, value }: Extract<Value, { kind: "encoded" }>): readonly Piece[] {
    const inner = value.kind === "object" || value.kind === "list" ? this.json(value) : this.plain(value);
    const text = this.joined(inner);
    const code = as === "base64" ? `${this.helper("base64Text")}(r, ${text})` : `${this.helper("escaped")}(${text})`;
    return [{ text: '"' }, { code }, { text: '"' }];
  }

  #jsonOf(reference: Reference): readonly Piece[] {
    if (isBody(reference)) return [{ code: this.#bodyJson(reference.path) }];
    return [{ text: '"' }, { code: `${this.helper("escaped")}(${this.#plainOf(reference)})` }, { text: '"' }];
  }

  #inString({ parts }: Text): readonly Piece[] {
    return parts.map((part) =>
      typeof part === "string"
        ? { text: JSON.stringify(part).slice(1, -1) }
        : { code: `${this.helper("escaped")}(${this.#plainOf(part)})` },
    );
  }

  #either(reference: Reference, given: readonly Piece[], otherwise: readonly Piece[]): Piece {
    const test = isBody(reference) ? this.#ofBody("Has", reference.path) : `${this.#maybe(reference)} !== undefined`;
    return { code: `(${test} ? ${this.joined(given)} : ${this.joined(otherwise)})` };
  }

  /** Code of a text; what is missing is empty. */
  #plainOf(reference: Reference): string {
    if (!isBody(reference)) return `(${this.#maybe(reference)} ?? "")`;
    return reference.path.length === 0 ? this.#bodyJson(reference.path) : this.#ofBody("Text", reference.path);
  }

  #bodyJson(path: readonly PathStep[]): string {
    return this.inOnePass ? this.#ofBody("Json", path) : `r.jsonOf(${this.#path(path)})`;
  }

  #ofBody(what: "Has" | "Json" | "Text", path: readonly PathStep[]): string {
    const at = this.#path(path);
    return this.inOnePass
      ? `${this.helper(`part${what}`)}(r, parts, ${at})`
      : `${this.helper(`body${what}`)}(r, ${at})`;
  }

  /** Code of a text or undefined. */
  #maybe(reference: Reference): string {
    switch (reference.kind) {
      case "path":
        return `${this.helper("pathParam")}(r, ${stringLiteral(reference.name)})`;
      case "querystring":
        return `${this.helper("queryParam")}(r, ${stringLiteral(reference.name)})`;
      case "header":
        return `${this.helper("headerParam")}(r, ${stringLiteral(reference.name)})`;
      case "context":
        return `${this.helper("contextText")}(r, ${this.#contextName(reference.path)})`;
      case "stageVariable":
        return `${this.helper("stageText")}(r, ${stringLiteral(reference.name)})`;
      default:
        throw new Error(`rules cannot read ${reference.kind}`);
    }
  }

  #path(steps: readonly PathStep[]): string {
    const text = `$${pathTail(steps)}`;
    const known = this.#paths.get(text);
    if (known !== undefined) return known;
    const name = this.inOnePass ? String(this.#paths.size) : `path${this.#paths.size + 1}`;
    this.#paths.set(text, name);
    return name;
  }

  #contextName(path: readonly string[]): string {
    const source = contextNameSource(path);
    const name = this.#names.get(source) ?? `name${this.#names.size + 1}`;
    this.#names.set(source, name);
    return name;
  }
}
