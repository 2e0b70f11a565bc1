import { nameKey } from "../checks/sdk-names.js";
import {
  anyType,
  array,
  enumeration,
  intersection,
  literal,
  nullType,
  object,
  primitive,
  property,
  reference,
  tuple,
  union,
  withConstraints,
  withDocs,
} from "../model/type-builders.js";
import { unionOf } from "../model/type-unions.js";
import { type Constraints, type Docs, type JsonValue, type Model, noDocs, type Type } from "../model/types.js";
import { isReservedName } from "../syntax/models/names.js";
import type { Importing } from "./importing.js";
import { constraintsOf, isConstraintsOnly, kindsOf, reportKeywords } from "./schema-keywords.js";
import { isTrue, itemsOf, jsonOf, type MapTree, memberOf, membersOf, numberOf, type Tree, textOf } from "./tree.js";

/** Nesting of one schema; references lead to models of their own and do not count. */
const maxDepth = 90;

/**
 * Types of schemas: OpenAPI 3.0's, 3.1's (JSON Schema 2020-12) and Swagger's. What a reference leads to becomes a model,
 * wherever it stands, so that circles end.
 */
export class Schemas {
  readonly #names = new Map<Tree, string>();
  readonly #taken = new Set<string>();
  readonly #queue: { readonly name: string; readonly tree: Tree }[] = [];
  readonly #models: Model[] = [];

  constructor(readonly importing: Importing) {}

  /** Declares the schemas that the document names, which keep their names where TypeScript has such names. */
  declare(components: Tree | undefined): void {
    for (const { name, value } of membersOf(components)) this.#declare(name, value);
  }

  /** All models, those that references brought about behind the declared ones. */
  models(): readonly Model[] {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const type = this.#read(next.tree, 0);
      this.#models.push({ name: next.name, type: { ...type, docs: noDocs }, docs: type.docs, recursive: false });
    }
    return this.#models;
  }

  /** Name of the model that a declared schema became. */
  nameOf(tree: Tree): string | undefined {
    return this.#names.get(tree);
  }

  /** The type of a schema in place. */
  typeOf(tree: Tree | undefined): Type {
    return tree === undefined ? anyType : this.#read(tree, 0);
  }

  #declare(wanted: string, tree: Tree): string {
    const known = this.#names.get(tree);
    if (known !== undefined) return known;
    const name = this.#freeName(wanted);
    if (name !== wanted) this.importing.renamed(tree, wanted, name);
    this.#names.set(tree, name);
    this.#queue.push({ name, tree });
    return name;
  }

  #freeName(wanted: string): string {
    const words = wanted.split(/[^A-Za-z0-9_$]+/).filter((word) => word !== "");
    const [first = "Model", ...rest] = words;
    const joined = first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
    const started = /^[A-Za-z_$]/.test(joined) ? joined : `Model${joined}`;
    const base = isReservedName(started) || typeWords.has(started) ? `${started}Model` : started;
    let name = base;
    for (let count = 2; this.#taken.has(nameKey(name)); count++) name = `${base}${count}`;
    this.#taken.add(nameKey(name));
    return name;
  }

  #read(tree: Tree, depth: number): Type {
    if (tree.kind === "scalar" && tree.value === true) return anyType;
    if (tree.kind !== "map") {
      this.importing.wrongType(tree, "a schema", "a map");
      return anyType;
    }
    if (depth > maxDepth) {
      this.importing.leftOut(tree, "schemas nested deeper than 90");
      return anyType;
    }
    const target = memberOf(tree, "$ref");
    if (target) return this.#reference(tree, target, depth);
    reportKeywords(tree, this.importing);
    const combined = this.#combined(tree, depth);
    const own = this.#own(tree, depth);
    const parts = [...(combined.length > 0 && isBareObject(own) ? [] : [own]), ...combined].filter(
      (part) => part !== anyType,
    );
    const [only] = parts;
    const type = parts.length === 0 ? anyType : parts.length === 1 && only ? only : intersection(parts);
    const nullable = isTrue(memberOf(tree, "nullable")) || isTrue(memberOf(tree, "x-nullable"));
    const whole = nullable && type !== anyType ? unionOf([type, nullType]) : type;
    return withDocs(whole, this.#docs(tree));
  }

  #reference(tree: MapTree, target: Tree, depth: number): Type {
    const model = /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/(\w+)$/.exec(
      textOf(target) ?? "",
    )?.[1];
    const found = model === undefined ? this.importing.resolve(tree) : this.#byName(model, target);
    if (!found) return anyType;
    const type = reference(this.#declare(tailOf(textOf(target) ?? ""), found));
    if (tree.members.size === 1) return type;
    // OpenAPI 3.1 lets keywords stand beside a reference; before, they are ignored.
    const rest = new Map([...tree.members].filter(([name]) => name !== "$ref"));
    if (!this.importing.is31) return type;
    const beside = this.#read({ ...tree, members: rest }, depth + 1);
    const constraints = isConstraintsOnly(rest.keys()) ? constraintsOf({ ...tree, members: rest }, "any") : undefined;
    const bare = { ...beside, docs: noDocs };
    const whole = constraints
      ? withConstraints(type, constraints)
      : beside.kind === "primitive" && beside.name === "any"
        ? type
        : intersection([type, bare]);
    return withDocs(whole, beside.docs);
  }

  #byName(model: string, at: Tree): Tree | undefined {
    for (const [tree, name] of this.#names) if (name === model) return tree;
    at.file.report("import-reference", at.span, { reference: model, why: "no model has this name" });
    return undefined;
  }

  /** What the schema says by `type`, `enum`, `const` and the keywords of each kind. */
  #own(tree: MapTree, depth: number): Type {
    const constant = memberOf(tree, "const");
    if (constant) return this.#values([constant]);
    const list = memberOf(tree, "enum");
    if (list) return this.#values(itemsOf(list), list);
    const kinds = kindsOf(tree, this.importing);
    const types = kinds.map((kind) => withConstraints(this.#kind(kind, tree, depth), constraintsOf(tree, kind)));
    const [only] = types;
    return types.length === 0 ? anyType : types.length === 1 && only ? only : unionOf(types);
  }

  #values(trees: readonly Tree[], list?: Tree): Type {
    const scalars = trees.flatMap((tree) => (tree.kind === "scalar" ? [tree.value] : []));
    if (scalars.length < trees.length || trees.length === 0) {
      const at = trees.find((tree) => tree.kind !== "scalar") ?? list;
      if (at) this.importing.leftOut(at, "values that are no texts, numbers or booleans");
      return anyType;
    }
    const types = scalars.map((value) => (value === null ? nullType : literal(value)));
    const distinct = unionOf(types);
    return distinct.kind === "enum" ? enumeration(distinct.values) : distinct;
  }

  #kind(kind: string, tree: MapTree, depth: number): Type {
    const format = textOf(memberOf(tree, "format"));
    switch (kind) {
      case "null":
        return nullType;
      case "boolean":
        return primitive("boolean");
      case "number":
      case "integer":
        return primitive(kind, formatName(format));
      case "file":
        return primitive("binary", "binary");
      case "string":
        return format === "binary" ? primitive("binary", "binary") : primitive("string", formatName(format));
      case "array":
        return this.#array(tree, depth);
      default:
        return this.#object(tree, depth);
    }
  }

  #array(tree: MapTree, depth: number): Type {
    const items = memberOf(tree, "items");
    const listed = memberOf(tree, "prefixItems") ?? (items?.kind === "list" ? items : undefined);
    if (!listed) return array(items ? this.#read(items, depth + 1) : anyType);
    const rest = items?.kind === "list" ? memberOf(tree, "additionalItems") : items;
    const isClosed = rest?.kind === "scalar" && rest.value === false;
    const types = itemsOf(listed).map((item) => this.#read(item, depth + 1));
    const least = Math.min(numberOf(memberOf(tree, "minItems")) ?? 0, types.length);
    return tuple(types, least, isClosed ? undefined : rest ? this.#read(rest, depth + 1) : anyType);
  }

  #object(tree: MapTree, depth: number): Type {
    const required = new Set(itemsOf(memberOf(tree, "required")).flatMap((name) => textOf(name) ?? []));
    const given = memberOf(tree, "properties");
    if (given && given.kind !== "map") this.importing.wrongType(given, "properties", "a map of schemas");
    const properties = membersOf(given).map(({ name, value }) => {
      const type = this.#read(value, depth + 1);
      const [readOnly, writeOnly] = ["readOnly", "writeOnly"].map((keyword) => isTrue(memberOf(value, keyword)));
      const direction = { readOnly: readOnly === true, ...(writeOnly && !readOnly && { writeOnly }) };
      return property(
        name,
        { ...type, docs: noDocs },
        { optional: !required.has(name), ...direction, docs: type.docs },
      );
    });
    const listed = new Set(properties.map(({ name }) => name));
    const unlisted = [...required].filter((name) => !listed.has(name)).map((name) => property(name, anyType));
    return object([...properties, ...unlisted], this.#additional(memberOf(tree, "additionalProperties"), depth));
  }

  #additional(tree: Tree | undefined, depth: number): Type | boolean {
    if (tree === undefined) return true;
    if (tree.kind === "scalar" && typeof tree.value === "boolean") return tree.value ? anyType : false;
    return this.#read(tree, depth + 1);
  }

  /** `allOf` is an intersection, `anyOf` and `oneOf` are unions; members with nothing but constraints constrain the rest. */
  #combined(tree: MapTree, depth: number): readonly Type[] {
    const parts: Type[] = [];
    for (const keyword of ["allOf", "anyOf", "oneOf"] as const) {
      const list = memberOf(tree, keyword);
      if (!list) continue;
      const members = itemsOf(list);
      if (members.length === 0) {
        this.importing.wrongType(list, keyword, "a list of schemas, not empty");
        continue;
      }
      if (keyword === "allOf") parts.push(...this.#all(members, depth));
      else {
        const types = members.map((member) => this.#read(member, depth + 1));
        parts.push(types.length > 1 && types.some(({ kind }) => kind === "object") ? union(types) : unionOf(types));
      }
    }
    return parts;
  }

  #all(members: readonly Tree[], depth: number): readonly Type[] {
    const limits: Constraints[] = [];
    const types: Type[] = [];
    for (const member of members) {
      if (member.kind === "map" && member.members.size > 0 && isConstraintsOnly(member.members.keys())) {
        limits.push(constraintsOf(member, "any"));
      } else types.push(this.#read(member, depth + 1));
    }
    const [first, ...rest] = types;
    return first && limits.length > 0 ? [withConstraints(first, Object.assign({}, ...limits)), ...rest] : types;
  }

  #docs(tree: MapTree): Docs {
    const value = memberOf(tree, "default");
    const examples = [memberOf(tree, "example"), ...itemsOf(memberOf(tree, "examples"))].filter(
      (each) => each !== undefined,
    );
    const title = textOf(memberOf(tree, "title"));
    const description = textOf(memberOf(tree, "description"));
    const deprecated = isTrue(memberOf(tree, "deprecated"));
    if (!title && !description && !deprecated && !value && examples.length === 0) return noDocs;
    return {
      title: title || undefined,
      description: description?.trim() || undefined,
      deprecated,
      default: value && jsonOf(value),
      examples: examples.map(jsonOf) as readonly JsonValue[],
    };
  }
}

/** `type: object` beside `allOf` says nothing more. */
function isBareObject(type: Type): boolean {
  const isPlain = Object.keys(type.constraints).length === 0;
  return type.kind === "object" && type.properties.length === 0 && type.additional === true && isPlain;
}

/** Names that TypeScript or the library of every program takes. */
const typeWords: ReadonlySet<string> = new Set(
  "Date Map Set Promise Function Buffer Blob File URL RegExp String Number Boolean Object Symbol".split(" "),
);

function formatName(format: string | undefined): string | undefined {
  return format !== undefined && /^[\w.-]+$/.test(format) ? format : undefined;
}

/** The last step of a pointer, or the name of a file without its ending. */
function tailOf(pointer: string): string {
  const [file = "", fragment = ""] = pointer.split("#");
  const steps = (fragment === "" || fragment === "/" ? file : fragment).split("/");
  return (steps.at(-1) ?? "").replaceAll("~1", "/").replace(/\.(?:json|ya?ml)$/, "") || "Model";
}
