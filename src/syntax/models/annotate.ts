import type { Report } from "../../diagnostics/diagnostic.js";
import { acceptsKeyword } from "../../model/type-assignable.js";
import { withConstraints } from "../../model/type-builders.js";
import { jsonKinds } from "../../model/type-questions.js";
import { valueMismatch } from "../../model/type-values.js";
import type { Constraints, Docs, JsonValue, Type } from "../../model/types.js";
import type { Span } from "../../source.js";
import type { PatternVerdict } from "../patterns.js";
import { type Annotations, docsOf } from "./annotations.js";
import { brokenType } from "./broken.js";
import type { Frame } from "./frame.js";
import { lookupModel } from "./references.js";
import type { Table } from "./table.js";

export interface Annotated {
  readonly type: Type;
  readonly docs: Docs;
}

/**
 * Applies what a comment says to the type that it stands before. Whether each keyword means something for the type is
 * checked when all models are known.
 */
export function annotate(type: Type, annotations: Annotations, frame: Frame, table: Table): Annotated {
  if (type === brokenType) return { type, docs: docsOf(annotations, () => false) };
  const wantsString = () => {
    const kinds = jsonKinds(type, (name) => lookupModel(name, table));
    return kinds.has("string") && [...kinds].every((kind) => kind === "string" || kind === "null");
  };
  const docs = docsOf(annotations, wantsString);
  const closed = withAdditional(type, annotations, frame);
  const formatted =
    annotations.format === undefined ? closed : withFormat(closed, annotations.format, frame, annotations);
  const constrained = constrain(formatted, annotations.constraints);
  checkKeywords(type, annotations, frame, table);
  checkPatterns(annotations, frame, table);
  reportExclusiveBounds(annotations, frame);
  table.deferred.push(() => checkValues(constrained, docs, annotations, frame, table));
  return { type: constrained, docs };
}

/** Constraints go to the members of a union that are not references, so that `null` beside a number stays untouched. */
export function constrain(type: Type, constraints: Constraints): Type {
  if (Object.keys(constraints).length === 0) return type;
  if (type.kind !== "union") return withConstraints(type, constraints);
  const members = type.members.map((member) => {
    if (member.kind === "literal" || member.kind === "enum") return member;
    if (member.kind === "primitive" && (member.name === "null" || member.name === "boolean")) return member;
    const fitting = Object.entries(constraints).filter(
      ([keyword]) =>
        member.kind === "reference" || acceptsKeyword(member, keyword as keyof Constraints, () => undefined),
    );
    return constrain(member, Object.fromEntries(fitting));
  });
  return { ...type, members };
}

function withFormat(type: Type, format: string, frame: Frame, annotations: Annotations): Type {
  const tag = annotations.tags.get("format");
  if (tag && !checkedFormats.has(format)) {
    frame.report("aws-unchecked-format", frame.span(tag.valueRange), { format });
  }
  return setFormat(type, format);
}

/** Formats of JSON Schema draft-04 (section 7), regex and uuid, which API Gateway's validator library knows as well. */
const checkedFormats: ReadonlySet<string> = new Set([
  "date-time",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "regex",
  "uri",
  "uuid",
]);

function setFormat(type: Type, format: string): Type {
  if (type.kind === "primitive") return type.name === "null" ? type : { ...type, format };
  if (type.kind === "union") return { ...type, members: type.members.map((member) => setFormat(member, format)) };
  return type.kind === "reference" ? withConstraints(type, { format }) : type;
}

/** `@additionalProperties false` closes an object that has no index signature. */
function withAdditional(type: Type, annotations: Annotations, frame: Frame): Type {
  const { additionalProperties } = annotations;
  if (additionalProperties === undefined) return type;
  if (type.kind === "object") {
    return typeof type.additional === "boolean" ? { ...type, additional: additionalProperties } : type;
  }
  misplaced(annotations, "additionalProperties", "this type: it is no object type of its own", frame);
  return type;
}

function misplaced(annotations: Annotations, name: string, kind: string, frame: Frame): void {
  const tag = annotations.tags.get(name);
  if (tag) frame.report("tag-misplaced", frame.span(tag.nameRange), { name, kind });
}

function checkKeywords(type: Type, annotations: Annotations, frame: Frame, table: Table): void {
  const keywords = [...annotations.tags.keys()].filter((name) => name in annotations.constraints || name === "format");
  if (keywords.length === 0) return;
  table.deferred.push(() => {
    const lookup = (name: string) => lookupModel(name, table);
    for (const name of keywords) {
      if (acceptsKeyword(type, name as keyof Constraints, lookup)) continue;
      misplaced(annotations, name, describeKinds(type, lookup), frame);
    }
  });
}

function describeKinds(type: Type, lookup: (name: string) => Type | undefined): string {
  if (type.kind === "literal" || type.kind === "enum") return "literals: they say their values already";
  const kinds = [...jsonKinds(type, lookup)].filter((kind) => kind !== "null");
  const names = kinds.includes("number") ? kinds.filter((kind) => kind !== "integer") : kinds;
  return names.map((kind) => `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`).join(" or ") || "null";
}

function checkPatterns(annotations: Annotations, frame: Frame, table: Table): void {
  const tag = annotations.tags.get("pattern");
  const { pattern, maxLength } = annotations.constraints;
  if (!tag || pattern === undefined) return;
  reportPattern(table.checkPattern(pattern, { maxLength }), frame.span(tag.valueRange), frame.report);
}

/** Says what is wrong with a pattern, at the place of its text. */
export function reportPattern(verdict: PatternVerdict, span: Span, report: Report): void {
  switch (verdict.kind) {
    case "ok":
      break;
    case "invalid":
      report("pattern-invalid", span, { detail: verdict.detail });
      break;
    case "exponential":
      report("pattern-catastrophic", span, { attack: verdict.attack });
      break;
    case "polynomial":
      report("pattern-slow", span, { degree: powerOf(verdict.degree), attack: verdict.attack });
      break;
    case "unproven":
      report("pattern-unproven", span, undefined);
  }
}

function powerOf(degree: number): string {
  return degree === 2 ? "square" : degree === 3 ? "cube" : `power ${degree}`;
}

function reportExclusiveBounds(annotations: Annotations, frame: Frame): void {
  for (const keyword of ["exclusiveMinimum", "exclusiveMaximum"] as const) {
    const tag = annotations.constraints[keyword] ? annotations.tags.get(keyword) : undefined;
    if (tag) frame.report("aws-exclusive-bound", frame.span(tag.nameRange), { keyword });
  }
}

function checkValues(type: Type, docs: Docs, annotations: Annotations, frame: Frame, table: Table): void {
  const why = (value: JsonValue | undefined) =>
    value === undefined ? undefined : valueMismatch(type, value, (name) => lookupModel(name, table));
  const badDefault = why(docs.default);
  if (badDefault && annotations.default) {
    frame.report("default-mismatch", frame.span(annotations.default.valueRange), { why: badDefault });
  }
  for (const [index, tag] of annotations.examples.entries()) {
    const badExample = why(docs.examples[index]);
    if (badExample) frame.report("example-mismatch", frame.span(tag.valueRange), { why: badExample });
  }
}
