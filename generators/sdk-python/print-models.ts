import { lazyImports } from "./lazy-imports.js";
import type { PythonPlan } from "./plan.js";
import { comment, docstring, pythonString } from "./python-text.js";
import {
  codecName,
  type EnumDeclaration,
  type FieldDeclaration,
  onlyValue,
  type PythonDeclaration,
  type RecordDeclaration,
} from "./python-types.js";

/** `models.py`. */
export function printModels({ declarations, isDataclass }: PythonPlan): string {
  const body = declarations.map((declaration) => declarationText(declaration, isDataclass));
  const text = body.join("\n\n");
  const used = new Set(declarations.flatMap((declaration) => mentions(declaration, isDataclass)));
  return `"""Models of the API."""

from __future__ import annotations

${imports(used)}
${text === "" ? "" : `\n${text}`}`;
}

function declarationText(declaration: PythonDeclaration, isDataclass: boolean): string {
  switch (declaration.kind) {
    case "record":
      return isDataclass ? dataclassText(declaration) : typedDictText(declaration);
    case "enum":
      return enumText(declaration);
    case "alias":
      return `${declaration.name}: TypeAlias = ${pythonString(declaration.type)}\n${docstring(declaration.docs, "")}`;
  }
}

/** Names of other modules that a declaration needs; texts of the file may hold any word. */
function mentions(declaration: PythonDeclaration, isDataclass: boolean): readonly string[] {
  const inType = (type: string) => [
    ...(/\bLiteral\[/.test(type) ? ["Literal"] : []),
    ...(/\bdatetime\.date/.test(type) ? ["datetime"] : []),
  ];
  switch (declaration.kind) {
    case "enum":
      return ["Enum"];
    case "alias":
      return ["TypeAlias", ...inType(declaration.type)];
    case "record": {
      const fields = declaration.fields.flatMap(({ type }) => inType(type));
      const isUnset = declaration.fields.some((field) => field.optional && field.nullable);
      if (isDataclass) return ["dataclass", ...(isUnset ? ["UNSET"] : []), ...fields];
      const optional = declaration.fields.some((field) => field.optional && field.wire !== "");
      return ["TypedDict", ...(optional ? ["NotRequired"] : []), ...fields];
    }
  }
}

/** Only what is used: pyright tells of the rest. */
function imports(used: ReadonlySet<string>): string {
  const typing = ["Literal", "TypeAlias", "TypedDict"].filter((name) => used.has(name));
  const names = [...(used.has("NotRequired") ? ["TYPE_CHECKING"] : []), ...typing];
  return [
    used.has("datetime") ? "import datetime\n" : "",
    used.has("dataclass") ? "from dataclasses import dataclass\n" : "",
    used.has("Enum") ? "from enum import Enum\n" : "",
    names.length > 0 ? `from typing import ${names.join(", ")}\n` : "",
    used.has("UNSET") ? "\nfrom .runtime.unset import UNSET as UNSET, Unset as Unset\n" : "",
    used.has("NotRequired") ? "\nif TYPE_CHECKING:\n    from typing_extensions import NotRequired\n" : "",
  ].join("");
}

function typedDictText({ name, docs, fields: all }: RecordDeclaration): string {
  // A member without a name is nothing that a TypedDict can say.
  const fields = all.filter(({ wire }) => wire !== "");
  const written = fields.map(({ type, optional }) => (optional ? `NotRequired[${type}]` : type));
  if (fields.every(({ wire }) => isAttribute(wire))) {
    const lines = fields.map(({ wire, docs: about }, at) => `${comment(about, "    ")}    ${wire}: ${written[at]}\n`);
    return `class ${name}(TypedDict):\n${docstring(docs, "    ")}${docs ? "\n" : ""}${lines.join("") || "    pass\n"}`;
  }
  const members = fields.map(
    ({ wire, docs: about }, at) =>
      `${comment(about, "        ")}        ${pythonString(wire)}: ${pythonString(written[at] ?? "object")},\n`,
  );
  return `${name} = TypedDict(\n    ${pythonString(name)},\n    {\n${members.join("")}    },\n)\n${docstring(docs, "")}`;
}

/** Whether the class syntax can say it: a name that is no keyword and is not rewritten, and that Python does not normalise. */
function isAttribute(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !name.startsWith("__") && !attributeKeywords.has(name);
}

const attributeKeywords: ReadonlySet<string> = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global if import in is " +
    "lambda nonlocal not or pass raise return try while with yield list dict str int float bool bytes object tuple Literal NotRequired datetime"
  ).split(" "),
);

function dataclassText({ name, docs, fields }: RecordDeclaration): string {
  const lines = fields.map((field) => `${comment(field.docs, "    ")}    ${field.name}: ${attributeText(field)}\n`);
  return `@dataclass(kw_only=True)\nclass ${name}:\n${docstring(docs, "    ")}${docs ? "\n" : ""}${lines.join("") || "    pass\n"}`;
}

/** A member with one possible value has it. What may be absent is None, where null is no value of it. */
function attributeText({ type, optional, nullable }: FieldDeclaration): string {
  // Whatever is an object may be Unset.
  if (optional && nullable) return type === "object" ? "object = UNSET" : `${type} | Unset = UNSET`;
  if (optional) return `${type} | None = None`;
  const only = onlyValue(type);
  return only === undefined ? type : `${type} = ${only}`;
}

function enumText({ name, docs, values }: EnumDeclaration): string {
  const lines = values.map((entry) => `    ${entry.name} = ${pythonString(entry.value)}\n`);
  return `class ${name}(str, Enum):\n${docstring(docs, "    ")}${docs ? "\n" : ""}${lines.join("")}`;
}

/** `codecs.py`, for dataclasses: how JSON becomes a model. */
export function printCodecs({ declarations }: PythonPlan): string {
  const lines = declarations.map(codecText);
  const lazy = lazyImports(declarations.some(({ kind }) => kind !== "alias") ? ["models"] : [], "");
  return `"""How JSON becomes models, and models JSON."""

from __future__ import annotations

${lazy.before}from .runtime import codec as c
${lazy.behind}
${lines.join("\n")}`;
}

function codecText(declaration: PythonDeclaration): string {
  const constant = codecName(declaration.name);
  switch (declaration.kind) {
    case "record": {
      const fields = declaration.fields.map(
        ({ wire, name, codec, optional, nullable }) =>
          `        (${pythonString(wire)}, ${pythonString(name)}, ${codec}, ${optional ? (nullable ? '"unset"' : '"none"') : '"required"'}),\n`,
      );
      return `${constant}: c.Codec = c.Record(\n    lambda: models.${declaration.name},\n    [\n${fields.join("")}    ],\n)\n`;
    }
    case "enum":
      return `${constant}: c.Codec = c.Words(lambda: models.${declaration.name})\n`;
    case "alias":
      return `${constant}: c.Codec = ${declaration.codec}\n`;
  }
}
