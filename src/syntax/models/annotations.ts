import { noConstraints } from "../../model/type-builders.js";
import { type Constraints, type Docs, type JsonValue, noDocs } from "../../model/types.js";
import { nearest } from "../../nearest.js";
import type { Comment, Tag } from "./comment.js";
import type { Frame } from "./frame.js";
import { knownFormats, type TagKind, tagNames } from "./tag-names.js";

/** What a JSDoc comment says, before it is known what type it is about. */
export interface Annotations {
  readonly description: string | undefined;
  readonly title: string | undefined;
  readonly deprecated: boolean;
  readonly readOnly: boolean;
  readonly writeOnly: boolean;
  readonly additionalProperties: boolean | undefined;
  readonly format: string | undefined;
  readonly constraints: Constraints;
  /** Tags with a JSON value whose reading depends on the type. */
  readonly default: Tag | undefined;
  readonly examples: readonly Tag[];
  /** The tags that constrain, by keyword, for messages. */
  readonly tags: ReadonlyMap<string, Tag>;
}

/** Reads the tags of a comment and reports values that are not what the tag needs. */
export function readAnnotations(comment: Comment, frame: Frame): Annotations {
  const tags = new Map<string, Tag>();
  const examples: Tag[] = [];
  for (const tag of comment.tags) {
    if (!tagNames.has(tag.name)) {
      const near = nearTag(tag.name);
      const span = frame.span(tag.nameRange);
      if (near) frame.report("tag-unknown", span, { name: tag.name, near }, { fix: { span, text: `@${near}` } });
    } else if (tag.name === "example") {
      examples.push(tag);
    } else if (tags.has(tag.name)) {
      frame.report("tag-duplicate", frame.span(tag.nameRange), { name: tag.name });
    } else {
      tags.set(tag.name, tag);
    }
  }
  const [readOnly, writeOnly] = (["readOnly", "writeOnly"] as const).map(
    (name) => flag(tags.get(name), frame) ?? false,
  );
  const direction = tags.get("writeOnly");
  if (readOnly && writeOnly && direction) frame.report("tag-read-write", frame.span(direction.nameRange), undefined);
  const reason = tags.get("deprecated")?.value;
  const texts = [comment.description, tags.get("description")?.value, reason && `Deprecated: ${reason}`];
  return {
    description: texts.filter((text) => text).join("\n\n") || undefined,
    title: tags.get("title")?.value || undefined,
    deprecated: tags.has("deprecated"),
    readOnly: readOnly === true,
    writeOnly: writeOnly === true,
    additionalProperties: flag(tags.get("additionalProperties"), frame),
    format: formatOf(tags.get("format"), frame),
    constraints: constraintsOf(tags, frame),
    default: tags.get("default"),
    examples,
    tags,
  };
}

/** A name close to one of ours, but none that JSDoc itself has. */
function nearTag(name: string): string | undefined {
  const jsdoc = [
    "see",
    "link",
    "since",
    "author",
    "param",
    "returns",
    "type",
    "typedef",
    "remarks",
    "internal",
    "public",
  ];
  if (jsdoc.includes(name) || name.length < 4) return undefined;
  return nearest(name, tagNames.keys());
}

function constraintsOf(tags: ReadonlyMap<string, Tag>, frame: Frame): Constraints {
  const found: Record<string, number | string | boolean> = {};
  for (const [name, tag] of tags) {
    const value = constraintValue(tag, tagNames.get(name), tags, frame);
    if (value === undefined) continue;
    if (tagNames.get(name) === "bound" && typeof value === "number") {
      found[name === "exclusiveMinimum" ? "minimum" : "maximum"] = value;
      found[name] = true;
    } else if (value !== false) {
      found[name] = value;
    }
  }
  const constraints = found as Constraints;
  for (const [low, high] of pairs) reportConflict(constraints, low, high, tags, frame);
  return Object.keys(found).length === 0 ? noConstraints : constraints;
}

const pairs = [
  ["minimum", "maximum"],
  ["minLength", "maxLength"],
  ["minItems", "maxItems"],
  ["minProperties", "maxProperties"],
] as const;

function reportConflict(
  constraints: Constraints,
  low: (typeof pairs)[number][0],
  high: (typeof pairs)[number][1],
  tags: ReadonlyMap<string, Tag>,
  frame: Frame,
): void {
  const from = constraints[low];
  const to = constraints[high];
  if (from === undefined || to === undefined) return;
  const open = low === "minimum" && (constraints.exclusiveMinimum || constraints.exclusiveMaximum);
  if (open ? from < to : from <= to) return;
  const tag = tags.get(high) ?? tags.get("exclusiveMaximum") ?? tags.get(low);
  if (tag) frame.report("tag-conflict", frame.span(tag.valueRange), { low, high });
}

type ConstraintValue = number | string | boolean | undefined;

function constraintValue(
  tag: Tag,
  kind: TagKind | undefined,
  tags: ReadonlyMap<string, Tag>,
  frame: Frame,
): ConstraintValue {
  switch (kind) {
    case "number":
      return number(tag, frame, "a number", () => true);
    case "positive":
      return number(tag, frame, "a number greater than 0", (value) => value > 0);
    case "count":
      return number(tag, frame, "a whole number, 0 or greater", (value) => Number.isSafeInteger(value) && value >= 0);
    case "flag":
      return tag.name === "uniqueItems" ? flag(tag, frame) : undefined;
    case "bound":
      return bound(tag, tags, frame);
    case "pattern":
      if (tag.value !== "") return tag.value;
      frame.report("tag-value", frame.span(tag.nameRange), { name: tag.name, wanted: "a regular expression" });
      return undefined;
    default:
      return undefined;
  }
}

/** `@exclusiveMinimum 5` excludes 5; without a number (or with `true`) it excludes the value of `@minimum`. */
function bound(tag: Tag, tags: ReadonlyMap<string, Tag>, frame: Frame): ConstraintValue {
  const inclusive = tags.get(tag.name === "exclusiveMinimum" ? "minimum" : "maximum");
  if (inclusive && (tag.value === "" || tag.value === "true")) return true;
  if (inclusive && tag.value === "false") return false;
  const value = number(tag, frame, "a number", () => true);
  if (value === undefined || !inclusive) return value;
  frame.report("tag-duplicate", frame.span(inclusive.nameRange), { name: inclusive.name });
  return undefined;
}

function number(tag: Tag, frame: Frame, wanted: string, accepts: (value: number) => boolean): number | undefined {
  const value = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(tag.value) ? Number(tag.value) : Number.NaN;
  if (Number.isFinite(value) && accepts(value)) return value;
  frame.report("tag-value", frame.span(tag.valueRange), { name: tag.name, wanted });
  return undefined;
}

function flag(tag: Tag | undefined, frame: Frame): boolean | undefined {
  if (!tag) return undefined;
  if (tag.value === "" || tag.value === "true") return true;
  if (tag.value === "false") return false;
  frame.report("tag-value", frame.span(tag.valueRange), { name: tag.name, wanted: "true, false or nothing" });
  return undefined;
}

function formatOf(tag: Tag | undefined, frame: Frame): string | undefined {
  if (!tag) return undefined;
  if (!/^[\w.-]+$/.test(tag.value)) {
    frame.report("tag-value", frame.span(tag.valueRange), { name: tag.name, wanted: "the name of a format" });
    return undefined;
  }
  if (!knownFormats.includes(tag.value)) {
    const near = nearest(tag.value, knownFormats);
    const span = frame.span(tag.valueRange);
    if (near) frame.report("format-unknown", span, { name: tag.value, near }, { fix: { span, text: near } });
  }
  return tag.value;
}

/** The JSON value of `@default` or `@example`; a string may stand without quotes where a string is wanted. */
export function tagValue(tag: Tag, wantsString: boolean): JsonValue {
  const parsed = parseJson(tag.value);
  if (parsed === undefined) return /^'.*'$/s.test(tag.value) ? tag.value.slice(1, -1) : tag.value;
  return wantsString && typeof parsed !== "string" && parsed !== null ? tag.value : parsed;
}

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** The documentation part; values need to know whether a string is wanted. */
export function docsOf(annotations: Annotations, wantsString: () => boolean): Docs {
  const { description, title, deprecated, examples } = annotations;
  if (!description && !title && !deprecated && !annotations.default && examples.length === 0) return noDocs;
  return {
    description,
    title,
    deprecated,
    default: annotations.default && tagValue(annotations.default, wantsString()),
    examples: examples.map((tag) => tagValue(tag, wantsString())),
  };
}
