/**
 * Expressions of the language, in API Gateway v2's grammar (`$request.header.x`, `$context.requestId` …), parsed.
 * A value that is wholly a reference is an expression; `${…}` interpolates one into a string.
 */
export type Reference =
  | { readonly kind: "path"; readonly name: string }
  | { readonly kind: "querystring"; readonly name: string }
  | { readonly kind: "header"; readonly name: string }
  /** REST: all values of a header or query parameter; otherwise the last of them. */
  | { readonly kind: "multivaluequerystring"; readonly name: string }
  | { readonly kind: "multivalueheader"; readonly name: string }
  /** HTTP APIs: the whole path, without the stage. */
  | { readonly kind: "requestPath" }
  | { readonly kind: "body"; readonly path: readonly PathStep[] }
  | { readonly kind: "responseHeader"; readonly name: string }
  /** REST: all values of a header of the backend; `responseHeader` is the last of them. */
  | { readonly kind: "responseMultiHeader"; readonly name: string }
  | { readonly kind: "responseBody"; readonly path: readonly PathStep[] }
  | { readonly kind: "responseStatus" }
  | { readonly kind: "context"; readonly path: readonly string[] }
  | { readonly kind: "stageVariable"; readonly name: string }
  /** Read when the gateway starts, never baked into an output. */
  | { readonly kind: "env"; readonly name: string };

/** One step into a JSON body: a member, an index, or every item (`[*]`). */
export type PathStep =
  | { readonly kind: "member"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "items" };

/** A string with interpolations, in order; a text without any has one part or none. */
export interface Text {
  readonly parts: readonly (string | Reference)[];
}

/** A value of a mapping rule or of a parameter: constant JSON, an expression, a text, or JSON made of such values. */
export type Value =
  | { readonly kind: "constant"; readonly value: string | number | boolean | null }
  | { readonly kind: "reference"; readonly reference: Reference }
  | { readonly kind: "text"; readonly text: Text }
  /** `$request.querystring.limit ?? 10`: what stands for a value that is missing or null. */
  | { readonly kind: "default"; readonly reference: Reference; readonly otherwise: Value }
  /** JSON as a text that holds it, or that text in base64: what some parameters of AWS services take. */
  | { readonly kind: "encoded"; readonly as: "json-text" | "base64"; readonly value: Value }
  | { readonly kind: "object"; readonly members: readonly { readonly name: string; readonly value: Value }[] }
  | { readonly kind: "list"; readonly items: readonly Value[] };

/** The references of a parameter's value, in order: of a text, of a default and what stands for it. */
export function referencesOf(value: Value): readonly Reference[] {
  if (value.kind === "reference") return [value.reference];
  if (value.kind === "default") return [value.reference, ...referencesOf(value.otherwise)];
  return value.kind === "text" ? value.text.parts.filter((part) => typeof part === "object") : [];
}

/** Whether REST APIs map a value by a template only: parameter mapping has one value as it is (aws-behaviour.md section 12). */
export function needsTemplate(value: Value): boolean {
  if (value.kind === "text") return !isOneReference(value) && constantText(value.text) === undefined;
  return value.kind === "default";
}

/** Whether a parameter's value is one reference and nothing else. */
export function isOneReference(value: Value): boolean {
  return value.kind === "reference" || (value.kind === "text" && value.text.parts.length === 1);
}

/** The text when it holds no reference; undefined when it is known only at run time. */
export function constantText(text: Text): string | undefined {
  return text.parts.every((part) => typeof part === "string") ? text.parts.join("") : undefined;
}

/** Whether it reads the body of the request or of the answer. */
export function isBody(reference: Reference): reference is Extract<Reference, { kind: "body" | "responseBody" }> {
  return reference.kind === "body" || reference.kind === "responseBody";
}
