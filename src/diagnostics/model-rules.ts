import { awsModelRules } from "./aws-model-rules.js";
import { modelTagRules } from "./model-tag-rules.js";
import type { Rule } from "./rule.js";

const near = (p: { near: string | undefined }) => (p.near ? `did you mean "${p.near}"?` : undefined);

/** What can be wrong with `models:` and with type expressions. */
export const modelRules = {
  ...modelTagRules,
  ...awsModelRules,
  "model-syntax": {
    severity: "error",
    message: (p: { detail: string }) => `the types cannot be read: ${p.detail}`,
    help: () => "types are written as in TypeScript",
    explain:
      "The text under `models:` and every type expression is TypeScript's type language. The TypeScript parser stopped at this place.",
  },
  "model-statement": {
    severity: "error",
    message: (p: { what: string }) => `${p.what} cannot stand among the models`,
    help: () => "only `interface`, `type` and `enum` declarations are models",
    explain:
      "The model block declares types and nothing else: no imports, no values, no functions. A single file describes the whole gateway, so nothing is read from elsewhere.",
  },
  "model-duplicate": {
    severity: "error",
    message: (p: { name: string }) => `the model "${p.name}" is declared twice`,
    help: () => "give one of them another name; interfaces are not merged here",
    explain:
      "TypeScript merges interfaces of the same name. In a gateway that hides mistakes, so each model is declared once.",
  },
  "request-shape-taken": {
    severity: "warning",
    message: (p: { model: string; wanted: string; written: string }) =>
      `what is sent of "${p.model}" is called "${p.written}", as "${p.wanted}" is another model`,
    help: (p: { wanted: string }) => `rename the model "${p.wanted}", or send it instead`,
    explain:
      "A model with `@readOnly` or `@writeOnly` properties has two shapes: under its own name what is answered, and with `Request` behind it what is sent.",
  },
  "model-reserved-name": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" is a built-in type and cannot be declared`,
    help: () => "choose another name",
    explain:
      "The built-in names (string, integer, int64, uuid, date, datetime, email, uri, binary …) and the utility types (Partial, Pick, Record …) mean the same in every gateway.yaml.",
  },
  "unknown-type": {
    severity: "error",
    message: (p: { name: string; near: string | undefined }) => `no type is named "${p.name}"`,
    help: (p: { name: string; near: string | undefined }) => near(p) ?? 'declare it under "models"',
    explain:
      "A type expression may use the models of the file and the built-in names integer, int64, number, string, boolean, uuid, date, datetime, email, uri, binary, unknown, object and null.",
  },
  "foreign-type": {
    severity: "error",
    message: (p: { name: string; instead: string }) => `"${p.name}" is not a type of JSON`,
    help: (p: { name: string; instead: string }) => `write ${p.instead}`,
    explain:
      "TypeScript has types for values that exist only in a program. What a gateway sends and receives is JSON, so a type with a JSON form has to be named.",
  },
  "unsupported-type": {
    severity: "error",
    message: (p: { what: string; instead: string }) => `${p.what} are not supported in models`,
    help: (p: { what: string; instead: string }) => p.instead,
    explain:
      "Models are read without a type checker, so that a build is fast and reads no other file. What would need one (conditional, mapped, `keyof`, `typeof`, template literal, function and imported types) is written out instead.",
  },
  "type-arguments": {
    severity: "error",
    message: (p: { name: string; wanted: string; given: number }) =>
      `"${p.name}" takes ${p.wanted}, and ${p.given === 0 ? "none is" : p.given === 1 ? "one is" : `${p.given} are`} given`,
    explain: "A generic type is used with as many type arguments as it declares; those with a default may be left out.",
  },
  "type-argument-constraint": {
    severity: "error",
    message: (p: { name: string; parameter: string }) =>
      `the type argument for "${p.parameter}" of "${p.name}" does not fit its constraint`,
    explain: "`interface Page<T extends Named>` may only be used with types that have what `Named` has.",
  },
  "type-parameter-duplicate": {
    severity: "error",
    message: (p: { name: string }) => `the type parameter "${p.name}" is declared twice`,
    explain: "Each type parameter of a generic type has a name of its own.",
  },
  "circular-type": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" refers to itself in a way that never ends`,
    help: () => "a type may contain itself inside an object or an array, not be itself",
    explain:
      "`type A = A | string` or an interface that extends itself has no meaning. `interface Node { children: Node[] }` is fine: the recursion goes through a property.",
  },
  "empty-type": {
    severity: "error",
    message: (p: { what: string }) => `no value can be of this type: ${p.what}`,
    help: () => undefined,
    explain:
      "An intersection such as `string & number`, or a union from which everything was excluded, admits no value: every request would be refused.",
  },
  "interface-base": {
    severity: "error",
    message: () => "an interface can extend object types only",
    help: () => "use a `type` with a union or an intersection instead",
    explain:
      "What stands after `extends` has properties: an interface, an alias of an object type, or a utility such as Omit.",
  },
  "property-conflict": {
    severity: "error",
    message: (p: { name: string; base: string }) =>
      `the property "${p.name}" does not fit the one that is inherited from ${p.base}`,
    help: () => "an interface may narrow an inherited property, not change it; or use `Omit` on the base",
    explain: "As in TypeScript, a property that overrides an inherited one must be assignable to it.",
  },
  "property-duplicate": {
    severity: "error",
    message: (p: { name: string }) => `the property "${p.name}" is declared twice`,
    explain: "Each property of an object type is declared once.",
  },
  "property-name": {
    severity: "error",
    message: () => "this property name is computed",
    help: () => "write the name itself, in quotes where it is no identifier",
    explain: "Property names are identifiers, strings or numbers.",
  },
  "property-type-missing": {
    severity: "error",
    message: (p: { name: string }) => `the property "${p.name}" has no type`,
    help: (p: { name: string }) => `write \`${p.name}: string\`, or \`${p.name}: unknown\` for any JSON value`,
    explain: "Every property says its type.",
  },
  "index-signature": {
    severity: "error",
    message: (p: { detail: string }) => p.detail,
    help: () => "write `[name: string]: T`",
    explain: "JSON objects have string keys: an index signature has one parameter, a string.",
  },
  "index-signature-conflict": {
    severity: "error",
    message: (p: { name: string }) => `the property "${p.name}" does not fit the index signature`,
    help: () => "widen the index signature: `[name: string]: A | B`",
    explain: "As in TypeScript, declared properties must be assignable to the type of the index signature beside them.",
  },
  "utility-argument": {
    severity: "error",
    message: (p: { name: string; detail: string }) => `"${p.name}" cannot be applied here: ${p.detail}`,
    explain:
      "Partial, Required, Readonly, Pick and Omit take object types; Pick, Omit and Record take keys as string literals; Exclude, Extract and NonNullable take unions.",
  },
  "utility-key": {
    severity: "error",
    message: (p: { key: string; near: string | undefined }) => `the type has no property "${p.key}"`,
    help: near,
    explain:
      "Pick and Omit name properties of the type that they are applied to. A misspelt key would silently do nothing.",
  },
  "enum-member": {
    severity: "error",
    message: (p: { detail: string }) => p.detail,
    help: () => 'give each member a literal: `enum Color { Red = "red" }`',
    explain:
      "Members of an enum are strings, or numbers (given or counted up). Computed members need a program to run.",
  },
  "tuple-shape": {
    severity: "error",
    message: (p: { detail: string }) => p.detail,
    explain:
      "In a tuple, required items come first, then optional ones (`B?`), then one rest item (`...C[]`) at the end.",
  },
  "undefined-type": {
    severity: "error",
    message: () => "JSON has no undefined",
    help: () => "make the property optional with `name?:`, or admit `null`",
    explain:
      "A property that may be missing is optional. `T | undefined` is read so in a property, and is refused elsewhere.",
  },
  "type-too-deep": {
    severity: "error",
    message: (p: { limit: number }) => `types are nested more than ${p.limit} levels deep here`,
    help: () => "name the inner types as models of their own",
    explain: "Nesting is bounded so that no file can make the compiler hang or run out of stack.",
  },
  "type-too-large": {
    severity: "error",
    message: (p: { limit: number }) => `written out, this type has more than ${p.limit} parts`,
    help: () => "a generic type is written out at each use; a named model is not",
    explain:
      "Generic types are expanded where they are used. Doubling ones grow without bound, so their size is limited.",
  },
  "types-too-large": {
    severity: "error",
    message: (p: { limit: number }) => `written out, the types of this file have more than ${p.limit} parts`,
    help: () => "name what is repeated as a model of its own",
    explain: "All types together are bounded, so that no file can make the outputs grow without end.",
  },
  "too-many-instantiations": {
    severity: "error",
    message: (p: { limit: number }) => `generic types are used with more than ${p.limit} different arguments`,
    help: () => "a generic type that uses itself with growing arguments never ends",
    explain: "The number of generic instantiations is bounded so that no file can make the compiler hang.",
  },
  "too-many-models": {
    severity: "error",
    message: (p: { limit: number }) => `there are more than ${p.limit} models`,
    explain: "The number of declarations in one file is bounded.",
  },
  "model-text-too-long": {
    severity: "error",
    message: (p: { limit: number }) => `the types have more than ${p.limit} characters`,
    explain: "The size of the model block and of each type expression is bounded.",
  },
  "model-name": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" cannot be the name of a model`,
    help: () => "names of models are identifiers: letters, digits and _, not starting with a digit",
    explain: "Type expressions use models by name, and clients and handlers get a type of that name.",
  },
  "schema-type-assumed": {
    severity: "warning",
    message: (p: { type: string }) => `this schema has no "type": ${p.type} is assumed`,
    help: (p: { type: string }) =>
      `write "type: ${p.type}"; without it JSON Schema lets every other kind of value through`,
    explain:
      "In JSON Schema `properties` says nothing about values that are no objects, so a schema without `type` accepts any number or text. Nobody means that; the kind that the keywords speak of is assumed.",
  },
  "schema-keyword": {
    severity: "error",
    message: (p: { keyword: string; near: string | undefined }) =>
      `the keyword "${p.keyword}" is not supported in models`,
    help: (p: { keyword: string; near: string | undefined }) =>
      near(p) ?? "remove it, or write the model as a TypeScript type",
    explain:
      "A model given as JSON Schema becomes a type for clients and handlers too. Keywords without such a meaning (not, patternProperties, dependencies, id …) are refused rather than silently dropped.",
  },
  "schema-value": {
    severity: "error",
    message: (p: { keyword: string; wanted: string }) => `"${p.keyword}" must be ${p.wanted}`,
    explain: "The model is JSON Schema draft-04, where each keyword has a type of its own.",
  },
  "schema-closed": {
    severity: "warning",
    message: () => "this closed member of `allOf` refuses the properties of the other members",
    help: () => "leave `additionalProperties: false` out, or write all properties into one object",
    explain:
      "Each member of `allOf` judges the whole object. One with `additionalProperties: false` refuses every property that it does not list itself.",
  },
  "schema-reference": {
    severity: "error",
    message: (p: { reference: string; near: string | undefined }) => `"${p.reference}" names no model of this file`,
    help: (p: { reference: string; near: string | undefined }) =>
      near(p) ?? 'a reference to a model is "#/definitions/Name"; other documents are not loaded',
    explain:
      "References lead to models of the same gateway.yaml, or to `definitions` inside the schema. Remote documents are never loaded; API Gateway does not load them either.",
  },
} as const satisfies Record<string, Rule>;
