import type { GlobalContext, SchemaObject, transformSchemaObject } from "openapi-typescript";
import type ts from "typescript";
import type { TypescriptSettings } from "../../src/model/sdk.js";
import { typeRewriter } from "../../src/model/type-rewriter.js";
import {
  type Constraints,
  type Docs,
  isUndocumented,
  type JsonValue,
  type Model,
  noDocs,
  type TupleType,
  type Type,
} from "../../src/model/types.js";
import { loadTypeScript, type TypeScript } from "../../src/typescript/load.js";
import { docComment, type TagLine } from "../emit/doc-comment.js";
import { type JsonSchema, orderedConstraints, printSchema, type SchemaDialect } from "../emit/schema-walk.js";
import { isJsonObject } from "../emit/stable-json.js";
import { wireType } from "./wire-types.js";

/** A model under the name that the SDK exports it by. */
export interface ComponentModel {
  readonly name: string;
  readonly model: Model;
}

/**
 * The models as exported TypeScript declarations. openapi-typescript makes the types, from OpenAPI schemas; it is called
 * at its schema transform and not at its front door, whose validator takes three times as long to load and overflows the
 * stack on a chain of some hundred references.
 */
export async function printComponentTypes(
  models: readonly ComponentModel[],
  int64: TypescriptSettings["int64"],
): Promise<string> {
  if (models.length === 0) return "";
  const typescript = loadTypeScript();
  const { transformSchema: transform } = await import("./schema-transform.js");
  const places = new Map(models.map(({ model }, place) => [model.name, place]));
  const dialect = componentDialect((model) => `#/components/schemas/${places.get(model) ?? -1}`);
  const context = transformContext(typescript, transform, int64);
  const declarations = models.map(({ name, model }) => {
    const schema = printSchema(marked(wireType(model.type)), dialect);
    const type = transform(asSchema(schema), { path: "#/components/schemas", ctx: context });
    return declaration(typescript, name, type, commentOf({ ...schema, ...docsKeywords(model.docs) }));
  });
  return printNodes(typescript, declarations).replace(
    /components\["schemas"\]\["(-?\d+)"\]/g,
    (_, place: string) => models[Number(place)]?.name ?? "unknown",
  );
}

/** Format of a primitive that stands for all other values beside an enumeration. */
const restFormat = "x-rest";

const marked = typeRewriter((type) => {
  if (type.kind !== "union") return type;
  const bases = new Set(type.members.flatMap((member) => (member.kind === "enum" ? [member.base] : [])));
  const isRest = (member: Type) => member.kind === "primitive" && [...bases].some((base) => base === member.name);
  const members = type.members.map((member) => (isRest(member) ? { ...member, format: restFormat } : member));
  return bases.size > 0 ? { ...type, members: members as readonly Type[] } : type;
});

/** OpenAPI schemas with what OpenAPI 3.0 cannot say and TypeScript can: tuples and null. */
function componentDialect(ref: (model: string) => string): SchemaDialect {
  return {
    ref,
    docs: (docs, direction) => ({ ...docsKeywords(docs), ...(direction?.readOnly ? { readOnly: true } : {}) }),
    documentsReferences: true,
    constraints: (constraints: Constraints) => orderedConstraints(constraints),
    nullSchema: { type: "null" },
    orNull: (schema) => ({ oneOf: [schema, { type: "null" }] }),
    tuple: (type, schemaOf) => ({ type: "array", "x-tuple": tupleKeyword(type, schemaOf) }),
    discriminator: () => ({}),
  };
}

function docsKeywords(docs: Docs): JsonSchema {
  return isUndocumented(docs) ? {} : { "x-docs": docs as unknown as JsonValue };
}

function tupleKeyword(type: TupleType, schemaOf: (type: TupleType["items"][number]) => JsonSchema): JsonValue {
  return {
    items: type.items.map(schemaOf),
    required: type.required,
    rest: type.rest === undefined ? null : schemaOf(type.rest),
  };
}

/** Options of openapi-typescript: types as they are on the wire, comments as ours are everywhere. */
function transformContext(
  typescript: TypeScript,
  transform: typeof transformSchemaObject,
  int64: TypescriptSettings["int64"],
): GlobalContext {
  const { factory } = typescript;
  const context: Omit<GlobalContext, "redoc"> = {
    additionalProperties: false,
    alphabetize: false,
    arrayLength: false,
    defaultNonNullable: false,
    discriminators: { objects: {}, refsHandled: [] },
    emptyObjectsUnknown: true,
    enum: false,
    enumValues: false,
    conditionalEnums: false,
    dedupeEnums: false,
    excludeDeprecated: false,
    exportType: false,
    immutable: false,
    injectFooter: [],
    pathParamsAsTypes: false,
    postTransform: undefined,
    propertiesRequiredByDefault: false,
    rootTypes: false,
    rootTypesNoSchemaPrefix: false,
    rootTypesKeepCasing: false,
    silent: true,
    makePathsEnum: false,
    generatePathParams: false,
    readWriteMarkers: false,
    resolve: () => undefined,
    transform: (schema, options) => {
      const { type: kind, format, "x-tuple": tuple } = keywordsOf(schema);
      if (format === restFormat) return restType(typescript, kind === "string");
      if (format === "int64" && int64 !== "number")
        return factory.createKeywordTypeNode(exactKeyword(typescript, int64));
      if (!isJsonObject(tuple)) return undefined;
      const typeOf = (item: JsonValue) => transform(asSchema(item), options);
      const items = (tuple["items"] as readonly JsonValue[]).map((item, at) =>
        at < (tuple["required"] as number) ? typeOf(item) : factory.createOptionalTypeNode(typeOf(item)),
      );
      const rest = tuple["rest"] ?? null;
      if (rest !== null) items.push(factory.createRestTypeNode(factory.createArrayTypeNode(typeOf(rest))));
      return factory.createTupleTypeNode(items);
    },
    transformProperty: (property, schema) => {
      const comment = commentOf(keywordsOf(schema));
      // openapi-typescript adds a comment of its own for these; the type is made already.
      for (const keyword of ["format", "enum"]) Reflect.deleteProperty(schema, keyword);
      typescript.setEmitFlags(property.name, typescript.EmitFlags.NoAsciiEscaping);
      return comment === "" ? property : commented(typescript, property, comment);
    },
  };
  return context as GlobalContext;
}

function exactKeyword({ SyntaxKind }: TypeScript, int64: "bigint" | "string"): ts.KeywordTypeSyntaxKind {
  return int64 === "bigint" ? SyntaxKind.BigIntKeyword : SyntaxKind.StringKeyword;
}

/** `(string & {})`: any other value, without swallowing those that are listed. */
function restType({ factory, SyntaxKind }: TypeScript, isText: boolean): ts.TypeNode {
  const keyword = factory.createKeywordTypeNode(isText ? SyntaxKind.StringKeyword : SyntaxKind.NumberKeyword);
  return factory.createParenthesizedType(
    factory.createIntersectionTypeNode([keyword, factory.createTypeLiteralNode([])]),
  );
}

/** Our schemas are plain JSON; openapi-typescript's type of them is a union by keyword. */
function asSchema(schema: JsonValue): SchemaObject {
  return schema as unknown as SchemaObject;
}

function keywordsOf(schema: SchemaObject): JsonSchema {
  return schema as unknown as JsonSchema;
}

/** What the keywords of a schema say to a reader. */
function commentOf(schema: JsonSchema): string {
  const limits = orderedConstraints(schema as Constraints);
  const tags = Object.entries(limits).map(([tag, value]): TagLine => ({ tag, value: String(value) }));
  return docComment({ docs: (schema["x-docs"] as unknown as Docs) ?? noDocs, tags }, "");
}

function commented<T extends ts.Node>(typescript: TypeScript, node: T, comment: string): T {
  const text = comment.trim().slice("/*".length, -"*/".length);
  return typescript.addSyntheticLeadingComment(node, typescript.SyntaxKind.MultiLineCommentTrivia, text, true);
}

function declaration(typescript: TypeScript, name: string, type: ts.TypeNode, comment: string): ts.Node {
  const { factory } = typescript;
  const modifiers = [factory.createModifier(typescript.SyntaxKind.ExportKeyword)];
  const node = typescript.isTypeLiteralNode(type)
    ? factory.createInterfaceDeclaration(modifiers, name, undefined, undefined, type.members)
    : factory.createTypeAliasDeclaration(modifiers, name, undefined, type);
  return comment === "" ? node : commented(typescript, node, comment);
}

/** Declarations with a line between them, two spaces a level. */
function printNodes(typescript: TypeScript, nodes: readonly ts.Node[]): string {
  const file = typescript.createSourceFile("models.d.ts", "", typescript.ScriptTarget.ESNext);
  const printer = typescript.createPrinter({ newLine: typescript.NewLineKind.LineFeed });
  return nodes
    .map((node) => `${printer.printNode(typescript.EmitHint.Unspecified, node, file)}\n`)
    .join("\n")
    .replace(/^( {4})+/gm, (indent) => " ".repeat(indent.length / 2));
}
