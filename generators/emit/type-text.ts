import { acceptsKeyword } from "../../src/model/type-assignable.js";
import { unionOf } from "../../src/model/type-unions.js";
import type { Constraints, Docs, Model, ObjectType, PrimitiveType, Property, Type } from "../../src/model/types.js";
import { propertyName } from "./code-literal.js";
import { docComment, type TagLine } from "./doc-comment.js";
import { orderedConstraints } from "./schema-walk.js";

export { propertyName } from "./code-literal.js";

export interface TypeTextOptions {
  /**
   * `typescript` (default): plain TypeScript, `string` for a uuid and `number` for an integer. `gateway`: the language of
   * gateway.yaml with its built-in names, which reads back as the same type.
   */
  readonly scalars?: "typescript" | "gateway";
  /** Name to write for a model; the model's own by default. */
  readonly nameOf?: (model: string) => string;
  /** What an `int64` is; `number` by default. */
  readonly int64?: "number" | "bigint" | "string";
}

interface Printer {
  readonly isGateway: boolean;
  readonly int64: "number" | "bigint" | "string";
  readonly nameOf: (model: string) => string;
}

/** A model as an exported TypeScript declaration with its documentation: an interface for objects, else an alias. */
export function modelText(model: Model, options: TypeTextOptions = {}): string {
  const printer = printerOf(options);
  const { type } = model;
  const comment = docComment(docsOf(model.docs, type, printer), "");
  const name = printer.nameOf(model.name);
  if (type.kind === "object" && !isRecord(type))
    return `${comment}export interface ${name} ${block(type, printer, "")}\n`;
  const written = isBytes(type, options) ? "Uint8Array" : text(type, printer, "", lift(type) !== undefined);
  return `${comment}export type ${name} = ${written};\n`;
}

/** All models, in order. */
export function modelsText(models: readonly Model[], options: TypeTextOptions = {}): string {
  return models.map((model) => modelText(model, options)).join("\n");
}

/** A type as a TypeScript type expression. `indent` is that of the line it starts on. */
export function typeText(type: Type, options: TypeTextOptions = {}, indent = ""): string {
  return isBytes(type, options) ? "Uint8Array" : text(type, printerOf(options), indent, false);
}

/** A payload that is not JSON is bytes; inside JSON it can only be a string. */
function isBytes(type: Type, options: TypeTextOptions): boolean {
  return type.kind === "primitive" && type.name === "binary" && options.scalars !== "gateway";
}

function printerOf(options: TypeTextOptions): Printer {
  const { scalars, nameOf = (model) => model, int64 = "number" } = options;
  return { isGateway: scalars === "gateway", nameOf, int64 };
}

/** @param isDocumented  constraints stand in a comment already */
function text(type: Type, printer: Printer, indent: string, isDocumented: boolean): string {
  const plain = bare(type, printer, indent, isDocumented);
  const own = type.kind === "union" ? {} : type.constraints;
  if (isDocumented || !printer.isGateway) return plain;
  const wrapped = constraintTypes(own);
  return wrapped.length === 0 ? plain : [needsParentheses(type) ? `(${plain})` : plain, ...wrapped].join(" & ");
}

function bare(type: Type, printer: Printer, indent: string, isDocumented: boolean): string {
  switch (type.kind) {
    case "primitive":
      return scalar(type.name, type.format, printer, isDocumented);
    case "literal":
      return quoted(type.value);
    case "enum":
      return type.values.map(quoted).join(" | ");
    case "array":
      return `${atom(type.items, printer, indent)}[]`;
    case "tuple":
      return `[${[
        ...type.items.map((item, at) =>
          at < type.required ? inner(item, printer, indent) : `${atom(item, printer, indent)}?`,
        ),
        ...(type.rest ? [`...${atom(type.rest, printer, indent)}[]`] : []),
      ].join(", ")}]`;
    case "object":
      return objectText(type, printer, indent);
    case "reference":
      return printer.nameOf(type.model);
    case "union":
      return type.members
        .map((member) =>
          !printer.isGateway && isRest(member, type.members)
            ? `(${scalar(member.name, undefined, printer, true)} & {})`
            : memberText(member, printer, indent, isDocumented),
        )
        .join(" | ");
    case "intersection":
      return type.members.map((member) => atom(member, printer, indent)).join(" & ");
  }
}

function inner(type: Type, printer: Printer, indent: string): string {
  return text(type, printer, indent, false);
}

/** Whether a primitive stands for all other values beside an enumeration: by itself it would swallow them. */
function isRest(member: Type, members: readonly Type[]): member is PrimitiveType {
  return member.kind === "primitive" && members.some((other) => other.kind === "enum" && other.base === member.name);
}

/** A member of a union: only what binds looser than `|` needs parentheses, and nothing does. */
function memberText(type: Type, printer: Printer, indent: string, isDocumented: boolean): string {
  const written = text(type, printer, indent, isDocumented);
  return printer.isGateway && written.includes(" & ") ? `(${written})` : written;
}

/** A type in front of `[]` or `?`, or beside `&`. */
function atom(type: Type, printer: Printer, indent: string): string {
  const written = inner(type, printer, indent);
  const hasConstraints = printer.isGateway && type.kind !== "union" && constraintTypes(type.constraints).length > 0;
  const isFormatted = type.kind === "primitive" && written.includes(" & ");
  return needsParentheses(type) || hasConstraints || isFormatted ? `(${written})` : written;
}

function needsParentheses(type: Type): boolean {
  return type.kind === "union" || type.kind === "intersection" || type.kind === "enum";
}

/** Built-in names of the language by primitive and format. */
const gatewayNames: ReadonlyMap<string, string> = new Map([
  ["integer/int64", "int64"],
  ["string/uuid", "uuid"],
  ["string/date", "date"],
  ["string/date-time", "datetime"],
  ["string/email", "email"],
  ["string/uri", "uri"],
  ["binary/binary", "binary"],
]);

function scalar(name: string, format: string | undefined, printer: Printer, isDocumented: boolean): string {
  if (name === "any") return "unknown";
  if (!printer.isGateway && name === "integer" && format === "int64") return printer.int64;
  if (!printer.isGateway) return name === "integer" ? "number" : name === "binary" ? "string" : name;
  const builtin = gatewayNames.get(`${name}/${format}`);
  if (builtin) return builtin;
  return format === undefined || isDocumented ? name : `${name} & Format<${quoted(format)}>`;
}

function isRecord(type: ObjectType): boolean {
  return type.properties.length === 0 && type.additional !== true;
}

function objectText(type: ObjectType, printer: Printer, indent: string): string {
  if (type.properties.length > 0) return block(type, printer, indent);
  if (type.additional === true) return printer.isGateway ? "object" : "Record<string, unknown>";
  if (type.additional === false) return "Record<string, never>";
  return `Record<string, ${inner(type.additional, printer, indent)}>`;
}

/** Members between braces, one a line. */
function block(type: ObjectType, printer: Printer, indent: string): string {
  const deeper = `${indent}  `;
  const lines = type.properties.map((property) => propertyText(property, printer, deeper));
  if (typeof type.additional !== "boolean")
    lines.push(`${deeper}[name: string]: ${indexText(type, printer, deeper)};\n`);
  return lines.length === 0 ? "{}" : `{\n${lines.join("")}${indent}}`;
}

/** TypeScript wants every property to fit the index signature beside it. */
function indexText(type: ObjectType, printer: Printer, indent: string): string {
  const own = typeof type.additional === "boolean" ? "unknown" : inner(type.additional, printer, indent);
  if (printer.isGateway || own === "unknown") return own;
  const others = type.properties.map((property) => text(property.type, printer, indent, true));
  const missing = type.properties.some((property) => property.optional) ? ["undefined"] : [];
  return [...new Set([own, ...others, ...missing])].join(" | ");
}

function propertyText(property: Property, printer: Printer, indent: string): string {
  const tags: TagLine[] = [
    ...(property.readOnly ? [{ tag: "readOnly", value: "" }] : []),
    ...(property.writeOnly ? [{ tag: "writeOnly", value: "" }] : []),
  ];
  const comment = docComment(docsOf(property.docs, property.type, printer, tags), indent);
  const name = propertyName(property.name);
  const mark = property.optional ? "?" : "";
  return `${comment}${indent}${name}${mark}: ${text(property.type, printer, indent, lift(property.type) !== undefined)};\n`;
}

interface CommentParts {
  readonly docs: Docs;
  readonly tags: readonly TagLine[];
}

/** What a comment says of a type: its documentation, and its constraints as tags. */
function docsOf(docs: Docs, type: Type, printer: Printer, more: readonly TagLine[] = []): CommentParts {
  const tags: TagLine[] = [...more];
  const lifted = lift(type);
  if (!lifted) return { docs, tags };
  const { format } = lifted;
  if (format !== undefined && !(printer.isGateway && gatewayFormats.has(format)))
    tags.push({ tag: "format", value: format });
  for (const [tag, value] of Object.entries(orderedConstraints(lifted.constraints))) {
    if (tag === "exclusiveMinimum" || tag === "exclusiveMaximum") tags.push({ tag, value: "" });
    else if (tag !== "format") tags.push({ tag, value: tag === "uniqueItems" ? "" : String(value) });
  }
  if (type.kind === "object" && type.additional === false && type.properties.length > 0) {
    tags.push({ tag: "additionalProperties", value: "false" });
  }
  return { docs, tags };
}

const gatewayFormats: ReadonlySet<string> = new Set(["int64", "uuid", "date", "date-time", "email", "uri", "binary"]);

/** What a comment on a property says of its type. */
interface Lifted {
  readonly constraints: Constraints;
  readonly format: string | undefined;
}

/**
 * The constraints of a type as tags in front of it. Tags on a union count for each member that they mean something for:
 * where members differ there is no tag that says so, and undefined is returned.
 */
function lift(type: Type): Lifted | undefined {
  if (type.kind !== "union") {
    const isText = type.kind === "primitive" && type.name !== "binary";
    return { constraints: type.constraints, format: isText ? type.format : type.constraints.format };
  }
  const bare = unionOf(type.members.map(withoutTags));
  if (bare.kind !== "union" || bare.members.length !== type.members.length) return undefined;
  const constraints: Constraints = Object.assign({}, ...type.members.map((member) => member.constraints));
  for (const keyword of Object.keys(constraints) as (keyof Constraints)[]) {
    const meant = type.members.filter((member) => isMeant(member, keyword));
    if (meant.some((member) => member.constraints[keyword] !== constraints[keyword])) return undefined;
  }
  const formatted = type.members.filter((member) => isMeant(member, "format"));
  const formats = new Set(
    formatted.map((member) => (member.kind === "primitive" ? member.format : member.constraints.format)),
  );
  if (formats.size > 1) return undefined;
  return { constraints, format: [...formats][0] };
}

/** A type without what tags would say of it. */
function withoutTags(type: Type): Type {
  const plain = { ...type, constraints: {} };
  const isTagged = plain.kind === "primitive" && plain.format !== undefined && !gatewayFormats.has(plain.format);
  return isTagged ? { ...plain, format: undefined } : plain;
}

/** Whether a tag on a union reaches a member. */
function isMeant(member: Type, keyword: keyof Constraints): boolean {
  if (member.kind === "primitive" && (member.name === "null" || (member.name === "boolean" && keyword !== "format")))
    return false;
  if (keyword === "format") return member.kind === "primitive" || member.kind === "reference";
  return member.kind === "reference" || acceptsKeyword(member, keyword, () => undefined);
}

/** `Minimum<1>`: constraints where no comment can stand. */
function constraintTypes(constraints: Constraints): readonly string[] {
  const { exclusiveMinimum, exclusiveMaximum, ...rest } = constraints;
  return Object.entries(orderedConstraints(rest)).map(([keyword, value]) => {
    const isExclusive =
      (keyword === "minimum" && exclusiveMinimum === true) || (keyword === "maximum" && exclusiveMaximum === true);
    const name = isExclusive ? `exclusive${keyword.charAt(0).toUpperCase()}${keyword.slice(1)}` : keyword;
    return `${name.charAt(0).toUpperCase()}${name.slice(1)}<${quoted(value as string | number | boolean)}>`;
  });
}

function quoted(value: string | number | boolean): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}
