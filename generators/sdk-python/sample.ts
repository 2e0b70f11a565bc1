import { typeOf } from "../../src/model/by-name.js";
import type { JsonValue, Model, Type } from "../../src/model/types.js";
import { parameterSample, sampleValue } from "../emit/sample.js";
import type { PythonArgument, PythonPlan } from "./plan.js";
import { pythonString } from "./python-text.js";
import { onlyValue, type PythonDeclaration } from "./python-types.js";

/** A value of an argument as Python writes it. */
export function pythonSample(
  { type, name, in: where, annotation }: PythonArgument,
  { models, declarations, isDataclass }: Pick<PythonPlan, "models" | "declarations" | "isDataclass">,
): string {
  if (type === "bytes") return 'b"..."';
  if (type === "method") return '"GET"';
  if (isDataclass && where === "body") return annotationSample(annotation, declarations);
  if (where === "body") return pythonValue(sampleOf(type, models));
  return pythonValue(parameterSample(type, name, (model) => typeOf(models, model)));
}

/** A value of a type as Python writes JSON. */
export function pythonValueOf(type: Type, models: readonly Model[]): string {
  return pythonValue(sampleOf(type, models));
}

function sampleOf(type: Type, models: readonly Model[]): JsonValue {
  return sampleValue(type, (model) => typeOf(models, model));
}

function pythonValue(value: JsonValue): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return pythonString(value);
  if (typeof value === "number") return String(value);
  if (isList(value)) return `[${value.map(pythonValue).join(", ")}]`;
  const members = Object.entries(value).map(([name, member]) => `${pythonString(name)}: ${pythonValue(member)}`);
  return `{${members.join(", ")}}`;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

const deepest = 6;

/** A value of an annotation, with dataclasses made by name. */
export function annotationSample(
  annotation: string,
  declarations: readonly PythonDeclaration[],
  within: readonly string[] = [],
): string {
  const text = annotation.replace(/^models\./, "");
  const found = declarations.find((declaration) => declaration.name === text);
  const inside = found ? [...within, found.name] : within;
  const inner = (type: string) => annotationSample(type, declarations, inside);
  if (within.length > deepest) return "...";
  switch (found?.kind) {
    case "enum":
      return `models.${found.name}.${found.values[0]?.name ?? ""}`;
    case "alias":
      return inner(found.type);
    case "record": {
      const required = found.fields.filter((field) => !field.optional && onlyValue(field.type) === undefined);
      return `models.${found.name}(${required.map(({ name, type }) => `${name}=${inner(type)}`).join(", ")})`;
    }
    case undefined:
      return plainSample(text, inner, within);
  }
}

function plainSample(text: string, inner: (type: string) => string, within: readonly string[]): string {
  const literal = /^Literal\[("(?:[^"\\]|\\.)*"|[^,\]]+)/.exec(text)?.[1];
  if (literal !== undefined) return literal;
  if (text.startsWith("list[")) return "[]";
  if (text.startsWith("dict[")) return "{}";
  if (text.includes(" | ")) {
    const members = text.split(" | ");
    // One node of a chain is enough.
    return inner(members.find((member) => !within.includes(member.replace(/^models\./, ""))) ?? "None");
  }
  return plainSamples[text] ?? "None";
}

const plainSamples: Readonly<Record<string, string>> = {
  str: '""',
  int: "1",
  float: "1.0",
  bool: "False",
  "datetime.datetime": "datetime.datetime.now(datetime.timezone.utc)",
  "datetime.date": "datetime.date.today()",
};

/** The import of the standard library that a program's samples need, before its own. */
export function sampleImports(code: string): string {
  return /\bdatetime\.(datetime|date)\b/.test(code) ? "import datetime\n\n" : "";
}
