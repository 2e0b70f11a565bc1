import { membersOf, resolved } from "../../src/model/type-questions.js";
import type { Docs, Model, ObjectType, Property, Type } from "../../src/model/types.js";
import { upperFirst } from "../emit/names.js";
import { NameTable } from "../sdk-shared/name-table.js";
import { pythonClass, pythonName } from "./python-names.js";
import { pythonString } from "./python-text.js";

/** What `models.py` declares, in order. */
export type PythonDeclaration = RecordDeclaration | AliasDeclaration | EnumDeclaration;

export interface RecordDeclaration {
  readonly kind: "record";
  readonly name: string;
  readonly docs: string | undefined;
  readonly fields: readonly FieldDeclaration[];
}

export interface FieldDeclaration {
  readonly wire: string;
  /** Attribute of a dataclass. */
  readonly name: string;
  readonly type: string;
  readonly codec: string;
  readonly optional: boolean;
  /** Whether null is a value of it. */
  readonly nullable: boolean;
  readonly docs: string | undefined;
}

export interface AliasDeclaration {
  readonly kind: "alias";
  readonly name: string;
  readonly docs: string | undefined;
  readonly type: string;
  readonly codec: string;
}

export interface EnumDeclaration {
  readonly kind: "enum";
  readonly name: string;
  readonly docs: string | undefined;
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

export interface TypeUse {
  /** Annotation, with models as `models.Order`. */
  readonly type: string;
  /** Expression for the codec; `c.RAW` where JSON stays as it is. */
  readonly codec: string;
}

/**
 * Types as Python writes them. Objects without a name of their own get one from where they stand, as Python has no
 * anonymous ones.
 */
export class PythonTypes {
  readonly #names = new NameTable(reserved);
  readonly #modelNames = new Map<string, string>();
  readonly #inline = new Map<string, readonly { readonly first: Property | undefined; readonly name: string }[]>();
  readonly #models: ReadonlyMap<string, Model>;
  readonly declarations: PythonDeclaration[] = [];

  constructor(
    models: readonly Model[],
    readonly isDataclass: boolean,
  ) {
    this.#models = new Map(models.map((model) => [model.name, model]));
    for (const { name } of models) this.#modelNames.set(name, this.#names.take(pythonClass(name), "Model"));
    for (const model of models) this.#declare(this.#modelNames.get(model.name) ?? model.name, model.type, model.docs);
  }

  /** A type outside of `models.py`; `hint` names what has no name. */
  use(type: Type, hint: string): TypeUse {
    return this.#use(type, hint, "models.");
  }

  /** A parameter: lists may be any sequence, times may be texts. */
  argument(type: Type, hint: string): string {
    const target = resolved(type, this.lookup);
    if (type.kind !== "reference" && target.kind === "array") return `Sequence[${this.argument(target.items, hint)}]`;
    const written = this.use(type, hint).type;
    const format = target.kind === "primitive" ? target.format : undefined;
    if (format === "date-time") return "str | datetime.datetime";
    return format === "date" ? "str | datetime.date" : written;
  }

  readonly lookup = (name: string): Type | undefined => this.#models.get(name)?.type;

  #declare(name: string, type: Type, docs: Docs): void {
    const text = docsText(docs);
    const members = type.kind === "object" || type.kind === "intersection" ? membersOf(type, this.lookup) : undefined;
    if (members && members.properties.size > 0) {
      this.#record(name, [...members.properties.values()], text);
      return;
    }
    if (this.isDataclass && type.kind === "enum" && type.base === "string") {
      this.declarations.push({ kind: "enum", name, docs: text, values: enumMembers(type.values.map(String)) });
      return;
    }
    this.declarations.push({ kind: "alias", name, docs: text, ...this.#use(type, name, "") });
  }

  /** The place in the order is taken before the members are: what they declare stands behind. */
  #record(name: string, properties: readonly Property[], docs: string | undefined): void {
    const place = this.declarations.length;
    this.declarations.push({ kind: "record", name, docs, fields: [] });
    const names = new NameTable(reservedAttributes);
    const fields = properties.map((property): FieldDeclaration => {
      const use = this.#use(property.type, `${name}${upperFirst(pythonClass(property.name))}`, "");
      return {
        wire: property.name,
        name: names.take(pythonName(property.name)),
        ...use,
        optional: property.optional,
        nullable: this.#hasNull(property.type),
        docs: docsText(property.docs),
      };
    });
    this.declarations[place] = { kind: "record", name, docs, fields };
  }

  #use(type: Type, hint: string, prefix: string): TypeUse {
    switch (type.kind) {
      case "primitive":
        return this.#primitive(type.name, type.format);
      case "literal":
        return raw(literal(type.value));
      case "enum":
        return raw(
          type.values.some((value) => typeof value === "number" && !Number.isSafeInteger(value))
            ? "float"
            : `Literal[${type.values.map(literalValue).join(", ")}]`,
        );
      case "array": {
        const item = this.#use(type.items, `${hint}Item`, prefix);
        return { type: `list[${item.type}]`, codec: item.codec === "c.RAW" ? "c.RAW" : `c.ListOf(${item.codec})` };
      }
      case "tuple": {
        const parts = [...type.items, ...(type.rest ? [type.rest] : [])].map(
          (part) => this.#use(part, `${hint}Item`, prefix).type,
        );
        return raw(parts.length === 0 ? "list[object]" : `list[${[...new Set(parts)].join(" | ")}]`);
      }
      case "object":
        return this.#object(type, hint, prefix);
      case "reference":
        return this.#reference(type.model, prefix);
      case "union":
        return this.#union(type, hint, prefix);
      case "intersection": {
        const members = membersOf(type, this.lookup);
        if (!members || members.properties.size === 0) return this.#use(type.members[0] ?? anyType, hint, prefix);
        return this.#named([...members.properties.values()], hint, prefix);
      }
    }
  }

  #primitive(name: string, format: string | undefined): TypeUse {
    if (this.isDataclass && name === "string" && format === "date-time")
      return { type: "datetime.datetime", codec: "c.TIME" };
    if (this.isDataclass && name === "string" && format === "date") return { type: "datetime.date", codec: "c.DAY" };
    return raw(primitives[name] ?? "object");
  }

  #object(type: ObjectType, hint: string, prefix: string): TypeUse {
    if (type.properties.length > 0) return this.#named(type.properties, hint, prefix);
    if (typeof type.additional === "boolean") return raw("dict[str, object]");
    const item = this.#use(type.additional, `${hint}Value`, prefix);
    return { type: `dict[str, ${item.type}]`, codec: item.codec === "c.RAW" ? "c.RAW" : `c.MapOf(${item.codec})` };
  }

  #hasNull(type: Type): boolean {
    const target = resolved(type, this.lookup);
    if (target.kind === "union") return target.members.some((member) => this.#hasNull(member));
    // Anything may be null as well.
    return target.kind === "primitive" && (target.name === "null" || target.name === "any");
  }

  /** The same type at the same place is one class, however often it is asked for. */
  #named(properties: readonly Property[], hint: string, prefix: string): TypeUse {
    const known = this.#inline.get(hint)?.find((entry) => entry.first === properties[0]);
    const name = known?.name ?? this.#names.take(pythonClass(hint), "_");
    if (known === undefined) {
      this.#inline.set(hint, [...(this.#inline.get(hint) ?? []), { first: properties[0], name }]);
      this.#record(name, properties, undefined);
    }
    return { type: `${prefix}${name}`, codec: this.#codecOf(name) };
  }

  #reference(model: string, prefix: string): TypeUse {
    const name = this.#modelNames.get(model);
    if (name === undefined) return raw("object");
    return { type: `${prefix}${name}`, codec: this.#codecOf(name) };
  }

  #codecOf(name: string): string {
    return this.isDataclass ? `c.Later(lambda: ${codecName(name)})` : "c.RAW";
  }

  #union(type: Extract<Type, { kind: "union" }>, hint: string, prefix: string): TypeUse {
    const isNull = (member: Type) => member.kind === "primitive" && member.name === "null";
    const members = type.members.filter((member) => !isNull(member));
    const uses = members.map((member, at) => this.#use(member, memberHint(type, members, at, hint), prefix));
    const hasNull = members.length < type.members.length;
    const types = [...new Set([...uses.map((use) => use.type), ...(hasNull ? ["None"] : [])])];
    const codecs = uses.map((use) => use.codec);
    const [only = "c.RAW"] = codecs;
    const isRaw = codecs.every((codec) => codec === "c.RAW");
    const tags = type.discriminator;
    const codec = isRaw
      ? "c.RAW"
      : codecs.length === 1
        ? only
        : tags
          ? `c.Tagged(${pythonString(tags.property)}, {${codecs.map((text, at) => `${pythonString(tags.values[at] ?? "")}: ${text}`).join(", ")}})`
          : `c.AnyOf([${codecs.join(", ")}])`;
    return { type: types.join(" | ") || "None", codec: hasNull && !isRaw ? `c.Nullable(${codec})` : codec };
  }
}

/** The codec of a declaration, in `codecs.py`. */
export function codecName(name: string): string {
  return `${name}_codec`;
}

const anyType: Type = { kind: "primitive", name: "any", format: undefined, docs: {} as Docs, constraints: {} };

function raw(type: string): TypeUse {
  return { type, codec: "c.RAW" };
}

/** A member of a discriminated union is named by its tag. */
function memberHint(
  type: Extract<Type, { kind: "union" }>,
  members: readonly Type[],
  at: number,
  hint: string,
): string {
  const tag = type.discriminator?.values[at];
  if (tag !== undefined && members.length === type.members.length) return `${hint}${pythonClass(tag)}`;
  return members.length === 1 ? hint : `${hint}Option${at + 1}`;
}

const primitives: Readonly<Record<string, string>> = {
  string: "str",
  number: "float",
  integer: "int",
  boolean: "bool",
  null: "None",
  any: "object",
  binary: "str",
};

/** Python's `Literal` takes no fractions. */
function literal(value: string | number | boolean): string {
  return typeof value === "number" && !Number.isSafeInteger(value) ? "float" : `Literal[${literalValue(value)}]`;
}

function literalValue(value: string | number | boolean): string {
  if (typeof value === "string") return pythonString(value);
  return typeof value === "boolean" ? (value ? "True" : "False") : String(value);
}

function enumMembers(values: readonly string[]): EnumDeclaration["values"] {
  const names = new NameTable(["NAME", "VALUE", "_", "MRO"]);
  return values.map((value) => {
    const upper = pythonName(value).toUpperCase().replace(/^_+/, "");
    const wanted = /^[\p{ID_Start}]/u.test(upper) ? upper : `VALUE_${upper}`;
    return { name: names.take(wanted.replace(/_+$/, "") || "VALUE"), value };
  });
}

function docsText({ description, deprecated }: Docs): string | undefined {
  const parts = [description ?? "", deprecated ? "Deprecated." : ""].filter((part) => part !== "");
  return parts.length === 0 ? undefined : parts.join("\n\n");
}

/** What `models.py` mentions besides. */
const reserved: readonly string[] =
  "TypedDict NotRequired Literal TypeAlias TYPE_CHECKING UNSET Union Unset Enum datetime dataclass field typing annotations c models".split(
    " ",
  );

/** Names that an attribute would hide from the annotations behind it. */
const reservedAttributes: readonly string[] =
  "list dict str int float bool bytes object tuple set type datetime Literal field dataclass".split(" ");

/** The value of an annotation that has one alone: `Literal["card"]`. */
export function onlyValue(annotation: string): string | undefined {
  return /^Literal\[("(?:[^"\\]|\\.)*"|[^",\]]+)\]$/.exec(annotation)?.[1];
}
