/** What the value of a tag is: the key of `Constraints` it sets, or its own meaning. */
export type TagKind = "number" | "positive" | "count" | "flag" | "pattern" | "format" | "value" | "text" | "bound";

/** Tags that have a meaning here. `bound`: a number (draft-06 style), or nothing beside `@minimum` (draft-04 style). */
export const tagNames: ReadonlyMap<string, TagKind> = new Map<string, TagKind>([
  ["minimum", "number"],
  ["maximum", "number"],
  ["exclusiveMinimum", "bound"],
  ["exclusiveMaximum", "bound"],
  ["multipleOf", "positive"],
  ["minLength", "count"],
  ["maxLength", "count"],
  ["pattern", "pattern"],
  ["minItems", "count"],
  ["maxItems", "count"],
  ["uniqueItems", "flag"],
  ["minProperties", "count"],
  ["maxProperties", "count"],
  ["additionalProperties", "flag"],
  ["format", "format"],
  ["default", "value"],
  ["example", "value"],
  ["deprecated", "text"],
  ["title", "text"],
  ["description", "text"],
  ["readOnly", "flag"],
  ["writeOnly", "flag"],
]);

/** Formats that mean something to validators or clients, for "did you mean". */
export const knownFormats: readonly string[] = [
  "date-time",
  "date",
  "time",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "uri",
  "uri-reference",
  "uuid",
  "regex",
  "json-pointer",
  "byte",
  "binary",
  "password",
  "int32",
  "int64",
  "float",
  "double",
];
