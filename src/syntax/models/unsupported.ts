import type ts from "typescript";
import type { Type } from "../../model/types.js";
import { broken } from "./broken.js";
import { foreignTypes } from "./names.js";
import type { Place } from "./table.js";

/** Reports a kind of type that models cannot have, and says what to write instead. */
export function unsupported(node: ts.Node, place: Place): Type {
  const { ts } = place.source;
  const { SyntaxKind } = ts;
  const refuse = (what: string, instead: string) => broken(place.source, node, "unsupported-type", { what, instead });
  const foreign = (name: string) =>
    broken(place.source, node, "foreign-type", { name, instead: foreignTypes.get(name) ?? "a type of JSON" });

  switch (node.kind) {
    case SyntaxKind.UndefinedKeyword:
      return broken(place.source, node, "undefined-type", undefined);
    case SyntaxKind.BigIntKeyword:
    case SyntaxKind.BigIntLiteral:
      return foreign("bigint");
    case SyntaxKind.SymbolKeyword:
      return foreign("symbol");
    case SyntaxKind.VoidKeyword:
      return foreign("void");
    case SyntaxKind.NeverKeyword:
      return foreign("never");
    case SyntaxKind.TypeOperator:
      return (node as ts.TypeOperatorNode).operator === SyntaxKind.KeyOfKeyword
        ? refuse("`keyof` types", 'write the names out: `"id" | "status"`')
        : refuse("`unique symbol` types", "use a string literal type");
    case SyntaxKind.TypeQuery:
      return refuse("`typeof` types", "models hold no values; write the type itself");
    case SyntaxKind.ConditionalType:
    case SyntaxKind.InferType:
      return refuse("conditional types", "write the resulting type, or a union of both; Exclude and Extract are known");
    case SyntaxKind.MappedType:
      return refuse(
        "mapped types",
        "write `Record<K, T>`, Partial, Required, Pick or Omit, or the properties themselves",
      );
    case SyntaxKind.TemplateLiteralType:
      return refuse("template literal types", "write `string` with @pattern, or a union of the literals");
    case SyntaxKind.ImportType:
      return refuse("imported types", "declare the type in this file: a gateway is a single file");
    case SyntaxKind.FunctionType:
    case SyntaxKind.ConstructorType:
    case SyntaxKind.MethodSignature:
    case SyntaxKind.CallSignature:
    case SyntaxKind.ConstructSignature:
    case SyntaxKind.GetAccessor:
    case SyntaxKind.SetAccessor:
      return refuse("functions", "a model is JSON data; write the type of the value");
    case SyntaxKind.IndexedAccessType:
      return refuse("indexed access types", "give the property's type a name of its own and use that");
    case SyntaxKind.ThisType:
      return refuse("`this` types", "write the name of the type");
    case SyntaxKind.TypePredicate:
      return refuse("type predicates", "write `boolean`");
    case SyntaxKind.OptionalType:
    case SyntaxKind.RestType:
      return refuse("optional and rest items outside of tuples", "write `T | null`, or an array");
    default:
      return refuse("types of this form", "write an object, an array, a union or a named type");
  }
}
