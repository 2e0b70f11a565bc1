import { membersOf, resolved } from "../../src/model/type-questions.js";
import type { Docs, Model, ObjectType, Property, Type, UnionType } from "../../src/model/types.js";
import { NameTable } from "../sdk-shared/name-table.js";
import { goName, goTypeName } from "./go-names.js";
import { goString } from "./go-text.js";

/** What `models.go` declares, in order. */
export type GoDeclaration = GoRecord | GoEnum | GoDefined | GoAlias | GoUnion;

interface Declared {
  readonly name: string;
  readonly docs: string | undefined;
  readonly deprecated: boolean;
}

export interface GoRecord extends Declared {
  readonly kind: "record";
  readonly fields: readonly GoField[];
  /** Members with one possible value: written by themselves, read by a method. */
  readonly constants: readonly {
    readonly wire: string;
    readonly name: string;
    readonly type: string;
    readonly value: string;
  }[];
  /** Members in the order of the file, by their names on the wire. */
  readonly order: readonly string[];
  /** What may stand beside the listed members. */
  readonly more: { readonly name: string; readonly use: GoUse } | undefined;
}

export interface GoField {
  readonly wire: string;
  readonly name: string;
  readonly type: string;
  readonly decoder: string;
  readonly when: "required" | "nullable" | "optional";
  readonly docs: string | undefined;
  readonly deprecated: boolean;
}

export interface GoEnum extends Declared {
  readonly kind: "enum";
  readonly base: string;
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

/** `type Tags []string`; the decoder is there where encoding/json needs help. */
export interface GoDefined extends Declared {
  readonly kind: "defined";
  readonly type: string;
  readonly decoder: string | undefined;
  /** `embedded` in a struct, to keep its methods; `wrapped` as the one member of a struct, as it can have none. */
  readonly form: "plain" | "embedded" | "wrapped";
}

export interface GoAlias extends Declared {
  readonly kind: "alias";
  readonly type: string;
}

export interface GoUnion extends Declared {
  readonly kind: "union";
  readonly unknown: string;
  readonly members: readonly { readonly name: string; readonly condition: string }[];
}

/** How a type is written at some place. */
export interface GoUse {
  readonly type: string;
  /** Expression of type `decoder[type]`. */
  readonly decoder: string;
  /** Whether the zero value is nil. */
  readonly nilable: boolean;
  /** Whether null is one of its values. */
  readonly nullable: boolean;
  /** The type without null. */
  readonly base: { readonly type: string; readonly decoder: string };
  /** Whether it is a struct, which results are pointers to. */
  readonly isRecord: boolean;
  /** Whether methods can be declared on it. */
  readonly isDefined: boolean;
}

/** Types as Go writes them. Objects and unions without a name of their own get one from where they stand. */
export class GoTypes {
  readonly declarations: GoDeclaration[] = [];
  readonly #modelNames = new Map<string, string>();
  readonly #models: ReadonlyMap<string, Model>;
  readonly #inline = new Map<string, readonly { readonly of: unknown; readonly name: string }[]>();
  readonly #wrappers = new Map<string, string>();

  constructor(
    models: readonly Model[],
    readonly names: NameTable,
  ) {
    this.#models = new Map(models.map((model) => [model.name, model]));
    for (const { name } of models) this.#modelNames.set(name, this.names.take(goTypeName(name), "Model"));
    for (const model of models) this.#declare(this.#modelNames.get(model.name) ?? "", model);
  }

  readonly lookup = (name: string): Type | undefined => this.#models.get(name)?.type;

  use(type: Type, hint: string): GoUse {
    switch (type.kind) {
      case "primitive":
        return primitive(type.name, type.format);
      case "literal":
        return value(literalType(type.value));
      case "enum":
        return type.base === "boolean"
          ? value("bool")
          : defined(this.#named(type, hint, (name) => this.#enum(name, type, undefined)));
      case "array":
        return this.#list(type.items, hint);
      case "tuple":
        return { ...value("[]any"), nilable: true };
      case "object":
        return this.#object(type, hint);
      case "reference":
        return this.#reference(type.model);
      case "union":
        return this.#unionUse(type, hint);
      case "intersection": {
        const members = membersOf(type, this.lookup);
        if (!members || members.properties.size === 0)
          return type.members[0] ? this.use(type.members[0], hint) : anything;
        const properties = [...members.properties.values()];
        const name = this.#named(properties[0] ?? type, hint, (taken) =>
          this.#record(taken, properties, members.additional, undefined),
        );
        return record(name);
      }
    }
  }

  /** A field: what may be absent is a pointer where it has no nil of its own, and an Optional where null says something else. */
  field(type: Type, isOptional: boolean, hint: string): Pick<GoField, "type" | "decoder" | "when"> {
    const use = this.use(type, hint);
    if (!isOptional) return { type: use.type, decoder: use.decoder, when: use.nullable ? "nullable" : "required" };
    // Anything may be null as well.
    if (use.nullable || use.type === "any") {
      const { type: base, decoder } = use.base;
      return { type: `Optional[${base}]`, decoder: `optionalOf(${decoder})`, when: "optional" };
    }
    if (use.nilable) return { type: use.type, decoder: use.decoder, when: "optional" };
    return { type: `*${use.type}`, decoder: `pointer(${use.decoder})`, when: "optional" };
  }

  #declare(name: string, { type, docs, recursive }: Model): void {
    const members = type.kind === "object" || type.kind === "intersection" ? membersOf(type, this.lookup) : undefined;
    if (type.kind === "enum" && type.base !== "boolean") this.#enum(name, type, docs);
    else if (members && members.properties.size > 0)
      this.#record(name, [...members.properties.values()], members.additional, docs);
    else if (type.kind === "union" && this.#isSealed(type)) this.#union(name, type, docs);
    else this.#declareOther(name, { type, docs, recursive });
  }

  #declareOther(name: string, { type, docs, recursive }: Pick<Model, "type" | "docs" | "recursive">): void {
    const isLoop = recursive && type.kind === "union" && !this.#isLoopFree(type);
    const use = isLoop ? anything : this.use(type, `${name}Value`);
    const named = { name, ...about(docs), type: use.type };
    const isList = (type.kind === "array" || type.kind === "object") && use.nilable && use.type !== "any";
    const decoder = isPlain(use) ? undefined : use.decoder;
    this.declarations.push(
      isList ? { kind: "defined", ...named, decoder, form: "plain" } : { kind: "alias", ...named },
    );
  }

  /** Whether an alias of the union would not mention itself: its one member is an object with a name of its own. */
  #isLoopFree(type: UnionType): boolean {
    return type.members.every(
      (member) => member.kind === "primitive" || (member.kind === "object" && member.properties.length > 0),
    );
  }

  #enum(name: string, type: Extract<Type, { kind: "enum" }>, docs: Docs | undefined): void {
    const base =
      type.base === "string" ? "string" : type.values.every((entry) => isInteger(entry)) ? "int64" : "float64";
    const values = type.values.map((entry) => {
      const text = String(entry)
        .replace(/^-(?=\d)/, "Minus ")
        .replace(/\./g, "Point");
      const suffix = String(entry) === "" ? "Empty" : goName(text).replace(/^X(?=[^\p{Lu}])/u, "");
      return {
        name: this.names.take(`${name}${suffix}`, "Value"),
        value: typeof entry === "string" ? goString(entry) : String(entry),
      };
    });
    this.declarations.push({ kind: "enum", name, ...about(docs), base, values });
  }

  /** The place in the order is taken before the members are: what they declare stands behind. */
  #record(name: string, properties: readonly Property[], additional: Type | boolean, docs: Docs | undefined): void {
    const place = this.declarations.length;
    this.declarations.push({
      kind: "record",
      name,
      ...about(docs),
      fields: [],
      constants: [],
      order: [],
      more: undefined,
    });
    const table = new NameTable(["MarshalJSON", "UnmarshalJSON"]);
    const constants: GoRecord["constants"][number][] = [];
    const fields: GoField[] = [];
    for (const { name: wire, type, optional, docs: memberDocs } of properties) {
      const own = table.take(goName(wire), "Field");
      if (type.kind === "literal" && !optional) {
        const text = typeof type.value === "string" ? goString(type.value) : String(type.value);
        constants.push({ wire, name: own, type: literalType(type.value), value: text });
        continue;
      }
      const field = this.field(type, optional, `${name}${own}`);
      const isLoop = field.when === "required" && type.kind === "reference" && this.#isRecursiveRecord(type.model);
      fields.push({
        wire,
        name: own,
        ...(isLoop ? { type: `*${field.type}`, decoder: `pointer(${field.decoder})`, when: "required" } : field),
        docs: memberDocs.description,
        deprecated: memberDocs.deprecated,
      });
    }
    const more =
      typeof additional === "object"
        ? { name: table.take("Additional", "Members"), use: this.use(additional, `${name}Additional`) }
        : undefined;
    const order = properties.map((property) => property.name);
    this.declarations[place] = { kind: "record", name, ...about(docs), fields, constants, order, more };
  }

  #isRecursiveRecord(model: string): boolean {
    return (this.#models.get(model)?.recursive ?? false) && this.#reference(model).isRecord;
  }

  #list(items: Type, hint: string): GoUse {
    const item = this.use(items, `${hint}Item`);
    return { ...composed(`[]${item.type}`, item, "listOf"), nilable: true };
  }

  #object(type: ObjectType, hint: string): GoUse {
    if (type.properties.length > 0) {
      const first = type.properties[0];
      return record(
        this.#named(first, hint, (name) => this.#record(name, type.properties, type.additional, undefined)),
      );
    }
    const item = typeof type.additional === "object" ? this.use(type.additional, `${hint}Value`) : anything;
    return { ...composed(`map[string]${item.type}`, item, "mapOf"), nilable: true };
  }

  /** The same type at the same place is one type, however often it is asked for. */
  #named(of: unknown, hint: string, declare: (name: string) => void): string {
    const known = this.#inline.get(hint)?.find((entry) => entry.of === of);
    if (known) return known.name;
    const name = this.names.take(goTypeName(hint), "Type");
    this.#inline.set(hint, [...(this.#inline.get(hint) ?? []), { of, name }]);
    declare(name);
    return name;
  }

  #reference(model: string): GoUse {
    const name = this.#modelNames.get(model);
    const found = this.#models.get(model);
    if (name === undefined || found === undefined) return anything;
    const { type } = found;
    if (type.kind === "enum" && type.base !== "boolean") return defined(name);
    if (type.kind === "object" && type.properties.length > 0) return record(name);
    if (type.kind === "intersection" && (membersOf(type, this.lookup)?.properties.size ?? 0) > 0) return record(name);
    if (type.kind === "array" || type.kind === "object") return { ...defined(name), nilable: true };
    if (type.kind === "union" && this.#isSealed(type)) return sealed(name, type.members.some(isNullType));
    if (found.recursive && (type.kind !== "union" || !this.#isLoopFree(type))) return anything;
    return this.use(type, `${name}Value`);
  }

  /** A union of more than one thing that is not just anything. */
  #isSealed(type: UnionType): boolean {
    if (type.members.filter((member) => !isNullType(member)).length < 2) return false;
    return !this.#flat(type).some((member) => member.kind === "primitive" && member.name === "any");
  }

  #unionUse(type: UnionType, hint: string): GoUse {
    const members = type.members.filter((member) => !isNullType(member));
    const hasNull = members.length < type.members.length;
    const [only] = members;
    if (only === undefined) return anything;
    if (members.length > 1 && !this.#isSealed(type)) return anything;
    if (members.length === 1) return hasNull ? withNull(this.use(only, hint)) : this.use(only, hint);
    return sealed(
      this.#named(members[0], hint, (name) => this.#union(name, type, undefined)),
      hasNull,
    );
  }

  /** Members with those of nested unions in their place, without null. */
  #flat(type: Type, seen: readonly Type[] = []): readonly Type[] {
    if (seen.includes(type)) return [];
    const target = resolved(type, this.lookup);
    if (target.kind === "union") return target.members.flatMap((member) => this.#flat(member, [...seen, type]));
    return isNullType(target) ? [] : [type];
  }

  #union(name: string, type: UnionType, docs: Docs | undefined): void {
    const place = this.declarations.length;
    const unknown = this.names.take(`${name}Unknown`, "Value");
    this.declarations.push({ kind: "union", name, ...about(docs), unknown, members: [] });
    const tags = type.discriminator;
    const members = type.members.filter((member) => !isNullType(member));
    const isTagged = tags !== undefined && tags.values.length === members.length;
    const entries = isTagged
      ? members.map((member, at) => ({
          name: this.#member(member, name, `${name}${goName(tags.values[at] ?? "")}`),
          condition: `hasTag(raw, ${goString(tags.property)}, ${goString(tags.values[at] ?? "")})`,
        }))
      : this.#flat(type).map((member, at) => ({
          name: this.#member(member, name, `${name}Option${at + 1}`),
          condition: this.#condition(member),
        }));
    const seen = new Set<string>();
    const unique = entries.filter((entry) => isTagged || !(seen.has(entry.name) || !seen.add(entry.name)));
    this.declarations[place] = { kind: "union", name, ...about(docs), unknown, members: unique };
  }

  /** The Go type of a member: its own where methods can be declared on it, otherwise one made for the union. */
  #member(member: Type, union: string, hint: string): string {
    const use = this.use(member, hint);
    if (use.isDefined) return use.type;
    const key = `${union} ${use.type}`;
    const known = this.#wrappers.get(key);
    if (known !== undefined) return known;
    const name = this.names.take(`${union}${wrapperSuffix(use.type)}`, "Value");
    this.#wrappers.set(key, name);
    const isTime = use.type === "time.Time" || use.type === "Date";
    const form = isTime ? "embedded" : use.type === "any" || use.type.startsWith("*") ? "wrapped" : "plain";
    const decoder = form === "wrapped" || (form === "plain" && !isPlain(use)) ? use.decoder : undefined;
    this.declarations.push({
      kind: "defined",
      name,
      docs: `One of ${union}`,
      deprecated: false,
      type: use.type,
      decoder,
      form,
    });
    return name;
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
        const members = membersOf(target, this.lookup);
        const needed = [...(members?.properties.values() ?? [])].filter((property) => !property.optional);
        const names = needed.map((property) => `, ${goString(property.name)}`).join("");
        return `isObject(raw${names})`;
      }
    }
  }
}

function kindCondition(kind: string): string {
  const first = { string: "'\"'", number: "'0'", integer: "'0'", boolean: "'t'", array: "'['", binary: "'\"'" }[kind];
  return first === undefined ? "true" : `isKind(raw, ${first})`;
}

function wrapperSuffix(type: string): string {
  if (type === "time.Time") return "Time";
  if (type === "int64") return "Integer";
  if (type === "float64") return "Number";
  if (type.startsWith("[]")) return "List";
  return type.startsWith("map[") ? "Map" : goTypeName(type.replace(/^\*/, ""));
}

function about(docs: Docs | undefined): Pick<Declared, "docs" | "deprecated"> {
  return { docs: docs?.description, deprecated: docs?.deprecated ?? false };
}

function isNullType(type: Type): boolean {
  return type.kind === "primitive" && type.name === "null";
}

function isInteger(entry: string | number | boolean): boolean {
  return typeof entry === "number" && Number.isSafeInteger(entry);
}

function isPlain(use: GoUse): boolean {
  return use.decoder.startsWith("plain[");
}

function value(type: string): GoUse {
  const decoder = `plain[${type}]`;
  return { type, decoder, nilable: false, nullable: false, base: { type, decoder }, isRecord: false, isDefined: false };
}

function defined(type: string): GoUse {
  return { ...value(type), isDefined: true };
}

function record(type: string): GoUse {
  return { ...defined(type), isRecord: true };
}

function sealed(name: string, nullable: boolean): GoUse {
  const decoder = `decode${name}`;
  return { ...value(name), decoder, nilable: true, nullable, base: { type: name, decoder } };
}

/** A list or map: encoding/json reads it by itself unless a union is in it. */
function composed(type: string, item: GoUse, by: string): GoUse {
  if (isPlain(item)) return value(type);
  const decoder = `${by}(${item.decoder})`;
  return { ...value(type), decoder, base: { type, decoder } };
}

function withNull(use: GoUse): GoUse {
  if (use.nilable) return { ...use, nullable: true };
  const type = `*${use.type}`;
  const decoder = isPlain(use) ? `plain[${type}]` : `pointer(${use.decoder})`;
  return { ...value(type), decoder, nilable: true, nullable: true, base: { type: use.type, decoder: use.decoder } };
}

const anything: GoUse = { ...value("any"), nilable: true };

function primitive(name: string, format: string | undefined): GoUse {
  if (name === "string" && format === "date-time") return value("time.Time");
  if (name === "string" && format === "date") return value("Date");
  if (name === "binary") return { ...value("[]byte"), nilable: true };
  const types: Readonly<Record<string, string>> = {
    string: "string",
    number: "float64",
    integer: "int64",
    boolean: "bool",
  };
  const type = types[name];
  return type === undefined ? anything : value(type);
}

function literalType(literal: string | number | boolean): string {
  if (typeof literal === "string") return "string";
  if (typeof literal === "boolean") return "bool";
  return isInteger(literal) ? "int64" : "float64";
}
