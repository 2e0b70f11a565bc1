import { membersOf, resolved } from "../../src/model/type-questions.js";
import type { Model, ObjectType, Property, Type, UnionType } from "../../src/model/types.js";
import { upperFirst } from "../emit/names.js";
import { NameTable } from "../sdk-shared/name-table.js";
import { type ClassNames, javaClass, javaConstant, javaName } from "./java-names.js";
import { javaString } from "./java-text.js";

/** A file of its own each. */
export type JavaDeclaration = JavaRecord | JavaEnum | JavaUnion;

export interface JavaRecord {
  readonly kind: "record";
  readonly name: string;
  readonly docs: string | undefined;
  readonly fields: readonly JavaField[];
  /** Members with one possible value: written by themselves. */
  readonly constants: readonly {
    readonly wire: string;
    readonly name: string;
    readonly type: string;
    readonly value: string;
  }[];
  readonly order: readonly string[];
  readonly more: { readonly name: string; readonly use: JavaUse } | undefined;
}

export interface JavaField {
  readonly wire: string;
  readonly name: string;
  /** The type of the component. */
  readonly type: string;
  readonly codec: string;
  /** What stands for a primitive that did not come; undefined for objects. */
  readonly missing: string | undefined;
  readonly when: "required" | "optional" | "maybe";
  /** Whether null is a value of it; a `Maybe` holds it. */
  readonly nullable: boolean;
  readonly docs: string | undefined;
}

/** An open set of texts: a value that is newer than the package is one as well. */
export interface JavaEnum {
  readonly kind: "enum";
  readonly name: string;
  readonly docs: string | undefined;
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

export interface JavaUnion {
  readonly kind: "union";
  readonly name: string;
  readonly docs: string | undefined;
  readonly members: readonly {
    readonly type: string;
    readonly condition: string;
    readonly wrapped: JavaUse | undefined;
  }[];
}

export interface JavaUse {
  /** The type as an object: `Long` for a `long`. */
  readonly type: string;
  readonly codec: string;
  readonly nullable: boolean;
  readonly primitive: { readonly type: string; readonly missing: string } | undefined;
  /** Whether it is a class of this package that can implement an interface. */
  readonly isOwn: boolean;
}

/** More components than this are no record: constructors end at 255 (JVMS 4.3.3). */
const mostFields = 120;

/** Types as Java writes them. Objects and unions without a name of their own get one from where they stand. */
export class JavaTypes {
  readonly declarations: JavaDeclaration[] = [];
  readonly #modelNames = new Map<string, string>();
  readonly #models: ReadonlyMap<string, Model>;
  readonly #inline = new Map<string, readonly { readonly of: unknown; readonly name: string }[]>();

  constructor(
    models: readonly Model[],
    readonly names: ClassNames,
  ) {
    this.#models = new Map(models.map((model) => [model.name, model]));
    const declared = models.filter((model) => this.#isDeclared(model.type));
    for (const { name } of declared) this.#modelNames.set(name, names.take(javaClass(name), "Model"));
    for (const { name, type, docs } of declared)
      this.#declare(this.#modelNames.get(name) ?? "", type, docs.description);
  }

  readonly lookup = (name: string): Type | undefined => this.#models.get(name)?.type;

  use(type: Type, hint: string): JavaUse {
    switch (type.kind) {
      case "primitive":
        return primitive(type.name, type.format);
      case "literal":
        return primitive(literalName(type.value), undefined);
      case "enum":
        if (type.base !== "string")
          return primitive(
            type.values.every(Number.isSafeInteger) ? type.base : type.base === "boolean" ? "boolean" : "number",
            undefined,
          );
        return own(this.#named(type, hint, (name) => this.#declare(name, type, undefined)));
      case "array":
        return composed("List", "list", this.use(type.items, `${hint}Item`));
      case "tuple":
        return composed("List", "list", anything);
      case "object":
        if (this.#isDeclared(type))
          return own(this.#named(type.properties[0], hint, (name) => this.#declare(name, type, undefined)));
        return this.#map(type, hint);
      case "intersection":
        if (this.#isDeclared(type))
          return own(this.#named(type.members[0], hint, (name) => this.#declare(name, type, undefined)));
        return anything;
      case "reference":
        return this.#reference(type.model);
      case "union":
        return this.#unionUse(type, hint);
    }
  }

  field(
    type: Type,
    isOptional: boolean,
    hint: string,
  ): Pick<JavaField, "type" | "codec" | "when" | "nullable" | "missing"> {
    const use = this.use(type, hint);
    // Anything may be null as well.
    if (isOptional && (use.nullable || use.type === "Object"))
      return { type: `Maybe<${use.type}>`, codec: use.codec, when: "maybe", nullable: false, missing: undefined };
    if (isOptional) return { type: use.type, codec: use.codec, when: "optional", nullable: true, missing: undefined };
    const nullable = use.nullable || use.type === "Object";
    if (nullable || use.primitive === undefined)
      return { type: use.type, codec: use.codec, when: "required", nullable, missing: undefined };
    const { type: primitive, missing } = use.primitive;
    return { type: primitive, codec: use.codec, when: "required", nullable: false, missing };
  }

  /** Interfaces that a record or set of texts is a member of. */
  unionsOf(name: string): readonly string[] {
    return this.declarations.flatMap((entry) =>
      entry.kind === "union" && entry.members.some(({ type, wrapped }) => !wrapped && type === name)
        ? [entry.name]
        : [],
    );
  }

  #isDeclared(type: Type): boolean {
    if (type.kind === "enum") return type.base === "string";
    if (type.kind === "union") return this.#isSealed(type);
    const members = type.kind === "object" || type.kind === "intersection" ? membersOf(type, this.lookup) : undefined;
    return members !== undefined && members.properties.size > 0 && members.properties.size <= mostFields;
  }

  #declare(name: string, type: Type, docs: string | undefined): void {
    if (type.kind === "enum") {
      // A constant of the class's own name would hide it (JLS 6.4.2).
      const table = new NameTable(["CODEC", name]);
      const values = type.values.map((entry) => ({
        name: table.take(javaConstant(String(entry)), "_VALUE"),
        value: String(entry),
      }));
      this.declarations.push({ kind: "enum", name, docs, values });
      return;
    }
    if (type.kind === "union") this.#union(name, type, docs);
    else {
      const members = membersOf(type, this.lookup);
      this.#record(name, [...(members?.properties.values() ?? [])], members?.additional ?? true, docs);
    }
  }

  #record(name: string, properties: readonly Property[], additional: Type | boolean, docs: string | undefined): void {
    const place = this.declarations.length;
    this.declarations.push({ kind: "record", name, docs, fields: [], constants: [], order: [], more: undefined });
    const table = new NameTable();
    const constants: JavaRecord["constants"][number][] = [];
    const fields: JavaField[] = [];
    for (const { name: wire, type, optional, docs: about } of properties) {
      const own = table.take(javaName(wire), "Field");
      if (type.kind === "literal" && !optional) {
        const { primitive: plain } = this.use(type, "");
        constants.push({ wire, name: own, type: plain?.type ?? "String", value: literalText(type.value) });
      } else
        fields.push({
          wire,
          name: own,
          ...this.field(type, optional, `${name}${upperFirst(own)}`),
          docs: about.description,
        });
    }
    const more =
      typeof additional === "object"
        ? { name: table.take("additional", "Members"), use: this.use(additional, `${name}Additional`) }
        : undefined;
    this.declarations[place] = {
      kind: "record",
      name,
      docs,
      fields,
      constants,
      order: properties.map((entry) => entry.name),
      more,
    };
  }

  #map(type: ObjectType, hint: string): JavaUse {
    const item = typeof type.additional === "object" ? this.use(type.additional, `${hint}Value`) : anything;
    return composed("Map", "map", item);
  }

  #named(of: unknown, hint: string, declare: (name: string) => void): string {
    const known = this.#inline.get(hint)?.find((entry) => entry.of === of);
    if (known) return known.name;
    const name = this.names.take(javaClass(hint), "Type");
    this.#inline.set(hint, [...(this.#inline.get(hint) ?? []), { of, name }]);
    declare(name);
    return name;
  }

  /** Java has no aliases: what has no class of its own is written out, unless it refers to itself. */
  #reference(model: string): JavaUse {
    const found = this.#models.get(model);
    const name = this.#modelNames.get(model);
    if (found === undefined) return anything;
    if (name !== undefined) {
      const hasNull = found.type.kind === "union" && found.type.members.some(isNullType);
      return { ...own(name), nullable: hasNull };
    }
    const isLoop =
      found.recursive &&
      !(
        found.type.kind === "union" &&
        found.type.members.every((member) => this.#isDeclared(member) || isNullType(member))
      );
    return isLoop ? anything : this.use(found.type, `${javaClass(model)}Value`);
  }

  #isSealed(type: UnionType): boolean {
    if (type.members.filter((member) => !isNullType(member)).length < 2) return false;
    return !this.#flat(type).some((member) => member.kind === "primitive" && member.name === "any");
  }

  #unionUse(type: UnionType, hint: string): JavaUse {
    const members = type.members.filter((member) => !isNullType(member));
    const hasNull = members.length < type.members.length;
    const [only] = members;
    if (only === undefined) return anything;
    if (members.length === 1) return { ...this.use(only, hint), ...(hasNull ? { nullable: true } : {}) };
    if (!this.#isSealed(type)) return anything;
    return { ...own(this.#named(members[0], hint, (name) => this.#declare(name, type, undefined))), nullable: hasNull };
  }

  #flat(type: Type, seen: readonly Type[] = []): readonly Type[] {
    if (seen.includes(type)) return [];
    const target = resolved(type, this.lookup);
    if (target.kind === "union") return target.members.flatMap((member) => this.#flat(member, [...seen, type]));
    return isNullType(target) ? [] : [type];
  }

  #union(name: string, type: UnionType, docs: string | undefined): void {
    const place = this.declarations.length;
    this.declarations.push({ kind: "union", name, docs, members: [] });
    const tags = type.discriminator;
    const direct = type.members.filter((member) => !isNullType(member));
    const flat = this.#flat(type);
    const isTagged = tags !== undefined && tags.values.length === direct.length && flat.length === direct.length;
    const members = flat.map((member, at) => {
      const use = this.use(member, `${name}${isTagged ? javaClass(tags.values[at] ?? "") : `Option${at + 1}`}`);
      const condition = isTagged
        ? `Codec.hasTag(json, ${javaString(tags.property)}, ${javaString(tags.values[at] ?? "")})`
        : this.#condition(member);
      return { type: use.isOwn ? use.type : wrapperName(use.type), condition, wrapped: use.isOwn ? undefined : use };
    });
    const seen = new Set<string>();
    const unique = members.filter(({ type: own }) => isTagged || !(seen.has(own) || !seen.add(own)));
    this.declarations[place] = { kind: "union", name, docs, members: unique };
  }

  #condition(member: Type): string {
    const target = resolved(member, this.lookup);
    switch (target.kind) {
      case "literal":
        return kindCondition(typeof target.value);
      case "enum":
        return kindCondition(target.base);
      case "array":
      case "tuple":
        return kindCondition("array");
      case "primitive":
        return kindCondition(target.name);
      default: {
        const needed = [...(membersOf(target, this.lookup)?.properties.values() ?? [])].filter(
          (property) => !property.optional,
        );
        return `Codec.isObject(json${needed.map((property) => `, ${javaString(property.name)}`).join("")})`;
      }
    }
  }
}

function kindCondition(kind: string): string {
  const classes: Readonly<Record<string, string>> = {
    string: "String",
    binary: "String",
    number: "Number",
    integer: "Long",
    boolean: "Boolean",
    array: "List",
  };
  const name = classes[kind];
  return name === undefined ? "json != null" : name === "List" ? "json instanceof List<?>" : `json instanceof ${name}`;
}

function wrapperName(type: string): string {
  const names: Readonly<Record<string, string>> = {
    String: "OfText",
    Long: "OfInteger",
    Double: "OfNumber",
    Boolean: "OfBoolean",
    OffsetDateTime: "OfTime",
    LocalDate: "OfDate",
  };
  return names[type] ?? (type.startsWith("List<") ? "OfList" : type.startsWith("Map<") ? "OfMap" : "OfAny");
}

function isNullType(type: Type): boolean {
  return type.kind === "primitive" && type.name === "null";
}

function own(type: string): JavaUse {
  return { type, codec: `${type}.CODEC`, nullable: false, primitive: undefined, isOwn: true };
}

const anything: JavaUse = { type: "Object", codec: "Codec.ANY", nullable: false, primitive: undefined, isOwn: false };

function composed(type: string, by: string, item: JavaUse): JavaUse {
  const inner = type === "Map" ? `String, ${item.type}` : item.type;
  return {
    type: `${type}<${inner}>`,
    codec: `Codec.${by}(${item.codec})`,
    nullable: false,
    primitive: undefined,
    isOwn: false,
  };
}

function primitive(name: string, format: string | undefined): JavaUse {
  const of = (type: string, codec: string, plain?: JavaUse["primitive"]): JavaUse => ({
    type,
    codec: `Codec.${codec}`,
    nullable: false,
    primitive: plain,
    isOwn: false,
  });
  switch (name) {
    case "string":
      if (format === "date-time") return of("OffsetDateTime", "TIME");
      return format === "date" ? of("LocalDate", "DAY") : of("String", "STRING");
    case "integer":
      return of("Long", "LONG", { type: "long", missing: "0L" });
    case "number":
      return of("Double", "DOUBLE", { type: "double", missing: "0.0" });
    case "boolean":
      return of("Boolean", "BOOLEAN", { type: "boolean", missing: "false" });
    case "binary":
      return of("byte[]", "BYTES");
    default:
      return anything;
  }
}

function literalName(value: string | number | boolean): string {
  if (typeof value === "number") return Number.isSafeInteger(value) ? "integer" : "number";
  return typeof value;
}

function literalText(value: string | number | boolean): string {
  if (typeof value === "string") return javaString(value);
  return Number.isSafeInteger(value) ? `${value}L` : String(value);
}
